package scan

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const maxText = 64 << 10 // bytes of one element that are kept

// xmlWalker reads XML of any size: encoding/xml holds one token at a time and
// expands no entities of the document's own.
type xmlWalker struct {
	*xml.Decoder
	guard *rowGuard
	depth int
}

func (d *decoder) xml() (*xmlWalker, error) {
	r, err := d.lines()
	if err != nil {
		return nil, err
	}
	guard := &rowGuard{r: r}
	w := &xmlWalker{Decoder: xml.NewDecoder(guard), guard: guard}
	w.CharsetReader = charset
	return w, nil
}

// next gives the next token; io.EOF only after the root has ended.
func (w *xmlWalker) next() (xml.Token, error) {
	w.guard.nextRow()
	t, err := w.Token()
	switch t.(type) {
	case xml.StartElement:
		w.depth++
	case xml.EndElement:
		w.depth--
	}
	var syntax *xml.SyntaxError
	switch {
	case w.depth > maxDepth:
		return nil, fmt.Errorf("nested deeper than %d at %s", maxDepth, w.position())
	case err == nil || err == io.EOF:
		return t, err
	case w.guard.err != nil:
		return nil, fmt.Errorf("cannot be read on at %s: %w", w.position(), w.guard.err)
	case errors.As(err, &syntax):
		err = errors.New(syntax.Msg)
	case errors.Is(err, errCharset):
		err = errCharset
	}
	return nil, fmt.Errorf("not valid XML at %s: %s", w.position(), clean(err.Error(), 200)) // the message may repeat the file
}

func (w *xmlWalker) position() string {
	n, _ := w.InputPos()
	return fmt.Sprintf("line %d", n)
}

// text reads the element that was just opened to its end, without its children.
func (w *xmlWalker) text() (string, error) {
	var b strings.Builder
	for end := w.depth - 1; ; {
		t, err := w.next()
		if err != nil {
			return "", err
		}
		if data, ok := t.(xml.CharData); ok && w.depth == end+1 {
			b.Write(data[:min(len(data), maxText-b.Len())])
		}
		if w.depth == end {
			return strings.TrimSpace(b.String()), nil
		}
	}
}

// charset reads the single-byte encodings of old exports; UTF-16 was resolved before.
func charset(label string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii":
		return r, nil
	case "iso-8859-1", "latin1", "windows-1252":
		return &latin1{r: r}, nil
	}
	return nil, errCharset
}

var errCharset = errors.New("its encoding is none of UTF-8, UTF-16, ISO-8859-1 and Windows-1252")

type latin1 struct {
	r    io.Reader
	rest []byte
}

func (l *latin1) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		var raw [2048]byte
		n, err := l.r.Read(raw[:])
		if n == 0 {
			return 0, err
		}
		for _, b := range raw[:n] {
			l.rest = append(l.rest, string(rune(b))...)
		}
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// nessusXML reads a .nessus file (NessusClientData_v2), host by host.
func (d *decoder) nessusXML() error {
	w, err := d.xml()
	if err != nil {
		return err
	}
	if err := d.emit(Item{Position: "file", Snapshot: &Snapshot{Source: "nessus"}}); err != nil {
		return err
	}
	n := &nessusHosts{decoder: d, w: w, seen: map[Asset]bool{}}
	roots := 0
	for {
		t, err := w.next()
		if err == io.EOF && roots == 1 {
			return nil
		}
		if err != nil {
			return unexpected(err)
		}
		if s, ok := t.(xml.StartElement); ok {
			if roots++; roots > 1 || s.Name.Local != "NessusClientData_v2" {
				return errors.New("is not one NessusClientData_v2 document")
			}
			if err := n.children(n.report); err != nil {
				return unexpected(err)
			}
		} else if text, ok := t.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			return fmt.Errorf("text outside of the document at %s", w.position())
		}
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return fmt.Errorf("cut off before its end: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// nessusHosts reads the hosts of a report.
type nessusHosts struct {
	*decoder
	w    *xmlWalker
	seen map[Asset]bool
}

// children visits the elements inside the one just opened.
func (n *nessusHosts) children(visit func(s xml.StartElement) error) error {
	end := n.w.depth - 1
	for n.w.depth > end {
		t, err := n.w.next()
		if err != nil {
			return err
		}
		if s, ok := t.(xml.StartElement); ok {
			if err := visit(s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (n *nessusHosts) report(s xml.StartElement) error {
	if s.Name.Local != "Report" {
		_, err := n.w.text()
		return err
	}
	return n.children(n.host)
}

func (n *nessusHosts) host(s xml.StartElement) error {
	name := line(attribute(s, "name"), maxName)
	if s.Name.Local != "ReportHost" || name == "" {
		_, err := n.w.text()
		return err
	}
	asset := n.asset(name, "host")
	if err := n.announce(n.seen, asset, n.w.position()); err != nil {
		return err
	}
	return n.children(func(s xml.StartElement) error {
		if s.Name.Local != "ReportItem" {
			_, err := n.w.text()
			return err
		}
		return n.item(s, asset)
	})
}

func (n *nessusHosts) item(s xml.StartElement, asset Asset) error {
	position := n.w.position()
	it := &nessusItem{host: asset.Name, plugin: attribute(s, "pluginID"), name: attribute(s, "pluginName"), severity: attribute(s, "severity")}
	fields := map[string]*string{"cvss3_vector": &it.vector3, "cvss3_base_score": &it.score3, "cvss_vector": &it.vector2,
		"cvss_base_score": &it.score2, "cpe": &it.cpe, "synopsis": &it.synopsis, "description": &it.description,
		"solution": &it.solution, "plugin_output": &it.output}
	err := n.children(func(s xml.StartElement) error {
		text, err := n.w.text()
		if into := fields[s.Name.Local]; into != nil {
			*into = text
		}
		switch {
		case s.Name.Local == "cve" && len(it.cves) < 1000:
			it.cves = append(it.cves, text)
		case s.Name.Local == "xref" && len(it.xrefs) < 1000:
			it.xrefs = append(it.xrefs, text)
		}
		return err
	})
	if err != nil {
		return err
	}
	items, err := it.items(asset)
	return n.hand(items, position, err)
}

func attribute(s xml.StartElement, name string) string {
	for _, a := range s.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
