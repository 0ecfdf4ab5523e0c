package scan

import (
	"cmp"
	"net/url"
	"strings"
)

// packageTypes maps what scanners call a package manager or a distribution to
// the type of the package URL (purl-spec, types) and, for distributions, its namespace.
var packageTypes = typesOf(map[string]string{
	"deb":      "deb dpkg debian/ ubuntu/",
	"apk":      "apk alpine/ wolfi/ chainguard/ minimos/",
	"rpm":      "rpm redhat/ centos/ rocky/ rockylinux/ alma/ almalinux/ oracle/ amazon/ fedora/ suse/ opensuse/ opensuse.leap/ opensuse.tumbleweed/ suse-linux-enterprise-server/ sles/ photon/ cbl-mariner/ azurelinux/ openeuler/",
	"npm":      "npm node-pkg nodepkg js yarn yarn-workspace pnpm bun javascript nodejs node",
	"pypi":     "pypi pip pipenv poetry python python-pkg pythonpkg uv pylock",
	"golang":   "golang gomod gobinary go-module gomodules golangdep govendor go",
	"maven":    "maven jar pom gradle sbt java java-archive jenkins-plugin",
	"gem":      "gem bundler gemspec ruby rubygems",
	"cargo":    "cargo rustbinary rust-binary rust-crate rust crates.io",
	"composer": "composer composer-vendor php-composer php packagist",
	"nuget":    "nuget dotnet-core dotnet-deps dotnet dotnet_core packages-props",
	"conda":    "conda conda-pkg", "hex": "hex", "pub": "pub dart-pub", "swift": "swift swifturl",
	"cocoapods": "cocoapods pod", "conan": "conan", "cran": "cran r-package", "hackage": "hackage",
	"alpm": "alpm arch/", "ebuild": "ebuild portage gentoo/", "bitnami": "bitnami", "kb": "kb msrc-kb",
	"github": "github github-action githubactions", "k8s": "k8s", "generic": "generic binary linux-kernel",
})

type packageType struct{ ecosystem, namespace string }

func typesOf(words map[string]string) map[string]packageType {
	types := map[string]packageType{}
	for ecosystem, list := range words {
		for word := range strings.FieldsSeq(list) {
			name, isDistro := strings.CutSuffix(word, "/")
			types[name] = packageType{ecosystem: ecosystem}
			if isDistro {
				types[name] = packageType{ecosystem, name}
			}
		}
	}
	return types
}

// newComponent prefers what the package URL says; without one it is put
// together from the kind of package the scanner names.
func newComponent(kind, name, purl, installed string) Component {
	c := Component{Installed: line(installed, maxName)}
	var ok bool
	if c.PURL, c.Ecosystem, c.Name, ok = splitPURL(purl); ok {
		c.Stream = StreamFor(c.Ecosystem, cmp.Or(streamOfPURL(purl), streamOfKind(kind)))
		return c
	}
	t, known := packageTypes[packageWord(kind)]
	if !known {
		t.ecosystem = "generic"
	}
	c.Ecosystem, c.Name, c.PURL = t.ecosystem, line(name, maxName), ""
	c.Stream = StreamFor(c.Ecosystem, streamOfKind(kind))
	if c.PURL = t.purl(c.Name); c.PURL != "" {
		c.Name = normalName(c.Ecosystem, c.Name)
	}
	return c
}

// packageWord: OSV writes "Red Hat:enterprise_linux:9" and "Debian:12" for what others call redhat and debian.
func packageWord(kind string) string {
	kind, _, _ = strings.Cut(strings.ToLower(kind), ":")
	return strings.ReplaceAll(strings.TrimSpace(kind), " ", "")
}

// streamOfKind reads the release behind the name: "Debian:12", "Alpine:v3.18",
// "Ubuntu:22.04:LTS", "Red Hat:enterprise_linux:9::baseos".
func streamOfKind(kind string) string {
	parts := strings.Split(kind, ":")
	for _, version := range parts[1:] {
		if stream := streamOf(parts[0], version); stream != "" {
			return stream
		}
	}
	return ""
}

// purl is empty where the name alone does not tell the package apart.
func (t packageType) purl(name string) string {
	path := t.namespace + "/" + name
	switch t.ecosystem {
	case "npm", "pypi", "golang", "gem", "cargo", "composer", "nuget", "hex", "pub":
		path = normalName(t.ecosystem, name)
	case "maven":
		group, artifact, ok := strings.Cut(name, ":")
		if !ok {
			return ""
		}
		path = group + "/" + artifact
	default:
		if t.namespace == "" || name == "" {
			return ""
		}
	}
	return "pkg:" + t.ecosystem + "/" + escapePath(path)
}

func escapePath(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), "@", "%40")
	}
	return strings.Join(parts, "/")
}

// splitPURL takes a package URL (purl-spec: pkg:type/namespace/name@version?qualifiers#subpath) apart.
func splitPURL(s string) (purl, ecosystem, name string, ok bool) {
	rest, isPURL := strings.CutPrefix(strings.TrimSpace(s), "pkg:")
	if !isPURL || len(s) > 4*maxName {
		return "", "", "", false
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	ecosystem, path, found := strings.Cut(strings.TrimLeft(rest, "/"), "/")
	path = strings.Trim(path, "/")
	if at := strings.LastIndexByte(path, '@'); at > 0 && path[at-1] != '/' {
		path = path[:at]
	}
	full, err := url.PathUnescape(path)
	ecosystem, full = strings.ToLower(ecosystem), line(full, maxName)
	if !found || full == "" || err != nil || !idForm.MatchString(ecosystem) || len(ecosystem) > 32 {
		return "", "", "", false
	}
	full = normalName(ecosystem, full)
	return "pkg:" + ecosystem + "/" + escapePath(full), ecosystem, shownName(ecosystem, full), true
}

// shownName is how people of the ecosystem write a package with its namespace.
func shownName(ecosystem, path string) string {
	slash := strings.LastIndexByte(path, '/')
	switch {
	case slash < 0:
		return path
	case ecosystem == "maven":
		return path[:slash] + ":" + path[slash+1:]
	case ecosystem == "deb", ecosystem == "rpm", ecosystem == "apk", ecosystem == "alpm", ecosystem == "conan":
		return path[slash+1:]
	}
	return path
}

// normalName follows the rules of the package registries on letter case; for
// PyPI also PEP 503 (runs of . _ - are one hyphen).
func normalName(ecosystem, name string) string {
	switch ecosystem {
	case "pypi":
		parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' })
		if len(parts) > 0 {
			return strings.Join(parts, "-")
		}
	case "golang", "composer", "github", "bitbucket", "deb", "apk", "hex":
		return strings.ToLower(name)
	}
	return name
}

// Key is the identity of the component without its version: the same package
// has the same key whichever tool names it, with a package URL or without.
func (c Component) Key() string {
	name := normalName(c.Ecosystem, c.Name)
	if c.Ecosystem == "nuget" || c.Ecosystem == "npm" {
		name = strings.ToLower(name)
	}
	return c.Ecosystem + ":" + name
}

// purlVersion is the version inside a package URL; empty if there is none. RPM
// keeps its epoch in a qualifier (purl-spec, rpm), and it belongs to the order of versions.
func purlVersion(purl string) string {
	if !strings.HasPrefix(purl, "pkg:") || len(purl) > 4*maxName {
		return ""
	}
	purl, _, _ = strings.Cut(purl, "#")
	purl, qualifiers, _ := strings.Cut(purl, "?")
	at := strings.LastIndexByte(purl, '@')
	if at <= 0 || purl[at-1] == '/' {
		return ""
	}
	version, err := url.PathUnescape(purl[at+1:])
	if err != nil {
		return ""
	}
	for q := range strings.SplitSeq(qualifiers, "&") {
		if epoch, ok := strings.CutPrefix(q, "epoch="); ok && isNumber(epoch) && epoch != "0" && !strings.Contains(version, ":") {
			version = epoch + ":" + version
		}
	}
	return line(version, maxName)
}
