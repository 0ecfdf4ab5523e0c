package team

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"patchline/internal/fault"
	"patchline/internal/scrum"
)

// Mode is how strictly the team holds itself to a rule.
type Mode string

// Modes.
const (
	Off   Mode = "off"
	Warn  Mode = "warn"  // it is shown
	Block Mode = "block" // it stops, unless a reason is given
)

func (m Mode) valid() bool { return m == Off || m == Warn || m == Block }

// Rules are a team's ways of working: with what it estimates, which columns its
// board has and how much they hold, what it calls ready and done.
type Rules struct {
	Scale           Scale        `json:"scale"`
	Columns         []ColumnRule `json:"columns"`          // of the board, left to right
	Limits          Mode         `json:"limits"`           // of work in progress
	PersonLimit     int          `json:"person_limit"`     // cards in progress a person; 0 for none
	Ready           Definition   `json:"ready"`            // checked when a sprint starts, and when an item is pulled into one
	Done            Definition   `json:"done"`             // checked when an item becomes verified
	EmergencyLane   bool         `json:"emergency_lane"`   // emergencies have a lane of their own, and no limit
	EmergencyPoints float64      `json:"emergency_points"` // budget of a sprint for them; 0 for none
	Reserve         *float64     `json:"reserve"`          // share of the capacity kept for emergencies, 0–1; null takes it from history
	AgeDays         int          `json:"age_days"`         // working days in a column from which a card is shown as old; 0 for never
	StandupAt       string       `json:"standup_at"`       // when the team stands up by its clocks, such as 09:30; empty: at no set time
}

// Scale is what a team estimates in.
type Scale struct {
	Kind   string       `json:"kind"` // fibonacci, powers_of_two, t_shirt or own
	Values []ScaleValue `json:"values"`
}

// ScaleValue is one step of a scale: "L" that counts 5 points.
type ScaleValue struct {
	Label  string  `json:"label"`
	Points float64 `json:"points"`
}

// ColumnRule is a column of the board with its limit; 0 is no limit.
type ColumnRule struct {
	Status scrum.Status `json:"status"`
	Limit  int          `json:"limit"`
}

// Definition is a definition of ready or of done.
type Definition struct {
	Mode  Mode    `json:"mode"`
	Items []Point `json:"items"`
}

// Point is one line of a definition. Auto names a fact that the server sees by
// itself: estimated, assigned, described, unblocked or tasks_done; without it a
// person ticks.
type Point struct {
	Text string `json:"text"`
	Auto string `json:"auto,omitempty"`
}

// Facts that a Point may name.
const (
	Estimated = "estimated"
	Assigned  = "assigned"
	Described = "described"
	Unblocked = "unblocked"
	TasksDone = "tasks_done" // no task is left; so too where there is none
)

// Scales are the shipped ones.
var Scales = []Scale{
	{"fibonacci", values("0", 0, "½", .5, "1", 1, "2", 2, "3", 3, "5", 5, "8", 8, "13", 13, "21", 21)},
	{"powers_of_two", values("0", 0, "1", 1, "2", 2, "4", 4, "8", 8, "16", 16, "32", 32)},
	{"t_shirt", values("XS", 1, "S", 2, "M", 3, "L", 5, "XL", 8, "XXL", 13)},
}

func values(pairs ...any) (out []ScaleValue) {
	for i := 0; i < len(pairs); i += 2 {
		points, half := pairs[i+1].(float64)
		if !half {
			points = float64(pairs[i+1].(int))
		}
		out = append(out, ScaleValue{pairs[i].(string), points})
	}
	return out
}

// UsualRules are those of a new team.
func UsualRules() Rules {
	r := Rules{Scale: Scales[0], Limits: Warn, EmergencyLane: true, AgeDays: 5, Ready: Definition{Off, []Point{}}, Done: Definition{Off, []Point{}}}
	for _, s := range scrum.BoardColumns {
		r.Columns = append(r.Columns, ColumnRule{Status: s})
	}
	return r
}

// Rules reads the team's ways of working; what was never set is as usual.
func (t *Team) Rules() (Rules, error) {
	r := UsualRules()
	if t.RulesText == "" || t.RulesText == "{}" {
		return r, nil
	}
	r.Columns, r.Scale = nil, Scale{}
	if err := json.Unmarshal([]byte(t.RulesText), &r); err != nil {
		return Rules{}, fmt.Errorf("rules of team %s: %w", t.Key, err)
	}
	if _, there := r.Column(scrum.AwaitingApproval); t.ApprovalRequired && !there {
		r.Columns = append(r.Columns, ColumnRule{Status: scrum.AwaitingApproval}) // approvals came later than the columns
		r.sortColumns()
	}
	return r, nil
}

func (r *Rules) sortColumns() {
	slices.SortFunc(r.Columns, func(a, b ColumnRule) int {
		return slices.Index(scrum.BoardColumns, a.Status) - slices.Index(scrum.BoardColumns, b.Status)
	})
}

// Column is the rule of a status; ok tells that the board has it.
func (r Rules) Column(s scrum.Status) (rule ColumnRule, ok bool) {
	i := slices.IndexFunc(r.Columns, func(c ColumnRule) bool { return c.Status == s.Column() })
	if i < 0 {
		return ColumnRule{}, false
	}
	return r.Columns[i], true
}

const (
	maxScale = 20
	maxItems = 20
	maxLimit = 500
)

// check names everything that cannot be so, by JSON pointers, and brings the rest
// into its usual form.
func (r *Rules) check(approval bool) error {
	wrong := &fault.Fault{Kind: fault.Invalid, Detail: "Some rules cannot be so."}
	say := func(bad bool, pointer, text string) {
		if bad {
			wrong.Fields = append(wrong.Fields, fault.Field{Pointer: pointer, Detail: text})
		}
	}
	r.checkScale(say)
	r.checkColumns(approval, say)
	say(!r.Limits.valid(), "/limits", "Limits are off, warn or block.")
	say(r.PersonLimit < 0 || r.PersonLimit > maxLimit, "/person_limit", "A limit is a number from 0 to 500.")
	say(!(r.EmergencyPoints >= 0 && r.EmergencyPoints <= 1000), "/emergency_points", "The budget is a number of points from 0 to 1000.")
	say(r.Reserve != nil && !(*r.Reserve >= 0 && *r.Reserve <= 1), "/reserve", "The reserve is a share from 0 to 1.")
	say(r.AgeDays < 0 || r.AgeDays > 365, "/age_days", "The age is a number of working days from 0 to 365.")
	_, err := time.Parse("15:04", r.StandupAt)
	say(r.StandupAt != "" && (err != nil || len(r.StandupAt) != len("09:30")), "/standup_at", "A time of day is such as 09:30; empty for none.")
	r.Ready.check("/ready", say)
	r.Done.check("/done", say)
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

type sayWrong func(bad bool, pointer, text string)

// checkScale gives a shipped scale its values and looks at those of an own one.
func (r *Rules) checkScale(say sayWrong) {
	if i := slices.IndexFunc(Scales, func(s Scale) bool { return s.Kind == r.Scale.Kind }); i >= 0 {
		r.Scale = Scales[i]
		return
	}
	say(r.Scale.Kind != "own", "/scale/kind", "A scale is fibonacci, powers_of_two, t_shirt or own.")
	say(len(r.Scale.Values) < 2 || len(r.Scale.Values) > maxScale, "/scale/values", "An own scale has 2 to 20 values.")
	labels := map[string]bool{}
	for i := range r.Scale.Values {
		v := &r.Scale.Values[i]
		v.Label = strings.TrimSpace(v.Label)
		at := fmt.Sprintf("/scale/values/%d", i)
		say(v.Label == "" || len(v.Label) > 12 || labels[v.Label], at+"/label", "Each value has a short name of its own.")
		say(!scrum.ValidPoints(v.Points) || v.Points > 1000 || v.Points*2 != float64(int(v.Points*2)), at+"/points", "Points are a number from 0 to 1000, in halves.")
		labels[v.Label] = true
	}
	slices.SortStableFunc(r.Scale.Values, func(a, b ScaleValue) int { return int(2 * (a.Points - b.Points)) })
}

// checkColumns holds the board to the order of work, with the columns that no
// board can be without.
func (r *Rules) checkColumns(approval bool, say sayWrong) {
	needed := []scrum.Status{scrum.Ready, scrum.InProgress, scrum.Verified}
	if approval {
		needed = append(needed, scrum.AwaitingApproval)
	}
	seen := map[scrum.Status]bool{}
	for i, c := range r.Columns {
		at := fmt.Sprintf("/columns/%d", i)
		say(!slices.Contains(scrum.BoardColumns, c.Status) || seen[c.Status], at+"/status", "A column is a status of the board, each once.")
		say(c.Limit < 0 || c.Limit > maxLimit, at+"/limit", "A limit is a number from 0 to 500.")
		seen[c.Status] = true
	}
	for _, s := range needed {
		say(!seen[s], "/columns", fmt.Sprintf("The board needs the column “%s”.", s.Label()))
	}
	r.sortColumns()
}

func (d *Definition) check(pointer string, say sayWrong) {
	say(!d.Mode.valid(), pointer+"/mode", "A definition is off, warn or block.")
	say(len(d.Items) > maxItems, pointer+"/items", "A definition has at most 20 points.")
	if d.Items == nil {
		d.Items = []Point{}
	}
	seen := map[string]bool{}
	for i := range d.Items {
		p := &d.Items[i]
		p.Text = strings.TrimSpace(p.Text)
		at := fmt.Sprintf("%s/items/%d", pointer, i)
		say(p.Text == "" || len([]rune(p.Text)) > 120 || seen[p.Text], at+"/text", "Each point says something of its own, in at most 120 letters.")
		say(!slices.Contains([]string{"", Estimated, Assigned, Described, Unblocked, TasksDone}, p.Auto), at+"/auto", "What the server checks is estimated, assigned, described, unblocked or tasks_done.")
		seen[p.Text] = true
	}
}
