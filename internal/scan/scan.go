// Package scan reads scanner reports, inventories, advisories and feeds as a
// stream of items, one finding at a time, whatever the size of the file.
//
// A file is recognised by its content. What cannot be trusted as a whole
// (truncated, trailing bytes, another kind of file) is refused with one error;
// a single bad record becomes an Item with a reason and the rest is read on.
//
// # Our own table: generic-csv
//
// For everything without a reader of its own there is a plain table. The first
// line names the columns: in any order, in any case, spaces or hyphens for
// underscores; further columns are ignored. The separator (comma, semicolon or
// tab) is recognised from that line.
//
//	asset              required  name of the host, image, application or device
//	component          required  package or product, without its version
//	vulnerability      required  CVE-…, GHSA-… or another published id
//	asset_kind         optional  host, image, repository, filesystem, cluster, …
//	ecosystem          optional  deb, rpm, apk, npm, pypi, golang, maven, …
//	installed_version  optional
//	fixed_version      optional  several separated by a comma or a blank
//	severity           optional  critical, high, medium, low, negligible, none
//	cvss_vector        optional  CVSS:3.1/AV:N/…
//	cvss_score         optional  0 to 10
//	title              optional
//	status             optional  affected (default), not_affected, fixed, under_investigation
//	url                optional
package scan

import "time"

// Format names a kind of file this package reads.
type Format string

// The formats read. One Item with a record is yielded per unit of the format.
const (
	TrivyJSON  Format = "trivy-json"  // unit: vulnerability entry
	GrypeJSON  Format = "grype-json"  // unit: match
	KEVJSON    Format = "kev-json"    // unit: catalogue entry
	KEVCSV     Format = "kev-csv"     // unit: row
	EPSSCSV    Format = "epss-csv"    // unit: score row
	CVE5JSON   Format = "cve5-json"   // unit: record; also arrays, sequences and archives of records
	GenericCSV Format = "generic-csv" // unit: row

	SARIF      Format = "sarif-json"       // unit: result
	CycloneDX  Format = "cyclonedx-json"   // units: component and vulnerability
	OpenVEX    Format = "openvex-json"     // unit: statement
	OSVJSON    Format = "osv-json"         // unit: record; also arrays, sequences and archives of records
	OSVScanner Format = "osv-scanner-json" // unit: vulnerability of a package
	CSAFJSON   Format = "csaf-json"        // unit: vulnerability
	NVDJSON    Format = "nvd-json"         // unit: record, alone or in a page
	NessusXML  Format = "nessus-xml"       // unit: report item
	NessusCSV  Format = "nessus-csv"       // unit: row

	Govulncheck   Format = "govulncheck-json" // unit: vulnerability of a module
	SnykJSON      Format = "snyk-json"        // unit: entry of vulnerabilities
	InspectorJSON Format = "inspector-json"   // unit: finding
	SPDXJSON      Format = "spdx-json"        // unit: package

	AptListText     Format = "apt-list-text"       // unit: package that can be upgraded
	AptSimulateText Format = "apt-simulate-text"   // unit: package that would be upgraded
	UpdateinfoText  Format = "dnf-updateinfo-text" // unit: package of an advisory
	DpkgText        Format = "dpkg-text"           // unit: package that is installed
	RPMText         Format = "rpm-text"            // unit: package that is installed

	HotfixText        Format = "hotfix-text"         // unit: update that is installed
	HotfixCSV         Format = "hotfix-csv"          // unit: update that is installed
	HotfixJSON        Format = "hotfix-json"         // unit: update that is installed
	WindowsUpdateText Format = "windows-update-text" // unit: update that is offered, or of the history
	WindowsUpdateCSV  Format = "windows-update-csv"  // unit: the same
	WindowsUpdateJSON Format = "windows-update-json" // unit: the same

	QualysCSV           Format = "qualys-csv"            // unit: row of a detection
	QualysXML           Format = "qualys-xml"            // unit: detection
	OpenVASXML          Format = "openvas-xml"           // unit: result
	OpenVASCSV          Format = "openvas-csv"           // unit: row
	DefenderJSON        Format = "defender-json"         // unit: vulnerability of software on a device
	DefenderCSV         Format = "defender-csv"          // unit: row
	CycloneDXXML        Format = "cyclonedx-xml"         // units: component and vulnerability
	DependencyCheckXML  Format = "dependency-check-xml"  // unit: vulnerability of a dependency
	DependencyCheckJSON Format = "dependency-check-json" // unit: vulnerability of a dependency
)

// Item is one thing a file says. Exactly one of the fields from Snapshot on is set.
type Item struct {
	Position      string         // where in the file, for people: "line 12", "Results[2].Vulnerabilities[7]"
	Continued     bool           // a further part of the record before, not a record of its own
	Snapshot      *Snapshot      // about the whole file; comes first
	Asset         *Asset         // an asset the report covers, also when it has no finding; comes before its findings
	Finding       *Finding       // a component on an asset and what is said about it
	Exploited     *Exploited     // one entry of a catalogue of exploited vulnerabilities
	Probability   *Probability   // one row of exploitation probabilities
	Vulnerability *Vulnerability // one record about a vulnerability
	Installed     *Installed     // a component that is there, whether affected or not
	Update        *Update        // a newer version on offer that is not known to remove a vulnerability
	Statement     *Statement     // what a supplier says about a vulnerability in a product
	Rejected      string         // why a record was left out
}

// Snapshot describes the file: who made it, when, and which edition it is.
type Snapshot struct {
	Source         string    // "trivy", "grype", "cisa-kev", "epss", "cve", "sarif/trivy", "cyclonedx/syft", …
	ToolVersion    string    // version of the tool, if named
	Document       string    // id the document gives itself: "RHSA-2022:0011"
	CatalogVersion string    // KEV: "2025.08.25"
	ModelVersion   string    // EPSS: "v2025.03.14"
	ScoreDate      time.Time // EPSS: the day the scores are for, UTC
	ReportedAt     time.Time // when the file says it was made, UTC; zero if it does not
	Declared       int       // number of records the file says it has; 0 if it does not
	Partial        bool      // the file holds single findings, and says nothing about what it does not name
	Inventory      bool      // the Installed items are all that the source knows to be on their assets
}

// Asset is what a report covers.
type Asset struct {
	Name    string
	Kind    string // image, host, repository, filesystem, cluster, workload, application, sbom or unknown
	Assumed bool   // named after the file, because the report names nothing
	Stream  string // release of its operating system: deb12, el9, …; empty if the report does not say
}

// Component is a package or product on an asset.
type Component struct {
	Ecosystem string // type of the package URL: deb, rpm, apk, npm, pypi, golang, maven, …; "generic" if unknown
	Name      string // with its namespace where that is part of the name: "@scope/name", "group:artifact"
	PURL      string // package URL without version, qualifiers and subpath; empty if unknown
	Installed string // installed version; empty if unknown
	Bare      bool   // the report names a package, and has no place for its ecosystem
	Stream    string // release of the distribution it is built for: deb12, el9, …; empty if it has none, or the report does not say
}

// Installed is one line of an inventory. Its component may come more than once:
// in several versions, or for several architectures.
type Installed struct {
	Asset     Asset
	Component Component
	Arch      string // as the package manager names it: amd64, x86_64, all, noarch; empty if unknown
}

// Update is a newer version of an installed component that is no security
// update, as far as the file says. It claims no vulnerability and opens no work.
type Update struct {
	Asset     Asset
	Component Component // with the installed version, if known
	Version   string    // on offer
	Arch      string
}

// Statement is what a VEX document or an advisory says about a vulnerability in
// a product, on whichever asset the product runs.
type Statement struct {
	Vulnerability string
	Aliases       []string
	Product       string    // the product as the document names it
	Component     Component // what of it is meant; the product itself if nothing else is named
	Status        string    // affected, not_affected, fixed, under_investigation
	Said          string    // the document's own word: "known_affected", "first_fixed", …
	Justification string    // why it is not affected
	Action        string    // what to do
	Fixed         []string  // versions that remove the vulnerability
	URL           string
	At            time.Time // zero if the document does not say
}

// Finding is an observation that a component on an asset is, or is not, affected.
type Finding struct {
	Asset         Asset
	Component     Component
	Vulnerability string   // the id the report uses
	Check         string   // of a network scanner, whose findings are named by its own checks: QID-91762; empty otherwise
	Aliases       []string // other ids of the same vulnerability
	Fixed         []string // versions that remove it
	FixState      string   // fixed, not_fixed, wont_fix, unknown
	Status        string   // affected, not_affected, fixed, under_investigation
	Severity      string   // critical, high, medium, low, negligible, none, unknown
	Ratings       []Rating // preferred first
	EPSS          *float64 // probability 0..1, only if the report says
	KEV           *bool    // listed as exploited, only if the report says
	Title         string
	Description   string // at most MaxDescription bytes
	URL           string
}

// Rating is one CVSS assessment.
type Rating struct {
	Source  string  // who rated: nvd, ghsa, redhat, cna, cisa-adp, …
	Version string  // 2.0, 3.0, 3.1, 4.0; empty if unknown
	Vector  string  // empty if only a score is known
	Score   float64 // 0..10; 0 beside a vector means that only the vector is known
}

// Exploited is one entry of CISA's Known Exploited Vulnerabilities catalogue.
type Exploited struct {
	CVE              string
	DateAdded        time.Time // day, UTC
	DueDate          time.Time // day, UTC; zero if not given
	Vendor           string
	Product          string
	Name             string
	ShortDescription string
	RequiredAction   string
	Ransomware       bool // known to be used in ransomware campaigns
	Notes            string
	CWEs             []string
}

// Probability is one row of FIRST's Exploit Prediction Scoring System.
type Probability struct {
	CVE        string
	EPSS       float64 // probability of exploitation within 30 days, 0..1
	Percentile float64 // share of vulnerabilities scored the same or lower, 0..1
}

// Vulnerability is what one record says about one vulnerability.
type Vulnerability struct {
	ID           string
	State        string // PUBLISHED or REJECTED
	Title        string
	Description  string // at most MaxDescription bytes
	Published    time.Time
	Updated      time.Time
	Ratings      []Rating  // preferred first
	Exploitation string    // SSVC: none, poc, active; empty if not assessed
	Automatable  *bool     // SSVC; nil if not assessed
	TotalImpact  *bool     // SSVC technical impact: total (true) or partial
	KEVDateAdded time.Time // zero if not listed
	CWEs         []string
	References   []string // at most MaxReferences
	Aliases      []string
	Affected     []string // products, at most MaxAffected
}

// Bounds of what one item may carry, so that memory does not follow the file.
const (
	MaxDescription = 4096 // bytes
	MaxReferences  = 50
	MaxAffected    = 200
)

// Options change how a file is read.
type Options struct {
	Asset    string // names the asset, whatever the file says
	Format   Format // the declared kind: a file of another kind is refused
	MaxBytes int64  // largest size after unpacking; 0 means 4 GiB
}
