package cli

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"patchline/internal/backlog"
	"patchline/internal/scrum"
)

// What does not go as planned. Each is one sprint's.

func reEstimated(s *story, c *cast) { s.resize(c, 3) }

// resize gives an item that is done later another estimate.
func (s *story) resize(c *cast, day int) {
	if len(c.done) == 0 {
		return
	}
	n := c.done[len(c.done)-1]
	s.later(c.number, day, 9, 50, func() {
		if p := s.patch(n); p.IsOpen {
			s.estimate(n, larger(pointsOf(p)), s.worker(n))
		}
	})
}

// sizes are the estimates the team uses.
var sizes = []float64{1, 2, 3, 5, 8, 13}

// larger is the next size up.
func larger(points float64) float64 {
	for _, size := range sizes {
		if size > points {
			return size
		}
	}
	return points
}

func withEmergency(s *story, c *cast) {
	s.emergency(c.number, 4, 6)
	s.resize(c, 5)
}

// emergency takes what stands first in the backlog into the running sprint.
func (s *story) emergency(number, day, done int) {
	s.later(number, day, 8, 40, func() {
		top := s.waiting(10)
		at := slices.IndexFunc(top, func(p backlog.Patch) bool { return p.KEV })
		if at < 0 {
			return
		}
		n := top[at].Number
		s.add(int64(number), scrum.Emergency, "exploited in the wild, and it did not wait for the next sprint", n)
		s.estimate(n, 3, "Amara")
		s.finish(number, n, done)
	})
}

func withRemoval(s *story, c *cast) {
	if len(c.left) > 1 {
		n := c.left[len(c.left)-1]
		s.later(c.number, 5, 11, 0, func() { s.remove(int64(c.number), n, "waits for the next release of the service") })
	}
	s.resize(c, 4)
}

func withAcceptedRisk(s *story, c *cast) {
	s.emergency(c.number, 3, 5)
	if len(c.left) > 0 {
		n := c.left[len(c.left)-1]
		s.later(c.number, 6, 15, 0, func() {
			s.accept(n, "The service is replaced next quarter.", "Until then it is reachable from the bastion only.", 120)
		})
	}
}

func withReopening(s *story, c *cast) {
	if len(c.done) < 4 {
		return
	}
	n := c.done[2]
	s.later(c.number, 7, 9, 0, func() { s.reopen(n, scrum.RolledBack, "the service did not start after the update", s.worker(n)) })
	s.finish(c.number, n, 10)
	seen := c.done[1]
	p := s.patch(seen)
	s.later(c.number, 8, 6, 0, func() { s.stays = p.Component + " " + p.FixedVersion })
	s.later(c.number, 8, 7, 30, func() { s.stays = "" })
	s.finish(c.number, seen, 10)
}

func withPull(s *story, c *cast) {
	s.emergency(c.number, 5, 7)
	s.later(c.number, 8, 10, 0, func() {
		for _, p := range s.waiting(20) {
			if pointsOf(&p) == 2 {
				s.add(int64(c.number), scrum.Pulled, "there was room", p.Number)
				return
			}
		}
	})
	s.resize(c, 4)
}

// notes are a description and labels for a patch.
func notes(p *backlog.Patch, dice *rand.Rand) (string, []string) {
	var labels []string
	text := []string{fmt.Sprintf("Affects %d assets. Staging first, then production in the maintenance window.", p.Assets)}
	switch {
	case strings.Contains(p.Component, "Windows"), strings.Contains(p.Component, "kernel"):
		labels = append(labels, "reboot")
		text = append(text, "Needs a reboot: one node of each pair at a time.")
	case p.Ecosystem == "npm" || p.Ecosystem == "pypi" || p.Ecosystem == "maven" || p.Ecosystem == "golang":
		labels = append(labels, "rebuild")
		text = append(text, "Comes with the next build of the image; ask its owner for a release.")
	default:
		text = append(text, "The service restarts; tell the service desk half an hour before.")
	}
	if p.KEV {
		labels = append(labels, "exploited")
		text = append(text, "Known to be exploited: look for signs of a compromise before calling it done.")
	}
	if dice.IntN(4) == 0 {
		labels = append(labels, "window")
		text = append(text, "Only in the window on Tuesday from 20:00 to 23:00.")
	}
	return strings.Join(text, "\n\n"), labels
}
