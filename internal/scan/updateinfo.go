package scan

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// updateinfoLine is one package that an advisory updates.
type updateinfoLine struct {
	advisory, severity  string
	pack                rpmPackage
	security, installed bool
}

var (
	advisoryForm = regexp.MustCompile(`^[A-Za-z]+[A-Za-z0-9]*[-:][A-Za-z0-9._:/\-]*[0-9][A-Za-z0-9._:/\-]*$`)
	dateForm     = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$|^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$`)
)

// updateinfo reads what dnf or yum updateinfo list prints. A package with several
// advisories yields a finding for each; all are removed by the newest version.
func (d *decoder) updateinfo() error {
	asset := d.asset("", "host")
	return d.eachLine(&Snapshot{Source: "dnf"}, asset, func(text string) ([]Item, error) {
		if updateinfoChatter(text) {
			return nil, errNotice
		}
		p, ok := readUpdateinfo(text)
		if !ok {
			return nil, errors.New("is no line of updateinfo list")
		}
		return p.items(asset)
	})
}

// readUpdateinfo reads the layouts of yum 3, dnf 4 and dnf 5 alike, and in any
// language: the advisory comes first, the package is the last full name, and
// between them stand the type and the severity, as "bugfix", "Moderate/Sec." or
// "security Moderate".
func readUpdateinfo(text string) (updateinfoLine, bool) {
	cells := strings.Fields(text)
	var p updateinfoLine
	if len(cells) > 0 && cells[0] == "i" { // as "list all" marks what is installed
		p.installed, cells = true, cells[1:]
	}
	for len(cells) > 0 && dateForm.MatchString(cells[len(cells)-1]) {
		cells = cells[:len(cells)-1]
	}
	if len(cells) < 3 || len(cells) > 6 || !advisoryForm.MatchString(cells[0]) {
		return p, false
	}
	id, ok := vulnerabilityID(cells[0])
	pack, named := readNEVRA(cells[len(cells)-1])
	p.advisory, p.pack = id, pack
	p.rate(cells[1 : len(cells)-1])
	return p, ok && named
}

// rate: "None" beside a security advisory means that nobody rated it.
func (p *updateinfoLine) rate(words []string) {
	p.severity = "unknown"
	for _, w := range words {
		word, _, slashed := strings.Cut(w, "/")
		p.security = p.security || slashed || strings.EqualFold(w, "security")
		if s := severityOf(word); s != "none" && s != "unknown" {
			p.severity = s
		}
	}
}

func (p updateinfoLine) items(asset Asset) ([]Item, error) {
	c := newComponent(distributionOf(p.advisory), p.pack.name, "", "")
	c.Stream = StreamOfVersion("rpm", p.pack.version)
	_, isCVE := cveID(p.advisory)
	if !p.security && !isCVE {
		return []Item{{Update: &Update{Asset: asset, Component: c, Version: p.pack.version, Arch: p.pack.arch}}}, nil
	}
	status := "affected"
	if p.installed {
		status = "fixed"
	}
	return []Item{{Finding: &Finding{Asset: asset, Component: c, Vulnerability: p.advisory, Fixed: []string{p.pack.version}, FixState: "fixed",
		Status: status, Severity: p.severity, URL: advisoryURL(p.advisory)}}}, nil
}

// distributions by the beginning of their advisories' ids.
var distributions = map[string][]string{
	"redhat": {"RHSA", "RHBA", "RHEA"}, "fedora": {"FEDORA"}, "oracle": {"ELSA", "ELBA", "ELEA"}, "centos": {"CESA", "CEBA", "CEEA"},
	"almalinux": {"ALSA", "ALBA", "ALEA"}, "rocky": {"RLSA", "RLBA", "RLEA"}, "amazon": {"ALAS", "ALAS2", "ALAS2023"},
	"suse": {"SUSE"}, "opensuse": {"openSUSE"},
}

func distributionOf(advisory string) string {
	prefix, _, _ := strings.Cut(advisory, "-")
	for name, prefixes := range distributions {
		if slices.Contains(prefixes, prefix) {
			return name
		}
	}
	return "rpm"
}

func advisoryURL(id string) string {
	switch distributionOf(id) {
	case "redhat":
		return "https://access.redhat.com/errata/" + id
	case "fedora":
		return "https://bodhi.fedoraproject.org/updates/" + id
	}
	return ""
}

// updateinfoChatter are lines that dnf and yum print around a list.
func updateinfoChatter(text string) bool {
	text = strings.TrimSpace(text)
	for _, beginning := range []string{"Last metadata expiration check:", "Updating and loading repositories:", "Repositories loaded.",
		"Loaded plugins:", "updateinfo list done", "Updating Subscription Management repositories."} {
		if strings.HasPrefix(text, beginning) {
			return true
		}
	}
	return false
}

func updateinfoLooks(text string) (fits, sure bool) {
	_, ok := readUpdateinfo(text)
	return ok || updateinfoChatter(text), ok
}
