package backlog

import (
	"context"
	"encoding/json"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
)

// Kinds of notices.
const (
	NoticeKEV        = "kev.added"
	NoticeRebaseline = "epss.rebaseline"
)

// mostNamed bounds what a notice lists by name; its counts say how many there are.
const mostNamed = 50

// Notice is what a team should know; each member puts it away for themselves.
type Notice struct {
	ID, TeamID, Kind string
	At               time.Time
	NoticeBody

	Patches []Patch // those of PatchIDs as they are now, the most important first
}

// NoticeBody is what a notice says, by its kind.
type NoticeBody struct {
	Vulnerabilities    []string `json:"vulnerabilities,omitempty"` // the first 50
	VulnerabilityCount int      `json:"vulnerability_count,omitempty"`
	PatchIDs           []string `json:"patch_ids,omitempty"` // the most important 50
	PatchCount         int      `json:"patch_count,omitempty"`

	From string    `json:"from,omitempty"` // of a re-baseline: the models, and how many priorities moved
	To   string    `json:"to,omitempty"`
	Up   int       `json:"up,omitempty"`
	Down int       `json:"down,omitempty"`
	Kept int       `json:"kept,omitempty"` // placed items that were put beside their neighbours again
	Top  []BigMove `json:"top,omitempty"`  // the ten largest
}

// BigMove is one of the largest moves of a re-baseline.
type BigMove struct {
	PatchID string  `json:"patch_id"`
	Before  float64 `json:"before"`
	After   float64 `json:"after"`
}

// Notices lists what somebody has not put away in a team, the latest first.
func (s *Service) Notices(ctx context.Context, userID, teamID string) ([]Notice, error) {
	var out []Notice
	err := s.db.View(ctx, func(g db.Reader) (err error) {
		if out, err = unseenNotices(g, userID, teamID, s.db.Now().Add(-MovesKept)); err != nil {
			return err
		}
		for i := range out {
			if err := fillNotice(g, &out[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// Dismiss puts a notice away for one person.
func (s *Service) Dismiss(ctx context.Context, userID, teamID, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Find[noticeRow](tx.DB, "notice", "team_id = ? AND id = ?", teamID, id); err != nil {
			return err
		}
		return tx.Exec("INSERT INTO notices_seen (notice_id, user_id, at) VALUES (?, ?, ?) ON CONFLICT (notice_id, user_id) DO NOTHING",
			id, userID, tx.Now.UnixMicro()).Error
	})
}

// AnnounceKEV tells every team with open patches for the vulnerabilities that they
// are known to be exploited now: one notice and one event a team. Subject names
// the occasion, so that nobody is told twice.
func AnnounceKEV(tx *db.Tx, vulnerabilityIDs []string, subject string) error {
	pairs, err := patchesByVulnerability(tx.DB, vulnerabilityIDs)
	if err != nil {
		return err
	}
	byTeam := map[string]*gathered{}
	for _, p := range pairs { // by team and by falling priority
		if byTeam[p.teamID] == nil {
			byTeam[p.teamID] = &gathered{seen: map[string]bool{}}
		}
		byTeam[p.teamID].add(p.vulnerability, p.patchID)
	}
	for _, teamID := range sortedKeys(byTeam) {
		if err := tellKEV(tx, teamID, subject, byTeam[teamID].NoticeBody); err != nil {
			return err
		}
	}
	return nil
}

// gathered counts all and names the first ones.
type gathered struct {
	NoticeBody
	seen map[string]bool
}

func (b *gathered) add(vulnerability, patchID string) {
	b.count(vulnerability, &b.Vulnerabilities, &b.VulnerabilityCount)
	b.count(patchID, &b.PatchIDs, &b.PatchCount)
}

func (b *gathered) count(id string, names *[]string, n *int) {
	if b.seen[id] {
		return
	}
	b.seen[id] = true
	if *n++; len(*names) < mostNamed {
		*names = append(*names, id)
	}
}

func tellKEV(tx *db.Tx, teamID, subject string, b NoticeBody) error {
	fresh, err := addNotice(tx, teamID, NoticeKEV, subject, b)
	if err != nil || !fresh {
		return err
	}
	keys, err := keysOf(tx.DB, b.PatchIDs)
	if err != nil {
		return err
	}
	detail := map[string]any{"vulnerabilities": b.Vulnerabilities, "patches": keys, "count": b.PatchCount}
	if err := audit.Write(tx, audit.Server, teamID, NoticeKEV, teamID, detail); err != nil {
		return err
	}
	return event.Tell(tx, audit.Server, teamID, event.Event{Kind: event.KEVAdded, Keys: keys})
}

// addNotice writes a notice unless the team has one on the same subject.
func addNotice(tx *db.Tx, teamID, kind, subject string, b NoticeBody) (fresh bool, err error) {
	text, err := json.Marshal(b)
	if err != nil {
		return false, err
	}
	res := tx.Exec("INSERT INTO notices (id, team_id, at, kind, subject, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (team_id, kind, subject) DO NOTHING",
		db.NewID(), teamID, tx.Now.UnixMicro(), kind, subject, string(text))
	return res.RowsAffected == 1, res.Error
}
