package scan

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// dpkgLine is a package as dpkg-query -W or dpkg -l prints it.
type dpkgLine struct {
	name, version, arch string
	gone                bool // removed; at most its configuration is left
}

// Statuses and architectures of dpkg: dpkg-query(1), dpkg-architecture(1).
var (
	dpkgStates = strings.Fields("installed unpacked half-installed half-configured triggers-awaited triggers-pending config-files not-installed")
	dpkgArches = strings.Fields("all amd64 arm64 armel armhf i386 mips mipsel mips64el ppc64el ppc64 powerpc riscv64 s390x sparc64 alpha hppa ia64 m68k loong64 sh4 x32 hurd-i386 hurd-amd64 kfreebsd-amd64 kfreebsd-i386")

	dpkgName    = regexp.MustCompile(`^[a-z0-9][a-z0-9+.\-]*(:[a-z0-9\-]+)?$`)
	dpkgVersion = regexp.MustCompile(`^[0-9][A-Za-z0-9.+:~\-]*$`)
	dpkgFlags   = regexp.MustCompile(`^[uihrp][nicURHFWt][ R]$`)
)

// dpkg reads what dpkg-query -W or dpkg -l prints, as an inventory.
func (d *decoder) dpkg() error {
	asset := d.asset("", "host")
	return d.eachLine(&Snapshot{Source: "dpkg", Inventory: true}, asset, func(text string) ([]Item, error) {
		p, ok := readDpkg(text)
		switch {
		case !ok:
			return nil, errors.New("is no line of dpkg-query or dpkg -l")
		case p.gone:
			return nil, errNotice
		}
		return []Item{{Installed: &Installed{Asset: asset, Component: newComponent("deb", p.name, "", p.version), Arch: p.arch}}}, nil
	})
}

// readDpkg reads "name⇥version", with the architecture and the status in any
// further column, or a line of dpkg -l; false if it is neither.
func readDpkg(text string) (dpkgLine, bool) {
	if len(text) > 4 && dpkgFlags.MatchString(text[:3]) && text[3] == ' ' {
		return readDpkgList(text)
	}
	cells := strings.Split(text, "\t")
	bare := len(cells) == 1
	if bare {
		cells = strings.Fields(text)
	}
	if len(cells) < 2 {
		return dpkgLine{}, false
	}
	p := dpkgLine{name: strings.TrimSpace(cells[0]), version: strings.TrimSpace(cells[1])}
	known := p.further(cells[2:])
	return p.whole(known || !bare)
}

// dpkgLooks: a name and a version alone may be anybody's, an architecture, a
// status, an epoch or a revision is Debian's.
func dpkgLooks(text string) (fits, sure bool) {
	p, ok := readDpkg(text)
	return ok, ok && p.version != "" && (p.arch != "" || p.gone || strings.ContainsAny(p.version, "-:"))
}

// readDpkgList reads "ii  name  version  architecture  description"; old
// versions have no column for the architecture.
func readDpkgList(text string) (dpkgLine, bool) {
	cells := strings.Fields(text[3:])
	if len(cells) < 2 {
		return dpkgLine{}, false
	}
	p := dpkgLine{name: cells[0], version: cells[1], gone: text[1] == 'c' || text[1] == 'n'}
	if len(cells) > 2 && slices.Contains(dpkgArches, cells[2]) {
		p.arch = cells[2]
	}
	return p.whole(true)
}

// further looks for the architecture and the status in the other columns.
func (p *dpkgLine) further(cells []string) (known bool) {
	for _, cell := range cells {
		cell = strings.TrimSpace(cell)
		state := cell[strings.LastIndexByte(cell, ' ')+1:] // "install ok installed"
		switch {
		case slices.Contains(dpkgArches, cell):
			p.arch, known = cell, true
		case slices.Contains(dpkgStates, state):
			p.gone, known = state == "config-files" || state == "not-installed", true
		}
	}
	return known
}

// whole separates "libc6:amd64" and tells whether the line is one of a package.
func (p dpkgLine) whole(known bool) (dpkgLine, bool) {
	if p.version == "<none>" {
		p.version = ""
	}
	if !known || !dpkgName.MatchString(p.name) || p.version != "" && !dpkgVersion.MatchString(p.version) {
		return dpkgLine{}, false
	}
	name, arch, split := strings.Cut(p.name, ":")
	if p.name = name; split && p.arch == "" {
		p.arch = arch
	}
	p.gone = p.gone || p.version == ""
	return p, true
}
