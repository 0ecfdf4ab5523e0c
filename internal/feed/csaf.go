package feed

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"patchline/internal/fault"
)

// document is a CSAF document that a provider lists.
type document struct {
	url     string
	updated time.Time // zero where the list does not say
}

// place is where a document stands in the order in which they are taken.
func (d document) place() string { return d.updated.UTC().Format(time.RFC3339Nano) + " " + d.url }

// order is by date and then by address, so that a run can go on where the last
// one ended.
func order(a, b document) int {
	return cmp.Or(a.updated.Compare(b.updated), strings.Compare(a.url, b.url))
}

// placed reads a place again.
func placed(text string) (document, bool) {
	at, address, ok := strings.Cut(text, " ")
	t, err := time.Parse(time.RFC3339Nano, at)
	return document{address, t}, ok && err == nil
}

// provider is what a provider-metadata.json or a ROLIE feed leads to (CSAF 2.0,
// 7.1.7, 7.1.15 and 7.1.11 to 7.1.13; RFC 8322).
type provider struct {
	documents   []document
	feeds       []string // addresses of ROLIE feeds
	directories []string // addresses of folders with changes.csv and index.txt
}

// metadata are the fields of both files that matter here.
type metadata struct {
	Distributions []struct {
		DirectoryURL string `json:"directory_url"`
		ROLIE        struct {
			Feeds []struct {
				URL string `json:"url"`
				TLP string `json:"tlp_label"`
			} `json:"feeds"`
		} `json:"rolie"`
	} `json:"distributions"`
	Feed *struct {
		Entry []struct {
			Updated time.Time `json:"updated"`
			Content struct {
				Src string `json:"src"`
			} `json:"content"`
			Link []struct {
				Rel  string `json:"rel"`
				Href string `json:"href"`
			} `json:"link"`
		} `json:"entry"`
	} `json:"feed"`
}

var errNoProvider = fault.New(fault.Invalid, "This is neither a provider-metadata.json with a distribution nor a ROLIE feed; look at the address.")

// readProvider reads either file. Feeds that are not for everybody are left out.
func readProvider(r io.Reader, base string) (*provider, error) {
	var m metadata
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return nil, errNoProvider
	}
	p := &provider{}
	if m.Feed != nil {
		for _, e := range m.Feed.Entry {
			address := e.Content.Src
			for _, l := range e.Link {
				if address == "" && l.Rel == "self" {
					address = l.Href
				}
			}
			p.documents = append(p.documents, document{resolve(base, address), e.Updated})
		}
		return p, nil
	}
	for _, d := range m.Distributions {
		for _, f := range d.ROLIE.Feeds {
			if slices.Contains([]string{"", "UNLABELED", "WHITE", "CLEAR"}, f.TLP) && f.URL != "" {
				p.feeds = append(p.feeds, resolve(base, f.URL))
			}
		}
		if d.DirectoryURL != "" {
			p.directories = append(p.directories, strings.TrimSuffix(resolve(base, d.DirectoryURL), "/")+"/")
		}
	}
	if len(p.feeds)+len(p.directories) == 0 {
		return nil, errNoProvider
	}
	return p, nil
}

func resolve(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

// mostDocuments bounds a list; the largest providers have some ten thousand.
const mostDocuments = 500_000

// readChanges reads a changes.csv: a path and when it changed.
func readChanges(r io.Reader, directory string) ([]document, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord, rows.ReuseRecord, rows.LazyQuotes = -1, true, true
	var out []document
	for len(out) < mostDocuments {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "The provider's changes.csv cannot be read.")
		}
		if len(row) < 2 {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(row[1]))
		if err == nil && strings.HasSuffix(row[0], ".json") {
			out = append(out, document{resolve(directory, row[0]), at})
		}
	}
	return out, nil
}

// readIndex reads an index.txt: a path a line.
func readIndex(r io.Reader, directory string) ([]document, error) {
	text, err := io.ReadAll(io.LimitReader(r, 64<<20))
	if err != nil {
		return nil, err
	}
	var out []document
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); strings.HasSuffix(line, ".json") && len(out) < mostDocuments {
			out = append(out, document{url: resolve(directory, line)})
		}
	}
	return out, nil
}

// after are the documents behind a place, in order, each once.
func after(all []document, place string, since time.Time) []document {
	last, there := placed(place)
	slices.SortFunc(all, order)
	all = slices.CompactFunc(all, func(a, b document) bool { return a.url == b.url && a.updated.Equal(b.updated) })
	return slices.DeleteFunc(all, func(d document) bool {
		return d.updated.IsZero() || d.updated.Before(since) || there && order(d, last) <= 0
	})
}
