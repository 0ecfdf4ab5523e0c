// Package intake turns reports of scanners into findings and patches, and feeds
// into what is known about vulnerabilities.
//
// A file is read twice. The first pass checks the whole of it and counts, so that
// a file that is cut off or of another kind changes nothing; it also learns the
// newest fixed version of each component, so that no import supersedes its own
// patches. The second pass applies it in small transactions that hold other
// writers up only briefly. Every step compares before it writes: the same file
// again touches no finding and no patch, and a file whose import was cut short is
// simply imported again.
//
// A finding is one (asset, component without its version, vulnerability). Which
// sources see it is kept per source: it is over when none does any more.
package intake

import (
	"context"
	"io"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/scan"
	"patchline/internal/team"
)

// Scopes of a report.
const (
	Full    = "full"    // what it does not name on its assets is not there any more
	Partial = "partial" // it says nothing about what it does not name
)

// Request says what to import.
type Request struct {
	File   io.ReadSeeker
	Name   string // of the file, for people and as a hint
	Format string // auto or empty recognises it; another one is insisted on
	Scope  string // Full when empty
	Asset  string // names the asset, whatever the report says
}

// Summary is what an import found and did, as the API and the command line show
// it.
type Summary struct {
	File            string      `json:"file"` // as the request named it
	Format          string      `json:"format"`
	Records         int         `json:"records"`         // in the source's own unit
	Vulnerabilities int         `json:"vulnerabilities"` // distinct ids that name findings: CVEs, or a network scanner's own checks
	Findings        Findings    `json:"findings"`
	Patches         Patches     `json:"patches"`
	Rejected        []Rejection `json:"rejected"` // the first 100
	RejectedCount   int         `json:"rejected_count"`
	Notes           []string    `json:"notes"`
	Error           *string     `json:"error"`
}

// Findings counts findings by what an import did to them. One that comes back
// counts as new; closed ones are those no source sees any more, and those a
// source calls fixed or not affected.
type Findings struct {
	New        int `json:"new"`
	Unchanged  int `json:"unchanged"` // seen before, and seen again
	Closed     int `json:"closed"`
	WithoutFix int `json:"without_fix"` // open ones for which no fixed version is known
}

// Patches counts patches by what an import did to them.
type Patches struct {
	New        int `json:"new"`
	Changed    int `json:"changed"` // other findings, or another score by a feed
	Superseded int `json:"superseded"`
}

// Rejection is a record that was left out.
type Rejection struct {
	Position string `json:"position"`
	Reason   string `json:"reason"`
}

// Phases of a running import.
const (
	Checking = "checking"
	Applying = "applying"
	Scoring  = "scoring"
)

// Progress is how far an import has come.
type Progress struct {
	Phase     string
	Format    string
	ReadBytes int64 // of the file, checked so far
	Records   int   // found so far
	Applied   int   // records applied so far
}

// progressEvery is the shortest time between two reports of progress.
const progressEvery = 250 * time.Millisecond

// Import reads a file for a team and applies it. A file that is refused changes
// nothing; the fault says why, as does the summary. Progress, which may be nil, is
// called at most four times a second.
func (s *Service) Import(ctx context.Context, who audit.Who, t *team.Team, req Request, progress func(Progress)) (Summary, error) {
	r := newRun(s.db, who, t, req, progress)
	err := r.all(ctx)
	if err != nil {
		text := fault.Of(err).Detail
		r.sum.Error = &text
	}
	return r.sum, err
}

// ImportKnowledge is Import of what concerns every team: KEV, EPSS, and records
// about vulnerabilities. Statements about products are left to the teams that run
// them, and a file with findings is refused.
func (s *Service) ImportKnowledge(ctx context.Context, who audit.Who, req Request, progress func(Progress)) (Summary, error) {
	return s.Import(ctx, who, &team.Team{}, req, progress)
}

// run is one import under way.
type run struct {
	db       *db.DB
	who      audit.Who
	team     *team.Team // one without an id brings in what is known about vulnerabilities, and no findings
	req      Request
	sum      Summary
	survey   *survey
	progress func(Progress)
	shown    time.Time // when progress was shown last
	state    Progress
	file     *counted

	worked     time.Duration // in transactions so far
	rebaseline bool          // the EPSS model is another one than before
}

func newRun(d *db.DB, who audit.Who, t *team.Team, req Request, progress func(Progress)) *run {
	if req.Scope == "" {
		req.Scope = Full
	}
	if req.Format == "auto" {
		req.Format = ""
	}
	r := &run{db: d, who: who, team: t, req: req, progress: progress, file: &counted{ReadSeeker: req.File}}
	r.sum = Summary{File: req.Name, Rejected: []Rejection{}, Notes: []string{}}
	return r
}

func (r *run) all(ctx context.Context) error {
	if r.req.Scope != Full && r.req.Scope != Partial {
		return fault.Wrong("/scope", "The scope is neither full nor partial.")
	}
	r.phase(Checking)
	source, err := scan.Open(r.req.Name, r.file)
	if err != nil {
		return fault.New(fault.Invalid, "%s", err)
	}
	r.sum.Format, r.state.Format = string(source.Format), string(source.Format)
	if err := r.check(ctx, source); err != nil {
		return err
	}
	r.phase(Applying)
	changed, err := r.apply(ctx, source)
	if err != nil {
		return err
	}
	return r.conclude(ctx, changed)
}

// apply does what the kind of file asks for, and tells whether anything changed.
func (r *run) apply(ctx context.Context, source *scan.Source) (changed bool, err error) {
	switch source.Format {
	case scan.EPSSCSV:
		return r.applyEPSS(ctx, source)
	case scan.KEVJSON, scan.KEVCSV:
		return r.applyKEV(ctx, source)
	}
	if r.team.ID == "" && r.survey.aboutAssets() {
		return false, fault.New(fault.Invalid, "%s holds what was found on assets; name the team whose assets they are.", fileName(r.req.Name))
	}
	if r.survey.described > 0 {
		if changed, err = r.applyRecords(ctx, source); err != nil {
			return changed, err
		}
	}
	if r.team.ID == "" {
		return changed, nil
	}
	more, err := r.applyReport(ctx, source)
	return changed || more, err
}

// conclude writes who imported what, and tells the team.
func (r *run) conclude(ctx context.Context, changed bool) error {
	return r.transact(ctx, func(tx *db.Tx) error {
		detail := map[string]any{"file": r.sum.File, "format": r.sum.Format, "scope": r.req.Scope, "records": r.sum.Records,
			"new": r.sum.Findings.New, "closed": r.sum.Findings.Closed, "patches": r.sum.Patches.New, "rejected": r.sum.RejectedCount}
		if err := audit.Write(tx, r.who, r.team.ID, "file.imported", r.team.ID, detail); err != nil {
			return err
		}
		if !changed || r.team.ID == "" { // other teams were told when their patches were scored
			return nil
		}
		return event.Tell(tx, r.who, r.team.ID, event.Event{Kind: event.PatchesChanged})
	})
}

func (r *run) note(text string) { r.sum.Notes = append(r.sum.Notes, text) }

func (r *run) phase(name string) {
	r.state.Phase, r.shown = name, time.Time{}
	r.show()
}

// show reports progress, unless it did so just now.
func (r *run) show() {
	if r.progress == nil || time.Since(r.shown) < progressEvery {
		return
	}
	r.shown = time.Now()
	r.state.ReadBytes = r.file.most
	r.progress(r.state)
}

// counted knows how far a file has been read.
type counted struct {
	io.ReadSeeker
	at, most int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadSeeker.Read(p)
	c.at += int64(n)
	c.most = max(c.most, c.at)
	return n, err
}

func (c *counted) Seek(offset int64, whence int) (int64, error) {
	at, err := c.ReadSeeker.Seek(offset, whence)
	if err == nil {
		c.at = at
	}
	return at, err
}
