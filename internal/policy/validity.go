package policy

import (
	"context"
	"fmt"
	"slices"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/team"
)

// Turn looks for own policies that have begun or ended to be in force since it
// last looked, and has the due dates of their teams set anew. Each change of a
// validity does so once, however many look.
func Turn(ctx context.Context, d *db.DB) (turned int, err error) {
	all, err := validities(d.Read(ctx))
	if err != nil {
		return 0, err
	}
	for _, v := range all {
		now := v.policy.InForce(d.Now())
		if now == v.known {
			continue
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			t, err := team.Lock(tx, v.teamID)
			if err != nil {
				return err
			}
			n, err := setInForce(tx, v.policy.ID, now)
			if err != nil || n == 0 {
				return err
			}
			turned++
			if !slices.Contains(t.Policies, v.policy.ID) {
				return nil
			}
			word := map[bool]string{true: "began", false: "ended"}[now]
			if err := team.QueueRun(tx, audit.Server, t.ID, fmt.Sprintf("the validity of “%s” %s", v.policy.Name, word)); err != nil {
				return err
			}
			return told(tx, audit.Server, t, v.policy.ID, "policy."+word, map[string]any{"name": v.policy.Name})
		})
		if err != nil {
			return turned, err
		}
	}
	return turned, nil
}
