package scan

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// assess gathers the ratings, the CNA's before CISA's, and CISA's decision points.
func (r *cveRecord) assess(v *Vulnerability) error {
	var rs ratings
	var newest time.Time
	for i, c := range r.containers() {
		source := strings.ToLower(c.Provider.ShortName)
		if i == 0 {
			source = "cna"
		}
		for _, m := range c.Metrics {
			m.rate(&rs, source)
			if m.Other == nil {
				continue
			}
			if err := m.decision(v, &newest); err != nil {
				return err
			}
		}
	}
	v.Ratings = rs.sorted("cna", "cisa-adp")
	return rs.err
}

func (m cveMetric) rate(rs *ratings, source string) {
	for _, c := range []struct {
		version string
		*cvss
	}{{"3.1", m.V31}, {"3.0", m.V30}, {"4.0", m.V4}, {"2.0", m.V2}} {
		if c.cvss != nil {
			rs.add(source, c.version, c.Vector, c.Score)
		}
	}
}

// decision reads the two "other" metrics of Vulnrichment: ssvc (the newest counts) and kev.
func (m cveMetric) decision(v *Vulnerability, newest *time.Time) error {
	var content struct {
		Timestamp string              `json:"timestamp"`
		Options   []map[string]string `json:"options"`
		DateAdded string              `json:"dateAdded"`
	}
	if json.Unmarshal(m.Other.Content, &content) != nil {
		return nil // another organisation's metric
	}
	switch strings.ToLower(m.Other.Type) {
	case "kev":
		day, err := timeOf(content.DateAdded)
		if err != nil {
			return fmt.Errorf("date of the KEV listing: %w", err)
		}
		v.KEVDateAdded = day.Truncate(24 * time.Hour)
	case "ssvc":
		at := timeOrZero(content.Timestamp)
		if at.Before(*newest) {
			return nil
		}
		*newest = at
		for _, option := range content.Options {
			v.decide(option)
		}
	}
	return nil
}

func (v *Vulnerability) decide(option map[string]string) {
	for point, value := range option {
		value = strings.ToLower(strings.TrimSpace(value))
		switch strings.ToLower(strings.TrimSpace(point)) {
		case "exploitation":
			v.Exploitation = exploitation(value)
		case "automatable":
			v.Automatable = choice(value, "yes", "no")
		case "technical impact":
			v.TotalImpact = choice(value, "total", "partial")
		}
	}
}

func exploitation(value string) string {
	switch value {
	case "none", "poc", "active":
		return value
	case "public poc", "proof of concept":
		return "poc"
	}
	return ""
}

func choice(value, yes, no string) *bool {
	if value != yes && value != no {
		return nil
	}
	is := value == yes
	return &is
}
