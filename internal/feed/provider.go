package feed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/fetch"
)

const (
	aRun     = 500                 // documents that one run takes; the next goes on after them
	lookBack = 30 * 24 * time.Hour // how old a document may be when a feed begins and says nothing else
)

// takeProvider takes the documents that changed since the last run, the oldest
// first. After each one it notes how far it has come, so that a run that is cut
// short goes on there.
func (a *attempt) takeProvider(ctx context.Context) (took bool, err error) {
	all, err := a.listDocuments(ctx)
	if err != nil {
		return false, err
	}
	since := a.feed.CreatedAt.Add(-lookBack)
	if a.feed.Since != nil {
		since = *a.feed.Since
	}
	todo := after(all.dated, a.feed.Place, since)
	unknown, err := a.unknown(ctx, all.undated)
	if err != nil {
		return false, err
	}
	todo = append(todo, unknown...)
	total := len(todo)
	if total > aRun {
		todo, a.feed.more = todo[:aRun], true
	}
	refused := 0
	for _, d := range todo {
		ok, err := a.takeDocument(ctx, d)
		if err != nil {
			return took, err
		}
		if took = true; !ok {
			refused++
		}
	}
	if total > 0 {
		a.note(fmt.Sprintf("%d of %d new or changed documents were taken.", len(todo)-refused, total))
	}
	return took, nil
}

// documents are those of all of a provider's lists.
type documents struct{ dated, undated []document }

func (a *attempt) listDocuments(ctx context.Context) (out documents, err error) {
	p, err := a.provider(ctx, a.feed.Source)
	if err != nil {
		return out, err
	}
	out.dated = p.documents
	for _, address := range p.feeds {
		feed, err := a.provider(ctx, address)
		if err != nil {
			return out, err
		}
		out.dated = append(out.dated, feed.documents...)
	}
	if len(p.feeds) > 0 { // the directories list the same once more
		return out, nil
	}
	for _, directory := range p.directories {
		if err := a.listDirectory(ctx, directory, &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (a *attempt) provider(ctx context.Context, address string) (*provider, error) {
	f, _, err := a.download(ctx, address, "", "")
	if err != nil {
		return nil, err
	}
	defer f.remove()
	return readProvider(f, address)
}

// listDirectory reads changes.csv, and index.txt where there is none.
func (a *attempt) listDirectory(ctx context.Context, directory string, out *documents) error {
	f, _, err := a.download(ctx, directory+"changes.csv", "", "")
	if missing(err) {
		return a.listIndex(ctx, directory, out)
	}
	if err != nil {
		return err
	}
	defer f.remove()
	list, err := readChanges(f, directory)
	out.dated = append(out.dated, list...)
	return err
}

func (a *attempt) listIndex(ctx context.Context, directory string, out *documents) error {
	f, _, err := a.download(ctx, directory+"index.txt", "", "")
	if err != nil {
		return err
	}
	defer f.remove()
	list, err := readIndex(f, directory)
	out.undated = append(out.undated, list...)
	return err
}

func missing(err error) bool {
	f, ok := errors.AsType[*fetch.Failure](err)
	return ok && f.Status == 404
}

// unknown are documents without a date that were not taken yet.
func (a *attempt) unknown(ctx context.Context, all []document) ([]document, error) {
	if len(all) == 0 {
		return nil, nil
	}
	taken, err := marks(a.db.Read(ctx), a.feed.ID)
	var out []document
	for _, d := range all {
		if _, there := taken[d.url]; !there {
			out = append(out, d)
		}
	}
	return out, err
}

// takeDocument takes one document. One that is not there or is refused is noted
// and passed over; what may work later ends the run.
func (a *attempt) takeDocument(ctx context.Context, d document) (ok bool, err error) {
	err = a.fetchDocument(ctx, d)
	failure, known := errors.AsType[*fetch.Failure](err)
	switch {
	case err == nil:
		ok = true
	case ctx.Err() != nil, known && failure.Again, !known && !fault.Is(err, fault.Invalid):
		return false, err
	case known:
		a.note(nameOf(d.url) + " was left out: " + failure.Detail)
	default:
		a.note(nameOf(d.url) + " was left out: " + fault.Of(err).Detail)
	}
	return ok, a.db.Write(ctx, func(tx *db.Tx) error {
		if err := a.lease.Fence(tx); err != nil {
			return err
		}
		if d.updated.IsZero() {
			return keepMark(tx, a.feed.ID, d.url, "")
		}
		a.feed.Place = d.place()
		return keepPlace(tx, a.feed.ID, a.feed.Place)
	})
}

func (a *attempt) fetchDocument(ctx context.Context, d document) error {
	f, _, err := a.download(ctx, d.url, "", "")
	if err != nil {
		return err
	}
	defer f.remove()
	return a.bringIn(ctx, f.File, nameOf(d.url))
}
