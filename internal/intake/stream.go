package intake

import (
	"cmp"
	"context"
	"sync"

	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/scan"
)

// knownStreams tells which release an asset runs, as far as reports before this one
// have said. It asks the database once, and only where a report leaves it open.
type knownStreams struct {
	read func() (map[string]string, error) // by the identities of names
	err  error
}

func (r *run) knownStreams(ctx context.Context) *knownStreams {
	return &knownStreams{read: sync.OnceValues(func() (map[string]string, error) { return asset.Streams(r.db.Read(ctx), r.team.ID) })}
}

func (k *knownStreams) of(name string) string {
	streams, err := k.read()
	if k.err = err; len(streams) == 0 {
		return ""
	}
	return streams[asset.NameKey(name)]
}

// streamOf is the release that a finding's component is of: what the report says,
// else what its fixed version names, else what other reports say the asset runs;
// empty if that is unknown, or packages of its kind have no releases.
func (v *survey) streamOf(f *scan.Finding) string {
	if !scan.HasStreams(f.Component.Ecosystem) {
		return ""
	}
	if claimed := claimed(f); claimed != "" {
		return claimed
	}
	return scan.StreamFor(f.Component.Ecosystem, v.streams.of(f.Asset.Name))
}

func claimed(f *scan.Finding) string {
	return cmp.Or(f.Stream(), scan.StreamOfVersion(f.Component.Ecosystem, newestOf(f)))
}

// mixed is no release: the packages of the asset are of several, or of some it is
// not said. Nothing is learnt then of the asset, so that the same file again finds
// what it found before.
const mixed = "mixed"

// learnStream gathers which release the packages of an asset are of, where the
// report says so package by package.
func (v *survey) learnStream(f *scan.Finding) {
	if f.Asset.Stream != "" || !scan.HasStreams(f.Component.Ecosystem) {
		return
	}
	switch known, there := v.runs[f.Asset.Name]; {
	case known == mixed:
	case !there && f.Component.Stream != "":
		v.runs[f.Asset.Name] = f.Component.Stream
	case !there || claimed(f) != known:
		v.runs[f.Asset.Name] = mixed
	}
}

// teach tells the assets what their packages say.
func (v *survey) teach() {
	for i, a := range v.assets {
		if runs := v.runs[a.Name]; a.Stream == "" && runs != mixed {
			v.assets[i].Stream = runs
		}
	}
	v.runs = nil
}

func (o *observed) subject() backlog.Subject {
	return backlog.Subject{Component: o.component, Stream: o.stream}
}

// upgraded tells whether the report says that the component is of another release
// than the patch which the finding belongs to, so that this one is no fix for it.
// What is only concluded, from a version or from other reports, moves no finding
// between releases: two scanners would take turns.
func (o *observed) upgraded() bool {
	s := o.stored
	return s != nil && s.patchID != "" && s.patchStream != "" && o.sees() && o.Stream() != "" && o.Stream() != s.patchStream
}

// settled tells whether the finding may stay in its patch as far as the release
// goes: it is of the same one, or nobody says that it is not.
func (o *observed) settled() bool {
	s := o.stored
	return s.patchStream == o.stream || s.patchStream != "" && !o.upgraded()
}
