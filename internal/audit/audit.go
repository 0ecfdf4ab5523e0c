// Package audit keeps who did what, in the transaction that did it.
package audit

import (
	"encoding/json"
	"time"

	"patchline/internal/db"
)

// Who acts. Every write names one; the server itself is Server.
type Who struct {
	UserID string
	Name   string
	Client string // the browser tab or program, so that it can ignore its own echo
}

// Server is who acts when nobody asked: scheduled jobs and feeds.
var Server = Who{Name: "Patchline"}

// Record is one thing that somebody did.
type Record struct {
	ID     string
	At     time.Time `gorm:"serializer:time"`
	TeamID *string
	UserID string
	Who    string
	Action string
	Target string
	Detail string
}

func (Record) TableName() string { return "audit" }

// Write records an action, such as "patch.moved", on the target with an id.
// Detail becomes a JSON object; it must not hold secrets.
func Write(tx *db.Tx, who Who, teamID, action, target string, detail map[string]any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	if detail == nil {
		text = []byte("{}")
	}
	r := &Record{db.NewID(), tx.Now, nil, who.UserID, who.Name, action, target, string(text)}
	if teamID != "" {
		r.TeamID = &teamID
	}
	return tx.Exec(`INSERT INTO audit (id, at, team_id, user_id, who, action, target, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.At.UnixMicro(), r.TeamID, r.UserID, r.Who, r.Action, r.Target, r.Detail).Error
}
