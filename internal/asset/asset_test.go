package asset_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/asset"
	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/fault"
	"patchline/internal/risk"
)

var ann = audit.Who{UserID: "u1", Name: "Ann"}

const teamID = "team"

// shelf is a team's assets in a fresh database, and which of them were scored
// again.
type shelf struct {
	*testing.T
	*asset.Service
	db       *db.DB
	rescored [][]string
	fail     error // of the next scoring
}

func onShelf(t *testing.T, test func(s *shelf)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s := &shelf{T: t, db: d}
		s.Service = asset.New(d, asset.Scores{
			On: func(_ db.Reader, ids []string) ([]string, error) { return ids, nil },
			Again: func(_ *db.Tx, _ audit.Who, _ string, ids []string) error {
				s.rescored = append(s.rescored, ids)
				return s.fail
			},
		})
		require.NoError(t, d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.Exec(`INSERT INTO teams (id, key, name, time_zone, working_week, holidays, policies, approval_required, parallel_sprints,
				last_patch, last_sprint, version, created_at) VALUES (?, 'INF', 'INF', 'UTC', '[]', '[]', '[]', ?, ?, 0, 0, 1, 0)`, teamID, false, false).Error
		}))
		test(s)
	})
}

func ptr[T any](v T) *T { return &v }

func (s *shelf) named(name string) *asset.Asset {
	s.Helper()
	a, err := s.Create(s.Context(), ann, teamID, asset.Draft{Name: &name})
	require.NoError(s, err)
	return a
}

func (s *shelf) table(text string) asset.Imported {
	s.Helper()
	sum, err := s.ImportCSV(s.Context(), ann, teamID, strings.NewReader(text))
	require.NoError(s, err)
	return sum
}

func (s *shelf) all() map[string]asset.Asset {
	s.Helper()
	page, err := s.List(s.Context(), teamID, asset.Filter{Limit: 200})
	require.NoError(s, err)
	out := map[string]asset.Asset{}
	for _, a := range page.Items {
		out[a.Name] = a
	}
	return out
}

func (s *shelf) count(table string) (n int) {
	s.Helper()
	require.NoError(s, s.db.Read(s.Context()).Raw("SELECT COUNT(*) FROM "+table).Row().Scan(&n))
	return n
}

func TestANameIsTheSameWhateverItsCaseBlanksAndComposition(t *testing.T) {
	for _, other := range []string{"WEB-1", " web-1 ", "Web-1"} {
		assert.Equal(t, asset.NameKey("web-1"), asset.NameKey(other))
	}
	assert.Equal(t, asset.NameKey("Z\u00fcrich  1"), asset.NameKey("zu\u0308rich 1"))
	assert.Equal(t, asset.NameKey("STRASSE"), asset.NameKey("straße"))
	assert.NotEqual(t, asset.NameKey("web-1"), asset.NameKey("web-2"))
}

func TestANameIsTakenOnce(t *testing.T) {
	onShelf(t, func(s *shelf) {
		web := s.named("Web")
		s.named("db")
		_, err := s.Create(s.Context(), ann, teamID, asset.Draft{Name: ptr("wEB")})
		assert.True(s, fault.Is(err, fault.Conflict), "%v", err)
		_, err = s.Update(s.Context(), ann, teamID, web.ID, 1, asset.Draft{Name: ptr("DB")})
		assert.True(s, fault.Is(err, fault.Conflict), "%v", err)
		renamed, err := s.Update(s.Context(), ann, teamID, web.ID, 1, asset.Draft{Name: ptr("WEB")})
		require.NoError(s, err, "its own name in another case is no conflict")
		assert.Equal(s, "WEB", renamed.Name)
	})
}

func TestOnlyWhatWeighsScoresPatchesAgain(t *testing.T) {
	onShelf(t, func(s *shelf) {
		a := s.named("web")
		for _, d := range []asset.Draft{
			{Owner: ptr("Ops")}, {Description: ptr("x")}, {Tags: &[]string{"x"}}, {Environment: ptr("test")}, {Criticality: ptr(risk.CriticalityHigh)}, {Exposure: ptr(risk.ExposureInternet)},
			{Regulations: &[]string{"pci-dss"}}, {Regulations: &[]string{"pci-dss"}},
		} {
			var err error
			a, err = s.Update(s.Context(), ann, teamID, a.ID, a.Version, d)
			require.NoError(s, err)
		}
		assert.Equal(s, [][]string{{a.ID}, {a.ID}, {a.ID}, {a.ID}, {a.ID}}, s.rescored)
		assert.EqualValues(s, 8, a.Version, "the last change changed nothing")
	})
}

func TestAChangeThatCannotBeScoredIsNoChange(t *testing.T) {
	onShelf(t, func(s *shelf) {
		a := s.named("web")
		s.fail = errors.New("broken")
		_, err := s.Update(s.Context(), ann, teamID, a.ID, 1, asset.Draft{Exposure: ptr(risk.ExposureInternet)})
		require.Error(s, err)
		assert.Equal(s, risk.ExposureUnknown, s.all()["web"].Exposure)
	})
}

func TestAStaleChangeShowsThePresentState(t *testing.T) {
	onShelf(t, func(s *shelf) {
		a := s.named("web")
		_, err := s.Update(s.Context(), ann, teamID, a.ID, 1, asset.Draft{Owner: ptr("Ops")})
		require.NoError(s, err)
		_, err = s.Update(s.Context(), ann, teamID, a.ID, 1, asset.Draft{Owner: ptr("Me")})
		require.True(s, fault.Is(err, fault.Conflict))
		assert.Equal(s, "Ops", fault.Of(err).Current.(*asset.Asset).Owner)
	})
}

func TestAllWrongFieldsAreNamedAtOnce(t *testing.T) {
	onShelf(t, func(s *shelf) {
		_, err := s.Create(s.Context(), ann, teamID, asset.Draft{Name: ptr("a\u202eb"), Environment: ptr("moon"), Owner: ptr(strings.Repeat("x", 101))})
		var at []string
		for _, f := range fault.Of(err).Fields {
			at = append(at, f.Pointer)
		}
		assert.Equal(s, []string{"/name", "/environment", "/owner"}, at)
	})
}

func TestATableCreatesAndUpdatesByName(t *testing.T) {
	onShelf(t, func(s *shelf) {
		s.named("web")
		sum := s.table("\xef\xbb\xbfName;Criticality;Exposure;Tags;Description\r\nWEB;high;internet;\"dmz; edge\";\"two\nlines; quoted \"\"so\"\"\"\r\ndb;;;;\r\n;;;;\r\n\r\n")
		assert.Equal(s, asset.Imported{Rows: 2, Created: 1, Updated: 1, Rejected: []asset.Rejection{}}, sum)
		web := s.all()["WEB"]
		assert.Equal(s, []any{risk.CriticalityHigh, risk.ExposureInternet, []string{"dmz", "edge"}, "two\nlines; quoted \"so\""},
			[]any{web.Criticality, web.Exposure, web.Tags, web.Description})
		assert.Equal(s, risk.CriticalityMedium, s.all()["db"].Criticality)
		assert.Len(s, s.rescored, 1)
	})
}

func TestTheSameTableAgainWritesNothing(t *testing.T) {
	onShelf(t, func(s *shelf) {
		text := "name,kind,environment,criticality,exposure,regulations,owner,tags,description\nweb,host,production,high,internal,pci-dss;hipaa,Ops,a;b,text\n"
		s.table(text)
		before := s.all()
		sum := s.table(text)
		assert.Equal(s, 1, sum.Unchanged)
		assert.Equal(s, before, s.all())
		assert.Empty(s, s.rescored, "a new asset has no patches")
		assert.Equal(s, 2, s.count("audit"), "one row per import")
		assert.Equal(s, 1, s.count("events"), "nothing to tell the second time")
	})
}

func TestAnAbsentColumnLeavesValuesAndAnEmptyCellClearsText(t *testing.T) {
	onShelf(t, func(s *shelf) {
		s.table("name,owner,criticality,tags\nweb,Ops,high,a\n")
		s.table("name,kind\nweb,host\n")
		assert.Equal(s, []any{"Ops", risk.CriticalityHigh, []string{"a"}}, []any{s.all()["web"].Owner, s.all()["web"].Criticality, s.all()["web"].Tags})
		s.table("name,owner,criticality,tags\nweb,,,\n")
		assert.Equal(s, []any{"", risk.CriticalityHigh, []string{}}, []any{s.all()["web"].Owner, s.all()["web"].Criticality, s.all()["web"].Tags})
	})
}

func TestBadRowsAreReportedByLineAndTheRestIsTaken(t *testing.T) {
	onShelf(t, func(s *shelf) {
		sum := s.table("name,criticality\nweb,high\ndb,enormous\n,low\nWeb,low\nx,low,more\n\"a\"b,low\nz\xff,low\nlast,low\n")
		assert.Equal(s, []int{8, 2}, []int{sum.Rows, sum.Created})
		var lines []string
		for _, r := range sum.Rejected {
			lines = append(lines, r.Position)
		}
		assert.Equal(s, []string{"line 3", "line 4", "line 5", "line 6", "line 7", "line 8"}, lines)
		assert.Contains(s, sum.Rejected[0].Reason, "criticality")
		assert.Contains(s, sum.Rejected[2].Reason, "line 2")
	})
}

func TestATableThatCannotBeReadIsRefusedWhole(t *testing.T) {
	onShelf(t, func(s *shelf) {
		for _, text := range []string{"", "kind,owner\na,b\n", "name,name\na,b\n"} {
			_, err := s.ImportCSV(s.Context(), ann, teamID, strings.NewReader(text))
			assert.True(s, fault.Is(err, fault.Invalid), "%q: %v", text, err)
		}
		_, err := s.ImportCSV(s.Context(), ann, teamID, strings.NewReader("name\n"+strings.Repeat("x", asset.MaxCSV)))
		assert.True(s, fault.Is(err, fault.TooLarge), "%v", err)
		_, err = s.ImportCSV(s.Context(), ann, teamID, strings.NewReader("name\n"+strings.Repeat("x\n", asset.MaxRows+1)))
		assert.True(s, fault.Is(err, fault.TooLarge), "%v", err)
		assert.Zero(s, s.count("assets"))
	})
}

func TestAReportMakesOnlyTheAssetsThatAreMissing(t *testing.T) {
	onShelf(t, func(s *shelf) {
		web := s.named("Web")
		ensure := func() (found map[string]asset.Asset) {
			require.NoError(s, s.db.Write(s.Context(), func(tx *db.Tx) (err error) {
				found, _, err = asset.Ensure(tx, ann, teamID, []asset.Seed{{Name: "web", Kind: "image"}, {Name: "db", Kind: "host"}, {Name: "DB", Kind: "host"}})
				return err
			}))
			return found
		}
		first := ensure()
		assert.Equal(s, web.ID, first["web"].ID)
		assert.Equal(s, first["db"].ID, first["DB"].ID)
		db := s.all()["db"]
		assert.Equal(s, []any{"host", risk.CriticalityMedium, risk.ExposureUnknown, "unknown"}, []any{db.Kind, db.Criticality, db.Exposure, db.Environment})
		audited := s.count("audit")
		assert.Equal(s, first["db"].ID, ensure()["db"].ID)
		assert.Equal(s, audited, s.count("audit"))
	})
}
