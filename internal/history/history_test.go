package history

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/team"
)

var berlin = &team.Team{Key: "INF", TimeZone: "Europe/Berlin", WorkingWeek: []string{"mon", "tue", "wed", "thu", "fri"}, Holidays: []string{"2026-03-11"}}

// lines is a sprint's ledger in short.
func lines(p past) (out []string) {
	for _, row := range p.Report(time.Time{}).ScopeLedger {
		text, _ := json.Marshal(row.Delta)
		out = append(out, row.At.Format("01-02T15:04 ")+row.Kind+" "+row.Item+" "+string(text))
	}
	return out
}

func TestJirasChangeLogBecomesTheLedgersOfItsClosedSprints(t *testing.T) {
	text, err := os.ReadFile("testdata/jira.json")
	require.NoError(t, err)
	all, err := read(berlin, text)
	require.NoError(t, err)
	require.Len(t, all, 2, "the third is active")
	one, two := all[0], all[1]

	r := one.Report(time.Time{})
	assert.Equal(t, []string{"INF Sprint 1", "Edge", "2026-03-13"}, []string{one.Name, one.Goal, string(one.PlannedEnd)})
	assert.Equal(t, 8.0, r.Committed, "the points of the start, not those of today")
	assert.Equal(t, []string{"OLD-4"}, r.UnestimatedAtStart)
	assert.Equal(t, []string{
		"03-03T14:00 re-estimated OLD-1 3", "03-04T11:00 added OLD-3 2", "03-04T11:00 removed OLD-4 0", "03-05T14:00 completed OLD-1 -8", "03-06T11:00 dropped OLD-3 -2",
	}, lines(one))
	assert.Equal(t, map[string]float64{"OLD-2": 3}, r.CarryOver)
	assert.Equal(t, []string{"OLD-3"}, r.Dropped)
	assert.Equal(t, "OpenSSL 3.0.14", one.Titles["OLD-1"])
	assert.Equal(t, "Ada", one.Entries[3].Actor)
	assert.False(t, r.Days[9].Working, "the team's holiday")

	assert.Equal(t, []string{"03-17T11:00 completed OLD-4 0", "03-18T11:00 reopened OLD-4 0", "03-20T16:30 completed OLD-2 -3"}, lines(two))
	assert.Equal(t, 3.0, two.Report(time.Time{}).Committed)
	assert.Contains(t, strings.Join(one.warnings, " "), `"INF Sprint 3" is not closed`)
}

func TestAnExportOfJiraThatIsCutOffSaysSo(t *testing.T) {
	sprint := `{"id":1,"state":"closed","name":"S","startDate":"2026-03-02T08:00:00.000Z","endDate":"2026-03-13T16:00:00Z","completeDate":"2026-03-13T15:30:00.000+0000"}`
	for text, part := range map[string]string{
		`{"sprints":[` + sprint + `],"issues":[{"key":"A-1","changelog":{"total":9,"histories":[]}}]}`:         "cut off at 0 of 9",
		`{"sprints":{"isLast":false,"values":[` + sprint + `]},"issues":[]}`:                                   "pages",
		`{"sprints":[` + sprint + `],"issues":{"total":2,"issues":[{"key":"A-1"}]}}`:                           "pages",
		`{"sprints":[` + sprint + `],"issues":[{"key":"A-1","fields":{"customfield_1":3,"sprint":{"id":1}}}]}`: "No story points",
	} {
		all, err := read(berlin, []byte(text))
		require.NoError(t, err, text)
		assert.Contains(t, strings.Join(all[0].warnings, " "), part)
	}
	text := `{"points_field":"customfield_1","sprints":[` + sprint + `],"issues":[{"key":"A-1","fields":{"customfield_1":3,"sprint":{"id":1}}}]}`
	all, err := read(berlin, []byte(text))
	require.NoError(t, err)
	assert.Equal(t, 3.0, all[0].Report(time.Time{}).Committed)
	for _, wrong := range []string{`{"key":""}`, `{"key":"A-1","changelog":{"histories":[{"created":"soon"}]}}`} {
		_, err := read(berlin, []byte(`{"sprints":[`+sprint+`],"issues":[`+wrong+`]}`))
		require.ErrorContains(t, err, "Issue 1")
	}
}

func TestAHistoryThatNamesNoZoneWasLivedInTheTeams(t *testing.T) {
	all, err := read(berlin, []byte(`{"name":"Old","start":"2026-03-02T08:00","close":"2026-03-06T08:00","planned_end":"2026-03-06","events":[["2026-03-01T08:00","add","A",1],["2026-03-07T08:00","complete","A"]]}`))
	require.NoError(t, err)
	assert.Equal(t, "2026-03-02T07:00:00Z", all[0].Start.UTC().Format(time.RFC3339))
	assert.Equal(t, []string{"Events after the close change nothing: 1."}, all[0].warnings)
}

func FuzzAnyFileIsReadOrRefused(f *testing.F) {
	jira, _ := os.ReadFile("testdata/jira.json")
	f.Add(jira)
	f.Add([]byte("sprint;start;end;committed;completed\nA;2026-01-05;2026-01-16;1,5;1\n"))
	f.Add([]byte(`[{"start":"2026-03-02T08:00","close":"2026-03-06T08:00","planned_end":"2026-03-06","events":[["2026-03-03T08:00","add","A",1]]}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := read(berlin, data)
		if err != nil {
			return
		}
		for _, p := range all {
			require.NoError(t, p.Check())
		}
	})
}
