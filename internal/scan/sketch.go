package scan

import (
	"encoding/json"
	"io"
	"strings"
)

// sketch is the outline of the beginning of a JSON file: which keys there are,
// down to five levels, with short strings as values. "matches[].artifact" is
// the key of any element of matches.
type sketch map[string]string

const (
	sketchDepth = 5
	sketchSize  = 2000
)

// outline reads as far as the bytes reach; what follows is not known.
func outline(r io.Reader) sketch {
	s := sketch{}
	_ = s.value(newWalker(r), "", 0)
	return s
}

func (s sketch) value(w *walker, path string, depth int) error {
	c, _ := w.next()
	if full := len(s) >= sketchSize; depth > sketchDepth || full && depth > 1 || len(s) >= 2*sketchSize {
		return w.skip()
	}
	switch c {
	case '{':
		s.note(path, "{}")
		return w.object(func(key string) error {
			return s.value(w, strings.TrimPrefix(path+"."+key, "."), depth+1)
		})
	case '[':
		s.note(path, "[]")
		return w.array(func(int) error { return s.value(w, path+"[]", depth+1) })
	}
	raw, err := w.raw()
	var v string
	if json.Unmarshal(raw, &v) != nil {
		v = string(raw[:min(len(raw), 40)])
	}
	s.note(path, v[:min(len(v), 200)])
	return err
}

func (s sketch) note(path, v string) {
	if _, known := s[path]; !known {
		s[path] = v
	}
}

func (s sketch) has(paths ...string) bool {
	for _, p := range paths {
		if _, ok := s[p]; !ok {
			return false
		}
	}
	return true
}

// any tells whether at least one of the keys is there.
func (s sketch) any(paths ...string) bool {
	for _, p := range paths {
		if s.has(p) {
			return true
		}
	}
	return false
}

// is tells whether the value begins with the text, whatever the letter case.
func (s sketch) is(path, text string) bool {
	v, ok := s[path]
	return ok && len(v) >= len(text) && strings.EqualFold(v[:len(text)], text)
}
