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
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return nil, fmt.Errorf("cut off before its end, at %s: %w", w.position(), io.ErrUnexpectedEOF)
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

// document reads the one root element, which visit is given just opened, and
// makes sure that the file ends with it.
func (w *xmlWalker) document(visit func(root xml.StartElement) error) error {
	for roots := 0; ; {
		t, err := w.next()
		if err == io.EOF && roots == 1 {
			return nil
		}
		if err != nil {
			return unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if roots++; roots > 1 {
				return fmt.Errorf("a second document begins at %s", w.position())
			}
			err := visit(t)
			if err == nil {
				err = w.close(0)
			}
			if err != nil {
				return unexpected(err)
			}
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return fmt.Errorf("text outside of the document at %s", w.position())
			}
		}
	}
}

// close passes over what is left of the elements deeper than depth.
func (w *xmlWalker) close(depth int) error {
	for w.depth > depth {
		if _, err := w.next(); err != nil {
			return err
		}
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return fmt.Errorf("cut off before its end: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// children visits the elements inside the one just opened. What a visit leaves
// unread of an element is passed over.
func (w *xmlWalker) children(visit func(s xml.StartElement) error) error {
	end := w.depth - 1
	for w.depth > end {
		t, err := w.next()
		if err != nil {
			return err
		}
		if s, ok := t.(xml.StartElement); ok {
			inner := w.depth - 1
			if err := visit(s); err != nil {
				return err
			}
			if err := w.close(inner); err != nil {
				return err
			}
		}
	}
	return nil
}

func attribute(s xml.StartElement, name string) string {
	for _, a := range s.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
