package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	mixedLoad = "mixed load of 32 clients, ms a request"
	clients   = 32
	turns     = 4 // of each side
)

// mixedLoad lets 32 clients work at once: 40 % lists, 25 % reads, 10 % boards, 5 %
// searches, 15 % moves, 5 % creations. What counts is requests a second; as a
// time a request its limit, half of the floor's requests, is 2.
func (s *stage) mixedLoad(ctx context.Context) (row, error) {
	var floor, product tally
	for range turns {
		for _, turn := range []struct {
			side *side
			to   *tally
		}{{s.floor, &floor}, {s.product, &product}} {
			if err := s.storm(ctx, turn.side, s.mixed/turns, turn.to); err != nil {
				return row{}, err
			}
		}
	}
	r := against(mixedLoad, s.size, floor.each(), product.each(), 2)
	if floor.cpu > 0 {
		r.cpu = (float64(product.cpu) / float64(product.answers.Load())) / (float64(floor.cpu) / float64(floor.answers.Load()))
	}
	r.note = fmt.Sprintf("(%.0f/s and %.0f/s, %d errors, %d locked)", 1000/floor.each(), 1000/product.each(), product.errors.Load(), product.locked.Load())
	if n := product.errors.Load(); n > 0 {
		return r, fmt.Errorf("%s: %d errors, %d times the database was locked; the first: %s", mixedLoad, n, product.locked.Load(), product.first)
	}
	return r, nil
}

// tally is what came of a mixed load.
type tally struct {
	answers, errors, locked atomic.Int64
	took, cpu               time.Duration
	once                    sync.Once
	first                   string
}

func (t *tally) each() float64 { return milliseconds(t.took) / float64(max(t.answers.Load(), 1)) }

func (t *tally) failed(err error) {
	t.errors.Add(1)
	if strings.Contains(err.Error(), "locked") {
		t.locked.Add(1)
	}
	t.once.Do(func() { t.first = err.Error() })
}

func (s *stage) storm(ctx context.Context, side *side, last time.Duration, t *tally) error {
	ctx, stop := context.WithTimeout(ctx, last)
	defer stop()
	begin, cpu := time.Now(), side.cpu()
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(c), uint64(t.answers.Load())))
			for ctx.Err() == nil {
				if err := s.anything(side, c, random); err != nil {
					t.failed(err)
				} else {
					t.answers.Add(1)
				}
			}
		})
	}
	all.Wait()
	t.took += time.Since(begin)
	t.cpu += side.cpu() - cpu
	return nil
}

var lists = []string{"/patches?limit=50", "/patches?limit=50&order=risk", "/patches?limit=50&order=due", "/patches?limit=50&status=ready", "/patches?limit=50&kev=true"}

// anything does one of the works. Each client moves cards of its own.
func (s *stage) anything(side *side, client int, random *rand.Rand) error {
	var err error
	switch n := random.IntN(100); {
	case n < 40:
		_, _, err = side.ask(http.MethodGet, lists[random.IntN(len(lists))], nil)
	case n < 65:
		_, _, err = side.ask(http.MethodGet, "/patches/"+key(1+random.IntN(s.size)), nil)
	case n < 75:
		_, _, err = side.ask(http.MethodGet, "/board", nil)
	case n < 80:
		_, _, err = side.ask(http.MethodGet, "/patches?limit=50&q="+[]string{rareWord, commonWord}[random.IntN(2)], nil)
	case n < 95:
		_, err = s.moveCard(side, client*9+random.IntN(4)*2)
	default:
		_, err = s.createOne(side)
	}
	return err
}
