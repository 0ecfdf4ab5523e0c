package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const listing = `{"catalogVersion":"2026.03.02","dateReleased":"2026-03-02T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2014-0160",
	"vendorProject":"OpenSSL","product":"OpenSSL","vulnerabilityName":"Heartbleed","dateAdded":"2026-03-01","dueDate":"2026-03-22","requiredAction":"Patch"}]}`

func TestAFeedIsAddedRunAndListedInTheTerminal(t *testing.T) {
	folder := t.TempDir()
	at := []string{"--data", office(t), "--feeds-folder", folder}
	feed := func(args ...string) shellRun { return sh(t, "", append(append([]string{"feed"}, args...), at...)...) }

	r := feed("add", "Our KEV", "kev.json", "--kind", "kev", "--every", "6h")
	require.Zero(t, r.code, r.err)
	assert.Equal(t, "feed Our KEV added\n", r.out)

	r = feed("run", "our kev")
	assert.Equal(t, 1, r.code, "the file is not there yet")
	assert.Contains(t, r.out, "Our KEV: failed: ")

	require.NoError(t, os.WriteFile(filepath.Join(folder, "kev.json"), []byte(listing), 0o600))
	r = feed("run", "our kev")
	assert.Zero(t, r.code, r.err)
	assert.Contains(t, r.out, "Our KEV: done: ")
	r = feed("run", "Our KEV", "--json")
	var line feedLine
	require.NoError(t, json.Unmarshal([]byte(r.out), &line))
	assert.Equal(t, []any{"kev", "unchanged", false}, []any{line.Kind, line.State, line.Enabled}, "the same file again")

	r = feed("list")
	assert.Regexp(t, `(?m)^Our KEV +kev +off +kev\.json +unchanged`, r.out)
	assert.Regexp(t, `(?m)^CISA KEV catalogue.* never run$`, r.out)
}

func TestAFeedThatCannotBeIsRefusedInTheTerminal(t *testing.T) {
	at := []string{"--data", office(t)}
	feed := func(args ...string) shellRun { return sh(t, "", append(append([]string{"feed"}, args...), at...)...) }
	assert.Equal(t, 2, feed("add", "Alone").code)
	assert.Equal(t, 2, feed("add", "Both", "a.json", "--every", "6h", "--daily-at", "06:30").code)
	r := feed("add", "Folder", "../up", "--kind", "folder")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "source: ")
	assert.Contains(t, r.err, "team: ")
	r = feed("run", "nobody")
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "feed list")
	assert.Zero(t, feed("add", "Reports", "in", "--kind", "folder", "--team", "inf", "--enable").code)
}
