package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
)

// SQLite has a full disk here, PostgreSQL is a standby: filling its disk would stop
// everybody else's tests.
func TestADatabaseThatCannotBeWrittenSaysSoAndRecovers(t *testing.T) {
	onSite(t, func(s *site) {
		member, says := s.as("member"), "no room left; nothing was changed"
		if s.db.Postgres() {
			says = "can only be read now; nothing was changed"
		}
		s.writable(false)
		taken, refused := 0, member.writes()
		for ; refused.Code == 201; refused = member.writes() { // pages that were free
			taken++
		}
		assert.Equal(t, 503, refused.Code)
		assert.Contains(t, refused.Body.String(), says)
		assert.Equal(t, "1", refused.Header().Get("Retry-After"))
		assert.EqualValues(t, taken, member.get("/teams/INF/patches").want(200)["count"], "what was there can be read")
		s.writable(true)
		assert.Equal(t, 201, member.writes().Code)
	})
}

// writes makes a patch that needs some room, and shows an outage as it is.
func (c *client) writes() *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	c.site.web.ServeHTTP(w, c.request("POST", base+"/teams/INF/patches", object{"title": "Firmware", "description": strings.Repeat("x", 9000)}))
	return w
}

// writable takes the room from a SQLite database, or makes every connection of a
// PostgreSQL one read-only; or gives it back.
func (s *site) writable(may bool) {
	s.Helper()
	pages := map[bool]string{true: "1000000", false: "1"}[may] // what is taken already is the least
	statements := []string{"PRAGMA max_page_count = " + pages}
	if s.db.Postgres() {
		readOnly := map[bool]string{true: "OFF", false: "ON"}[may]
		statements = []string{
			"SET TRANSACTION READ WRITE",
			"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = " + readOnly + "', current_database()); END $$",
			"SET SESSION default_transaction_read_only = " + readOnly,
			"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
		}
	}
	require.NoError(s, s.db.Write(s.Context(), func(tx *db.Tx) error {
		for _, text := range statements {
			if err := tx.Exec(text).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}
