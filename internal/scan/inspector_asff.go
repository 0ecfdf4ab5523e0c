package scan

import (
	"encoding/json"
	"errors"
)

// asffFinding is a finding in the AWS Security Finding Format, in which Security
// Hub passes on what Inspector found.
type asffFinding struct {
	Title       string `json:"Title"`
	Description string `json:"Description"`
	RecordState string `json:"RecordState"`
	Severity    struct {
		Label string `json:"Label"`
	} `json:"Severity"`
	Workflow struct {
		Status string `json:"Status"`
	} `json:"Workflow"`
	Vulnerabilities []struct {
		ID      string   `json:"Id"`
		Related []string `json:"RelatedVulnerabilities"`
		EPSS    *float64 `json:"EpssScore"`
		Vendor  struct {
			URL string `json:"Url"`
		} `json:"Vendor"`
		CVSS []struct {
			Version string  `json:"Version"`
			Score   float64 `json:"BaseScore"`
			Vector  string  `json:"BaseVector"`
			Source  string  `json:"Source"`
		} `json:"Cvss"`
		Packages []struct {
			Name    string `json:"Name"`
			Version string `json:"Version"`
			Epoch   string `json:"Epoch"`
			Release string `json:"Release"`
			Manager string `json:"PackageManager"`
			Fixed   string `json:"FixedInVersion"`
		} `json:"VulnerablePackages"`
	} `json:"Vulnerabilities"`
	Resources []struct {
		ID      string `json:"Id"`
		Type    string `json:"Type"`
		Details struct {
			Image struct {
				Repository string   `json:"RepositoryName"`
				Tags       []string `json:"ImageTags"`
				Digest     string   `json:"ImageDigest"`
			} `json:"AwsEcrContainerImage"`
			Lambda struct {
				Name string `json:"FunctionName"`
			} `json:"AwsLambdaFunction"`
		} `json:"Details"`
	} `json:"Resources"`
}

func readASFF(raw []byte) (*inspected, error) {
	var f asffFinding
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, wrongType(err)
	}
	if len(f.Vulnerabilities) == 0 {
		return nil, errors.New("names no vulnerability")
	}
	said := f.Vulnerabilities[0]
	v := &inspected{base: Finding{Status: f.status(), Severity: inspectorSeverity(f.Severity.Label), FixState: "unknown",
		Title: line(f.Title, maxTitle), Description: clean(f.Description, MaxDescription), URL: webAddress(said.Vendor.URL)}}
	if err := v.identify(said.ID, said.Related); err != nil {
		return nil, err
	}
	if said.EPSS != nil {
		if err := v.likely(*said.EPSS); err != nil {
			return nil, err
		}
	}
	for _, p := range said.Packages {
		v.packages = append(v.packages, inspectedPackage{p.Manager, p.Name, p.Epoch, p.Version, p.Release, p.Fixed})
	}
	for _, r := range f.Resources {
		image := r.Details.Image
		v.resources = append(v.resources, resourceOf(r.ID, r.Type, image.Repository, image.Tags, image.Digest, r.Details.Lambda.Name, ""))
	}
	var rs ratings
	for _, c := range said.CVSS {
		rs.add(c.Source, c.Version, c.Vector, c.Score)
	}
	v.base.Ratings = rs.sorted("nvd", "ghsa", "redhat")
	return v, rs.err
}

func (f *asffFinding) status() string {
	switch {
	case f.Workflow.Status == "SUPPRESSED":
		return "not_affected"
	case f.RecordState == "ARCHIVED", f.Workflow.Status == "RESOLVED":
		return "fixed"
	}
	return "affected"
}
