package scan

import (
	"errors"
	"regexp"
	"strings"
)

// hostCheck is what one check of a network scanner (a plugin, a QID, a VT)
// reports about a host, beyond what is in the finding already.
type hostCheck struct {
	own      string   // the check's own id, for one without a CVE: "QID-105971"
	cves     []string // as the report has them
	output   string   // what the check printed
	packages string   // a hint which package manager the host has
}

// items makes one finding per CVE of the check, and per package where the check
// lists packages and their fixes.
func (c *hostCheck) items(f Finding) ([]Item, error) {
	var ids []string
	for _, id := range distinct(c.cves, 1000, maxID) {
		id, ok := cveID(id)
		if !ok {
			return nil, errors.New("a CVE id is malformed")
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		ids = []string{c.own}
	}
	var items []Item
	f.Check = c.own
	for _, about := range c.perPackage(f) {
		for _, id := range ids {
			one := about
			one.Vulnerability = id
			items = append(items, Item{Finding: &one})
		}
	}
	return items, nil
}

func (c *hostCheck) perPackage(f Finding) []Finding {
	var list []Finding
	for _, p := range printedPackages(c.output, c.packages) {
		one := f
		one.Component = newComponent(p.kind, p.name, "", p.installed)
		one.fixedBy(distinct([]string{p.fixed}, 1, maxName))
		list = append(list, one)
	}
	if len(list) == 0 {
		list = []Finding{f}
	}
	return list
}

// fixedBy notes the fix.
func (f *Finding) fixedBy(fixed []string) {
	if f.Fixed = fixed; len(fixed) > 0 {
		f.FixState = "fixed"
	}
}

// printedPackage is a package of a host with the version that is there and the
// one that should be.
type printedPackage struct{ kind, name, installed, fixed string }

// maxPackages bounds what one check may list, as each comes with every CVE.
const maxPackages = 32

var (
	packageRow = regexp.MustCompile(`(?mi)^[\s-]*(Vulnerable package|Remote package installed|Installed package|Installed version|Should be|Fixed package|Fixed version)\s*:\s*(\S+)\s*$`)
	tableHead  = regexp.MustCompile(`(?i)^Package\s+Installed[ _]Version\s+Required[ _]Version\s*$`)
)

// printedPackages reads the three ways in which local checks print packages:
//
//	Remote package installed : kernel-4.14-1.amzn2     (Nessus, also "Installed package")
//	Should be                : kernel-4.14-2.amzn2     (also "Fixed package")
//
//	Vulnerable package: sudo                           (Greenbone)
//	Installed version:  sudo-1.8.31-1ubuntu1.1
//	Fixed version:      >=sudo-1.8.31-1ubuntu1.2
//
//	Package	Installed Version	Required Version       (Qualys)
//	openssl	1.0.2k-16.el7	1.0.2k-21.el7
func printedPackages(output, hint string) []printedPackage {
	output = output[:min(len(output), maxText)]
	if !strings.Contains(output, "ackage") {
		return nil // as nearly always
	}
	list := packageTable(output)
	var p printedPackage
	for _, m := range packageRow.FindAllStringSubmatch(output, 8*maxPackages) {
		value := strings.TrimLeft(m[2], "<>=")
		switch strings.ToLower(m[1]) {
		case "vulnerable package":
			p = printedPackage{name: value}
		case "remote package installed", "installed package":
			p.name, p.installed = splitPackage(value)
		case "installed version":
			p.installed = p.version(value)
		default:
			if p.fixed = p.version(value); p.name != "" && p.fixed != "" {
				list = append(list, p)
			}
			p = printedPackage{}
		}
	}
	for i := range list {
		list[i].kind = packageManager(hint, list[i].installed+" "+list[i].fixed)
	}
	return list[:min(len(list), maxPackages)]
}

// version takes the name off, which stands before the version.
func (p printedPackage) version(value string) string {
	for _, separator := range []string{"-", "_"} {
		if rest, ok := strings.CutPrefix(value, p.name+separator); ok {
			return rest
		}
	}
	return value
}

// splitPackage: Debian's packages are printed as name_version, others as name-version-release.
func splitPackage(s string) (name, version string) {
	if name, version, ok := strings.Cut(s, "_"); ok && !rpmRelease.MatchString(s) && version != "" && isDigit(version[0]) {
		return name, version
	}
	rest, release := cutLast(s, "-")
	name, version = cutLast(rest, "-")
	if version == "" {
		return rest, release
	}
	return name, version + "-" + release
}

func packageTable(output string) []printedPackage {
	var list []printedPackage
	inside := false
	for row := range strings.SplitSeq(output, "\n") {
		cells := strings.Fields(row)
		switch {
		case tableHead.MatchString(strings.TrimSpace(row)):
			inside = true
		case inside && len(cells) == 3:
			list = append(list, printedPackage{name: cells[0], installed: cells[1], fixed: cells[2]})
		default:
			inside = false
		}
		if len(list) >= maxPackages {
			break
		}
	}
	return list
}

var rpmRelease = regexp.MustCompile(`\.(?:el|fc|amzn|oe|mga|cm|azl|lp|ph)[0-9]`)

// packageManager guesses from what the check is called and how the versions look;
// empty if neither tells.
func packageManager(hint, versions string) string {
	hint = strings.ToLower(hint)
	for _, system := range []string{"debian", "ubuntu"} {
		if strings.Contains(hint, system) {
			return system
		}
	}
	switch {
	case strings.Contains(versions, "ubuntu"), strings.Contains(versions, "deb"):
		return "deb"
	case rpmRelease.MatchString(versions):
		return "rpm"
	}
	for _, system := range []string{"red hat", "rhel", "centos", "oracle linux", "rocky", "alma", "amazon linux", "fedora", "suse", "photon", "euleros", "mageia"} {
		if strings.Contains(hint, system) {
			return "rpm"
		}
	}
	return ""
}

var articleForm = regexp.MustCompile(`(?i)\s*\(?\bKB ?[0-9]{6,8}\b:?\)?\s*`)

// belowForm is the version that the name of a check gives as the first good one: " < 2.4.49".
var belowForm = regexp.MustCompile(`\s+<=?\s*v?[0-9][\w.-]*(?:\s*/\s*v?[0-9][\w.-]*)*`)

// subject is what a check is about, without the article or the version that mends
// it, so that the next one is a newer fix of the same.
func subject(title string) string {
	if name := line(belowForm.ReplaceAllString(articleForm.ReplaceAllString(title, " "), ""), maxName); name != "" {
		return name
	}
	return line(title, maxName)
}
