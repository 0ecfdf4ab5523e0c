package feed_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/fault"
	"patchline/internal/feed"
	"patchline/internal/fetch"
	"patchline/internal/intake"
	"patchline/internal/team"
)

var ana = audit.Who{UserID: "u1", Name: "Ana"}

// desk runs feeds on a fresh database against a server of its own.
type desk struct {
	*testing.T
	*feed.Service
	db     *db.DB
	clock  *dbtest.Clock
	team   *team.Team
	folder string

	url   string
	mu    sync.Mutex
	files map[string]string // by path
	asked []string
	odd   http.HandlerFunc // answers instead, when set
}

func onDesk(t *testing.T, test func(d *desk)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, base *db.DB, clock *dbtest.Clock) {
		d := &desk{T: t, db: base, clock: clock, folder: t.TempDir(), files: map[string]string{}}
		people, err := team.New(t.Context(), base)
		require.NoError(t, err)
		d.team, err = people.AddTeam(t.Context(), ana, team.NewTeam{Key: "INF", Name: "Infrastructure"})
		require.NoError(t, err)
		s := httptest.NewServer(http.HandlerFunc(d.answer))
		t.Cleanup(s.Close)
		d.url, d.Service = s.URL, d.replica()
		test(d)
	})
}

func (d *desk) replica(change ...func(*feed.Options)) *feed.Service {
	in := intake.New(d.db, intake.Options{Uploads: d.TempDir(), MaxUpload: 64 << 20})
	o := feed.Options{Folder: d.folder, Spool: d.TempDir(), Settle: time.Millisecond, Fetch: fetch.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}
	for _, c := range change {
		c(&o)
	}
	return feed.New(d.db, in, o)
}

func (d *desk) answer(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	d.asked = append(d.asked, r.URL.Path)
	odd, text := d.odd, d.files[r.URL.Path]
	d.mu.Unlock()
	if odd != nil {
		odd(w, r)
		return
	}
	if text == "" {
		http.NotFound(w, r)
		return
	}
	tag := fmt.Sprintf("%q", fmt.Sprint(len(text), text[:min(len(text), 80)] == "", strings.Count(text, "CVE-")))
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("ETag", tag)
	_, _ = io.WriteString(w, text)
}

func (d *desk) put(path, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[path] = text
}

func (d *desk) oddly(h http.HandlerFunc) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.odd = h
}

func (d *desk) requests() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.asked
	d.asked = nil
	return out
}

func ptr[T any](v T) *T { return &v }

// add makes a feed; an empty source is the path of the kind at the test's server.
func (d *desk) add(kind, source string, change ...func(*feed.Draft)) *feed.Feed {
	d.Helper()
	if source == "" {
		source = d.url + "/" + kind
	}
	draft := feed.Draft{Name: &kind, Kind: &kind, Source: &source, EveryMinutes: ptr(ptr(int64(60)))}
	for _, c := range change {
		c(&draft)
	}
	f, err := d.Create(d.Context(), ana, draft)
	require.NoError(d, err)
	return f
}

func (d *desk) forTeam(draft *feed.Draft) { draft.TeamID = ptr(&d.team.ID) }

// ran runs what is due and returns the feed after it.
func (d *desk) ran(f *feed.Feed) *feed.Feed {
	d.Helper()
	require.NoError(d, d.RunDue(d.Context()))
	now, err := d.Get(d.Context(), f.ID)
	require.NoError(d, err)
	require.NotNil(d, now.Last)
	return now
}

func (d *desk) count(table string) (n int) {
	d.Helper()
	require.NoError(d, d.db.Read(d.Context()).Raw("SELECT COUNT(*) FROM "+table).Row().Scan(&n))
	return n
}

func kev(day string, ids ...string) string {
	var rows []string
	for _, id := range ids {
		rows = append(rows, fmt.Sprintf(`{"cveID":%q,"vendorProject":"Acme","product":"Widget","vulnerabilityName":"Acme Widget","dateAdded":"2026-03-01","dueDate":"2026-03-22","requiredAction":"Patch"}`, id))
	}
	return fmt.Sprintf(`{"catalogVersion":%q,"dateReleased":"%sT00:00:00Z","count":%d,"vulnerabilities":[%s]}`, day, day, len(ids), strings.Join(rows, ","))
}

const table = "asset,component,vulnerability,installed_version,fixed_version\nweb,openssl,CVE-2024-0001,1,2\n"

func TestAFeedTakesAFileOnceAndOnlyAgainWhenItChanged(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/kev", kev("2026-03-01", "CVE-2024-0001"))
		f := d.ran(d.add(feed.KEV, ""))
		assert.Equal(d, []any{feed.Done, int64(1), int64(200), int64(1)}, []any{f.Last.State, f.Last.Files, *f.Last.Status, f.Last.Applied})
		assert.Contains(d, f.Last.Summary[0], "1 records, 1 vulnerabilities")
		assert.Equal(d, 1, d.count("kev"))
		assert.Equal(d, d.db.Now().Add(time.Hour), *f.NextRunAt)
		d.requests()
		require.NoError(d, d.RunDue(d.Context()))
		assert.Empty(d, d.requests(), "it is not due")

		d.clock.Add(time.Hour)
		f = d.ran(f)
		assert.Equal(d, []any{feed.Unchanged, int64(304), int64(0)}, []any{f.Last.State, *f.Last.Status, f.Last.Bytes})
		d.put("/kev", kev("2026-03-02", "CVE-2024-0001", "CVE-2024-0002"))
		d.clock.Add(time.Hour)
		assert.Equal(d, feed.Done, d.ran(f).Last.State)
		assert.Equal(d, 2, d.count("kev"))
		runs, err := d.Runs(d.Context(), f.ID)
		require.NoError(d, err)
		assert.Len(d, runs, 3)
	})
}

func TestTheSameContentWithoutMarksIsUnchangedToo(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.oddly(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, kev("2026-03-01", "CVE-2024-0001"))
		})
		f := d.ran(d.add(feed.KEV, ""))
		d.clock.Add(time.Hour)
		assert.Equal(d, feed.Unchanged, d.ran(f).Last.State)
	})
}

func TestAFailureThatMayPassIsTriedAgainLaterAndLater(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/kev", kev("2026-03-01", "CVE-2024-0001"))
		d.oddly(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
		f := d.add(feed.KEV, "", func(d *feed.Draft) { d.EveryMinutes = ptr(ptr(int64(10000))) })
		for n, most := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute} {
			f = d.ran(f)
			wait := f.NextRunAt.Sub(d.db.Now())
			assert.Equal(d, []any{feed.Failed, int64(n + 1)}, []any{f.Last.State, f.Failures})
			assert.Contains(d, f.Last.Error, "500 Internal Server Error")
			assert.GreaterOrEqual(d, wait, most/2)
			assert.LessOrEqual(d, wait, most)
			d.clock.Set(*f.NextRunAt)
		}
		d.oddly(nil)
		f = d.ran(f)
		assert.Equal(d, []any{feed.Done, int64(0)}, []any{f.Last.State, f.Failures})
	})
}

func TestAPublisherSaysHowLongToWait(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.oddly(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		f := d.ran(d.add(feed.KEV, ""))
		assert.Equal(d, d.db.Now().Add(2*time.Hour), *f.NextRunAt)
	})
}

func TestWhatNobodyCanMendByWaitingWaitsForItsUsualTime(t *testing.T) {
	onDesk(t, func(d *desk) {
		for name, text := range map[string]string{"missing": "", "html": "<!doctype html><title>Sign in</title>", "foreign": table, "broken": `{"catalogVersion":"1","vulnerabilities":[{"cveID":"CVE-2024`} {
			d.put("/"+name, text)
			f := d.ran(d.add(feed.KEV, d.url+"/"+name))
			assert.Equal(d, feed.Failed, f.Last.State, name)
			assert.NotEmpty(d, f.Last.Error, name)
			assert.NotContains(d, f.Last.Error, "log", name)
			assert.Equal(d, d.db.Now().Add(time.Hour), *f.NextRunAt, name)
		}
		assert.Zero(d, d.count("kev"))
		assert.Zero(d, d.count("findings"))
	})
}

func TestAPrivateAddressIsRefusedUnlessTheServerAllowsIt(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.Service = d.replica(func(o *feed.Options) { o.Fetch.Allow = nil })
		f := d.ran(d.add(feed.KEV, ""))
		assert.Equal(d, feed.Failed, f.Last.State)
		assert.Contains(d, f.Last.Error, "--feeds-allow-private")
		assert.Empty(d, d.requests())
	})
}

func TestAFileThatIsTooLargeChangesNothing(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/kev", kev("2026-03-01", "CVE-2024-0001")+strings.Repeat(" ", 2<<20))
		f := d.ran(d.add(feed.KEV, "", func(d *feed.Draft) { d.MaxMiB = ptr(int64(1)) }))
		assert.Contains(d, f.Last.Error, "larger than 1 MiB")
		assert.Zero(d, d.count("kev"))
	})
}

func TestReportsGoToTheTeamOfTheirFeedAndNowhereElse(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/url", table)
		f := d.ran(d.add(feed.URL, ""))
		assert.Contains(d, f.Last.Error, "name the team")
		f, err := d.Change(d.Context(), ana, f.ID, f.Version, feed.Draft{TeamID: ptr(&d.team.ID)})
		require.NoError(d, err)
		_, err = d.Ask(d.Context(), ana, f.ID)
		require.NoError(d, err)
		f = d.ran(f)
		assert.Equal(d, []any{feed.Done, "Ana"}, []any{f.Last.State, f.Last.Who})
		assert.Contains(d, f.Last.Summary[0], "findings: 1 new")
		assert.Equal(d, 1, d.count("imports"), "it stands in the team's imports")
	})
}

func TestAFolderGivesEachFileOnce(t *testing.T) {
	onDesk(t, func(d *desk) {
		reports := filepath.Join(d.folder, "reports")
		require.NoError(d, os.MkdirAll(filepath.Join(reports, "deeper"), 0o700))
		write := func(name, text string) {
			require.NoError(d, os.WriteFile(filepath.Join(reports, name), []byte(text), 0o600))
		}
		write("a.csv", table)
		write("deeper/b.csv", strings.ReplaceAll(table, "openssl", "zlib"))
		write(".hidden.csv", strings.ReplaceAll(table, "openssl", "secret"))
		write("wrong.csv", "<html>")
		require.NoError(d, os.Symlink("/etc/passwd", filepath.Join(reports, "link.csv")))
		f := d.ran(d.add(feed.Folder, "reports", d.forTeam))
		assert.Equal(d, []any{feed.Done, int64(2)}, []any{f.Last.State, f.Last.Files})
		assert.Contains(d, strings.Join(f.Last.Summary, " "), "wrong.csv was refused")
		assert.Equal(d, 2, d.count("findings"))

		d.clock.Add(time.Hour)
		assert.Equal(d, feed.Unchanged, d.ran(f).Last.State, "also what was refused is not tried again")
		write("a.csv", strings.ReplaceAll(table, "openssl", "curl"))
		d.clock.Add(time.Hour)
		f = d.ran(f)
		assert.Equal(d, []any{feed.Done, int64(1)}, []any{f.Last.State, f.Last.Files})
		assert.Equal(d, 3, d.count("findings"))
	})
}

func TestAFileBelowTheFolderWorksOffline(t *testing.T) {
	onDesk(t, func(d *desk) {
		require.NoError(d, os.WriteFile(filepath.Join(d.folder, "kev.json"), []byte(kev("2026-03-01", "CVE-2024-0001")), 0o600))
		f := d.ran(d.add(feed.KEV, "kev.json"))
		assert.Equal(d, feed.Done, f.Last.State)
		d.clock.Add(time.Hour)
		assert.Equal(d, feed.Unchanged, d.ran(f).Last.State)
		require.NoError(d, os.Symlink("/etc/hostname", filepath.Join(d.folder, "out.json")))
		for _, path := range []string{"missing.json", "out.json"} {
			g := d.ran(d.add(feed.KEV, path))
			assert.Contains(d, g.Last.Error, "below the folder of feeds", path)
		}
	})
}

func TestAFeedIsCheckedWholeBeforeItIsKept(t *testing.T) {
	onDesk(t, func(d *desk) {
		for _, draft := range []feed.Draft{
			{Name: ptr("x"), Kind: ptr("url"), Source: ptr("../etc/passwd")}, {Name: ptr("x"), Kind: ptr("url"), Source: ptr("/etc/passwd")},
			{Name: ptr("x"), Kind: ptr("url"), Source: ptr("ftp://example.com/x")}, {Name: ptr("x"), Kind: ptr("url"), Source: ptr("https://a:b@example.com/x")},
			{Name: ptr(" "), Kind: ptr("url"), Source: ptr("https://example.com/x")}, {Name: ptr("x"), Kind: ptr("folder"), Source: ptr("reports")},
			{Name: ptr("x"), Kind: ptr("kev"), Source: ptr("https://example.com/x"), TeamID: ptr(&d.team.ID)},
			{Name: ptr("x"), Kind: ptr("csaf"), Source: ptr("provider.json")}, {Name: ptr("x"), Kind: ptr("url"), Source: ptr("https://e.com/x"), DailyAt: ptr(ptr("25:00"))},
			{Name: ptr("x"), Kind: ptr("url"), Source: ptr("https://e.com/x"), TimeZone: ptr("Moon/Base")},
		} {
			_, err := d.Create(d.Context(), ana, draft)
			assert.True(d, fault.Is(err, fault.Invalid), "%v %v", *draft.Source, err)
		}
	})
}

func TestManyReplicasRunAFeedOnce(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/kev", kev("2026-03-01", "CVE-2024-0001"))
		f := d.add(feed.KEV, "")
		var all sync.WaitGroup
		for range 6 {
			s := d.replica()
			all.Go(func() { assert.NoError(d, s.RunDue(d.Context())) })
		}
		all.Wait()
		d.replica().RunOne(d.Context(), f.ID) // it had looked before the others were done
		assert.Len(d, d.requests(), 1)
		runs, err := d.Runs(d.Context(), f.ID)
		require.NoError(d, err)
		assert.Len(d, runs, 1)
	})
}

func TestARunOfAReplicaThatDiedIsBegunAnewByTheNext(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/kev", kev("2026-03-01", "CVE-2024-0001"))
		f := d.add(feed.KEV, "")
		// what a killed replica leaves: a lease that runs out, and a run without an end
		require.NoError(d, d.db.Write(d.Context(), func(tx *db.Tx) error {
			if err := tx.Exec("INSERT INTO leases (name, holder, term, expires_at) VALUES (?, 'dead', 7, ?)", "feed "+f.ID, tx.Now.Add(time.Minute).UnixMicro()).Error; err != nil {
				return err
			}
			return tx.Exec("INSERT INTO feed_runs (id, feed_id, state, who, started_at, phase, bytes, files, applied, summary, error) VALUES ('0', ?, 'running', '', 0, 'fetching', 0, 0, 0, '[]', '')", f.ID).Error
		}))
		require.NoError(d, d.RunDue(d.Context()))
		assert.Empty(d, d.requests(), "the lease holds")
		d.clock.Add(time.Minute)
		f = d.ran(f)
		assert.Equal(d, feed.Done, f.Last.State)
		runs, err := d.Runs(d.Context(), f.ID)
		require.NoError(d, err)
		require.Len(d, runs, 2)
		assert.Equal(d, feed.Failed, runs[1].State)
		assert.Contains(d, runs[1].Error, "begun anew")
	})
}

func TestARunCanBeStoppedAndTheFeedGoesOnAtItsUsualTime(t *testing.T) {
	onDesk(t, func(d *desk) {
		asked, gone := make(chan struct{}), make(chan struct{})
		d.oddly(func(_ http.ResponseWriter, r *http.Request) { close(asked); <-gone })
		defer close(gone)
		f := d.add(feed.KEV, "")
		done := make(chan error)
		go func() { done <- d.RunDue(d.Context()) }()
		<-asked
		_, err := d.Ask(d.Context(), ana, f.ID)
		assert.True(d, fault.Is(err, fault.Conflict), "it runs already")
		_, err = d.replica().Cancel(d.Context(), ana, f.ID)
		require.NoError(d, err, "any replica may stop it")
		require.NoError(d, <-done)
		f, err = d.Get(d.Context(), f.ID)
		require.NoError(d, err)
		assert.Equal(d, []any{feed.Cancelled, int64(0)}, []any{f.Last.State, f.Failures})
		assert.Equal(d, d.db.Now().Add(time.Hour), *f.NextRunAt)
	})
}

func TestShippedFeedsRestUntilSomebodySwitchesThemOn(t *testing.T) {
	onDesk(t, func(d *desk) {
		all, err := d.List(d.Context())
		require.NoError(d, err)
		require.Len(d, all, 3)
		for _, f := range all {
			assert.False(d, f.Enabled)
			assert.Nil(d, f.NextRunAt)
			assert.True(d, strings.HasPrefix(f.Source, "https://"))
		}
		d.put("/kev", kev("2026-03-01", "CVE-2024-0001"))
		f := &all[0]
		f, err = d.Change(d.Context(), ana, f.ID, f.Version, feed.Draft{Source: ptr(d.url + "/kev"), Kind: ptr(feed.KEV)})
		require.NoError(d, err)
		assert.Nil(d, f.NextRunAt)
		_, err = d.Ask(d.Context(), ana, f.ID)
		require.NoError(d, err)
		f = d.ran(f)
		assert.Equal(d, feed.Done, f.Last.State, "a disabled feed may be run by hand")
		assert.Nil(d, f.NextRunAt, "once")
		f, err = d.Change(d.Context(), ana, f.ID, f.Version, feed.Draft{Enabled: ptr(true)})
		require.NoError(d, err)
		assert.Equal(d, d.db.Now(), *f.NextRunAt)
		_, err = d.Change(d.Context(), ana, f.ID, f.Version-1, feed.Draft{Enabled: ptr(false)})
		assert.True(d, fault.Is(err, fault.Conflict))
		require.NoError(d, d.Delete(d.Context(), ana, f.ID))
		_, err = d.Get(d.Context(), f.ID)
		assert.True(d, fault.Is(err, fault.NotFound))
		assert.Equal(d, 1, d.count("kev"), "what it brought in stays")
	})
}

func TestADailyFeedKeepsItsTimeOfDayWhenTheClocksChange(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.put("/kev", kev("2026-03-01", "CVE-2024-0001"))
		d.clock.Set(time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)) // the night before summer time
		f := d.ran(d.add(feed.KEV, "", func(f *feed.Draft) { f.DailyAt, f.TimeZone = ptr(ptr("06:30")), ptr("Europe/Berlin") }))
		assert.Equal(d, time.Date(2026, 3, 29, 4, 30, 0, 0, time.UTC), *f.NextRunAt)
		d.clock.Set(*f.NextRunAt)
		assert.Equal(d, time.Date(2026, 3, 30, 4, 30, 0, 0, time.UTC), *d.ran(f).NextRunAt)
	})
}
