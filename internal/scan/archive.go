package scan

import (
	"archive/tar"
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
)

const (
	maxEntries   = 2_000_000
	maxDirectory = 64 << 20 // bytes of a zip directory, all of which is held in memory
)

// entries calls visit for every JSON file in the archive.
func (s *Source) entries(maxBytes int64, visit func(name string, r io.Reader) error) error {
	if s.packed == zipped {
		return s.zipEntries(maxBytes, visit)
	}
	r, err := unpack(s.file, maxBytes)
	if err != nil {
		return err
	}
	tr := tar.NewReader(r)
	for n := 0; ; n++ {
		h, err := tr.Next()
		if err == io.EOF {
			return drain(r)
		}
		if err != nil || n > maxEntries {
			return fmt.Errorf("the tar archive cannot be read on after %d entries: %w", n, cutOff(err))
		}
		if h.Typeflag != tar.TypeReg || !isRecordName(h.Name) {
			continue
		}
		if err := visit(clean(h.Name, maxName), tr); err != nil {
			return err
		}
	}
}

// drain reads what follows the archive, so that a damaged gzip end is noticed.
func drain(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return fmt.Errorf("the archive is damaged at its end: %w", err)
	}
	return nil
}

func cutOff(err error) error {
	if err == nil {
		return errors.New("too many entries")
	}
	return err
}

func (s *Source) zipEntries(maxBytes int64, visit func(name string, r io.Reader) error) error {
	at := &seekerAt{r: s.file, left: maxDirectory}
	size, err := s.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		return fmt.Errorf("the zip archive cannot be read: %w", err)
	}
	at.left = -1
	if maxBytes <= 0 {
		maxBytes = defaultMaxBytes
	}
	total := &budget{left: maxBytes, max: maxBytes}
	for _, f := range z.File {
		if f.FileInfo().IsDir() || !isRecordName(f.Name) {
			continue
		}
		if err := zipEntry(f, total, visit); err != nil {
			return err
		}
	}
	return nil
}

func zipEntry(f *zip.File, total *budget, visit func(name string, r io.Reader) error) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%s in the zip archive cannot be read: %w", clean(f.Name, maxName), err)
	}
	defer r.Close()
	total.r = r
	return visit(clean(f.Name, maxName), total)
}

// seekerAt lets archive/zip read at any place. While left is not negative it
// is the number of bytes that may still be read.
type seekerAt struct {
	r    io.ReadSeeker
	left int64
}

func (s *seekerAt) ReadAt(p []byte, off int64) (int, error) {
	if s.left >= 0 && int64(len(p)) > s.left {
		return 0, errors.New("its directory is too large")
	}
	if s.left >= 0 {
		s.left -= int64(len(p))
	}
	if _, err := s.r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, p)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

func isRecordName(name string) bool {
	base := path.Base(name)
	return strings.HasSuffix(strings.ToLower(base), ".json") && !strings.HasPrefix(base, ".")
}

// detectArchive takes the format of the first file in it that is one of ours.
func (s *Source) detectArchive() (Format, error) {
	var format Format
	found := errors.New("found")
	err := s.entries(0, func(name string, r io.Reader) error {
		head, err := readHead(r)
		if err != nil {
			return err
		}
		if f, err := Detect(name, head); err == nil {
			format = f
			return found
		}
		return nil
	})
	if errors.Is(err, found) {
		return format, archived(format)
	}
	if err != nil {
		return "", err
	}
	return "", fmt.Errorf("is an archive without a readable record; %s", accepted)
}

// archive reads all records of an archive as one file.
func (d *decoder) archive(format Format) error {
	read, ok := recordReaders[format]
	if !ok {
		return archived(format)
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: read.source}}); err != nil {
		return err
	}
	records := 0
	err := d.source.entries(d.opt.MaxBytes, func(name string, r io.Reader) error {
		n, err := d.entry(name, r, read.record)
		records += n
		return err
	})
	if err == nil && records == 0 {
		err = errors.New("the archive holds no record")
	}
	return err
}

// recordReaders are the formats whose files hold records, so that many may come in an archive.
var recordReaders = map[Format]struct {
	source string
	record recordReader
}{
	CVE5JSON: {"cve", one(readCVE)},
	OSVJSON:  {"osv", readOSV},
}

// errForeign is given for JSON that is no record of the kind at all.
var errForeign = errors.New("is no record of this kind")

// recordFile is the name of a file that promises a record: CVE-2024-9001.json.
var recordFile = regexp.MustCompile(`^[A-Za-z]+-[0-9A-Za-z]+-`)

// entry reads one file of an archive and counts its records. A damaged file
// is one bad record; files that only accompany the records are passed over.
func (d *decoder) entry(name string, r io.Reader, read recordReader) (records int, err error) {
	w := newWalker(text(r))
	promised := recordFile.MatchString(path.Base(name))
	err = eachRecord(w, func(n int) error {
		raw, err := w.raw()
		if err != nil && err != errRecordSize {
			return err
		}
		var items []Item
		if err == nil {
			items, err = read(raw)
		}
		if errors.Is(err, errForeign) && !promised {
			return nil
		}
		records++
		return d.hand(items, entryPosition(name, n), err)
	})
	switch {
	case err == nil || errors.Is(err, errStop):
		return records, err
	case w.err != nil && w.err != io.EOF:
		return records, fmt.Errorf("the archive cannot be read on in %s: %w", name, w.err)
	case promised || records > 0:
		return records + 1, d.reject(name, err)
	}
	return 0, nil
}

func entryPosition(name string, n int) string {
	if n == 0 {
		return name
	}
	return fmt.Sprintf("%s record %d", name, n+1)
}

// records reads a file of one record, an array of them, or one after the other.
func (d *decoder) records(format Format) error {
	read := recordReaders[format]
	err := d.walk(func(w *walker) error {
		return eachRecord(w, func(int) error { return w.skip() })
	})
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: read.source}}); err != nil {
		return err
	}
	return d.walk(func(w *walker) error {
		return eachRecord(w, func(n int) error {
			return d.parts(w, fmt.Sprintf("record %d", n+1), read.record)
		})
	})
}

// eachRecord visits every record of a sequence, and of arrays in it.
func eachRecord(w *walker, visit func(n int) error) error {
	n := 0
	for {
		c, ok := w.next()
		var err error
		switch {
		case !ok && n > 0:
			return nil
		case c == '{':
			err = visit(n)
			n++
		case c == '[':
			err = w.array(func(int) error {
				n++
				return visit(n - 1)
			})
			n = max(n, 1) // an empty array is a file without records, not a missing one
		default:
			return w.fail("a record")
		}
		if err != nil {
			return err
		}
	}
}
