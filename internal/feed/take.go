package feed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"patchline/internal/fault"
	"patchline/internal/fetch"
	"patchline/internal/intake"
	"patchline/internal/scan"
	"patchline/internal/team"
)

// formats are what a kind takes; a kind that is not listed takes everything.
var formats = map[string][]scan.Format{
	KEV: {scan.KEVJSON, scan.KEVCSV}, EPSS: {scan.EPSSCSV}, CVE: {scan.CVE5JSON}, OSV: {scan.OSVJSON}, CSAF: {scan.CSAFJSON},
}

// take brings in what is new, and tells whether there was anything.
func (a *attempt) take(ctx context.Context) (took bool, err error) {
	switch {
	case a.feed.Kind == Folder:
		return a.takeFolder(ctx)
	case a.feed.Kind == CSAF:
		return a.takeProvider(ctx)
	case a.feed.remote():
		return a.takeURL(ctx)
	}
	return a.takePath(ctx)
}

// takeURL fetches the feed's file and takes it in, unless it is the one of the
// last time.
func (a *attempt) takeURL(ctx context.Context) (bool, error) {
	f, answer, err := a.download(ctx, a.feed.Source, a.feed.ETag, a.feed.LastModified)
	if err != nil || answer.Unchanged {
		return false, err
	}
	defer f.remove()
	took, err := a.takeIfNew(ctx, f.File, nameOf(a.feed.Source))
	if err == nil {
		a.feed.ETag, a.feed.LastModified = answer.ETag, answer.LastModified
	}
	return took, err
}

// takePath takes a file below the folder of feeds.
func (a *attempt) takePath(ctx context.Context) (bool, error) {
	root, err := a.root()
	if err != nil {
		return false, err
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(a.feed.Source))
	if err != nil {
		return false, noFile(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, noFile(err)
	}
	if err := a.fits(info); err != nil {
		return false, err
	}
	mark := fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixMicro())
	if mark == a.feed.LastModified {
		return false, nil
	}
	a.change(func(r *Run) { r.Bytes = info.Size() })
	took, err := a.takeIfNew(ctx, f, path.Base(a.feed.Source))
	if err == nil {
		a.feed.LastModified = mark
	}
	return took, err
}

func (a *attempt) fits(info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return fault.New(fault.Invalid, "The path does not lead to a file.")
	case info.Size() > a.feed.MaxMiB<<20:
		return fault.New(fault.Invalid, "The file is larger than %d MiB, the most this feed takes. Raise the limit if that is right.", a.feed.MaxMiB)
	}
	return nil
}

// root opens the folder of feeds; nothing outside of it can be reached through it,
// also not by links.
func (a *attempt) root() (*os.Root, error) {
	root, err := os.OpenRoot(a.options.Folder)
	if err != nil {
		return nil, fault.New(fault.Invalid, "There is no folder of feeds on the server; whoever runs it makes the one that --feeds-folder names.")
	}
	return root, nil
}

func noFile(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.Invalid, "There is no such file or folder below the folder of feeds.")
	case errors.Is(err, fs.ErrPermission):
		return fault.New(fault.Invalid, "The server may not read this below the folder of feeds.")
	}
	return fault.New(fault.Invalid, "This cannot be read below the folder of feeds.")
}

// takeIfNew takes a file in unless it has the content of the last one.
func (a *attempt) takeIfNew(ctx context.Context, f io.ReadSeeker, name string) (bool, error) {
	digest, err := digestOf(f)
	if err != nil {
		return false, err
	}
	if digest == a.feed.Digest {
		return false, nil
	}
	if err := a.bringIn(ctx, f, name); err != nil {
		return false, err
	}
	a.feed.Digest = digest
	return true, nil
}

func digestOf(f io.ReadSeeker) (string, error) {
	h := sha256.New()
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	_, err := f.Seek(0, io.SeekStart)
	return hex.EncodeToString(h.Sum(nil)), err
}

// bringIn hands a file to the import, once it is of a kind that the feed takes.
func (a *attempt) bringIn(ctx context.Context, f io.ReadSeeker, name string) error {
	if allowed := formats[a.feed.Kind]; allowed != nil {
		source, err := scan.Open(name, f)
		if err != nil {
			return fault.New(fault.Invalid, "%s", err)
		}
		if !slices.Contains(allowed, source.Format) {
			return fault.New(fault.Invalid, "%s is %s, and not %s: nothing was taken. Look at the address.", source.Name, source.Format, allowed[0])
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	before := a.run.Applied
	progress := func(p intake.Progress) {
		a.change(func(r *Run) { r.Phase, r.Applied = p.Phase, before+int64(p.Applied) })
	}
	sum, err := a.importFile(ctx, intake.Request{File: f, Name: name, Scope: a.feed.Scope}, progress)
	if err != nil {
		return err
	}
	a.change(func(r *Run) { r.Files, r.Applied = r.Files+1, before+int64(sum.Records-sum.RejectedCount) })
	a.sumUp(sum)
	return nil
}

func (a *attempt) importFile(ctx context.Context, req intake.Request, progress func(intake.Progress)) (intake.Summary, error) {
	if a.feed.TeamID == nil {
		return a.intake.ImportKnowledge(ctx, a.who, req, progress)
	}
	t, err := team.ByID(a.db.Read(ctx), *a.feed.TeamID)
	if err != nil {
		return intake.Summary{}, err
	}
	return a.intake.ImportNow(ctx, a.who, t, req, progress)
}

// sumUp says in sentences what a file did.
func (a *attempt) sumUp(s intake.Summary) {
	if a.feed.Kind == CSAF { // hundreds of documents: the run tells how many
		return
	}
	text := fmt.Sprintf("%s: %d records, %d vulnerabilities", s.File, s.Records, s.Vulnerabilities)
	if a.feed.TeamID != nil {
		text += fmt.Sprintf("; findings: %d new, %d unchanged, %d closed", s.Findings.New, s.Findings.Unchanged, s.Findings.Closed)
	}
	a.note(text + fmt.Sprintf("; patches: %d new, %d changed, %d superseded.", s.Patches.New, s.Patches.Changed, s.Patches.Superseded))
	for _, n := range s.Notes {
		a.note(n)
	}
	if s.RejectedCount > 0 {
		a.note(fmt.Sprintf("%d records were left out; the first: %s: %s", s.RejectedCount, s.Rejected[0].Position, s.Rejected[0].Reason))
	}
}

// spooled is a file on its way in.
type spooled struct{ *os.File }

func (f spooled) remove() {
	f.Close()
	_ = os.Remove(f.Name())
}

// download fetches a file. Unless it is unchanged the caller removes it.
func (a *attempt) download(ctx context.Context, from, etag, modified string) (spooled, fetch.Answer, error) {
	a.change(func(r *Run) { r.Phase = Fetching })
	if err := os.MkdirAll(a.options.Spool, 0o700); err != nil {
		return spooled{}, fetch.Answer{}, room(err)
	}
	f, err := os.CreateTemp(a.options.Spool, "feed-")
	if err != nil {
		return spooled{}, fetch.Answer{}, room(err)
	}
	before := a.run.Bytes
	req := fetch.Request{URL: from, ETag: etag, LastModified: modified, MaxBytes: a.feed.MaxMiB << 20, Progress: func(got int64) {
		a.change(func(r *Run) { r.Bytes = before + got })
	}}
	answer, err := a.client.Get(ctx, req, f)
	status := int64(answer.Status)
	a.change(func(r *Run) {
		if r.Bytes = before + answer.Bytes; status > 0 {
			r.Status = &status
		}
	})
	if err != nil || answer.Unchanged {
		spooled{f}.remove()
		return spooled{}, answer, room(err)
	}
	_, err = f.Seek(0, io.SeekStart)
	return spooled{f}, answer, err
}

// room explains why a file could not be stored.
func room(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EROFS) {
		return fault.New(fault.Unavailable, "The server has no room for the file; its administrator has to make room. It is tried again later.")
	}
	return err
}

// nameOf is the last part of an address.
func nameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return "feed"
	}
	return strings.Trim(path.Base(u.Path), "/")
}

// sweep removes files that a run of a killed process has left.
func (s *Service) sweep() {
	files, _ := filepath.Glob(filepath.Join(s.options.Spool, "feed-*"))
	for _, name := range files {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			_ = os.Remove(name)
		}
	}
}
