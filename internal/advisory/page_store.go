package advisory

import (
	"context"
	"database/sql"
	"slices"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/scan"
)

// Service answers what is known about one vulnerability.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

// Get tells everything known about a vulnerability, by any of its ids. Of a
// well-formed id that nobody has described it tells just that.
func (s *Service) Get(ctx context.Context, id string) (*Knowledge, error) {
	k := &Knowledge{}
	err := s.db.View(ctx, func(g *gorm.DB) (err error) {
		if k.ID, err = resolve(g, id); err != nil {
			return err
		}
		return k.read(g)
	})
	return k, err
}

// Resolve finds the id under which a vulnerability is kept.
func (s *Service) Resolve(ctx context.Context, id string) (string, error) {
	return resolve(s.db.Read(ctx), id)
}

func resolve(g *gorm.DB, id string) (string, error) {
	form, ok := scan.VulnerabilityID(id)
	if !ok {
		return "", fault.New(fault.NotFound, "This is not the id of a vulnerability, such as CVE-2024-3400 or GHSA-jfh8-c2jp-5v3q.")
	}
	canonical, err := Canonical(g, []string{form})
	return canonical[form], err
}

func (k *Knowledge) read(g *gorm.DB) error {
	described, err := k.readEntry(g)
	if err != nil {
		return err
	}
	for _, read := range []func(*gorm.DB) error{k.readListing, k.readLikelihood, k.readAliases, k.readHistory, k.readDocuments} {
		if err := read(g); err != nil {
			return err
		}
	}
	k.Known = described || k.KEV != nil || k.EPSS != nil || len(k.Aliases)+len(k.Advisories) > 0
	return nil
}

func (k *Knowledge) readEntry(g *gorm.DB) (found bool, err error) {
	stored, err := storedEntries(g, []string{k.ID})
	if err != nil {
		return false, err
	}
	e, found := stored[k.ID]
	k.Title, k.Description, k.State = e.Title, e.Description, e.State
	k.Ratings, k.References = shown(e.Ratings), slices.Clone(e.Refs)
	k.Published, k.Source = db.MaybeTime(nullable(e.PublishedAt)), e.Source
	if e.ChangedAt > 0 {
		k.AsOf = db.MaybeTime(nullable(&e.ChangedAt))
	}
	if e.Exploitation != "" || e.Automatable != nil || e.TotalImpact != nil {
		k.SSVC = &Decision{e.Exploitation, e.Automatable, e.TotalImpact, db.Time(e.ChangedAt)}
	}
	if e.KEVAdded != nil {
		k.KEV = &Listing{Added: db.Time(*e.KEVAdded), Name: e.Title, Source: "cisa-adp", AsOf: day(db.Time(e.ChangedAt))}
		k.Listings = append(k.Listings, *k.KEV)
	}
	return found, nil
}

func nullable(n *int64) sql.NullInt64 {
	if n == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: *n, Valid: true}
}

// readListing prefers the catalogue to what the CVE record says of it.
func (k *Knowledge) readListing(g *gorm.DB) error {
	stored, err := storedListings(g, []string{k.ID})
	if err != nil {
		return err
	}
	l, listed := stored[k.ID]
	if !listed {
		return nil
	}
	k.KEV = &Listing{Added: db.Time(l.added), Due: db.MaybeTime(l.due), Name: l.name, Vendor: l.vendor, Product: l.product,
		Action: l.action, Ransomware: l.ransomware, Source: "cisa-kev"}
	if k.Title == "" {
		k.Title = l.name
	}
	s, err := SnapshotOf(g, KEV)
	if s != nil {
		k.KEV.AsOf = s.Label
	}
	k.Listings = append([]Listing{*k.KEV}, k.Listings...)
	return err
}

func (k *Knowledge) readLikelihood(g *gorm.DB) error {
	err := each(g, "SELECT probability, percentile FROM epss WHERE id IN ?", []string{k.ID}, func(r *sql.Rows) error {
		k.EPSS = &Likelihood{}
		return r.Scan(&k.EPSS.Probability, &k.EPSS.Percentile)
	})
	if err != nil || k.EPSS == nil {
		return err
	}
	s, err := SnapshotOf(g, EPSS)
	if s != nil {
		k.EPSS.ScoreDate, k.EPSS.Model = s.AsOf, s.Label
	}
	return err
}

func (k *Knowledge) readAliases(g *gorm.DB) error {
	k.Aliases = []string{}
	return db.Each(g, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		k.Aliases = append(k.Aliases, id)
		return err
	}, "SELECT alias FROM aliases WHERE vulnerability_id = ? ORDER BY alias", k.ID)
}

// Signals reads what scores a vulnerability, and the SSVC exploitation that its
// record states; empty if it states none.
func (s *Service) Signals(ctx context.Context, id string) (Signals, string, error) {
	g := s.db.Read(ctx)
	found, err := Load(g, []string{id})
	if err != nil {
		return Signals{}, "", err
	}
	var said []string
	err = g.Raw("SELECT exploitation FROM vulnerabilities WHERE id = ?", id).Scan(&said).Error
	if err != nil || len(said) == 0 {
		return found[id], "", err
	}
	return found[id], said[0], nil
}
