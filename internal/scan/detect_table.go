package scan

import (
	"bytes"
	"fmt"
	"strings"
)

// tableKinds are told apart by the names of their columns; lines about the report
// may come before those that are reports.
var tableKinds = []struct {
	format Format
	is     func(columns map[string]int) bool
	report bool
}{
	{EPSSCSV, isEPSS, false},
	{GenericCSV, isGeneric, true},
	{KEVCSV, isKEV, false},
	{NessusCSV, isNessus, true},
	{QualysCSV, isQualys, true},
	{OpenVASCSV, isOpenVAS, true},
	{DefenderCSV, isDefender, true},
	{HotfixCSV, isHotfix, false},
	{WindowsUpdateCSV, isWindowsUpdate, false},
}

// detectTable recognises tables by the names of their columns.
func detectTable(body []byte) (Format, error) {
	rest := body
	for len(rest) > 0 && rest[0] == '#' {
		comment := firstLine(rest)
		if strings.Contains(string(comment), "model_version") {
			return EPSSCSV, nil
		}
		rest = []byte(strings.TrimLeft(string(rest[len(comment):]), "\r\n"))
	}
	first := firstLine(rest)
	for lines := 0; len(rest) > 0 && lines < maxPreamble; lines++ {
		columns := columnsOf(firstLine(rest))
		for _, k := range tableKinds {
			if (lines == 0 || k.report) && k.is(columns) {
				return k.format, nil
			}
		}
		_, rest, _ = bytes.Cut(rest, []byte{'\n'})
	}
	if format, ok := detectWindowsText(body); ok {
		return format, nil
	}
	if format, ok := detectLines(body); ok {
		return format, nil
	}
	if len(first) > maxLine {
		return "", fmt.Errorf("looks like neither JSON nor a table; %s", accepted)
	}
	return "", fmt.Errorf("looks like text or a table that begins with %q; %s", line(string(first), 80), accepted)
}
