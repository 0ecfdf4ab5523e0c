package feed

import (
	"math/rand/v2"
	"time"
)

// next is when an enabled feed is due again after a run at now; nil when it is not
// enabled.
func (f *Feed) next(now time.Time) *time.Time {
	if !f.Enabled {
		return nil
	}
	at := now.Add(24 * time.Hour)
	switch {
	case f.EveryMinutes != nil:
		at = now.Add(time.Duration(*f.EveryMinutes) * time.Minute)
	case f.DailyAt != nil:
		at = daily(*f.DailyAt, f.TimeZone, now)
	}
	return &at
}

// daily is the next time that a clock on a wall shows a time of day. Where the
// clocks skip it, it is as much later.
func daily(clock, zone string, now time.Time) time.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC // it was checked when it was set
	}
	t, _ := time.Parse("15:04", clock)
	local := now.In(loc)
	at := time.Date(local.Year(), local.Month(), local.Day(), t.Hour(), t.Minute(), 0, 0, loc)
	if !at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, t.Hour(), t.Minute(), 0, 0, loc)
	}
	return at.UTC()
}

const (
	firstRetry = time.Minute
	lastRetry  = 6 * time.Hour
)

// retry is when a feed is tried again after so many failures in a row that may
// pass by themselves: twice as late each time, with up to half of it left to
// chance so that many servers do not come at once, and never before the publisher
// asks for it. The usual time comes first where that is earlier.
func (f *Feed) retry(now time.Time, after time.Duration) *time.Time {
	usual := f.next(now)
	if usual == nil {
		return nil
	}
	wait := min(firstRetry<<min(max(f.Failures-1, 0), 20), lastRetry)
	wait = wait/2 + rand.N(wait/2)
	at := now.Add(wait)
	if usual.Before(at) {
		at = *usual
	}
	if soonest := now.Add(after); at.Before(soonest) {
		at = soonest
	}
	return &at
}
