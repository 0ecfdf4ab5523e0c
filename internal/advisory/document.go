package advisory

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"patchline/internal/scan"
)

// Described is a document that describes a vulnerability.
type Described struct {
	Vulnerability      string // canonical
	Named              string // as the document names it
	Source, Document   string
	Title              string
	Published, Changed time.Time
}

// DocumentOf names the document in which a record about a vulnerability came; none
// if the record is the CVE list's own.
func DocumentOf(about scan.Snapshot, v *scan.Vulnerability, canonical string) (Described, bool) {
	d := Described{Vulnerability: canonical, Named: v.ID, Source: about.Source, Document: about.Document, Title: v.Title, Published: v.Published, Changed: v.Updated}
	if d.Document == "" {
		d.Document = v.ID
	}
	return d, about.Source != CVE
}

// Address is where an advisory can be read, as its publisher numbers them; empty
// for ids of others.
func Address(document string) string {
	upper := strings.ToUpper(document)
	for _, p := range publishers {
		if strings.HasPrefix(upper, p.prefix) && !strings.ContainsAny(document, " /?#") {
			return p.base + document
		}
	}
	return ""
}

// publishers by what their ids begin with.
var publishers = []struct{ prefix, base string }{
	{"CVE-", "https://www.cve.org/CVERecord?id="},
	{"GHSA-", "https://github.com/advisories/"},
	{"GO-", "https://pkg.go.dev/vuln/"},
	{"RUSTSEC-", "https://rustsec.org/advisories/"},
	{"RHSA-", "https://access.redhat.com/errata/"},
	{"RHBA-", "https://access.redhat.com/errata/"},
	{"DSA-", "https://security-tracker.debian.org/tracker/"},
	{"DLA-", "https://security-tracker.debian.org/tracker/"},
	{"USN-", "https://ubuntu.com/security/notices/"},
	{"PYSEC-", "https://osv.dev/vulnerability/"},
	{"MAL-", "https://osv.dev/vulnerability/"},
	{"OSV-", "https://osv.dev/vulnerability/"},
}

// Statement is what a supplier says about a vulnerability in a product (VEX), as a
// team brought it in.
type Statement struct {
	Vulnerability      string // canonical
	Named              string // as the document names it
	Source, Document   string
	Product, Component string
	Status             string // affected, not_affected, fixed, under_investigation
	Justification      string
	Action, URL        string
	At                 *time.Time
}

// key names a row by what it is about.
func key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
