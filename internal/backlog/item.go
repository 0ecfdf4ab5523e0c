// Package backlog is the ranked list of patches: what each one removes, how it
// scores, where it stands and why, and what happened to it in points and in risk.
//
// The order is (sort value descending, tie key, id). The sort value of a patch is
// its priority until somebody places it; a placed patch keeps the value it got
// between its neighbours, and risk moves the others around it.
package backlog

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"patchline/internal/fault"
	"patchline/internal/scrum"
)

// Kinds of backlog items.
const (
	KindPatch       = "patch"
	KindImprovement = "improvement" // an action of a retrospective, or other work
)

// Patch is one backlog item: an installable change that removes vulnerabilities.
type Patch struct {
	ID           string
	TeamID       string
	Number       int64
	Kind         string
	Title        string
	Component    string // identity of what is patched, without a version
	Ecosystem    string
	Stream       string  // release of a distribution that it is for: deb12, el9, …; see Subject
	Part         int64   // of its subject; 0 where it was never split, see Split
	SplitFrom    *string // id of part 0
	FixedVersion string
	Status       scrum.Status
	IsOpen       bool

	Risk      float64
	Priority  float64
	SortValue float64
	TieKey    string
	KEV       bool `gorm:"column:kev"`
	EPSS      *float64
	CVSS      *float64
	Regulated bool
	Assumed   []string   `gorm:"serializer:words"`
	DueAt     *time.Time `gorm:"serializer:time"`
	DuePolicy string
	ClockAt   *time.Time `gorm:"serializer:time"`

	Points     *float64
	AssigneeID *string
	SprintID   *string
	BoardKey   string
	Carried    int64

	Assets          int64 // that still have an open finding, or were named by hand; without retired ones
	Patched         int64 // on which all its findings are fixed or not seen any more
	Findings        int64
	Vulnerabilities int64
	Labels          []string `gorm:"serializer:words"`

	PlacedBy     *string
	PlacedAt     *time.Time `gorm:"serializer:time"`
	PlacedReason string
	DropReason   *string
	DropUntil    *time.Time `gorm:"serializer:time"`
	SupersededBy *string
	DetectedAt   *time.Time `gorm:"serializer:time"`

	ChangedBy string
	Version   int64
	CreatedAt time.Time `gorm:"serializer:time"`
	UpdatedAt time.Time `gorm:"serializer:time"`

	// What a list shows beside the row itself.
	AssigneeName string `gorm:"-"`
	PlacedByName string `gorm:"-"`
	SprintNumber *int64 `gorm:"-"`
	Drift        int    `gorm:"-"`
}

// Key is how people name a patch: INF-42.
func Key(team string, number int64) string { return team + "-" + strconv.FormatInt(number, 10) }

// ParseKey reads the number of a patch of a team; letter case does not matter.
func ParseKey(team, key string) (int64, error) {
	prefix, digits, ok := strings.Cut(key, "-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 1 || !strings.EqualFold(prefix, team) {
		return 0, noSuchPatch()
	}
	return n, nil
}

func noSuchPatch() error { return fault.New(fault.NotFound, "There is no such patch in this team.") }

// EcosystemOf is what stands before the colon of a component: deb of deb:openssl.
// Names without one, as people write them, have none.
func EcosystemOf(component string) string {
	name, _, joined := strings.Cut(component, ":")
	if !joined || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return ""
	}
	return name
}

// Band of a priority: critical from 80, high from 60, medium from 35, else low.
func Band(priority float64) string {
	switch {
	case priority >= 80:
		return "critical"
	case priority >= 60:
		return "high"
	case priority >= 35:
		return "medium"
	}
	return "low"
}

// stale says who was faster; the caller rolls back and looks again.
func stale(p *Patch) error {
	return fault.Stale(p, "%s changed this first. Look at it as it is now, then decide.", p.ChangedBy)
}

// points of a patch; an unestimated one counts 0.
func (p *Patch) points() float64 {
	if p.Points == nil {
		return 0
	}
	return *p.Points
}

func (p *Patch) String() string { return fmt.Sprintf("patch %d (%s)", p.Number, p.Status) }
