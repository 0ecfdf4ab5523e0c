package standup

import (
	"cmp"
	"context"
	"slices"

	"patchline/internal/db"
	"patchline/internal/scrum"
	"patchline/internal/team"
)

// Ageing is how long blockers stay, in working days of the team.
type Ageing struct {
	Open     []Blocker // the oldest first
	Ended    []Blocker // those that were resolved, in the same order
	Buckets  []Bucket  // of the open ones
	Since    scrum.Day // blockers that were resolved from this day on are counted
	Resolved Spell
	Owners   []OwnerAge // who has the most open ones first
}

// Bucket counts open blockers by age, both ends included; To 0 has no end.
type Bucket struct{ From, To, Count int }

// Spell is how long it took to resolve blockers.
type Spell struct {
	Count        int
	Mean, Median *float64 // working days; nil without any
}

// OwnerAge is what somebody, or nobody, has to clear.
type OwnerAge struct {
	Owner                   *Person
	Open, Escalated, Oldest int // Oldest is the age of the oldest open one
	Resolved                Spell
}

// ageingDays is how far back resolved blockers are counted.
const ageingDays = 90

// Ageing reports on the open blockers, and those resolved in the last 90 days.
func (s *Service) Ageing(ctx context.Context, t *team.Team) (*Ageing, error) {
	out := &Ageing{Buckets: []Bucket{{From: 0, To: 0}, {From: 1, To: 2}, {From: 3, To: 5}, {From: 6, To: 10}, {From: 11}}}
	err := s.db.View(ctx, func(g db.Reader) error {
		now := s.db.Now()
		cal, err := calendarOf(g, t, now)
		if err != nil {
			return err
		}
		today := cal.DayOf(now)
		out.Since = today.Add(-ageingDays)
		all, err := lately(g, t.ID, cal.StartOf(out.Since))
		count(cal, all, today)
		out.sum(all)
		return err
	})
	return out, err
}

func (a *Ageing) sum(all []Blocker) {
	took := map[string][]int{}
	var everybody []int
	owners := map[string]*OwnerAge{}
	for _, b := range all {
		id := cmp.Or(b.ownerID(), new(string))
		if owners[*id] == nil {
			owners[*id] = &OwnerAge{Owner: b.Owner}
		}
		if b.ResolvedAt != nil {
			took[*id], everybody = append(took[*id], b.Days), append(everybody, b.Days)
			a.Ended = append(a.Ended, b)
			continue
		}
		a.Open = append(a.Open, b)
		a.bucket(b.Days).Count++
		owners[*id].open(b)
	}
	a.Resolved = spell(everybody)
	for id, o := range owners {
		o.Resolved = spell(took[id])
		a.Owners = append(a.Owners, *o)
	}
	slices.SortFunc(a.Owners, func(x, y OwnerAge) int {
		return cmp.Or(cmp.Compare(y.Open, x.Open), cmp.Compare(y.Oldest, x.Oldest), cmp.Compare(x.name(), y.name()))
	})
}

func (a *Ageing) bucket(days int) *Bucket {
	for i := range a.Buckets {
		if days <= a.Buckets[i].To {
			return &a.Buckets[i]
		}
	}
	return &a.Buckets[len(a.Buckets)-1]
}

func (o *OwnerAge) open(b Blocker) {
	o.Open, o.Oldest = o.Open+1, max(o.Oldest, b.Days)
	if b.Escalated != nil {
		o.Escalated++
	}
}

func (o *OwnerAge) name() string {
	if o.Owner == nil {
		return ""
	}
	return o.Owner.Name + o.Owner.ID
}

func spell(days []int) Spell {
	if len(days) == 0 {
		return Spell{}
	}
	slices.Sort(days)
	sum := 0
	for _, d := range days {
		sum += d
	}
	n := len(days)
	mean, median := float64(sum)/float64(n), float64(days[(n-1)/2]+days[n/2])/2
	return Spell{n, &mean, &median}
}
