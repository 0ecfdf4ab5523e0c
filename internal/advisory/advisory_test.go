package advisory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/advisory"
	"patchline/internal/db"
	"patchline/internal/db/dbtest"
	"patchline/internal/fault"
	"patchline/internal/scan"
)

// shelf is what is known, in a fresh database.
type shelf struct {
	*testing.T
	db    *db.DB
	clock *dbtest.Clock
}

func onShelf(t *testing.T, test func(s *shelf)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { test(&shelf{t, d, clock}) })
}

// write runs one transaction and returns the ids that weigh otherwise after it.
func (s *shelf) write(f func(tx *db.Tx) ([]string, error)) (changed []string) {
	s.Helper()
	require.NoError(s, s.db.Write(s.Context(), func(tx *db.Tx) (err error) {
		changed, err = f(tx)
		return err
	}))
	return changed
}

func (s *shelf) records(by string, list ...*scan.Vulnerability) []string {
	s.Helper()
	return s.write(func(tx *db.Tx) ([]string, error) { return advisory.ApplyRecords(tx, by, list) })
}

func (s *shelf) notes(scanner string, list ...advisory.Note) []string {
	s.Helper()
	return s.write(func(tx *db.Tx) ([]string, error) {
		return advisory.NoteScanner(tx, scanner, list)
	})
}

func (s *shelf) join(groups ...advisory.Group) (canonical, moved map[string]string) {
	s.Helper()
	s.write(func(tx *db.Tx) (_ []string, err error) {
		canonical, moved, err = advisory.Join(tx, groups)
		return nil, err
	})
	return canonical, moved
}

func (s *shelf) load(id string) advisory.Signals {
	s.Helper()
	found, err := advisory.Load(s.db.Read(s.Context()), []string{id})
	require.NoError(s, err)
	return found[id]
}

func (s *shelf) page(id string) *advisory.Knowledge {
	s.Helper()
	k, err := advisory.New(s.db).Get(s.Context(), id)
	require.NoError(s, err)
	return k
}

const (
	id    = "CVE-2024-0001"
	worst = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" // 9.8
	lower = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L" // 7.3
	v4    = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
)

func at(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

func published(ratings ...scan.Rating) *scan.Vulnerability {
	return &scan.Vulnerability{ID: id, State: "PUBLISHED", Published: at("2024-01-01"), Updated: at("2024-02-01"), Ratings: ratings}
}

func TestTheScoreThatCountsIsTheHighestAuthoritys(t *testing.T) {
	for name, c := range map[string]struct {
		said []scan.Rating
		want float64
	}{
		"the CNA before NVD":               {[]scan.Rating{{Source: "nvd", Version: "3.1", Vector: worst}, {Source: "cna", Version: "3.1", Vector: lower}}, 7.3},
		"NVD before a distribution":        {[]scan.Rating{{Source: "debian", Version: "3.1", Vector: worst}, {Source: "nvd", Version: "2.0", Vector: "AV:N/AC:L/Au:N/C:P/I:P/A:P"}}, 7.5},
		"4.0 before 3.1 of one source":     {[]scan.Rating{{Source: "cna", Version: "3.1", Vector: lower}, {Source: "cna", Version: "4.0", Vector: v4}}, 9.3},
		"the vector, not what it claims":   {[]scan.Rating{{Source: "cna", Version: "3.1", Vector: lower, Score: 1}}, 7.3},
		"a bare score where none is":       {[]scan.Rating{{Source: "cna", Version: "3.1", Score: 5.5}}, 5.5},
		"the next where one says nothing":  {[]scan.Rating{{Source: "cna", Version: "3.1"}, {Source: "cisa-adp", Version: "3.1", Vector: lower}}, 7.3},
		"whatever the order they stand in": {[]scan.Rating{{Source: "ghsa", Version: "3.1", Vector: lower}, {Source: "amazon", Version: "3.1", Vector: worst}}, 7.3},
	} {
		t.Run(name, func(t *testing.T) {
			onShelf(t, func(s *shelf) {
				s.records(advisory.CVE, published(c.said...))
				require.NotNil(s, s.load(id).CVSS)
				assert.Equal(s, c.want, *s.load(id).CVSS)
			})
		})
	}
}

func TestWhatIsSaidAgainTouchesNothing(t *testing.T) {
	onShelf(t, func(s *shelf) {
		note := advisory.Note{ID: id, Title: "T", Severity: "high", URL: "https://example.com", Ratings: []scan.Rating{{Source: "nvd", Version: "3.1", Vector: worst}}}
		assert.Equal(s, []string{id}, s.notes("trivy", note))
		s.clock.Add(time.Hour)
		assert.Empty(s, s.notes("trivy", note))
		assert.Equal(s, []string{id}, s.records(advisory.CVE, published(scan.Rating{Source: "cna", Version: "3.1", Vector: lower})))
		assert.Empty(s, s.records(advisory.CVE, published(scan.Rating{Source: "cna", Version: "3.1", Vector: lower})))
		assert.Empty(s, s.notes("trivy", note), "a scanner's word stands below the record")
		assert.Equal(s, 7.3, *s.load(id).CVSS)
		assert.Len(s, s.page(id).Ratings, 2)
	})
}

func TestScannersDoNotTakeTurns(t *testing.T) {
	onShelf(t, func(s *shelf) {
		trivy := advisory.Note{ID: id, Title: "A", Severity: "low", Ratings: []scan.Rating{{Source: "nvd", Version: "3.1", Vector: worst}}}
		grype := advisory.Note{ID: id, Title: "B", Severity: "high", Ratings: []scan.Rating{{Source: "nvd", Version: "3.1", Vector: lower}}}
		part := advisory.Note{ID: id, Ratings: []scan.Rating{{Source: "nvd", Version: "2.0", Vector: "AV:N/AC:L/Au:N/C:P/I:P/A:P"}}}
		s.notes("trivy", trivy)
		s.notes("grype", grype)
		s.notes("grype", part)
		for range 2 {
			assert.Empty(s, s.notes("trivy", trivy))
			assert.Empty(s, s.notes("grype", grype))
			assert.Empty(s, s.notes("grype", part))
		}
		assert.Equal(s, "A", s.page(id).Title)
	})
}

func TestAnotherDatabaseOnlyAddsToACVERecord(t *testing.T) {
	onShelf(t, func(s *shelf) {
		nvd := published(scan.Rating{Source: "nvd", Version: "3.1", Vector: worst})
		nvd.Title, nvd.Description = "N", "by NVD"
		s.records("nvd", nvd)
		assert.Equal(s, "by NVD", s.page(id).Description)
		yes := true
		record := published()
		record.Description, record.Automatable, record.Exploitation = "by the CNA", &yes, "active"
		s.records(advisory.CVE, record)
		s.records("nvd", nvd)
		k := s.page(id)
		assert.Equal(s, "by the CNA", k.Description)
		assert.Equal(s, &advisory.Decision{Exploitation: "active", Automatable: &yes, AsOf: at("2024-02-01")}, k.SSVC)
		assert.Equal(s, 9.8, *s.load(id).CVSS)
	})
}

func TestAListingCountsFromTheEarlierOfCatalogueAndRecord(t *testing.T) {
	onShelf(t, func(s *shelf) {
		record := published()
		record.KEVDateAdded = at("2024-03-01")
		assert.Equal(s, []string{id}, s.records(advisory.CVE, record))
		assert.True(s, s.load(id).KEV)
		entry := &scan.Exploited{CVE: id, DateAdded: at("2024-03-05"), DueDate: at("2024-03-26"), Name: "Flaw"}
		kev := func() []string {
			return s.write(func(tx *db.Tx) ([]string, error) { return advisory.ApplyKEV(tx, "e1", []*scan.Exploited{entry}) })
		}
		assert.Equal(s, []string{id}, kev())
		assert.Empty(s, kev())
		assert.Equal(s, at("2024-03-01"), *s.load(id).KEVAdded)
		assert.Equal(s, at("2024-03-26"), *s.load(id).KEVDue)
		entry.Name = "Another name"
		assert.Empty(s, kev(), "a name moves no priority")
		assert.Equal(s, "Another name", s.page(id).KEV.Name)
		s.write(func(tx *db.Tx) ([]string, error) { return advisory.DropKEV(tx, func(string) bool { return false }) })
		assert.Equal(s, "cisa-adp", s.page(id).KEV.Source)
	})
}

func TestARejectedRecordIsZeroNotUnknown(t *testing.T) {
	onShelf(t, func(s *shelf) {
		s.records(advisory.CVE, published(scan.Rating{Source: "cna", Version: "3.1", Vector: worst}))
		rejected := &scan.Vulnerability{ID: id, State: advisory.Rejected, Description: "Not a flaw.", Updated: at("2024-05-01")}
		assert.Equal(s, []string{id}, s.records(advisory.CVE, rejected))
		known := s.load(id)
		assert.Equal(s, []any{0.0, 0.0, false, "", advisory.Rejected}, []any{*known.EPSS, *known.CVSS, *known.Automatable, known.Vector, known.State})
		assert.Empty(s, s.notes("trivy", advisory.Note{ID: id, Ratings: []scan.Rating{{Source: "nvd", Version: "3.1", Vector: worst}}}), "a scanner does not revive it")
		assert.Equal(s, []string{id}, s.records(advisory.CVE, &scan.Vulnerability{ID: id, State: "PUBLISHED", Updated: at("2024-06-01")}), "the list may")
	})
}

func TestAnUnknownVulnerabilityHasNothingButItsId(t *testing.T) {
	onShelf(t, func(s *shelf) {
		var want advisory.Signals
		want.ID = id
		assert.Equal(s, want, s.load(id))
		assert.Equal(s, []any{id, false}, []any{s.page(" cve-2024-0001").ID, s.page(id).Known})
		_, err := advisory.New(s.db).Get(s.Context(), "CVE-what")
		assert.True(s, fault.Is(err, fault.NotFound), "it cannot be one")
		median, err := advisory.Median(s.db.Read(s.Context()))
		require.NoError(s, err)
		assert.Zero(s, median)
	})
}

func TestIdsOfOneVulnerabilityComeTogetherUnderItsCVE(t *testing.T) {
	onShelf(t, func(s *shelf) {
		canonical, moved := s.join(advisory.Group{ID: "GO-2024-0001", Aliases: []string{"GHSA-aaaa-bbbb-cccc"}})
		assert.Equal(s, map[string]string{"GO-2024-0001": "GHSA-aaaa-bbbb-cccc"}, canonical)
		assert.Equal(s, canonical, moved)
		canonical, moved = s.join(advisory.Group{ID: "GHSA-aaaa-bbbb-cccc", Aliases: []string{id}})
		assert.Equal(s, map[string]string{"GHSA-aaaa-bbbb-cccc": id}, canonical)
		assert.Equal(s, map[string]string{"GHSA-aaaa-bbbb-cccc": id, "GO-2024-0001": id}, moved, "what moved before moves along")
		canonical, moved = s.join(advisory.Group{ID: "GO-2024-0001"}, advisory.Group{ID: id, Aliases: []string{"GHSA-aaaa-bbbb-cccc"}})
		assert.Equal(s, map[string]string{"GO-2024-0001": id, id: id}, canonical)
		assert.Empty(s, moved)
		known, err := advisory.Canonical(s.db.Read(s.Context()), []string{"GO-2024-0001", "CVE-2020-0001"})
		require.NoError(s, err)
		assert.Equal(s, map[string]string{"GO-2024-0001": id, "CVE-2020-0001": "CVE-2020-0001"}, known)
	})
}

func TestAnAdvisoryOfSeveralVulnerabilitiesIsNobodysAlias(t *testing.T) {
	onShelf(t, func(s *shelf) {
		canonical, moved := s.join(
			advisory.Group{ID: "ELSA-2024-1", Aliases: []string{id}},
			advisory.Group{ID: "GHSA-xxxx-yyyy-zzzz", Aliases: []string{id, "CVE-2024-0002"}},
			advisory.Group{ID: id, Aliases: []string{"RHSA-2024:1", "CVE-2024-0002"}},
		)
		assert.Equal(s, map[string]string{"ELSA-2024-1": "ELSA-2024-1", "GHSA-xxxx-yyyy-zzzz": "GHSA-xxxx-yyyy-zzzz", id: id}, canonical)
		assert.Empty(s, moved)
	})
}

func TestTheFirstWordOnAnAliasStands(t *testing.T) {
	onShelf(t, func(s *shelf) {
		s.join(advisory.Group{ID: "GHSA-aaaa-bbbb-cccc", Aliases: []string{id}})
		canonical, moved := s.join(advisory.Group{ID: "CVE-2024-0002", Aliases: []string{"GHSA-aaaa-bbbb-cccc"}})
		assert.Equal(s, map[string]string{"CVE-2024-0002": "CVE-2024-0002"}, canonical)
		assert.Empty(s, moved)
	})
}

func TestOnlyScoresThatDifferAreWritten(t *testing.T) {
	onShelf(t, func(s *shelf) {
		list := []*scan.Probability{{CVE: id, EPSS: 0.5, Percentile: 0.9}, {CVE: "CVE-2024-0002", EPSS: 0.1, Percentile: 0.2}, {CVE: id, EPSS: 0.6, Percentile: 0.9}}
		apply := func(list []*scan.Probability) (differ, changed int) {
			d, c, err := advisory.DifferingEPSS(s.db.Read(s.Context()), list)
			require.NoError(s, err)
			s.write(func(tx *db.Tx) ([]string, error) { return nil, advisory.ApplyEPSS(tx, d) })
			return len(d), len(c)
		}
		apply(list)
		assert.Equal(s, 0.6, *s.load(id).EPSS, "of a row that is there twice the last counts")
		differ, changed := apply([]*scan.Probability{{CVE: id, EPSS: 0.6, Percentile: 0.95}, {CVE: "CVE-2024-0002", EPSS: 0.1, Percentile: 0.2}})
		assert.Equal(s, []int{1, 0}, []int{differ, changed}, "a percentile alone moves no priority")
	})
}

func TestASnapshotIsNotedOnce(t *testing.T) {
	onShelf(t, func(s *shelf) {
		m := 0.01
		keep := func() { // also of a file that names no day
			s.write(func(tx *db.Tx) ([]string, error) {
				return nil, advisory.KeepSnapshot(tx, advisory.Snapshot{Source: advisory.EPSS, Label: "v1", Records: 3, Median: &m})
			})
		}
		keep()
		before, err := advisory.SnapshotOf(s.db.Read(s.Context()), advisory.EPSS)
		require.NoError(s, err)
		s.clock.Add(time.Hour)
		keep()
		after, err := advisory.SnapshotOf(s.db.Read(s.Context()), advisory.EPSS)
		require.NoError(s, err)
		assert.Equal(s, before, after)
		median, err := advisory.Median(s.db.Read(s.Context()))
		require.NoError(s, err)
		assert.Equal(s, m, median)
	})
}
