package scan

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Bounds of an archive. The whole directory of a zip is held in memory, about
// 300 bytes for each entry; all CVE records are some 350,000.
const (
	maxEntries   = 600_000
	maxDirectory = 80 << 20 // bytes
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
	at := &seekerAt{r: s.file, left: maxDirectory, entries: maxEntries}
	size, err := s.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		return fmt.Errorf("the zip archive cannot be read: %w", err)
	}
	at.left = -1 // the directory is read
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
// is the number of bytes of the directory that may still be read, and entries
// the number of its entries: archive/zip itself sets no bound.
type seekerAt struct {
	r       io.ReadSeeker
	left    int64
	entries int
}

// directoryEntry begins each entry of a zip directory (APPNOTE.TXT, 4.3.12).
var directoryEntry = []byte("PK\x01\x02")

func (s *seekerAt) ReadAt(p []byte, off int64) (int, error) {
	if _, err := s.r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, p)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	if s.left < 0 {
		return n, err
	}
	s.left -= int64(n)
	s.entries -= bytes.Count(p[:n], directoryEntry)
	if s.left < 0 || s.entries < 0 {
		s.left = 0
		return 0, errors.New("it has too many entries")
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
