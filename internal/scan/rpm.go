package scan

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// rpmPackage is a package as rpm names it. The version has its epoch, if one is
// known and not 0, and its release: "1:2.0-3.el9".
type rpmPackage struct{ name, version, arch string }

var (
	rpmArches  = strings.Fields("noarch x86_64 i386 i486 i586 i686 aarch64 armv7hl armv6hl armv5tel ppc ppc64 ppc64le s390 s390x riscv64 ia64 loongarch64 alpha sparc64 mips64el src nosrc")
	rpmName    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._+\-]*$`)
	rpmVersion = regexp.MustCompile(`^([0-9]+:)?[A-Za-z0-9._+~^%]+-[A-Za-z0-9._+~^%]+$`)
)

// rpmList reads what rpm -qa prints, as an inventory.
func (d *decoder) rpmList() error {
	asset := d.asset("", "host")
	return d.eachLine(&Snapshot{Source: "rpm", Inventory: true}, asset, func(text string) ([]Item, error) {
		p, ok := readRPM(text)
		switch {
		case strings.HasPrefix(text, "gpg-pubkey"): // the keys that packages are signed with
			return nil, errNotice
		case !ok:
			return nil, errors.New("is no line of rpm -qa")
		}
		return []Item{{Installed: &Installed{Asset: asset, Component: newComponent("rpm", p.name, "", p.version), Arch: p.arch}}}, nil
	})
}

// readRPM reads a line of rpm -qa: the full name alone or with the date of
// --last, or columns of --qf: name, epoch if asked for, version, release,
// architecture, where version and release may be one.
func readRPM(text string) (rpmPackage, bool) {
	cells := strings.Fields(text)
	if len(cells) == 0 {
		return rpmPackage{}, false
	}
	if p, ok := readNEVRA(cells[0]); ok {
		return p, true
	}
	last := len(cells) - 1
	if last < 2 || last > 4 || !slices.Contains(rpmArches, cells[last]) {
		return rpmPackage{}, false
	}
	version := cells[1]
	switch last {
	case 3:
		version = cells[1] + "-" + cells[2]
		if isEpoch(cells[1]) && strings.Contains(cells[2], "-") {
			version = cells[1] + ":" + cells[2]
		}
	case 4:
		version = cells[1] + ":" + cells[2] + "-" + cells[3]
	}
	return rpmPackage{cells[0], version, cells[last]}.whole()
}

func isEpoch(s string) bool { return s == "(none)" || isNumber(s) }

// readNEVRA reads "name-epoch:version-release.arch", in which the epoch may be
// missing, "(none)", or, as yum 3 writes it, stand before the name.
func readNEVRA(s string) (rpmPackage, bool) {
	rest, arch := cutLast(s, ".")
	if !slices.Contains(rpmArches, arch) {
		return rpmPackage{}, false
	}
	rest, release := cutLast(rest, "-")
	name, version := cutLast(rest, "-")
	if epoch, bare, ok := strings.Cut(name, ":"); ok && isEpoch(epoch) {
		name, version = bare, epoch+":"+version
	}
	return rpmPackage{name, version + "-" + release, arch}.whole()
}

// whole leaves out an epoch that says nothing and tells whether it is a package.
func (p rpmPackage) whole() (rpmPackage, bool) {
	for _, nothing := range []string{"(none):", "0:"} {
		p.version = strings.TrimPrefix(p.version, nothing)
	}
	return p, rpmName.MatchString(p.name) && rpmVersion.MatchString(p.version)
}

// rpmLooks: i386 is an architecture of Debian too.
func rpmLooks(text string) (fits, sure bool) {
	p, ok := readRPM(text)
	return ok || strings.HasPrefix(text, "gpg-pubkey"), ok && p.arch != "i386"
}
