package team

import (
	"net/netip"
	"sync"
	"time"

	"patchline/internal/fault"
)

// TooSoon is a refusal that says when to try again.
type TooSoon struct {
	After time.Duration
	err   error
}

func (e *TooSoon) Error() string { return e.err.Error() }
func (e *TooSoon) Unwrap() error { return e.err }

// NewTooSoon is a refusal until some time has passed.
func NewTooSoon(after time.Duration, format string, args ...any) *TooSoon {
	return &TooSoon{after, fault.New(fault.TooMany, format, args...)}
}

// RetryAfter is how long to wait.
func (e *TooSoon) RetryAfter() time.Duration { return e.After }

// A guesser may fail this often, and then once per so long. An address may belong
// to a whole office, so it gets more.
const (
	accountTries = 10
	accountPause = 90 * time.Second
	addressTries = 50
	addressPause = 10 * time.Second

	maxRemembered = 100_000 // bounds the memory a guesser can make us use
)

// limiter slows down guessing. It counts failures only, in memory: a restart
// forgives, and replicas count apart.
type limiter struct {
	now  func() time.Time
	mu   sync.Mutex
	debt map[string]time.Time // when the failures of a name will be forgiven
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, debt: map[string]time.Time{}}
}

// check refuses when an account or an address has failed too often.
func (l *limiter) check(email, address string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait := max(l.wait("account "+email, accountTries, accountPause), l.wait(network(address), addressTries, addressPause))
	if wait <= 0 {
		return nil
	}
	wait = wait.Truncate(time.Second) + time.Second
	return NewTooSoon(wait, "Too many failed attempts to sign in; try again in %s.", wait)
}

// wait is how long until one more try is allowed: each failure adds a pause to the
// debt, and a debt of less than all tries is free.
func (l *limiter) wait(name string, tries int, pause time.Duration) time.Duration {
	until, owes := l.debt[name]
	if !owes {
		return 0
	}
	return until.Sub(l.now()) - time.Duration(tries-1)*pause
}

// failed counts a failure.
func (l *limiter) failed(email, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owe("account "+email, accountPause)
	l.owe(network(address), addressPause)
}

func (l *limiter) owe(name string, pause time.Duration) {
	now := l.now()
	if len(l.debt) >= maxRemembered {
		l.forget(now)
	}
	until := l.debt[name]
	if until.Before(now) {
		until = now
	}
	l.debt[name] = until.Add(pause)
}

// forget drops what is forgiven, and should that be little, some of the rest.
func (l *limiter) forget(now time.Time) {
	for name, until := range l.debt {
		if until.Before(now) || len(l.debt) > maxRemembered*9/10 {
			delete(l.debt, name)
		}
	}
}

// passed forgives an account: its owner is here.
func (l *limiter) passed(email string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.debt, "account "+email)
}

// network is whom to hold responsible for an address: itself, or for IPv6 the
// network of 64 bits, all of whose addresses are one customer's.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "address " + address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		p, _ := ip.Prefix(64) // 64 bits always fit
		return "address " + p.String()
	}
	return "address " + ip.String()
}
