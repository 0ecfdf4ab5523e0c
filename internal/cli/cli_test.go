package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/config"
	"patchline/internal/team"
)

// shellRun is one call of the binary.
type shellRun struct {
	code     int
	out, err string
}

func sh(t *testing.T, stdin string, args ...string) shellRun {
	t.Helper()
	var out, errs bytes.Buffer
	code := Run(t.Context(), args, Streams{In: strings.NewReader(stdin), Out: &out, Err: &errs})
	return shellRun{code, out.String(), errs.String()}
}

// office is a data directory with a team and an administrator.
func office(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	r := sh(t, "", "team", "add", "INF", "Infrastructure", "--data", dir, "--time-zone", "Europe/Berlin")
	require.Zero(t, r.code, r.err)
	r = sh(t, "correct horse battery\n", "user", "add", "--email", "ana@example.com", "--name", "Ana", "--admin", "--team", "INF", "--role", "product_owner", "--password-stdin", "--data", dir)
	require.Zero(t, r.code, r.err)
	return dir
}

const scanCSV = "asset,component,vulnerability,fixed_version\nweb-1,openssl,CVE-2014-0160,1.0.1g\nweb-2,openssl,CVE-2014-0160,1.0.1g\n"

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestTheTokenCommandPrintsTheTokenAlone(t *testing.T) {
	dir := office(t)
	r := sh(t, "", "token", "create", "--email", "ana@example.com", "--scope", "read,imports", "--data", dir)
	require.Zero(t, r.code, r.err)
	assert.Regexp(t, `^plt_\S+\n$`, r.out)
	assert.Equal(t, 1, sh(t, "", "token", "create", "--email", "nobody@example.com", "--data", dir).code)
	assert.Equal(t, 1, sh(t, "", "token", "create", "--email", "ana@example.com", "--scope", "everything", "--data", dir).code)
}

func TestImportPrintsAnObjectAFileAndTellsByItsStatusIfOneWasRefused(t *testing.T) {
	dir := office(t)
	good, bad := write(t, "scan.csv", scanCSV), write(t, "bad.json", "{")
	r := sh(t, "", "import", "--team", "INF", "--json", good, bad, filepath.Join(dir, "missing"), "--data", dir)
	assert.Equal(t, 1, r.code)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	require.Len(t, lines, 3)
	var sum map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &sum))
	assert.Equal(t, good, sum["file"])
	assert.EqualValues(t, 2, sum["records"])
	assert.EqualValues(t, 1, sum["vulnerabilities"])
	assert.EqualValues(t, 1, sum["patches"].(map[string]any)["new"])
	assert.Nil(t, sum["error"])
	for _, line := range lines[1:] {
		require.NoError(t, json.Unmarshal([]byte(line), &sum))
		assert.NotEmpty(t, sum["error"])
	}

	again := sh(t, scanCSV, "import", "--team", "inf", "--json", "-", "--data", dir)
	require.Zero(t, again.code, again.err)
	require.NoError(t, json.Unmarshal([]byte(again.out), &sum))
	assert.EqualValues(t, 2, sum["findings"].(map[string]any)["unchanged"])
	assert.EqualValues(t, 0, sum["patches"].(map[string]any)["new"])
}

func TestAFolderIsReadWithEverythingBelowIt(t *testing.T) {
	dir := office(t)
	folder := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "deep"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "deep", "b.csv"), []byte(scanCSV), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, ".hidden"), []byte("{"), 0o600))
	r := sh(t, "", "import", "--team", "INF", folder, "--data", dir)
	require.Zero(t, r.code, r.err)
	assert.Contains(t, r.out, "2 records")
}

func TestWrongCallsEndWithTwoAndSayWhy(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"nonsense"}, {"import"}, {"import", "--team", "INF"}, {"team", "add", "INF"}, {"serve", "--addr", "nowhere"},
		{"user", "add", "--email", "a@b.c", "--name", "A"}, {"user", "add", "--email", "a@b.c", "--name", "A", "--team", "INF", "--password-stdin"},
		{"migrate", "--no-such-flag"},
	} {
		r := sh(t, "", append(args, "--data", dir)...)
		assert.Equal(t, 2, r.code, args)
		assert.NotEmpty(t, r.err, args)
	}
	assert.Zero(t, sh(t, "", "version").code)
	assert.Zero(t, sh(t, "", "help").code)
	assert.Equal(t, 1, sh(t, "", "import", "--team", "NONE", write(t, "a.csv", scanCSV), "--data", filepath.Join(dir, "d")).code)
}

func TestACommandRunsByTheClockItIsGiven(t *testing.T) {
	dir := office(t)
	var out, errs bytes.Buffer
	tuesday := func() time.Time { return time.Date(2031, 1, 6, 23, 30, 0, 0, time.UTC) } // it is, in Berlin
	code := Run(t.Context(), []string{"standup", "--team", "INF", "--json", "--data", dir}, Streams{Out: &out, Err: &errs, Now: tuesday})
	require.Zero(t, code, errs.String())
	assert.Contains(t, out.String(), `"2031-01-07"`)
}

func TestAPasswordIsNotShownByConfig(t *testing.T) {
	r := sh(t, "", "config", "--database-url", "postgres://ana:hunter2@db/patchline")
	require.Zero(t, r.code, r.err)
	assert.NotContains(t, r.out, "hunter2")
}

func TestTheHistoryShowsWhatTheCommandLineImported(t *testing.T) {
	dir := office(t)
	sh(t, "", "import", "--team", "INF", write(t, "scan.csv", scanCSV), write(t, "bad.json", "{"), "--data", dir)
	c := &call{Context: t.Context(), config: config.Config{Data: dir}}
	a, err := c.open(time.Now)
	require.NoError(t, err)
	defer a.db.Close()
	inf, err := team.ByKey(a.db.Read(c), "INF")
	require.NoError(t, err)
	kept, _, err := a.intake.List(c, inf.ID, "", 10)
	require.NoError(t, err)
	require.Len(t, kept, 2)
	assert.Equal(t, []string{"bad.json", "refused"}, []string{kept[0].File, kept[0].State})
	assert.Equal(t, []string{"scan.csv", "done"}, []string{kept[1].File, kept[1].State})
	assert.Equal(t, 2, kept[1].Summary.Records)
}

func TestImportHistoryPrintsAnObjectASprintAndGoesOnAfterARefusedFile(t *testing.T) {
	dir := office(t)
	good := write(t, "sprints.csv", "sprint,start,end,committed,completed\nTwo,2026-01-19,2026-01-30,20,18\nOne,2026-01-05,2026-01-16,10,12\n")
	r := sh(t, "", "import-history", "--team", "inf", "--json", write(t, "scan.csv", scanCSV), good, good, "--data", dir)
	assert.Equal(t, 1, r.code)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	require.Len(t, lines, 5)
	assert.Contains(t, lines[0], "A history in CSV has the columns")
	var one, again map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &one))
	assert.EqualValues(t, 1, one["sprint"])
	assert.EqualValues(t, 12, one["completed"])
	require.NoError(t, json.Unmarshal([]byte(lines[3]), &again))
	assert.Equal(t, true, again["already"])
	r = sh(t, "", "import-history", "--team", "INF", good, "--data", dir)
	assert.Zero(t, r.code, r.err)
	assert.Contains(t, r.out, "12 of 10 points completed")
	assert.Equal(t, 2, sh(t, "", "import-history", good, "--data", dir).code)
	assert.Equal(t, 1, sh(t, "", "import-history", "--team", "NIL", good, "--data", dir).code)
}
