package main

import (
	"database/sql"
	"strconv"

	"github.com/gin-gonic/gin"
)

// sums is what is left of a ledger when every row was read.
type sums struct {
	Scope float64 `json:"scope"`
	Done  float64 `json:"done"`
	Rows  int     `json:"rows"`
}

// burndown reads a sprint's ledger rows by the covering index, and adds them up.
func (f *floor) burndown(c *gin.Context) (any, error) {
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return nil, err
	}
	var out sums
	var at int64
	var kind sql.RawBytes
	var points float64
	err = f.rows(`SELECT l.at, l.kind, l.points FROM ledger l WHERE l.sprint_id = (SELECT id FROM sprints WHERE team_id = ? AND number = ?)
		AND l.kind <> '' ORDER BY l.at, l.id`, func(r *sql.Rows) error {
		err := r.Scan(&at, &kind, &points)
		if out.Rows++; string(kind) == "completed" {
			out.Done -= points
		} else {
			out.Scope += points
		}
		return err
	}, f.team, n)
	return out, err
}
