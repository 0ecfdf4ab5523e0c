package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// work is one thing both sides do. Call does it once and says how long it took,
// from the first byte sent to the last one received.
type work struct {
	name  string
	limit float64 // times the floor
	plus  float64 // or, where it is set, so many milliseconds more than the floor
	call  func(s *side) (time.Duration, error)
}

// turn is how long one side works before the other has its turn, and least and
// most how often it does the work in that time.
const (
	turn  = 60 * time.Millisecond
	least = 3
	most  = 100
)

// times of one side, and the CPU it took.
type times struct {
	all []time.Duration
	cpu time.Duration
}

func (t *times) median() time.Duration {
	slices.Sort(t.all)
	return t.all[len(t.all)/2]
}

// compare lets both sides do the work in turns.
func (s *stage) compare(ctx context.Context, w work) (row, error) {
	n, err := s.warm(w)
	if err != nil {
		return row{}, err
	}
	var floor, product times
	for round := range s.rounds {
		if ctx.Err() != nil {
			return row{}, ctx.Err()
		}
		order := []func() error{
			func() error { return s.floor.repeat(w, n, &floor) },
			func() error { return s.product.repeat(w, n, &product) },
		}
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, side := range order {
			if err := side(); err != nil {
				return row{}, err
			}
		}
	}
	least := milliseconds(floor.median())
	if w.plus > 0 {
		w.limit = rounded(1 + w.plus/least)
	}
	r := against(w.name, s.size, least, milliseconds(product.median()), w.limit)
	if floor.cpu > 0 {
		r.cpu = float64(product.cpu) / float64(floor.cpu)
	}
	return r, nil
}

// warm does the work a few times on both sides, and finds out how often it fits
// into a turn.
func (s *stage) warm(w work) (int, error) {
	var took time.Duration
	for range least {
		for _, side := range []*side{s.floor, s.product} {
			d, err := w.call(side)
			if err != nil {
				return 0, fmt.Errorf("%s, %s: %w", w.name, side.name, err)
			}
			took = d
		}
	}
	return min(max(int(turn/max(took, time.Microsecond)), least), most), nil
}

func (s *side) repeat(w work, n int, t *times) error {
	before := s.cpu()
	for range n {
		took, err := w.call(s)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", w.name, s.name, err)
		}
		t.all = append(t.all, took)
	}
	t.cpu += s.cpu() - before
	return nil
}
