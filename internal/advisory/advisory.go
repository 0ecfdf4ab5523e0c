// Package advisory keeps what is known about vulnerabilities, whoever said it:
// the catalogue of exploited ones (KEV), exploitation probabilities (EPSS), CVE
// records with their decision points (SSVC), and, where nothing better is known,
// what a scanner wrote beside a finding.
//
// Ids that name the same vulnerability are one entry, kept under its CVE id where
// there is one. Writers compare before they write: what says the same again
// touches no row.
package advisory

import (
	"time"

	"patchline/internal/risk"
)

// Sources of snapshots.
const (
	KEV  = "kev"
	EPSS = "epss"
	CVE  = "cve"

	// EPSSUnderWay stands while an edition of EPSS is brought in, with what was
	// loaded before it.
	EPSSUnderWay = "epss under way"
)

// Rejected is the state of a CVE record that turned out to be no vulnerability.
const Rejected = "REJECTED"

// Signals is what scores a vulnerability. Everything is unknown for an id that
// nobody has described.
type Signals struct {
	risk.Vulnerability
	State    string     // of the CVE record: PUBLISHED, REJECTED, or empty
	KEVAdded *time.Time // the earlier of the catalogue's day and the record's
	KEVDue   *time.Time // the catalogue's due date for federal agencies
}

// reject makes a rejected record weigh nothing. It is a statement, not a gap: the
// numbers are zero, not unknown. A listing in the catalogue itself still counts,
// because that is another authority.
func (s *Signals) reject() {
	none, no := 0.0, false
	s.EPSS, s.CVSS, s.Vector = &none, &none, ""
	s.Automatable, s.TotalImpact = &no, &no
}

// Snapshot is the newest state of a feed that was read.
type Snapshot struct {
	Source   string
	Label    string    // version of the catalogue or of the model
	AsOf     time.Time `gorm:"serializer:time"` // the day it speaks of; 1970 when it does not say
	Records  int64
	Median   *float64  // EPSS: of all probabilities
	LoadedAt time.Time `gorm:"serializer:time"`
}

// Knowledge is everything the page of one vulnerability shows.
type Knowledge struct {
	ID, Title, Description, State string
	Known                         bool   // somebody has described it; false leaves only the id
	Source                        string // who described it
	AsOf                          *time.Time
	Published                     *time.Time
	Aliases, References           []string
	KEV                           *Listing  // of the catalogue, else of the record
	Listings                      []Listing // everybody who says so
	EPSS                          *Likelihood
	History                       []Point  // of EPSS, the oldest first
	Ratings                       []Rating // the one that counts first
	SSVC                          *Decision
	Advisories                    []Document
}

// Point is the EPSS score of a vulnerability from one day on.
type Point struct {
	Day                     time.Time
	Probability, Percentile float64
}

// Document is an advisory that describes a vulnerability.
type Document struct {
	Source, ID, Title  string
	Published, Changed *time.Time
}

// Listing is an entry of the catalogue of exploited vulnerabilities.
type Listing struct {
	Added                         time.Time
	Due                           *time.Time
	Name, Vendor, Product, Action string
	Ransomware                    bool
	Source                        string // cisa-kev, or cisa-adp when only the CVE record says so
	AsOf                          string // edition of the source
}

// Likelihood is an EPSS score.
type Likelihood struct {
	Probability, Percentile float64
	ScoreDate               time.Time
	Model                   string
}

// Decision holds the SSVC decision points of a CVE record; nil and empty are
// unknown.
type Decision struct {
	Exploitation             string
	Automatable, TotalImpact *bool
	AsOf                     time.Time
}
