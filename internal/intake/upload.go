package intake

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Enqueue takes an upload in and imports it in the background. It returns once
// the file has arrived. An upload that is too large, breaks off or finds no room
// leaves nothing behind.
func (s *Service) Enqueue(ctx context.Context, who audit.Who, t *team.Team, req Request, body io.Reader) (*Import, error) {
	if req.Scope == "" {
		req.Scope = Full
	}
	if req.Scope != Full && req.Scope != Partial {
		return nil, fault.Wrong("/query/scope", "The scope is neither full nor partial.")
	}
	req.Name = fileName(req.Name)
	id := db.NewID()
	size, err := s.spool(id, body)
	if err != nil {
		return nil, err
	}
	i := &Import{ID: id, TeamID: t.ID, File: req.Name, State: Queued, Scope: req.Scope, Bytes: size, UserID: who.UserID, Who: who.Name,
		Summary: Summary{File: req.Name, Rejected: []Rejection{}, Notes: []string{}}}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		i.CreatedAt, i.BeatAt = tx.Now, tx.Now
		if err := addImport(tx, i); err != nil {
			return err
		}
		if err := audit.Write(tx, who, t.ID, "import.queued", id, map[string]any{"file": req.Name, "bytes": size, "scope": req.Scope}); err != nil {
			return err
		}
		return event.Tell(tx, who, t.ID, event.Event{Kind: event.ImportProgress, Key: id, Status: Queued})
	})
	if err != nil {
		s.discard(id)
		return nil, err
	}
	s.push(&job{id, who, t, req})
	return i, nil
}

// fileName is the name of a file as people see it: without its directory, on one
// line, and never empty.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimSpace(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if name == "" || name == "." || name == "/" {
		return "upload"
	}
	if text := []rune(name); len(text) > 200 {
		return string(text[:200])
	}
	return name
}

func (s *Service) spoolPath(id string) string { return filepath.Join(s.options.Uploads, id) }

func (s *Service) discard(id string) { _ = os.Remove(s.spoolPath(id)) }

// spool writes an upload to a file and returns its size.
func (s *Service) spool(id string, body io.Reader) (size int64, err error) {
	if err := os.MkdirAll(s.options.Uploads, 0o700); err != nil {
		return 0, room(err)
	}
	f, err := os.OpenFile(s.spoolPath(id), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, room(err)
	}
	source := &source{r: body}
	size, err = io.Copy(f, io.LimitReader(source, s.options.MaxUpload+1))
	if closed := f.Close(); err == nil {
		err = closed
	}
	switch {
	case source.err != nil:
		err = broken(source.err)
	case err != nil:
		err = room(err)
	case size > s.options.MaxUpload:
		err = fault.New(fault.TooLarge, "The file is larger than %d MiB, which is the most this server takes.", s.options.MaxUpload>>20)
	}
	if err != nil {
		s.discard(id)
	}
	return size, err
}

// source remembers whether reading failed, to tell it from writing.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// broken explains an upload that did not come through.
func broken(err error) error {
	if fault.Of(err).Kind != fault.Internal {
		return err // the reader has its own explanation, such as a limit
	}
	return fault.New(fault.Malformed, "The upload broke off before its end; nothing was imported. Send it again.")
}

// room explains why an upload could not be stored.
func room(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EROFS) {
		return fault.New(fault.Unavailable, "The server has no room for the upload; nothing was imported. Its administrator has to make room.")
	}
	return err
}
