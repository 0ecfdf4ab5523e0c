package cli

import (
	"errors"
	"fmt"
	"time"

	"patchline/internal/fault"
)

// demo fills an empty database with an invented team in mid-sprint, and serves it.
func demo(c *call) error {
	fillOnly := c.flags.Bool("fill-only", false, "fill the database and stop")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) > 0 {
		return misuse("demo takes flags only")
	}
	if err := c.prepareDemo(c.Streams.clock()()); err != nil || *fillOnly {
		return err
	}
	return c.serve(true)
}

// Words under which the settings keep whether the data is invented.
const (
	demoFilling = "filling" // it was begun, and perhaps cut short
	demoFilled  = "filled"
)

// prepareDemo makes sure that the database holds the demo, and nothing else.
func (c *call) prepareDemo(now time.Time) error {
	clock := &storyClock{at: now, limit: now}
	a, err := c.open(clock.now)
	if err != nil {
		return err
	}
	defer a.db.Close()
	state, err := demoState(c, a.db)
	switch {
	case err != nil || state == demoFilled:
		return err
	case state == demoFilling:
		return fault.New(fault.Conflict, "An earlier demo was cut short while it was filled, or is being filled now. Give another, empty place with --data or --database-url, or remove this one.")
	}
	if empty, err := isEmpty(c, a.db); err != nil || !empty {
		if err == nil {
			err = fault.New(fault.Conflict, "This database holds data that are no demo, so nothing was changed. Give an empty place with --data or --database-url, or serve this one without the demo.")
		}
		return err
	}
	return c.fillDemo(a, clock, now)
}

// fillDemo writes the mark first, so that half a demo is never taken for a whole one.
func (c *call) fillDemo(a *app, clock *storyClock, now time.Time) error {
	if err := markDemo(c, a.db, demoFilling); err != nil {
		return err
	}
	fmt.Fprintln(c.Streams.Err, "Filling the database with an invented team: this takes some seconds.")
	s, err := newStory(c, a, clock, now)
	if err != nil {
		return err
	}
	if err := errors.Join(s.tell(), c.Err()); err != nil {
		return fmt.Errorf("fill the demo: %w", err)
	}
	return markDemo(c, a.db, demoFilled)
}
