package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// kevFile is the part of the KEV catalogue that the facts are about.
func kevFile(fixes []*fix) []byte {
	type entry struct {
		CVE        string `json:"cveID"`
		Vendor     string `json:"vendorProject"`
		Product    string `json:"product"`
		Added      string `json:"dateAdded"`
		Due        string `json:"dueDate"`
		Ransomware string `json:"knownRansomwareCampaignUse"`
	}
	entries, seen := []entry{}, map[string]bool{}
	for _, f := range fixes {
		for _, one := range f.facts {
			if one.kevAdded == "" || seen[one.cve] {
				continue
			}
			seen[one.cve] = true
			e := entry{one.cve, one.kevVendor, one.kevProduct, one.kevAdded, one.kevDue, "Unknown"}
			if one.ransomware {
				e.Ransomware = "Known"
			}
			entries = append(entries, e)
		}
	}
	return toJSON(map[string]any{
		"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2025.08.25",
		"dateReleased": "2025-08-25T00:00:00.0000Z", "count": len(entries), "vulnerabilities": entries,
	})
}

// epssFile is the part of the day's scores that the facts are about.
func epssFile(fixes []*fix) []byte {
	var out bytes.Buffer
	out.WriteString("#model_version:v2025.03.14,score_date:2026-06-14T00:00:00+0000\ncve,epss,percentile\n")
	seen := map[string]bool{}
	for _, f := range fixes {
		for _, one := range f.facts {
			if !seen[one.cve] {
				seen[one.cve] = true
				fmt.Fprintf(&out, "%s,%s,%s\n", one.cve, one.epss, one.percentile)
			}
		}
	}
	return out.Bytes()
}

// recordsFile are CVE records of what a round of scans has found.
func recordsFile(fixes []*fix, round int) []byte {
	records, seen := []any{}, map[string]bool{}
	for _, f := range fixes {
		for _, one := range f.facts {
			if f.round == round && !seen[one.cve] {
				seen[one.cve] = true
				records = append(records, one.record(f))
			}
		}
	}
	return toJSON(records)
}

// record is what the CVE programme has published: the product, and for records of
// Vulnrichment the rating and CISA's decision points.
func (one fact) record(f *fix) map[string]any {
	ratings := map[string][]any{}
	if one.ratedBy != "" {
		version := one.vector[len("CVSS:"):][:3]
		name := map[string]string{"3.0": "cvssV3_0", "3.1": "cvssV3_1", "4.0": "cvssV4_0"}[version]
		ratings[one.ratedBy] = []any{map[string]any{name: map[string]any{"version": version, "vectorString": one.vector}}}
	}
	if one.automatable != "" {
		options := []any{map[string]any{"Exploitation": one.exploitation}, map[string]any{"Automatable": one.automatable},
			map[string]any{"Technical Impact": one.impact}}
		ssvc := map[string]any{"type": "ssvc", "content": map[string]any{"id": one.cve, "options": options}}
		ratings["cisa-adp"] = append(ratings["cisa-adp"], map[string]any{"other": ssvc})
	}
	cna := map[string]any{
		"providerMetadata": map[string]any{"shortName": f.vendor}, "metrics": ratings["cna"],
		"affected": []any{map[string]any{"vendor": f.vendor, "product": f.component}},
	}
	adp := map[string]any{"providerMetadata": map[string]any{"shortName": "CISA-ADP"}, "metrics": ratings["cisa-adp"]}
	return map[string]any{
		"dataType": "CVE_RECORD", "dataVersion": "5.1", "containers": map[string]any{"cna": cna, "adp": []any{adp}},
		"cveMetadata": map[string]any{"cveId": one.cve, "state": "PUBLISHED"},
	}
}

func toJSON(v any) []byte {
	text, _ := json.Marshal(v) // plain values always marshal
	return text
}
