package scan

import (
	"encoding/xml"
	"strings"
)

// element is one element of a file with all that is in it: one record, small
// enough to be held.
type element struct {
	xml.StartElement
	text     string
	children []*element
}

// element reads the element that was just opened to its end. One that is larger
// than a record may be is passed over and gives errRecordSize.
func (w *xmlWalker) element(s xml.StartElement) (*element, error) {
	left := maxRecord
	e, err := w.grow(s, &left)
	if err == nil && left < 0 {
		return nil, errRecordSize
	}
	return e, err
}

// grow reads one element; left counts down what may still be kept, with about
// 200 bytes for the structure of each element.
func (w *xmlWalker) grow(s xml.StartElement, left *int) (*element, error) {
	e := &element{StartElement: s.Copy()}
	*left -= 200
	for _, a := range e.Attr {
		*left -= 64 + len(a.Name.Local) + len(a.Value)
	}
	var b strings.Builder
	for end := w.depth - 1; ; {
		t, err := w.next()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			child, err := w.grow(t, left)
			if err != nil {
				return nil, err
			}
			if *left >= 0 {
				e.children = append(e.children, child)
			}
		case xml.CharData:
			if *left -= len(t); *left >= 0 {
				b.Write(t)
			}
		}
		if w.depth == end {
			e.text = strings.TrimSpace(b.String())
			return e, nil
		}
	}
}

// get is the first element under the path of names; nil if there is none.
func (e *element) get(path ...string) *element {
	for _, name := range path {
		list := e.all(name)
		if len(list) == 0 {
			return nil
		}
		e = list[0]
	}
	return e
}

// say is the text of the first element under the path; empty if there is none.
func (e *element) say(path ...string) string {
	if e = e.get(path...); e == nil {
		return ""
	}
	return e.text
}

// all are the children of the name, whatever their namespace. Nothing has none.
func (e *element) all(name string) []*element {
	if e == nil {
		return nil
	}
	var list []*element
	for _, c := range e.children {
		if c.Name.Local == name {
			list = append(list, c)
		}
	}
	return list
}

// attr is the value of an attribute; nothing has none.
func (e *element) attr(name string) string {
	if e == nil {
		return ""
	}
	return attribute(e.StartElement, name)
}

// reads hands the element just opened on as one record.
func (d *decoder) reads(w *xmlWalker, s xml.StartElement, use func(*element) ([]Item, error)) error {
	position := w.position()
	e, err := w.element(s)
	if err != nil && err != errRecordSize {
		return err
	}
	var items []Item
	if err == nil {
		items, err = use(e)
	}
	return d.hand(items, position, err)
}
