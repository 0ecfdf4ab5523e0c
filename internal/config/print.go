package config

import (
	"fmt"
	"net/url"
	"strings"
)

// Table describes all settings as a Markdown table, for the README.
func Table() string {
	var b strings.Builder
	b.WriteString("| flag | variable | default | meaning |\n|---|---|---|---|\n")
	for _, s := range settings {
		standard := ""
		if s.standard != "" {
			standard = "`" + s.standard + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", s.name, strings.Join(s.variables(), "` or `"), standard, strings.ReplaceAll(s.help, "`", ""))
	}
	return b.String()
}

// String lists what was read and where each setting comes from; passwords are not
// shown.
func (r *Reader) String() string {
	var b strings.Builder
	for _, s := range settings {
		v := r.values[s.name]
		switch {
		case s.secret:
			v.text = masked(v.text)
		case s.hidden && v.text != "":
			v.text = "(hidden)"
		}
		fmt.Fprintf(&b, "%-22s %-40s %s\n", s.name, v.text, v.from)
	}
	return b.String()
}

// masked hides the password in a URL.
func masked(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(hidden)"
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}
