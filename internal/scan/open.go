package scan

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"
)

// Source is an opened file of a recognised format.
type Source struct {
	Name   string // base name of the file, for messages
	Format Format

	file   io.ReadSeeker
	packed packing
}

type packing int

const (
	plain packing = iota
	tarred
	zipped
)

// Open unpacks gzip transparently and recognises the format. The error of a
// file that is empty, foreign or unreadable is a sentence for people. The
// reader must stay open, and belongs to the Source, while items are read.
func Open(name string, r io.ReadSeeker) (*Source, error) {
	s := &Source{Name: clean(path.Base(strings.ReplaceAll(name, `\`, "/")), 200), file: r}
	in, err := unpack(r, 0)
	if err != nil {
		return nil, s.refuse(err)
	}
	head, err := readHead(in)
	if len(head) == 0 && err != nil {
		return nil, s.refuse(err)
	}
	switch {
	case isZip(head):
		s.packed = zipped
	case isTar(head):
		s.packed = tarred
	}
	if s.packed == plain {
		s.Format, err = s.detect(head)
	} else {
		s.Format, err = s.detectArchive()
	}
	if err != nil {
		return nil, s.refuse(err)
	}
	return s, nil
}

// detect looks at the whole of a JSON file whose beginning does not tell.
func (s *Source) detect(head []byte) (Format, error) {
	format, err := Detect(s.Name, head)
	if err == nil || len(head) < headSize {
		return format, err
	}
	r, failed := unpack(s.file, 0)
	if failed != nil {
		return "", failed
	}
	in := bufio.NewReader(text(r))
	if c, _ := in.Peek(1); len(c) == 0 || c[0] != '{' && c[0] != '[' {
		return "", err
	}
	return detectJSON(in)
}

func (s *Source) refuse(err error) error { return fmt.Errorf("%s: %w", s.Name, err) }

// errStop ends reading because the caller has had enough.
var errStop = errors.New("stopped")

// Items yields what the file says, and may be called again. An error ends the
// file: it is refused whole, and what was yielded before must not count. The
// items of JSON reports come only after the whole file was found well-formed;
// archives and tables are checked while they are read.
func (s *Source) Items(opt Options) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		d := &decoder{source: s, opt: opt}
		stopped := false // then nothing more may be yielded, not even why a record was left out
		d.emit = func(it Item) error {
			if stopped = stopped || !yield(it, nil); stopped {
				return errStop
			}
			return nil
		}
		if err := d.read(); err != nil && !stopped {
			yield(Item{}, s.refuse(err))
		}
	}
}

// decoder reads one source once.
type decoder struct {
	source *Source
	opt    Options
	emit   func(Item) error
}

func (d *decoder) read() error {
	format := d.source.Format
	if d.opt.Format != "" && d.opt.Format != format {
		return fmt.Errorf("is not the declared %s: it looks like %s", clean(string(d.opt.Format), 40), format)
	}
	if d.source.packed != plain {
		return d.archive(format)
	}
	switch format {
	case TrivyJSON:
		return d.trivy()
	case GrypeJSON:
		return d.grype()
	case KEVJSON:
		return d.kev()
	case KEVCSV:
		return d.kevCSV()
	case CVE5JSON, OSVJSON:
		return d.records(format)
	case EPSSCSV:
		return d.epss()
	case GenericCSV:
		return d.generic()
	}
	return d.readFurther(format)
}

func (d *decoder) readFurther(format Format) error {
	switch format {
	case SARIF:
		return d.sarif()
	case CycloneDX:
		return d.cyclonedx()
	case OpenVEX:
		return d.openvex()
	case OSVScanner:
		return d.osvScanner()
	case CSAFJSON:
		return d.csaf()
	case NVDJSON:
		return d.nvd()
	case NessusXML:
		return d.nessusXML()
	case NessusCSV:
		return d.nessusCSV()
	}
	return d.readTools(format)
}

// readTools reads reports of further tools.
func (d *decoder) readTools(format Format) error {
	switch format {
	case Govulncheck:
		return d.govulncheck()
	case SnykJSON:
		return d.snyk()
	case InspectorJSON:
		return d.inspector()
	case SPDXJSON:
		return d.spdx()
	}
	return d.readPrinted(format)
}

// readPrinted reads what commands print for people.
func (d *decoder) readPrinted(format Format) error {
	switch format {
	case AptListText:
		return d.aptList()
	case AptSimulateText:
		return d.aptSimulate()
	case UpdateinfoText:
		return d.updateinfo()
	case DpkgText:
		return d.dpkg()
	case RPMText:
		return d.rpmList()
	case HotfixText, WindowsUpdateText:
		return d.windowsText()
	case HotfixCSV, WindowsUpdateCSV:
		return d.windowsCSV(format == HotfixCSV)
	case HotfixJSON, WindowsUpdateJSON:
		return d.windowsJSON(format == HotfixJSON)
	}
	return d.readMore(format)
}

func (d *decoder) readMore(format Format) error {
	switch format {
	case QualysCSV:
		return d.qualysCSV()
	case QualysXML:
		return d.qualysXML()
	case OpenVASXML:
		return d.openvasXML()
	case OpenVASCSV:
		return d.openvasCSV()
	case DefenderJSON:
		return d.defenderJSON()
	case DefenderCSV:
		return d.defenderCSV()
	case CycloneDXXML:
		return d.cyclonedxXML()
	case DependencyCheckXML:
		return d.dependencyCheckXML()
	case DependencyCheckJSON:
		return d.dependencyCheckJSON()
	}
	return fmt.Errorf("there is no format %q", clean(string(format), 40))
}

// walk runs visit over the whole JSON file and makes sure that it ends there.
func (d *decoder) walk(visit func(w *walker) error) error {
	r, err := unpack(d.source.file, d.opt.MaxBytes)
	if err != nil {
		return err
	}
	w := newWalker(text(r))
	if err := visit(w); err != nil {
		return err
	}
	return w.done()
}

// lines opens the file as text.
func (d *decoder) lines() (*bufio.Reader, error) {
	r, err := unpack(d.source.file, d.opt.MaxBytes)
	if err != nil {
		return nil, err
	}
	return bufio.NewReaderSize(text(r), headSize), nil
}

// asset is the one the caller names, else the one the report names, else the
// file itself; its item must come before its findings.
func (d *decoder) asset(name, kind string) Asset {
	a := Asset{Name: line(name, maxName), Kind: kind}
	if named := line(d.opt.Asset, maxName); named != "" {
		a.Name = named
	}
	if a.Name == "" {
		a.Name, a.Assumed = strings.TrimSuffix(d.source.Name, path.Ext(d.source.Name)), true
	}
	if a.Kind == "" {
		a.Kind = "unknown"
	}
	return a
}

func (d *decoder) reject(position string, why error) error {
	return d.emit(Item{Position: position, Rejected: clean(why.Error(), maxTitle)})
}

// record reads one record at the walker and hands it on; what is wrong with
// it alone becomes a rejection, what is wrong with the file an error.
func (d *decoder) record(w *walker, position string, use func(raw []byte) (Item, error)) error {
	return d.parts(w, position, one(use))
}

// parts is record for records that say several things.
func (d *decoder) parts(w *walker, position string, use recordReader) error {
	raw, err := w.raw()
	if err != nil && err != errRecordSize {
		return err
	}
	var items []Item
	if err == nil {
		items, err = use(raw)
	}
	return d.hand(items, position, err)
}

// recordReader makes the items of one record; the first counts as the record.
type recordReader func(raw []byte) ([]Item, error)

func one(use func(raw []byte) (Item, error)) recordReader {
	return func(raw []byte) ([]Item, error) {
		it, err := use(raw)
		return []Item{it}, err
	}
}

// hand passes the items of a record on, or why they could not be made.
func (d *decoder) hand(items []Item, position string, err error) error {
	if err != nil {
		return d.reject(position, err)
	}
	for i, it := range items {
		it.Position, it.Continued = position, i > 0
		if err := d.emit(it); err != nil {
			return err
		}
	}
	return nil
}
