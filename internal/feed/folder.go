package feed

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"patchline/internal/db"
	"patchline/internal/fault"
)

// mostFiles bounds how many files one look into a folder considers.
const mostFiles = 10_000

// found is a file in a watched folder.
type found struct {
	name string // below the feed's folder
	info fs.FileInfo
}

// stamp tells whether a file may have changed; its mark adds the digest.
func (f found) stamp() string {
	return fmt.Sprintf("%d %d", f.info.Size(), f.info.ModTime().UnixMicro())
}

// takeFolder takes new and changed files, each once, the oldest first. A file that
// still grows waits for the next run. One that is refused is not tried again until
// it changes.
func (a *attempt) takeFolder(ctx context.Context) (took bool, err error) {
	root, err := a.root()
	if err != nil {
		return false, err
	}
	defer root.Close()
	folder, err := root.OpenRoot(filepath.FromSlash(a.feed.Source))
	if err != nil {
		return false, noFile(err)
	}
	defer folder.Close()
	fresh, err := a.freshIn(ctx, folder)
	if err != nil || len(fresh) == 0 {
		return false, err
	}
	refused, last := 0, error(nil)
	for _, f := range fresh {
		did, err := a.takeOne(ctx, folder, f)
		switch {
		case fault.Is(err, fault.Invalid):
			refused, last = refused+1, err
			a.note(f.name + " was refused: " + fault.Of(err).Detail)
		case err != nil:
			return took, err
		}
		took = took || did
	}
	if refused > 0 && !took {
		return false, last
	}
	return took, nil
}

// freshIn lists what is new or changed and stands still.
func (a *attempt) freshIn(ctx context.Context, folder *os.Root) ([]found, error) {
	taken, err := marks(a.db.Read(ctx), a.feed.ID)
	if err != nil {
		return nil, err
	}
	all, err := list(folder)
	if err != nil {
		return nil, err
	}
	fresh := slices.DeleteFunc(all, func(f found) bool { return strings.HasPrefix(taken[f.name], f.stamp()+" ") })
	if len(fresh) == 0 {
		return nil, nil
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(a.options.Settle):
	}
	still := slices.DeleteFunc(fresh, func(f found) bool {
		now, err := folder.Lstat(f.name)
		return err != nil || found{f.name, now}.stamp() != f.stamp()
	})
	slices.SortFunc(still, func(x, y found) int {
		if c := x.info.ModTime().Compare(y.info.ModTime()); c != 0 {
			return c
		}
		return strings.Compare(x.name, y.name)
	})
	return still, nil
}

// list finds the files of a folder and below; hidden ones and links are left out.
func list(folder *os.Root) ([]found, error) {
	var out []found
	err := fs.WalkDir(folder.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		case len(out) == mostFiles:
			return fault.New(fault.Invalid, "The folder holds more than %d files; move away what is done.", mostFiles)
		}
		info, err := d.Info()
		if err == nil {
			out = append(out, found{name, info})
		}
		return nil // a file that has just gone is nobody's fault
	})
	if err != nil && !fault.Is(err, fault.Invalid) {
		err = noFile(err)
	}
	return out, err
}

// takeOne takes a file in and marks it as taken, also when it was refused.
func (a *attempt) takeOne(ctx context.Context, folder *os.Root, f found) (took bool, err error) {
	if err := a.fits(f.info); err != nil {
		return false, a.mark(ctx, f, "", err)
	}
	file, err := folder.Open(f.name)
	if err != nil {
		return false, noFile(err)
	}
	defer file.Close()
	digest, err := digestOf(file)
	if err != nil {
		return false, err
	}
	taken, err := marks(a.db.Read(ctx), a.feed.ID)
	if err != nil {
		return false, err
	}
	if strings.HasSuffix(taken[f.name], " "+digest) { // touched, but the same
		return false, a.mark(ctx, f, digest, nil)
	}
	a.change(func(r *Run) { r.Bytes += f.info.Size() })
	err = a.bringIn(ctx, file, path.Base(f.name))
	return err == nil, a.mark(ctx, f, digest, err)
}

// mark notes that a file was dealt with, and hands its error on. What the server
// could not do is not noted, so that it is done again.
func (a *attempt) mark(ctx context.Context, f found, digest string, failed error) error {
	if failed != nil && !fault.Is(failed, fault.Invalid) {
		return failed
	}
	err := a.db.Write(ctx, func(tx *db.Tx) error {
		if err := a.lease.Fence(tx); err != nil {
			return err
		}
		return keepMark(tx, a.feed.ID, f.name, f.stamp()+" "+digest)
	})
	if err != nil {
		return err
	}
	return failed
}
