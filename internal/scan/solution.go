package scan

import (
	"regexp"
	"strings"
)

// VendorFix stands in Finding.Fixed for the fix where a report says that the vendor has one, and
// not which.
const VendorFix = "vendor fix"

var (
	kbForm = regexp.MustCompile(`(?i)\bKB ?([0-9]{6,8})\b`)
	// upgradeForm reads "Upgrade musl to version 1.1.20-r5" and "update to Demo Server 2.4.49, 2.5.1 or later".
	upgradeForm = regexp.MustCompile(`(?i)\b(?:upgrade|upgrading|update|updating|migrate)\s+(?:([^\s;]{1,160})\s+)?(?:[^\s;]+\s+){0,8}?to\s+` +
		`(?:[a-z][\w+/-]*(?:\.\w+)*\s+){0,6}?(versions?\s+|releases?\s+)?(v?[0-9][\w.+~:-]*(?:(?:\s*,\s*|\s+or\s+|\s+and\s+|\s*,\s*(?:or|and)\s+|\s+/\s+)v?[0-9][\w.+~:-]*)*)`)
	versionParts = regexp.MustCompile(`\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+|\s+/\s+`)
	imperative   = regexp.MustCompile(`(?i)^\s*(?:please )?(?:upgrade|update|install|apply|patch)\b|following are links for downloading patches`)
)

// articles are Microsoft's knowledge base articles that a text names.
func articles(texts ...string) []string {
	var list []string
	for _, text := range texts {
		for _, m := range kbForm.FindAllStringSubmatch(text[:min(len(text), maxText)], 64) {
			list = append(list, "KB"+m[1])
		}
	}
	return distinct(list, 32, 40)
}

// upgrades are the versions that the prose of a solution asks for. Where it
// speaks of several packages, only what it says of this one counts.
func upgrades(text, component string) []string {
	text = strings.Join(strings.Fields(text[:min(len(text), 4*MaxDescription)]), " ")
	var own, others []string
	for _, m := range upgradeForm.FindAllStringSubmatch(text, 32) {
		versions := upgradeVersions(m[3], m[2] != "")
		if m[1] != "" && strings.EqualFold(m[1], component) {
			own = append(own, versions...)
		}
		others = append(others, versions...)
	}
	if len(own) > 0 {
		others = own
	}
	return distinct(others, 32, maxName)
}

// upgradeVersions takes a list of versions apart. A bare number counts only
// behind the word "version".
func upgradeVersions(list string, said bool) []string {
	var versions []string
	for _, v := range versionParts.Split(list, 64) {
		v = strings.TrimRight(v, ".,:;-")
		if said || strings.Contains(v, ".") {
			versions = append(versions, v)
		}
	}
	return versions
}

// solved is the identity of the fix that a report of a network scanner carries:
// an article of Microsoft, else a version, else that the vendor has one.
func solved(component, solution string, patchable bool, named ...string) []string {
	if list := articles(append(named, solution)...); len(list) > 0 {
		return list
	}
	if list := upgrades(solution, component); len(list) > 0 {
		return list
	}
	if patchable || imperative.MatchString(solution) {
		return []string{VendorFix}
	}
	return nil
}
