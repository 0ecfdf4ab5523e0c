package scan

import (
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
)

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
