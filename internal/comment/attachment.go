package comment

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"patchline/internal/audit"
	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/event"
	"patchline/internal/fault"
	"patchline/internal/team"
)

// Bounds of what a team may attach, in bytes.
const (
	DefaultMaxFile = 20 << 20
	DefaultMaxTeam = 2 << 30
	maxFiles       = 200 // of one patch
	partSize       = 256 << 10
)

// Attachment is a file that somebody attached to a patch.
type Attachment struct {
	ID        string
	PatchID   string
	By        Person
	Name      string
	Media     string // what it is served as
	Size      int64
	SHA256    string
	CreatedAt time.Time
}

// Files lists what is attached to a patch, the oldest first.
func (s *Service) Files(ctx context.Context, t *team.Team, number int64) ([]Attachment, error) {
	g := s.db.Read(ctx)
	p, err := backlog.ByNumber(g, t.ID, number)
	if err != nil {
		return nil, err
	}
	return filesOf(g, p.ID, maxFiles)
}

// Attach takes a file in. Its parts are written one by one as they arrive, so that
// neither a large file nor a slow sender holds others up; it is there for others
// once all of it is. A file that is too large or breaks off leaves nothing behind.
func (s *Service) Attach(ctx context.Context, who audit.Who, t *team.Team, number int64, name string, body io.Reader) (*Attachment, error) {
	a := &Attachment{ID: db.NewID(), By: Person{who.UserID, who.Name}, Name: fileName(name)}
	if err := s.begin(ctx, t, number, a); err != nil {
		return nil, err
	}
	err := s.receive(ctx, t, a, body)
	if err == nil {
		err = s.finish(ctx, who, t, number, a)
	}
	if err != nil {
		err = errors.Join(err, s.discard(ctx, a.ID))
		return nil, err
	}
	return a, nil
}

// begin refuses what could not be kept anyway.
func (s *Service) begin(ctx context.Context, t *team.Team, number int64, a *Attachment) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := backlog.ByNumber(tx.DB, t.ID, number)
		if err != nil {
			return err
		}
		n, err := countFiles(tx.DB, p.ID)
		if err == nil && n >= maxFiles {
			return fault.New(fault.Conflict, "This patch has %d files, which is the most; delete one first.", maxFiles)
		}
		if err != nil {
			return err
		}
		if err := s.room(tx.DB, t, 1); err != nil {
			return err
		}
		a.PatchID, a.CreatedAt = p.ID, tx.Now
		return insertFile(tx, t.ID, a)
	})
}

// room refuses more than the team may store.
func (s *Service) room(g db.Reader, t *team.Team, more int64) error {
	used, err := stored(g, t.ID)
	if err == nil && used+more > s.options.MaxTeam {
		return fault.New(fault.TooLarge, "The files of this team may be %d MiB together; delete some first.", s.options.MaxTeam>>20)
	}
	return err
}

func (s *Service) receive(ctx context.Context, t *team.Team, a *Attachment, body io.Reader) error {
	hash, part := sha256.New(), make([]byte, partSize)
	for number := int64(0); ; number++ {
		n, err := io.ReadFull(body, part)
		if n > 0 {
			if a.Size += int64(n); a.Size > s.options.MaxFile {
				return fault.New(fault.TooLarge, "The file is larger than %d MiB, which is the most that can be attached.", s.options.MaxFile>>20)
			}
			if number == 0 {
				a.Media = mediaOf(part[:n])
			}
			hash.Write(part[:n])
			if err := s.db.Write(ctx, func(tx *db.Tx) error { return insertPart(tx, a.ID, number, part[:n]) }); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			a.SHA256 = hex.EncodeToString(hash.Sum(nil))
			if a.Size == 0 {
				return fault.New(fault.Malformed, "The file is empty.")
			}
			return nil
		case err != nil && fault.Of(err).Kind != fault.Internal:
			return err
		case err != nil:
			return fault.New(fault.Malformed, "The upload broke off before its end; nothing was attached. Send it again.")
		}
	}
}

// finish makes a file that has arrived visible. The team's row is held, so that
// two at once do not both take the last room.
func (s *Service) finish(ctx context.Context, who audit.Who, t *team.Team, number int64, a *Attachment) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := tx.LockWord("files of " + t.ID); err != nil {
			return err
		}
		if err := s.room(tx.DB, t, a.Size); err != nil {
			return err
		}
		if err := completeFile(tx, a); err != nil {
			return err
		}
		return toldFile(tx, who, t, number, a, "attachment.added")
	})
}

func toldFile(tx *db.Tx, who audit.Who, t *team.Team, number int64, a *Attachment, action string) error {
	detail := map[string]any{"attachment": a.ID, "name": a.Name, "size": a.Size, "sha256": a.SHA256}
	if err := audit.Write(tx, who, t.ID, action, a.PatchID, detail); err != nil {
		return err
	}
	return event.Tell(tx, who, t.ID, event.Event{Kind: event.CommentChanged, Key: backlog.Key(t.Key, number)})
}

func (s *Service) discard(ctx context.Context, id string) error {
	return s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return removeFile(tx, id) })
}

// File is an attachment and its content.
func (s *Service) File(ctx context.Context, t *team.Team, number int64, id string) (*Attachment, io.Reader, error) {
	g := s.db.Read(ctx)
	p, err := backlog.ByNumber(g, t.ID, number)
	if err != nil {
		return nil, nil, err
	}
	a, err := fileByID(g, p.ID, id)
	if err != nil {
		return nil, nil, err
	}
	return a, &parts{ctx: ctx, service: s, id: a.ID}, nil
}

// parts reads a file part by part, so that memory does not follow its size.
type parts struct {
	ctx     context.Context
	service *Service
	id      string
	next    int64
	rest    []byte
}

func (p *parts) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		data, err := partOf(p.service.db.Read(p.ctx), p.id, p.next)
		if err != nil {
			return 0, err
		}
		if data == nil {
			return 0, io.EOF
		}
		p.rest, p.next = data, p.next+1
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// Detach takes a file away: one's own, or with moderate anybody's.
func (s *Service) Detach(ctx context.Context, who audit.Who, t *team.Team, number int64, id string, moderate bool) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := backlog.ByNumber(tx.DB, t.ID, number)
		if err != nil {
			return err
		}
		a, err := fileByID(tx.DB, p.ID, id)
		if err != nil {
			return err
		}
		if a.By.ID != who.UserID && !moderate {
			return fault.New(fault.Forbidden, "Only %s, a Scrum master or an administrator may delete this file.", a.By.Name)
		}
		if err := removeFile(tx, id); err != nil {
			return err
		}
		return toldFile(tx, who, t, number, a, "attachment.deleted")
	})
}

// arrivesWithin is how long an upload may take before Tidy takes it for broken off.
const arrivesWithin = 24 * time.Hour

// Tidy removes what is left of uploads that a server did not live to finish.
func (s *Service) Tidy(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		ids, err := brokenOff(tx.DB, tx.Now.Add(-arrivesWithin))
		for _, id := range ids {
			if err := removeFile(tx, id); err != nil {
				return err
			}
		}
		return err
	})
}

// fileName is a name without its directory, on one line, without what makes text
// read as something else, and never empty.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '"' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimSpace(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if strings.Trim(name, "./ ") == "" {
		return "file"
	}
	if text := []rune(name); len(text) > 150 { // the end tells the kind
		return string(text[:100]) + "…" + string(text[len(text)-49:])
	}
	return name
}

// Plain is the type of what is not served as itself.
const Plain = "application/octet-stream"

// signatures are the beginnings of the types that are served as themselves: none
// of them can hold a script that a browser runs.
var signatures = []struct{ begin, media string }{
	{"\x89PNG\r\n\x1a\n", "image/png"},
	{"\xff\xd8\xff", "image/jpeg"},
	{"GIF87a", "image/gif"},
	{"GIF89a", "image/gif"},
	{"%PDF-", "application/pdf"},
}

// mediaOf looks at the content: what a sender calls it is no proof.
func mediaOf(begin []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(begin, []byte(s.begin)) {
			return s.media
		}
	}
	if len(begin) > 12 && string(begin[:4]) == "RIFF" && string(begin[8:12]) == "WEBP" {
		return "image/webp"
	}
	if readable(begin) {
		return "text/plain; charset=utf-8"
	}
	return Plain
}

// readable tells whether bytes are text; the last letter may be cut in half.
func readable(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return len(b) < utf8.UTFMax && !utf8.FullRune(b)
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != '\x1b' {
			return false
		}
		b = b[n:]
	}
	return true
}
