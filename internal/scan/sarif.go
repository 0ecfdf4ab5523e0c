package scan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// sarifRule is what a rule says about all its results (SARIF 2.1.0, 3.49).
type sarifRule struct {
	ID    string `json:"id"`
	Short struct {
		Text string `json:"text"`
	} `json:"shortDescription"`
	Full struct {
		Text string `json:"text"`
	} `json:"fullDescription"`
	Help    string `json:"helpUri"`
	Default struct {
		Level string `json:"level"`
	} `json:"defaultConfiguration"`
	Properties struct {
		Severity json.RawMessage `json:"security-severity"` // a number from 0 to 10, as text
		Vector   string          `json:"cvssv3_vector"`
		Score    float64         `json:"cvssv3_baseScore"`
	} `json:"properties"`
}

type sarifResult struct {
	RuleID    string `json:"ruleId"`
	RuleIndex *int   `json:"ruleIndex"`
	Rule      struct {
		ID    string `json:"id"`
		Index *int   `json:"index"`
	} `json:"rule"`
	Kind    string `json:"kind"`
	Level   string `json:"level"`
	Message struct {
		Text string `json:"text"`
	} `json:"message"`
	Baseline     string `json:"baselineState"`
	Suppressions []struct {
		Status string `json:"status"`
	} `json:"suppressions"`
	Locations []struct {
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
		} `json:"physicalLocation"`
		Logical []struct {
			Full string `json:"fullyQualifiedName"`
		} `json:"logicalLocations"`
	} `json:"locations"`
	Properties struct {
		Severity string          `json:"severity"`
		PURL     string          `json:"purl"`
		Security json.RawMessage `json:"security-severity"`
	} `json:"properties"`
}

func (d *decoder) sarif() error {
	runs := &sarifRuns{held: maxHeld}
	if err := d.walk(runs.survey); err != nil {
		return err
	}
	if !runs.listed {
		return errors.New("has no runs, so it is no SARIF log")
	}
	if err := d.emit(Item{Position: "file", Snapshot: runs.snapshot()}); err != nil {
		return err
	}
	seen := map[Asset]bool{}
	for i, run := range runs.list {
		if err := d.announce(seen, d.asset(run.asset()), fmt.Sprintf("runs[%d]", i)); err != nil {
			return err
		}
	}
	return d.walk(func(w *walker) error {
		return sarifWalk(w, func(i int) error {
			run := runs.list[i]
			asset := d.asset(run.asset())
			return w.object(func(key string) error {
				if key != "results" {
					return w.skip()
				}
				return w.list(func(j int) error {
					return d.record(w, fmt.Sprintf("runs[%d].results[%d]", i, j), func(raw []byte) (Item, error) {
						return run.read(raw, asset)
					})
				})
			})
		})
	})
}

// read makes one finding of a result.
func (run *sarifRun) read(raw []byte, asset Asset) (Item, error) {
	var r sarifResult
	if err := json.Unmarshal(raw, &r); err != nil {
		return Item{}, wrongType(err)
	}
	rule := run.rule(&r)
	named := r.RuleID
	for _, id := range []string{r.Rule.ID, rule.ID} {
		if named == "" {
			named = id
		}
	}
	if line(named, maxID) == "" {
		return Item{}, errors.New("names no rule")
	}
	says := sarifMessage(r.Message.Text)
	id, component := sarifID(named)
	f := &Finding{Asset: asset, Vulnerability: id, Fixed: versionList(says["fixed version"]), FixState: "unknown",
		Component: r.component(component, says), Title: line(rule.Short.Text, maxTitle), URL: webAddress(rule.Help),
		Description: clean(strings.TrimSpace(rule.Full.Text), MaxDescription), Status: r.status()}
	if f.Title == "" {
		f.Title = line(r.Message.Text, maxTitle)
	}
	if len(f.Fixed) > 0 {
		f.FixState = "fixed"
	}
	return Item{Finding: f}, r.rate(f, rule, says["severity"])
}

var ruleWithPackage = regexp.MustCompile(`^(CVE-[0-9]{4}-[0-9]{4,19}|GHSA(?:-[0-9a-z]{4}){3})-(.+)$`)

// sarifID: Grype names its rules by vulnerability and package; tools that find
// weaknesses in code name them freely, and that name is kept.
func sarifID(rule string) (id, component string) {
	if m := ruleWithPackage.FindStringSubmatch(strings.TrimSpace(rule)); m != nil {
		return m[1], line(m[2], maxName)
	}
	if id, ok := vulnerabilityID(rule); ok {
		return id, ""
	}
	return line(rule, maxID), ""
}

// grypeSentence is how Grype words a result: "A high vulnerability in python package: pip, version 20.3 was found at: …".
var grypeSentence = regexp.MustCompile(`vulnerability in ([\w-]+) package: ([^,\s]+), version (\S+)`)

// sarifMessage reads the lines "Package: musl" of Trivy and the sentence of Grype.
func sarifMessage(text string) map[string]string {
	says := map[string]string{}
	text = text[:min(len(text), 8192)]
	for row := range strings.SplitSeq(text, "\n") {
		if key, value, ok := strings.Cut(row, ":"); ok && len(says) < 20 {
			says[strings.ToLower(strings.TrimSpace(key))] = strings.TrimSpace(value)
		}
	}
	if m := grypeSentence.FindStringSubmatch(text); m != nil {
		says["type"], says["package"], says["installed version"] = m[1], m[2], m[3]
	}
	return says
}

// component is the package where the tool names one, else the file or place the result points at.
func (r *sarifResult) component(named string, says map[string]string) Component {
	if p := says["package"]; p != "" && says["installed version"] != "" {
		c := newComponent(says["type"], p, r.Properties.PURL, says["installed version"])
		c.Bare = c.PURL == "" && says["type"] == ""
		return c
	}
	place := ""
	for _, l := range r.Locations {
		for _, logical := range l.Logical {
			if strings.HasPrefix(logical.Full, "pkg:") {
				return newComponent("", logical.Full, logical.Full, purlVersion(logical.Full))
			}
		}
		if place == "" {
			place = filePath(l.Physical.Artifact.URI)
		}
	}
	for _, name := range []string{named, place, "unknown"} {
		if name != "" {
			return newComponent("", name, r.Properties.PURL, purlVersion(r.Properties.PURL))
		}
	}
	return Component{}
}

func filePath(uri string) string {
	path := strings.TrimPrefix(uri, "file:")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	if path != uri {
		path = "/" + strings.TrimLeft(path, "/")
	}
	return line(path, maxName)
}

// status: a suppressed result was judged as no reason to act; an absent one is gone since the baseline.
func (r *sarifResult) status() string {
	for _, s := range r.Suppressions {
		if s.Status == "" || s.Status == "accepted" {
			return "not_affected"
		}
	}
	switch {
	case r.Baseline == "absent":
		return "fixed"
	case r.Kind == "pass", r.Kind == "notApplicable", r.Kind == "informational":
		return "not_affected"
	case r.Kind == "open", r.Kind == "review":
		return "under_investigation"
	}
	return "affected"
}

func (r *sarifResult) rate(f *Finding, rule sarifRule, said string) error {
	var rs ratings
	rs.add("report", "", rule.Properties.Vector, rule.Properties.Score)
	score := scoreOf(r.Properties.Security)
	if score == 0 {
		score = scoreOf(rule.Properties.Severity)
	}
	if len(rs.list) == 0 {
		rs.add("report", "", "", score)
	}
	f.Ratings = rs.sorted()
	level := r.Level
	if level = cmp.Or(level, rule.Default.Level); level == "" && f.Status == "affected" {
		level = "warning" // SARIF 2.1.0, 3.27.10
	}
	f.Severity = "unknown"
	for _, s := range []string{said, band(score), r.Properties.Severity, map[string]string{"error": "high", "warning": "medium", "note": "low", "none": "none"}[level]} {
		if f.Severity == "unknown" {
			f.Severity = severityOf(s)
		}
	}
	return rs.err
}

// scoreOf reads a number that tools write as text or as a number.
func scoreOf(raw json.RawMessage) float64 {
	v, _ := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	return v
}

// band is the qualitative severity of a CVSS score (CVSS 3.1 specification, table 14).
func band(score float64) string {
	switch {
	case score >= 9:
		return "critical"
	case score >= 7:
		return "high"
	case score >= 4:
		return "medium"
	case score > 0:
		return "low"
	}
	return ""
}
