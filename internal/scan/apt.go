package scan

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// aptUpgrade is a package that apt would upgrade.
type aptUpgrade struct {
	name, arch, old, version string
	kind                     string // distribution, where the text names it
	stream                   string // release of the distribution, where the text names it
	security                 bool
}

// aptList reads what apt list --upgradable prints.
func (d *decoder) aptList() error { return d.apt(readAptList) }

// aptSimulate reads what apt-get -s upgrade or dist-upgrade prints.
func (d *decoder) aptSimulate() error { return d.apt(readAptSimulate) }

func (d *decoder) apt(read func(text string) (aptUpgrade, error)) error {
	asset := d.asset("", "host")
	return d.eachLine(&Snapshot{Source: "apt"}, asset, func(text string) ([]Item, error) {
		p, err := read(text)
		if err != nil {
			return nil, err
		}
		return p.items(asset)
	})
}

// items: apt does not say which vulnerabilities a security update removes, so
// one stands for all of them: that the package at its installed version lacks
// security updates. It stays the same while the host waits and even newer
// updates come out, and is another one after the host was updated.
func (p aptUpgrade) items(asset Asset) ([]Item, error) {
	c := newComponent(p.kind, p.name, "", p.old)
	c.Stream = p.stream
	version := line(p.version, maxName)
	if !p.security {
		return []Item{{Update: &Update{Asset: asset, Component: c, Version: version, Arch: p.arch}}}, nil
	}
	id, ok := vulnerabilityID("APT-SECURITY:" + c.Name + ":" + p.old)
	if !ok {
		return nil, errors.New("the package's name or version is too long")
	}
	return []Item{{Finding: &Finding{Asset: asset, Component: c, Vulnerability: id, Fixed: []string{version}, FixState: "fixed",
		Status: "affected", Severity: "unknown", Title: line(fmt.Sprintf("%s %s lacks security updates", c.Name, p.old), maxTitle)}}}, nil
}

var aptVersionInBracket = regexp.MustCompile(`[0-9][A-Za-z0-9.+:~\-]*$`)

// readAptList reads "name/suite,suite version arch [upgradable from: version]",
// where the words in the brackets follow the user's language.
func readAptList(text string) (aptUpgrade, error) {
	for _, notice := range []string{"N: ", "W: ", "E: ", "WARNING: "} {
		if strings.HasPrefix(text, notice) {
			return aptUpgrade{}, errNotice
		}
	}
	head, bracket, found := strings.Cut(strings.TrimSpace(text), " [")
	cells := strings.Fields(head)
	name, suites, suited := "", "", false
	if len(cells) == 3 {
		name, suites, suited = strings.Cut(cells[0], "/")
	}
	old := aptVersionInBracket.FindString(strings.TrimSuffix(bracket, "]"))
	if !found || !suited || old == "" || !dpkgName.MatchString(name) || !dpkgVersion.MatchString(cells[1]) {
		return aptUpgrade{}, errors.New("is no line of apt list --upgradable")
	}
	p := aptUpgrade{name: name, old: old, version: cells[1], arch: line(cells[2], 40), kind: "deb"}
	if compareDeb(p.old, p.version) >= 0 {
		return aptUpgrade{}, errors.New("is no upgrade: the version offered is not newer")
	}
	for suite := range strings.SplitSeq(suites, ",") {
		p.security = p.security || aptSecurity(suite)
		p.stream = cmp.Or(p.stream, streamOfSuite(suite))
	}
	return p, nil
}

// aptSecurity: whoever offers the version decides, never the package's name.
func aptSecurity(suite string) bool {
	return suite == "security" || strings.HasSuffix(suite, "-security")
}

var aptInst = regexp.MustCompile(`^Inst (\S+)(?: \[([^\]]+)\])? \((\S+) ?(.*?) ?\[([^\]]+)\]\)`)

// readAptSimulate reads "Inst name [old] (new origin, origin [arch])". Packages
// that would be new on the host, and the steps Conf and Remv, are no upgrades.
func readAptSimulate(text string) (aptUpgrade, error) {
	m := aptInst.FindStringSubmatch(text)
	switch {
	case m == nil && strings.HasPrefix(text, "Inst "):
		return aptUpgrade{}, errors.New("is no complete Inst line of apt-get -s")
	case m == nil || m[2] == "":
		return aptUpgrade{}, errNotice
	}
	name, _, _ := strings.Cut(m[1], ":")
	if !dpkgName.MatchString(name) || !dpkgVersion.MatchString(m[2]) || !dpkgVersion.MatchString(m[3]) {
		return aptUpgrade{}, errors.New("is no Inst line with a package and its versions")
	}
	p := aptUpgrade{name: name, old: m[2], version: m[3], arch: line(m[5], 40), kind: "deb"}
	for origin := range strings.SplitSeq(m[4], ", ") {
		p.from(origin)
	}
	return p, nil
}

// streamOfSuite knows the release of "jammy-security"; "stable" is another one every
// two years.
func streamOfSuite(suite string) string {
	name, _, _ := strings.Cut(suite, "-")
	return codenames[name]
}

// from takes an origin such as "Debian-Security:12/stable-security" or
// "Ubuntu:22.04/jammy-updates" apart.
func (p *aptUpgrade) from(origin string) {
	label, rest, _ := strings.Cut(origin, ":")
	version, suite, _ := strings.Cut(rest, "/")
	label = strings.ToLower(label)
	p.security = p.security || aptSecurity(suite) || strings.HasSuffix(label, "-security")
	for _, distribution := range []string{"debian", "ubuntu"} {
		if strings.HasPrefix(label, distribution) {
			p.kind = distribution
			p.stream = cmp.Or(p.stream, streamOf(distribution, version), streamOfSuite(suite))
		}
	}
}

func aptListLooks(text string) (fits, sure bool) {
	_, err := readAptList(text)
	return err == nil || err == errNotice, err == nil
}

func aptSimulateLooks(text string) (fits, sure bool) {
	sure = aptInst.MatchString(text)
	return sure || strings.HasPrefix(text, "Conf ") || strings.HasPrefix(text, "Remv "), sure
}
