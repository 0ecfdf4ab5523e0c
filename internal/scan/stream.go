package scan

import (
	"cmp"
	"regexp"
	"strings"
)

// A release stream is one release of a distribution, for which fixes are built and
// numbered on their own: deb12, ubuntu22.04, el9, alpine3.18. A newer fix of one
// stream says nothing about the packages of another. Streams are named after what
// stands in the versions of their packages, where something does; distributions
// that rebuild one another's packages (Red Hat, CentOS, Rocky, Alma, Oracle) share
// one. Rolling releases, and ecosystems that no distribution releases, have none.

// family is a distribution: what its streams begin with, how people call it, who
// installs its packages, and how many numbers of its version name a release.
type family struct {
	prefix, people, ecosystem string
	numbers                   int
}

var distros = []family{
	{"deb", "Debian", "deb", 1}, {"ubuntu", "Ubuntu", "deb", 2}, {"alpine", "Alpine", "apk", 2}, {"el", "Enterprise Linux", "rpm", 1},
	{"amzn", "Amazon Linux", "rpm", 1}, {"fc", "Fedora", "rpm", 1}, {"sles", "SUSE Linux Enterprise", "rpm", 2},
	{"leap", "openSUSE Leap", "rpm", 2}, {"ph", "Photon OS", "rpm", 1},
}

// families by what tools call them, without blanks.
var families = familiesOf(map[string]string{
	"deb": "debian", "ubuntu": "ubuntu", "alpine": "alpine",
	"el": "redhat rhel redhatenterpriselinux redhatenterpriselinuxserver centos centoslinux centosstream rocky rockylinux " +
		"alma almalinux oracle oraclelinux oraclelinuxserver ol",
	"amzn": "amazon amazonlinux amzn", "fc": "fedora fedoralinux", "sles": "sles suse suselinuxenterpriseserver suse-linux-enterprise-server",
	"leap": "opensuse-leap opensuse.leap opensuseleap", "ph": "photon photonos",
})

func familiesOf(names map[string]string) map[string]family {
	out := map[string]family{}
	for _, f := range distros {
		for name := range strings.FieldsSeq(names[f.prefix]) {
			out[name] = f
		}
	}
	return out
}

var leadingVersion = regexp.MustCompile(`^v?([0-9]{1,4})(?:\.([0-9]{1,2}))?(?:[^0-9]|$)`)

// servicePack is how SUSE writes the second number of a release: "15 SP4", "15-SP4",
// OSV's "Linux Enterprise Server 15 SP4", "Linux Enterprise Module for Basesystem 15 SP4".
var servicePack = regexp.MustCompile(`(?i)^(?:[a-z][a-z ]{0,80} )?([0-9]{2})[ -]?SP ?([0-9])\b`)

// streamOf is the stream of a version of a distribution; empty if one of them says
// too little.
func streamOf(distribution, version string) string {
	f, known := families[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(distribution)), " ", "")]
	if pack := servicePack.FindStringSubmatch(version); pack != nil && f.prefix == "sles" {
		version = pack[1] + "." + pack[2]
	}
	m := leadingVersion.FindStringSubmatch(strings.TrimSpace(version))
	switch {
	case !known || m == nil || strings.HasSuffix(strings.TrimSpace(version), "/sid"):
		return ""
	case f.prefix == "amzn" && m[2] != "" && m[1] >= "2010" && m[1] <= "2018":
		return "amzn1" // Amazon Linux 2018.03 and before
	case f.numbers == 1 || f.prefix == "sles" && m[2] == "":
		return f.prefix + m[1]
	case m[2] == "":
		return ""
	}
	return f.prefix + m[1] + "." + m[2]
}

// codenames are the suites that apt names.
var codenames = map[string]string{
	"jessie": "deb8", "stretch": "deb9", "buster": "deb10", "bullseye": "deb11", "bookworm": "deb12", "trixie": "deb13",
	"trusty": "ubuntu14.04", "xenial": "ubuntu16.04", "bionic": "ubuntu18.04", "focal": "ubuntu20.04", "jammy": "ubuntu22.04", "noble": "ubuntu24.04",
}

// systemForm finds distributions in what network scanners say of a host: "Linux
// Kernel 5.4 on Ubuntu 20.04", "Red Hat Enterprise Linux 8.6".
var systemForm = regexp.MustCompile(`(?i)\b(debian|ubuntu|alpine|red ?hat enterprise linux(?: server)?|rhel|centos(?: stream)?|rocky linux|alma ?linux|` +
	`oracle linux(?: server)?|amazon linux|fedora|suse linux enterprise server|opensuse leap|photon os)` +
	`(?: gnu/linux| linux)?(?: release| version)?[ :/]{1,3}v?([0-9][0-9.]*(?:[ -]SP ?[0-9])?)(\s*[/-]\s*[0-9])?`)

// streamOfSystem is the stream of the operating system that a text names; empty
// where it names several, as a guess does.
func streamOfSystem(text string) string {
	found := ""
	for _, m := range systemForm.FindAllStringSubmatch(text[:min(len(text), 1000)], 8) {
		stream := streamOf(m[1], m[2])
		if stream == "" || m[3] != "" || found != "" && found != stream {
			return ""
		}
		found = stream
	}
	return found
}

var systemCPE = regexp.MustCompile(`^cpe:(?:/|2\.3:)o:(?:(debian):debian_linux|(canonical):ubuntu_linux|(alpinelinux):alpine_linux|(redhat):enterprise_linux[a-z_]*|` +
	`(oracle):linux|(rocky|almalinux|fedoraproject|amazon|opensuse):[a-z_]+|(suse):(?:sles|linux_enterprise_server)(?:_[a-z_]+)?):([0-9.]+(?::sp[0-9])?)`)

// streamOfCPE reads the platform of an advisory: cpe:/o:redhat:enterprise_linux:9::baseos.
func streamOfCPE(cpe string) string {
	m := systemCPE.FindStringSubmatch(cpe)
	if m == nil {
		return ""
	}
	names := map[string]string{"canonical": "ubuntu", "alpinelinux": "alpine", "fedoraproject": "fedora", "opensuse": "opensuse-leap"}
	vendor := cmp.Or(m[1:8]...)
	return streamOf(cmp.Or(names[vendor], vendor), strings.Replace(m[8], ":", " ", 1))
}

var versionStreams = map[string]*regexp.Regexp{
	"deb": regexp.MustCompile(`[+~](deb[0-9]{1,2})u[0-9]|(ubuntu)0\.([12][0-9]\.(?:04|10))(?:\.|$)|~([12][0-9]\.(?:04|10))\.[0-9]`),
	"rpm": regexp.MustCompile(`\.((?:el|fc|amzn|ph)[0-9]{1,4})(?:[^0-9]|$)`),
}

// StreamOfVersion is the stream that a package's version names, as 1.1.1n-0+deb11u5
// and 3.0.7-27.el9 do; empty where it names none.
func StreamOfVersion(ecosystem, version string) string {
	form := versionStreams[ecosystem]
	if form == nil {
		return ""
	}
	m := form.FindStringSubmatch(version)
	switch {
	case m == nil:
		return ""
	case m[1] != "":
		return m[1]
	case m[3] != "":
		return "ubuntu" + m[3]
	}
	return "ubuntu" + m[4] // made for it from another one's: 5.15.0-91.101~20.04.1
}

// streamOfPURL reads the qualifier distro of a package URL, which says "debian-12",
// or "3.18.4" where the namespace says what of.
func streamOfPURL(purl string) string {
	path, qualifiers, _ := strings.Cut(strings.TrimPrefix(purl, "pkg:"), "?")
	qualifiers, _, _ = strings.Cut(qualifiers, "#")
	for q := range strings.SplitSeq(qualifiers, "&") {
		distro, ok := strings.CutPrefix(q, "distro=")
		if !ok || len(distro) > 80 {
			continue
		}
		name, version := cutLast(distro, "-")
		if parts := strings.Split(path, "/"); version == "" && len(parts) > 2 {
			name, version = parts[1], distro
		}
		if stream := streamOf(name, version); stream != "" {
			return stream
		}
		return codenames[distro]
	}
	return ""
}

// StreamFor is the stream, if the ecosystem has streams of its kind: a Python
// package is the same on every distribution.
func StreamFor(ecosystem, stream string) string {
	if f, ok := streamFamily(stream); ok && f.ecosystem == ecosystem {
		return stream
	}
	return ""
}

func streamFamily(stream string) (family, bool) {
	prefix, version := span(stream, isLetter)
	for _, f := range distros {
		if f.prefix == prefix && version != "" {
			return f, true
		}
	}
	return family{}, false
}

// HasStreams tells whether packages of the ecosystem belong to releases of a
// distribution.
func HasStreams(ecosystem string) bool {
	return ecosystem == "deb" || ecosystem == "rpm" || ecosystem == "apk"
}

// StreamName is how people call a stream: "Debian 12". It is the stream itself
// where that is not known, and empty where there is none.
func StreamName(stream string) string {
	f, ok := streamFamily(stream)
	if !ok {
		return stream
	}
	return f.people + " " + strings.TrimPrefix(stream, f.prefix)
}

// Stream is the release stream that the report says the component belongs to;
// empty if it does not say.
func (f *Finding) Stream() string {
	if f.Component.Stream != "" {
		return f.Component.Stream
	}
	return StreamFor(f.Component.Ecosystem, f.Asset.Stream)
}
