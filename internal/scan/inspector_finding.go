package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// inspectorFinding is a finding of the Amazon Inspector v2 API.
type inspectorFinding struct {
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Severity    string `json:"severity"`
	Status      string `json:"status"`
	EPSS        *struct {
		Score float64 `json:"score"`
	} `json:"epss"`
	Score  float64 `json:"inspectorScore"`
	Scored struct {
		Adjusted struct {
			Vector  string `json:"scoringVector"`
			Version string `json:"version"`
		} `json:"adjustedCvss"`
	} `json:"inspectorScoreDetails"`
	Details *struct {
		ID      string   `json:"vulnerabilityId"`
		Related []string `json:"relatedVulnerabilities"`
		URL     string   `json:"sourceUrl"`
		CVSS    []struct {
			Score   float64 `json:"baseScore"`
			Vector  string  `json:"scoringVector"`
			Source  string  `json:"source"`
			Version string  `json:"version"`
		} `json:"cvss"`
		Packages []struct {
			Name    string      `json:"name"`
			Version string      `json:"version"`
			Release string      `json:"release"`
			Epoch   json.Number `json:"epoch"`
			Manager string      `json:"packageManager"`
			Fixed   string      `json:"fixedInVersion"`
		} `json:"vulnerablePackages"`
	} `json:"packageVulnerabilityDetails"`
	Resources []struct {
		ID      string `json:"id"`
		Type    string `json:"type"`
		Details struct {
			EC2 struct {
				Platform string `json:"platform"`
			} `json:"awsEc2Instance"`
			Image struct {
				Repository string   `json:"repositoryName"`
				Tags       []string `json:"imageTags"`
				Hash       string   `json:"imageHash"`
				Platform   string   `json:"platform"`
			} `json:"awsEcrContainerImage"`
			Lambda struct {
				Name string `json:"functionName"`
			} `json:"awsLambdaFunction"`
		} `json:"details"`
	} `json:"resources"`
}

// inspectorStates: suppressed is what a rule of the account's owner hides, so it
// opens no work here either.
var inspectorStates = map[string]string{"": "affected", "ACTIVE": "affected", "SUPPRESSED": "not_affected", "CLOSED": "fixed"}

func readInspector(raw []byte) (*inspected, error) {
	var f inspectorFinding
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, wrongType(err)
	}
	if f.Details == nil {
		return nil, fmt.Errorf("is about no package, but %s", line(strings.ToLower(f.Type+" "), 60))
	}
	status, ok := inspectorStates[f.Status]
	if !ok {
		return nil, errors.New("status is none of ACTIVE, SUPPRESSED and CLOSED")
	}
	v := &inspected{base: Finding{Status: status, Severity: inspectorSeverity(f.Severity), FixState: "unknown",
		Title: line(f.Title, maxTitle), Description: clean(f.Description, MaxDescription), URL: webAddress(f.Details.URL)}}
	if err := v.identify(f.Details.ID, f.Details.Related); err != nil {
		return nil, err
	}
	if f.EPSS != nil {
		if err := v.likely(f.EPSS.Score); err != nil {
			return nil, err
		}
	}
	for _, p := range f.Details.Packages {
		v.packages = append(v.packages, inspectedPackage{p.Manager, p.Name, p.Epoch.String(), p.Version, p.Release, p.Fixed})
	}
	for _, r := range f.Resources {
		platform, image := r.Details.EC2.Platform, r.Details.Image
		if image.Platform != "" {
			platform = image.Platform
		}
		v.resources = append(v.resources, resourceOf(r.ID, r.Type, image.Repository, image.Tags, image.Hash, r.Details.Lambda.Name, platform))
	}
	return v, f.rate(&v.base)
}

func (f *inspectorFinding) rate(out *Finding) error {
	var rs ratings
	for _, c := range f.Details.CVSS {
		rs.add(c.Source, c.Version, c.Vector, c.Score)
	}
	rs.add("aws-inspector", f.Scored.Adjusted.Version, f.Scored.Adjusted.Vector, f.Score)
	out.Ratings = rs.sorted("nvd", "ghsa", "redhat")
	return rs.err
}

// inspectorSeverity: a finding that nobody has rated is UNTRIAGED.
func inspectorSeverity(s string) string {
	if strings.EqualFold(s, "informational") || strings.EqualFold(s, "untriaged") {
		return "unknown"
	}
	return severityOf(s)
}

// identify: what is related is another name only where a GitHub advisory is about
// one CVE; a distribution's advisory is about several.
func (v *inspected) identify(id string, related []string) error {
	var ok bool
	if v.base.Vulnerability, ok = vulnerabilityID(id); !ok {
		return errors.New("the vulnerability's id is missing or malformed")
	}
	if len(related) == 1 && strings.HasPrefix(v.base.Vulnerability, "GHSA-") {
		v.base.Aliases = otherIDs(v.base.Vulnerability, vulnerabilityNames(related))
	}
	return nil
}

func (v *inspected) likely(p float64) error {
	if !(p >= 0 && p <= 1) {
		return errors.New("epss is not from 0 to 1")
	}
	v.base.EPSS = &p
	return nil
}

// resourceOf names images and functions as people do, and instances by their id.
func resourceOf(id, kind, repository string, tags []string, hash, function, platform string) inspectedResource {
	kind = strings.ToUpper(strings.ReplaceAll(kind, "_", ""))
	r := inspectedResource{name: id[strings.LastIndexByte(id, '/')+1:], kind: "unknown", platform: platform}
	switch {
	case strings.Contains(kind, "ECRCONTAINERIMAGE"):
		r.kind = "image"
		switch {
		case repository != "" && len(tags) > 0:
			r.name = repository + ":" + tags[0]
		case repository != "" && hash != "":
			r.name = repository + "@" + hash
		default:
			r.name = id
		}
	case strings.Contains(kind, "LAMBDAFUNCTION"):
		r.kind = "application"
		if _, name, ok := strings.Cut(id, ":function:"); ok {
			r.name, _, _ = strings.Cut(name, ":")
		}
		if function != "" {
			r.name = function
		}
	case strings.Contains(kind, "EC2INSTANCE"):
		r.kind = "host"
	case strings.Contains(kind, "REPOSITORY"):
		r.kind = "repository"
	}
	return r
}
