package backlog

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/team"
)

// A field that somebody adds to Patch must be written for new ones too.
func TestANewPatchIsStoredWithAllItsFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		people, err := team.New(t.Context(), d)
		require.NoError(t, err)
		made, err := people.AddTeam(t.Context(), audit.Server, team.NewTeam{Key: "INF", Name: "Infrastructure"})
		require.NoError(t, err)
		p := &Patch{}
		fill(reflect.ValueOf(p).Elem())
		p.TeamID, p.Kind, p.Status = made.ID, KindPatch, "dropped"
		p.SplitFrom, p.AssigneeID, p.SprintID, p.PlacedBy = nil, nil, nil, nil // other rows, of which there are none
		require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error { return insert(tx, []*Patch{p}, nil) }))
		stored, err := ByID(d.Read(t.Context()), p.ID)
		require.NoError(t, err)
		assert.Equal(t, p, stored)
		for _, named := range []string{"split_from", "assignee_id", "sprint_id", "placed_by"} {
			assert.Contains(t, strings.Join(intoPatches.Columns(), " "), named)
		}
	})
}

// fill gives every stored field a value other than its zero.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		f := v.Field(i)
		if v.Type().Field(i).Tag.Get("gorm") == "-" {
			continue
		}
		if f.Kind() == reflect.Pointer {
			f.Set(reflect.New(f.Type().Elem()))
			f = f.Elem()
		}
		switch f.Interface().(type) {
		case time.Time:
			f.Set(reflect.ValueOf(dbtest.Now.Add(time.Duration(i) * time.Second)))
			continue
		case []string:
			f.Set(reflect.ValueOf([]string{"a", `"b"`}))
			continue
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString("text " + string(rune('a'+i%26)))
		case reflect.Int64:
			f.SetInt(int64(i + 1))
		case reflect.Float64:
			f.SetFloat(float64(i) + 0.5)
		case reflect.Bool:
			f.SetBool(true)
		}
	}
}
