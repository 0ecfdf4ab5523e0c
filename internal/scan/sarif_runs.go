package scan

import "strings"

// sarifRuns is what the first pass learns about each run: its tool, what it
// looked at, and the rules, which may stand after the results.
type sarifRuns struct {
	listed bool
	list   []*sarifRun
	held   holder
}

type sarifRun struct {
	driver struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Sem     string `json:"semanticVersion"`
	}
	properties struct {
		Image string   `json:"imageName"`
		Tags  []string `json:"repoTags"`
	}
	sources []struct {
		URI string `json:"repositoryUri"`
	}
	rules []sarifRule
	byID  map[string]int
}

func sarifWalk(w *walker, visit func(i int) error) error {
	return w.object(func(key string) error {
		if key != "runs" {
			return w.skip()
		}
		return w.list(visit)
	})
}

func (s *sarifRuns) survey(w *walker) error {
	return w.object(func(key string) error {
		if key != "runs" {
			return w.skip()
		}
		s.listed = true
		return w.list(func(int) error {
			run := &sarifRun{byID: map[string]int{}}
			s.list = append(s.list, run)
			if err := s.held.take(); err != nil {
				return err
			}
			return s.run(w, run)
		})
	})
}

func (s *sarifRuns) run(w *walker, run *sarifRun) error {
	return w.object(func(key string) error {
		switch key {
		case "tool":
			return w.object(func(key string) error {
				if key == "driver" {
					return s.driver(w, run)
				}
				return w.skip()
			})
		case "properties":
			return w.decode(&run.properties)
		case "versionControlProvenance":
			return w.decode(&run.sources)
		}
		return w.skip()
	})
}

func (s *sarifRuns) driver(w *walker, run *sarifRun) error {
	return w.object(func(key string) error {
		switch key {
		case "name":
			return w.decode(&run.driver.Name)
		case "version":
			return w.decode(&run.driver.Version)
		case "semanticVersion":
			return w.decode(&run.driver.Sem)
		case "rules":
			return w.list(func(int) error { return s.rule(w, run) })
		}
		return w.skip()
	})
}

func (s *sarifRuns) rule(w *walker, run *sarifRun) error {
	var r sarifRule
	if err := w.decode(&r); err != nil {
		return err
	}
	r.ID, r.Help = line(r.ID, maxName), line(r.Help, 4*maxName)
	r.Short.Text, r.Full.Text = line(r.Short.Text, maxTitle), clean(r.Full.Text, MaxDescription)
	r.Properties.Vector, r.Default.Level = line(r.Properties.Vector, maxName), line(r.Default.Level, 20)
	if len(r.Properties.Severity) > 40 {
		r.Properties.Severity = nil
	}
	run.byID[r.ID] = len(run.rules)
	run.rules = append(run.rules, r)
	return s.held.take(r.ID, r.ID, r.Help, r.Short.Text, r.Full.Text, r.Properties.Vector)
}

// rule finds the rule of a result, by index or by id.
func (run *sarifRun) rule(r *sarifResult) sarifRule {
	for _, i := range []*int{r.RuleIndex, r.Rule.Index} {
		if i != nil && *i >= 0 && *i < len(run.rules) {
			return run.rules[*i]
		}
	}
	for _, id := range []string{r.RuleID, r.Rule.ID} {
		if i, ok := run.byID[line(id, maxName)]; ok {
			return run.rules[i]
		}
	}
	return sarifRule{}
}

// asset is the image or the repository, where the log says.
func (run *sarifRun) asset() (name, kind string) {
	switch {
	case run.properties.Image != "":
		return run.properties.Image, "image"
	case len(run.properties.Tags) > 0:
		return run.properties.Tags[0], "image"
	case len(run.sources) > 0 && run.sources[0].URI != "":
		return run.sources[0].URI, "repository"
	}
	return "", ""
}

// snapshot tells the tools apart: a log of one must not speak for another's findings.
func (s *sarifRuns) snapshot() *Snapshot {
	var names, versions []string
	for _, run := range s.list {
		names = append(names, strings.ToLower(run.driver.Name))
		if run.driver.Version == "" {
			run.driver.Version = run.driver.Sem
		}
		versions = append(versions, run.driver.Version)
	}
	return &Snapshot{Source: sourceOf("sarif", distinct(names, 5, 60)...), ToolVersion: strings.Join(distinct(versions, 5, 60), ", ")}
}

// sourceOf names a source by the kind of document and the tools that wrote it: "sarif/trivy".
func sourceOf(kind string, tools ...string) string {
	name := strings.Join(strings.Fields(strings.ToLower(strings.Join(tools, "+"))), "-")
	return strings.TrimSuffix(kind+"/"+name, "/")
}
