package intake_test

import (
	"database/sql"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/migrations"
)

// The migrations that tell releases apart, and that count again what finished
// patches have.
const (
	ofStreams        = 12
	ofFinishedCounts = 30
)

// migrate applies or takes back one migration alone.
func (d *desk) migrate(version int64, up bool) {
	d.Helper()
	driver, dialect, engine, url := "sqlite3", goose.DialectSQLite3, "sqlite", "file:"+d.db.URL()
	if d.db.Postgres() {
		driver, dialect, engine, url = "pgx", goose.DialectPostgres, "postgres", d.db.URL()
	}
	raw, err := sql.Open(driver, url)
	require.NoError(d, err)
	defer raw.Close()
	p, err := goose.NewProvider(dialect, raw, migrations.For(engine))
	require.NoError(d, err)
	_, err = p.ApplyVersion(d.Context(), version, up)
	require.NoError(d, err)
}

func TestPatchesFromBeforeReleasesWereToldApartLearnThemFromTheirVersions(t *testing.T) {
	onDesk(t, func(d *desk) {
		file := table("a openssl 1 1.1.1n-0+deb11u5 CVE-2024-0001", "a sudo 1 1.9.5p2-3ubuntu2.1 CVE-2024-0002", "a linux 1 5.15.0-91.101~20.04.1 CVE-2024-0003") +
			"a,rpm,bash,1,5.1.8-6.el9_1,CVE-2024-0004,high,affected\na,rpm,glibc,1,2.26-63.amzn2.0.1,CVE-2024-0005,high,affected\na,npm,qs,1,2+deb11u1,CVE-2024-0006,high,affected\n"
		d.take("a.csv", file)
		findings := d.rows("SELECT id, patch_id FROM findings ORDER BY id")
		d.migrate(ofStreams, false)
		d.migrate(ofStreams, true)
		want := []string{"deb:linux ubuntu20.04", "deb:openssl deb11", "deb:sudo ", "npm:qs ", "rpm:bash el9", "rpm:glibc amzn2"}
		assert.Equal(d, want, d.rows("SELECT component, stream FROM patches ORDER BY component"))
		assert.Equal(d, findings, d.rows("SELECT id, patch_id FROM findings ORDER BY id"))
		before := d.everything()
		d.take("a.csv", file)
		assert.Equal(d, before, d.everything())
	})
}

func TestFinishedPatchesFromBeforeCountWhereTheirFixArrived(t *testing.T) {
	onDesk(t, func(d *desk) {
		sudo := "a sudo 1 2 CVE-2024-0009"
		d.take("first.csv", table("a openssl 1 2 CVE-2024-0001", "b openssl 1 2 CVE-2024-0001", "b openssl 1 2 CVE-2024-0002", sudo))
		d.set("UPDATE patches SET status = 'verified', is_open = ? WHERE component = 'deb:openssl'", false)
		d.take("second.csv", table(sudo))
		counts := "SELECT component, assets, patched, findings FROM patches ORDER BY component"
		want := []string{"deb:openssl 1 1 2", "deb:sudo 1 0 1"}
		assert.Equal(d, want, d.rows(counts))
		d.set("UPDATE patches SET assets = 2, patched = 0, findings = 3 WHERE component = 'deb:openssl'")
		d.migrate(ofFinishedCounts, false)
		d.migrate(ofFinishedCounts, true)
		assert.Equal(d, want, d.rows(counts))
		d.set("UPDATE assets SET retired_at = 1 WHERE name = 'b'")
		d.migrate(ofFinishedCounts, false)
		d.migrate(ofFinishedCounts, true)
		assert.Equal(d, []string{"deb:openssl 0 1 0", "deb:sudo 1 0 1"}, d.rows(counts))
	})
}
