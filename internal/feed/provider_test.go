package feed_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"patchline/internal/feed"
)

// csaf is an advisory of a day about a vulnerability.
func csaf(id, vulnerability string) string {
	return fmt.Sprintf(`{"document":{"category":"csaf_security_advisory","csaf_version":"2.0","title":"Advisory","publisher":{"category":"vendor","name":"Acme","namespace":"https://acme.test"},
		"tracking":{"id":%q,"status":"final","version":"1","initial_release_date":"2026-03-01T00:00:00Z","current_release_date":"2026-03-01T00:00:00Z","revision_history":[]}},
		"product_tree":{"branches":[]},"vulnerabilities":[{"cve":%q,"title":"A flaw","notes":[{"category":"description","text":"Text."}]}]}`, id, vulnerability)
}

func rolie(rows ...string) string {
	var entries []string
	for _, r := range rows {
		c := strings.Fields(r)
		entries = append(entries, fmt.Sprintf(`{"id":%q,"updated":%q,"content":{"src":%q}}`, c[1], c[0], c[1]))
	}
	return `{"feed":{"id":"f","entry":[` + strings.Join(entries, ",") + `]}}`
}

func TestAProviderGivesTheDocumentsThatChangedSinceTheLastRun(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/csaf", fmt.Sprintf(`{"distributions":[{"rolie":{"feeds":[{"tlp_label":"WHITE","url":%q},{"tlp_label":"RED","url":%q}]}}]}`, d.url+"/white.json", d.url+"/red.json"))
		d.put("/white.json", rolie("2026-02-20T10:00:00Z a.json", "2026-02-21T10:00:00.5Z b.json", "2019-01-01T00:00:00Z old.json", "2026-02-22T10:00:00Z gone.json"))
		d.put("/a.json", csaf("A", "CVE-2024-0001"))
		d.put("/b.json", csaf("B", "CVE-2024-0002"))
		f := d.ran(d.add(feed.CSAF, ""))
		assert.Equal(d, []string{"/csaf", "/white.json", "/a.json", "/b.json", "/gone.json"}, d.requests(), "the oldest first, and only what is for everybody")
		assert.Equal(d, []any{feed.Done, int64(2)}, []any{f.Last.State, f.Last.Files})
		assert.Contains(d, f.Last.Summary[0], "gone.json was left out: The server answered 404")
		assert.Equal(d, 2, d.count("vulnerabilities"))

		d.clock.Add(time.Hour)
		assert.Equal(d, feed.Unchanged, d.ran(f).Last.State)
		d.put("/white.json", rolie("2026-03-01T10:00:00Z a.json", "2026-02-21T10:00:00.5Z b.json"))
		d.requests()
		d.clock.Add(time.Hour)
		assert.Equal(d, feed.Done, d.ran(f).Last.State)
		assert.Equal(d, []string{"/csaf", "/white.json", "/a.json"}, d.requests())
	})
}

func TestAProviderThatFailsHalfWayGoesOnThere(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/white.json", rolie("2026-02-20T10:00:00Z a.json", "2026-02-20T10:00:00Z b.json", "2026-02-20T10:00:00Z c.json"))
		for _, name := range []string{"a", "c"} {
			d.put("/"+name+".json", csaf(name, "CVE-2024-0001"))
		}
		broken := true
		d.oddly(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/b.json" && broken {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			d.mu.Lock()
			text := d.files[r.URL.Path]
			d.mu.Unlock()
			_, _ = w.Write([]byte(text))
		})
		f := d.ran(d.add(feed.CSAF, d.url+"/white.json"))
		assert.Equal(d, []any{feed.Failed, int64(1)}, []any{f.Last.State, f.Last.Files})
		broken = false
		d.put("/b.json", csaf("b", "CVE-2024-0002"))
		d.requests()
		d.clock.Set(*f.NextRunAt)
		assert.Equal(d, feed.Done, d.ran(f).Last.State)
		assert.Equal(d, []string{"/white.json", "/b.json", "/c.json"}, d.requests())
	})
}

func TestADirectoryIsReadByItsChangesOrItsIndex(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/csaf", fmt.Sprintf(`{"distributions":[{"directory_url":%q}]}`, d.url+"/dir"))
		d.put("/dir/changes.csv", "\"2026/a.json\",\"2026-02-20T10:00:00Z\"\n\"2026/b.json\",\"not a time\"\n")
		d.put("/dir/2026/a.json", csaf("A", "CVE-2024-0001"))
		f := d.ran(d.add(feed.CSAF, ""))
		assert.Equal(d, []string{"/csaf", "/dir/changes.csv", "/dir/2026/a.json"}, d.requests())
		assert.Equal(d, feed.Done, f.Last.State)

		d.put("/dir/changes.csv", "")
		d.put("/dir/index.txt", "2026/a.json\n2026/b.json\nnotes.txt\n")
		d.put("/dir/2026/b.json", csaf("B", "CVE-2024-0002"))
		d.clock.Add(time.Hour)
		f = d.ran(f)
		assert.Equal(d, []any{feed.Done, int64(2)}, []any{f.Last.State, f.Last.Files})
		d.clock.Add(time.Hour)
		assert.Equal(d, feed.Unchanged, d.ran(f).Last.State)
	})
}

func TestWhatIsNoProviderSaysSo(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/csaf", `{"some":"json"}`)
		assert.Contains(d, d.ran(d.add(feed.CSAF, "")).Last.Error, "neither a provider-metadata.json")
	})
}
