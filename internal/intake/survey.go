package intake

import (
	"cmp"
	"context"
	"hash/maphash"
	"iter"
	"slices"
	"time"

	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/scan"
)

// survey is what the first pass learns of a file.
type survey struct {
	snapshot  scan.Snapshot
	ids       set // of vulnerabilities, as the file names them
	fixes     map[backlog.Subject]fix
	open      map[string]int // open findings, by component
	streams   *knownStreams
	bare      *bare
	runs      map[string]string // release of an asset by what is said of its packages; mixed where not all agree
	dismissed bool              // some records say not_affected or fixed
	updates   int               // newer versions that are no security updates
	stated    bool              // it says something about products on any asset
	findings  int
	installed int          // components that it lists, whether affected or not
	assets    []asset.Seed // what the report covers, each once
	named     set          // their names

	probabilities []float64 // EPSS, for their median
	exploited     set       // KEV ids
	described     int       // records about vulnerabilities

	kept []scan.Item // the whole file, while it is small
	cost int
}

// fix is the newest fixed version of a component in one file, within one release of
// a distribution.
type fix struct{ ecosystem, name, version string }

// set holds texts by a hash of 64 bits: in a million of them, two fall together
// once in forty million files.
type set map[uint64]struct{}

var seed = maphash.MakeSeed()

func hash(parts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, p := range parts {
		_, _ = h.WriteString(p)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// add reports whether the text is new.
func (s set) add(parts ...string) bool {
	key := hash(parts...)
	_, there := s[key]
	s[key] = struct{}{}
	return !there
}

func (s set) has(parts ...string) bool {
	_, there := s[hash(parts...)]
	return there
}

// keep is how many bytes of a file's items stay in memory, so that a file of
// usual size is decoded once.
const keep = 48 << 20

const maxRejected = 100

// check reads the whole file once; what is wrong with it as a whole is a fault.
func (r *run) check(ctx context.Context, source *scan.Source) error {
	v := &survey{ids: set{}, named: set{}, fixes: map[backlog.Subject]fix{}, open: map[string]int{}, streams: r.knownStreams(ctx), bare: r.bare(ctx), runs: map[string]string{}, kept: []scan.Item{}}
	r.survey = v
	for item, err := range source.Items(r.options()) {
		if err != nil {
			return fault.New(fault.Invalid, "%s", err)
		}
		if item.Snapshot == nil && item.Asset == nil && !item.Continued {
			r.sum.Records++
			r.state.Records = r.sum.Records
		}
		if item.Rejected != "" {
			r.reject(item)
			continue
		}
		v.bare.complete(item)
		v.learn(item)
		v.hold(item)
		if r.sum.Records%256 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			r.show()
		}
	}
	v.teach()
	r.sum.Vulnerabilities = len(v.ids)
	v.gather()
	if err := cmp.Or(v.streams.err, v.bare.err); err != nil {
		return err
	}
	return r.checkDay()
}

// early is how far a publisher's clock may be ahead.
const early = 48 * time.Hour

// checkDay refuses an edition of a day that has not come: every true one would
// look older than it until then, and change nothing.
func (r *run) checkDay() error {
	about := r.survey.snapshot
	if r.survey.probabilities == nil && r.survey.exploited == nil {
		return nil
	}
	for _, day := range []time.Time{about.ScoreDate, about.ReportedAt} {
		if day.After(r.db.Now().Add(early)) {
			return fault.New(fault.Invalid, "%s says that it is of %s, which has not come yet.", fileName(r.req.Name), day.Format(time.DateOnly))
		}
	}
	return nil
}

func (r *run) options() scan.Options {
	return scan.Options{Asset: r.req.Asset, Format: scan.Format(r.req.Format)}
}

func (r *run) reject(item scan.Item) {
	if r.sum.RejectedCount++; len(r.sum.Rejected) < maxRejected {
		r.sum.Rejected = append(r.sum.Rejected, Rejection{item.Position, item.Rejected})
	}
}

func (v *survey) learn(item scan.Item) {
	switch {
	case item.Snapshot != nil:
		v.snapshot = *item.Snapshot
	case item.Asset != nil:
		v.learnAsset(item.Asset)
	case item.Finding != nil:
		v.findings++
		v.learnAsset(&item.Finding.Asset)
		v.ids.add(cmp.Or(item.Finding.Check, item.Finding.Vulnerability))
		v.dismissed = v.dismissed || !opens(item.Finding.Status)
		v.learnStream(item.Finding)
		v.learnFix(item.Finding)
	case item.Probability != nil:
		v.ids.add(item.Probability.CVE)
		v.probabilities = append(v.probabilities, item.Probability.EPSS)
	case item.Exploited != nil:
		if v.exploited == nil {
			v.exploited = set{}
		}
		v.ids.add(item.Exploited.CVE)
		v.exploited.add(item.Exploited.CVE)
	case item.Vulnerability != nil:
		v.described++
		v.ids.add(item.Vulnerability.ID)
	case item.Installed != nil:
		v.installed++
		v.learnAsset(&item.Installed.Asset)
	case item.Statement != nil:
		v.stated = true
		v.ids.add(item.Statement.Vulnerability)
	case item.Update != nil:
		v.updates++
	}
}

// aboutAssets tells whether the file says what was found where, rather than what
// is known everywhere.
func (v *survey) aboutAssets() bool { return v.findings > 0 || len(v.assets) > 0 || v.updates > 0 }

func (v *survey) learnAsset(a *scan.Asset) {
	if v.named.add(a.Name) {
		v.assets = append(v.assets, asset.Seed{Name: a.Name, Kind: a.Kind, Stream: a.Stream})
	}
}

// opens tells whether a status means that there is work to do. What is under
// investigation may be affected, so it counts.
func opens(status string) bool { return status != "not_affected" && status != "fixed" }

// learnFix keeps the newest fixed version of each component.
func (v *survey) learnFix(f *scan.Finding) {
	if !opens(f.Status) {
		return
	}
	component, version := f.Component.Key(), newestOf(f)
	v.open[component]++
	if version == "" {
		return
	}
	key := backlog.Subject{Component: component, Stream: v.streamOf(f)}
	known, there := v.fixes[key]
	if !there || scan.Compare(known.ecosystem, version, known.version) > 0 {
		v.fixes[key] = fix{f.Component.Ecosystem, f.Component.Name, version}
	}
}

// newestOf is the newest version that removes the vulnerability; empty if no fix
// is known.
func newestOf(f *scan.Finding) string {
	if len(f.Fixed) == 0 {
		return ""
	}
	return slices.MaxFunc(f.Fixed, func(a, b string) int { return scan.Compare(f.Component.Ecosystem, a, b) })
}

// hold keeps an item for the second pass, until there are too many.
func (v *survey) hold(item scan.Item) {
	if v.kept == nil {
		return
	}
	v.cost += 400
	if f := item.Finding; f != nil {
		v.cost += len(f.Description) + len(f.Title) + len(f.URL) + 200*len(f.Ratings)
	}
	if d := item.Vulnerability; d != nil {
		v.cost += len(d.Description) + 80*(len(d.References)+len(d.Affected)) + 200*len(d.Ratings)
	}
	if v.cost > keep {
		v.kept = nil
		return
	}
	v.kept = append(v.kept, item)
}

// gather brings what is kept of one component together, in the order in which the
// components come: most patches then have all their findings in one transaction,
// which can score them at once.
func (v *survey) gather() {
	if v.findings == 0 || v.kept == nil {
		return
	}
	at := map[string]int{}
	together := [][]scan.Item{nil} // first what is no finding
	for _, item := range v.kept {
		i := 0
		if item.Finding != nil {
			key := item.Finding.Component.Key()
			if i = at[key]; i == 0 {
				i = len(together)
				at[key], together = i, append(together, nil)
			}
		}
		together[i] = append(together[i], item)
	}
	v.kept = slices.Concat(together...)
}

// items are those of the file again, without the rejected ones.
func (r *run) items(source *scan.Source) iter.Seq2[scan.Item, error] {
	if r.survey.kept == nil {
		return func(yield func(scan.Item, error) bool) {
			for item, err := range source.Items(r.options()) {
				if r.survey.bare.complete(item); !yield(item, err) {
					return
				}
			}
		}
	}
	return func(yield func(scan.Item, error) bool) {
		for _, item := range r.survey.kept {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// parts hands what pick makes of the items to apply, in parts of the size that
// the pace allows.
func parts[T any](ctx context.Context, r *run, source *scan.Source, p *pace, pick func(scan.Item) (T, bool), apply func([]T) error) error {
	return partsOf(ctx, r, source, p, pick, func(T, T) bool { return false }, apply)
}

// partsOf is parts, but what is alike and comes together stays in one part, as far as
// that does not become half as large again.
func partsOf[T any](ctx context.Context, r *run, source *scan.Source, p *pace, pick func(scan.Item) (T, bool), alike func(a, b T) bool, apply func([]T) error) error {
	var part []T
	flush := func() error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n := len(part)
		err := r.paced(p, func() error { return apply(part) })
		part = part[:0]
		r.state.Applied += n
		r.show()
		return err
	}
	for item, err := range r.items(source) {
		if err != nil { // it was whole a moment ago
			return fault.New(fault.Invalid, "%s", err)
		}
		one, ok := pick(item)
		if !ok {
			continue
		}
		if n := len(part); n >= p.size && (n >= p.size*3/2 || !alike(part[n-1], one)) {
			if err := flush(); err != nil {
				return err
			}
		}
		part = append(part, one)
	}
	if len(part) == 0 {
		return nil
	}
	return flush()
}
