package scan

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

var (
	kbInTitle = regexp.MustCompile(`(?i)\bKB([0-9]{6,8})\b`)
	kbNumber  = regexp.MustCompile(`\b[0-9]{6,8}\b`)
	titleDate = regexp.MustCompile(`^[0-9]{4}-[0-9]{2} `)
)

// kbOf finds the number of the article about an update; empty if there is none.
func kbOf(row cells) string {
	for _, name := range []string{"HotFixID", "KB", "Title"} {
		if m := kbInTitle.FindStringSubmatch(row(name)); m != nil {
			return "KB" + m[1]
		}
	}
	if number := kbNumber.FindString(row("KBArticleIDs")); number != "" {
		return "KB" + number
	}
	return ""
}

func readHotfix(row cells, asset Asset) ([]Item, error) {
	kb := kbOf(row)
	if kb == "" {
		return nil, errors.New("HotFixID is no KB number")
	}
	return installedUpdate(asset, kb), nil
}

func installedUpdate(asset Asset, name string) []Item {
	return []Item{{Installed: &Installed{Asset: asset, Component: newComponent("kb", name, "", "")}}}
}

// readUpdateHistory takes what was installed; what failed or was removed says
// nothing about now. The codes are those of the Windows Update Agent.
func readUpdateHistory(row cells, asset Asset) ([]Item, error) {
	result, operation := row.first("Result", "ResultCode"), row.first("OperationName", "Operation")
	if !slices.Contains([]string{"Succeeded", "SucceededWithErrors", "2", "3"}, result) || !slices.Contains([]string{"Installation", "1"}, operation) {
		return nil, nil
	}
	name := kbOf(row)
	if name == "" {
		name = line(row("Title"), maxName)
	}
	if name == "" {
		return nil, errors.New("the update has no title")
	}
	return installedUpdate(asset, name), nil
}

// readPendingUpdate: an update that is a security update is work, and removes
// what its CVEs name, or else what its article is about.
func readPendingUpdate(row cells, asset Asset) ([]Item, error) {
	title, kb := line(row("Title"), maxTitle), kbOf(row)
	name := productOf(title)
	if name == "" {
		name = kb
	}
	switch {
	case name == "":
		return nil, errors.New("the update has neither a title nor a KB number")
	case strings.EqualFold(row("IsInstalled"), "true"):
		return installedUpdate(asset, orElse(kb, name)), nil
	}
	c := newComponent("kb", name, "", "")
	if !isSecurityUpdate(row, title) || strings.EqualFold(row("IsHidden"), "true") {
		return []Item{{Update: &Update{Asset: asset, Component: c, Version: orElse(kb, title)}}}, nil
	}
	if kb == "" {
		return nil, errors.New("the security update has no KB number")
	}
	ids := distinct(strings.FieldsFunc(row("CveIDs"), func(r rune) bool { return r == ' ' || r == ',' || r == ';' }), 500, maxID)
	if len(ids) == 0 {
		ids = []string{kb}
	}
	var items []Item
	for _, id := range ids {
		id, ok := vulnerabilityID(id)
		if !ok {
			return nil, errors.New("CveIDs holds what is no id")
		}
		items = append(items, Item{Finding: &Finding{Asset: asset, Component: c, Vulnerability: id, Fixed: []string{kb}, FixState: "fixed", Status: "affected",
			Severity: severityOf(row("MsrcSeverity")), Title: title, URL: "https://support.microsoft.com/help/" + kb[2:]}})
	}
	return items, nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// productOf is the title without what changes every month, its date and its KB
// number: the next update of the same kind supersedes this one.
func productOf(title string) string {
	if at := kbInTitle.FindStringIndex(title); at != nil {
		title = title[:at[0]]
	}
	title = titleDate.ReplaceAllString(title, "")
	return strings.TrimRight(title, " (-–….")
}

// securityCategory is the id of the class "Security Updates" of Windows Update,
// whose name is translated.
const securityCategory = "0fa1201d-4330-4fa8-8ae9-b877473b6441"

// isSecurityUpdate goes by what Windows Update says of the update; only where a
// list has no more than titles, by the fixed wording of Microsoft's titles.
func isSecurityUpdate(row cells, title string) bool {
	if row("MsrcSeverity") != "" || row("CveIDs") != "" || row("SecurityBulletinIDs") != "" {
		return true
	}
	if categories := strings.ToLower(row("Categories")); categories != "" && !strings.Contains(categories, "__comobject") {
		return strings.Contains(categories, securityCategory) || strings.Contains(categories, "security updates")
	}
	title = strings.ToLower(title)
	if strings.Contains(title, "preview") || strings.Contains(title, "vorschau") {
		return false
	}
	for _, wording := range []string{"security update", "security monthly quality rollup", "security only quality update", "cumulative update", "cumulative security update",
		"sicherheitsupdate", "kumulatives update", "mise à jour de sécurité", "mise à jour cumulative", "actualización de seguridad", "actualización acumulativa"} {
		if strings.Contains(title, wording) {
			return true
		}
	}
	return false
}
