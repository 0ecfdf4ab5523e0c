// Package feed brings in by itself what is known about vulnerabilities, and
// reports: from other servers by package fetch, and from a folder of this one.
//
// A feed says when it is due by next_run_at. Each replica looks for due feeds and
// takes the lease of one (package job), so that a run takes effect once; a replica
// that dies leaves the feed due, and the next one begins anew after the lease has
// ended. What was applied already is not applied twice, because package intake
// compares before it writes.
package feed

import (
	"time"

	"patchline/internal/fault"
)

// Kinds of feeds.
const (
	KEV    = "kev"    // the catalogue of known exploited vulnerabilities
	EPSS   = "epss"   // a day's probabilities of exploitation
	CVE    = "cve"    // CVE records, with Vulnrichment's decisions: a record or an archive
	OSV    = "osv"    // OSV records: a record or an archive
	CSAF   = "csaf"   // a provider's provider-metadata.json, or its ROLIE feed
	URL    = "url"    // any file of a format that imports know
	Folder = "folder" // files of any such format that appear in a folder, each once
)

// States of a run.
const (
	Running   = "running"
	Done      = "done"
	Unchanged = "unchanged" // there was nothing new
	Failed    = "failed"
	Cancelled = "cancelled"
)

// Feed is something that is fetched again and again.
type Feed struct {
	ID           string
	Name         string
	Kind         string
	Source       string  // https://…, or a path below the folder of feeds
	TeamID       *string // whose assets its reports are about; nil for knowledge alone
	Scope        string  // of its reports: full or partial
	Enabled      bool
	EveryMinutes *int64
	DailyAt      *string    // such as 06:30, instead of EveryMinutes
	TimeZone     string     // of DailyAt
	MaxMiB       int64      `gorm:"column:max_mib"` // of one file
	MaxMinutes   int64      // of one run
	Since        *time.Time `gorm:"serializer:time"` // CSAF: what is older is left out

	ETag         string `gorm:"column:etag"`
	LastModified string
	Digest       string
	Place        string
	NextRunAt    *time.Time `gorm:"serializer:time"`
	AskedBy      string     // who asked for a run now; empty when nobody did
	AskedID      string
	Cancelled    bool
	Failures     int64 // in a row
	Version      int64
	CreatedAt    time.Time `gorm:"serializer:time"`

	more bool // a run left something for the next one

	TeamKey string `gorm:"-"`
	Last    *Run   `gorm:"-"` // the latest run; nil before the first
}

func (Feed) TableName() string { return "feeds" }

// Run is one time that a feed was fetched.
type Run struct {
	ID         string
	FeedID     string
	State      string
	Who        string     // empty for the schedule
	StartedAt  time.Time  `gorm:"serializer:time"`
	FinishedAt *time.Time `gorm:"serializer:time"`
	Phase      string
	Status     *int64 // of the last HTTP answer
	Bytes      int64
	Files      int64    // that were taken
	Applied    int64    // records
	Summary    []string `gorm:"serializer:words"`
	Error      string
}

func (Run) TableName() string { return "feed_runs" }

// RunsKept is how many runs of a feed are remembered.
const RunsKept = 50

// shared tells whether a kind is knowledge for every team, and never reports.
func shared(kind string) bool { return kind == KEV || kind == EPSS || kind == CVE || kind == OSV }

func noSuchFeed() error { return fault.New(fault.NotFound, "There is no such feed.") }
