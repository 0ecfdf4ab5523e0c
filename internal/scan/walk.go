package scan

import (
	"errors"
	"fmt"
	"io"
)

const (
	maxDepth  = 200     // nesting of JSON values
	maxRecord = 4 << 20 // bytes of one record
	maxValues = 200_000 // JSON values in one record: small values grow most when decoded
)

var errRecordSize = errors.New("the record is larger than 4 MiB or has more than 200,000 values")

// walker reads JSON of any size in constant memory. It checks every byte it
// passes, so that a file walked to its end is well-formed; encoding/json would
// need the whole value in memory to skip it.
type walker struct {
	src      io.Reader
	buf      []byte
	pos, end int
	passed   int64 // bytes before buf
	line     int
	depth    int
	err      error // first error of src, or io.EOF

	mark   int    // start in buf of the value being kept, -1 if none
	kept   []byte // the part of it that has left buf
	over   bool   // it became too large
	values int
}

func newWalker(src io.Reader) *walker {
	return &walker{src: src, buf: make([]byte, 64<<10), line: 1, mark: -1}
}

// fill replaces the consumed buffer by the next bytes.
func (w *walker) fill() bool {
	if w.err != nil {
		return false
	}
	if w.mark >= 0 {
		w.keep(w.end)
		w.mark = 0
	}
	w.passed += int64(w.end)
	w.pos, w.end = 0, 0
	for range 100 {
		n, err := w.src.Read(w.buf)
		w.end, w.err = n, err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	w.err = io.ErrNoProgress
	return false
}

func (w *walker) keep(until int) {
	if w.over || len(w.kept)+until-w.mark > maxRecord || w.values > maxValues {
		w.over, w.kept = true, w.kept[:0]
		return
	}
	w.kept = append(w.kept, w.buf[w.mark:until]...)
}

// peek returns the next byte without consuming it; false at the end.
func (w *walker) peek() (byte, bool) {
	if w.pos == w.end && !w.fill() {
		return 0, false
	}
	return w.buf[w.pos], true
}

// next skips blanks and returns the byte that starts the next token, unconsumed; false at the end.
func (w *walker) next() (byte, bool) {
	for {
		c, ok := w.peek()
		if !ok || c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, ok
		}
		if c == '\n' {
			w.line++
		}
		w.pos++
	}
}

func (w *walker) where() string {
	return fmt.Sprintf("line %d, byte %d", w.line, w.passed+int64(w.pos))
}

// fail explains why the bytes at the current place cannot be what was wanted.
func (w *walker) fail(want string) error {
	if w.err != nil && w.err != io.EOF && w.pos == w.end {
		return fmt.Errorf("cannot be read on at %s: %w", w.where(), w.err)
	}
	c, ok := w.peek()
	if !ok && w.err == io.EOF {
		return fmt.Errorf("cut off at %s, where %s was expected: %w", w.where(), want, io.ErrUnexpectedEOF)
	}
	if !ok {
		return fmt.Errorf("cannot be read on at %s: %w", w.where(), w.err)
	}
	return fmt.Errorf("not valid JSON at %s: expected %s, found %q", w.where(), want, rune(c))
}

func (w *walker) expect(c byte, want string) error {
	if got, ok := w.next(); !ok || got != c {
		return w.fail(want)
	}
	w.pos++
	return nil
}

// done makes sure that nothing but blanks follows.
func (w *walker) done() error {
	if _, ok := w.next(); ok {
		return w.fail("the end of the file")
	}
	if w.err != io.EOF {
		return w.fail("the end of the file")
	}
	return nil
}

// object calls visit for every key; visit must consume the value. A nil visit skips all.
func (w *walker) object(visit func(key string) error) error {
	if err := w.enter('{', "an object"); err != nil {
		return err
	}
	defer func() { w.depth-- }()
	if c, ok := w.next(); ok && c == '}' {
		w.pos++
		return nil
	}
	for {
		if err := w.member(visit); err != nil {
			return err
		}
		if more, err := w.more('}'); !more {
			return err
		}
	}
}

func (w *walker) member(visit func(key string) error) error {
	if c, ok := w.next(); !ok || c != '"' {
		return w.fail("a key in quotes")
	}
	var key []byte
	if err := w.str(visit != nil, &key); err != nil {
		return err
	}
	if err := w.expect(':', "a colon"); err != nil {
		return err
	}
	if visit == nil {
		return w.skip()
	}
	return visit(unquote(key))
}

// array calls visit for every element; visit must consume it. A nil visit skips all.
func (w *walker) array(visit func(i int) error) error {
	if err := w.enter('[', "an array"); err != nil {
		return err
	}
	defer func() { w.depth-- }()
	if c, ok := w.next(); ok && c == ']' {
		w.pos++
		return nil
	}
	for i := 0; ; i++ {
		var err error
		if visit == nil {
			err = w.skip()
		} else {
			err = visit(i)
		}
		if err != nil {
			return err
		}
		if more, err := w.more(']'); !more {
			return err
		}
	}
}

func (w *walker) enter(open byte, want string) error {
	if err := w.expect(open, want); err != nil {
		return err
	}
	if w.depth++; w.depth > maxDepth {
		return fmt.Errorf("nested deeper than %d at %s", maxDepth, w.where())
	}
	return nil
}

// more consumes the comma before a further element, or the closing bracket.
func (w *walker) more(closing byte) (bool, error) {
	switch c, _ := w.next(); c {
	case ',':
		w.pos++
		return true, nil
	case closing:
		w.pos++
		return false, nil
	}
	return false, w.fail("a comma or " + string(rune(closing)))
}

// skip passes over one value of any kind.
func (w *walker) skip() error {
	c, ok := w.next()
	w.values++
	switch {
	case !ok:
		return w.fail("a value")
	case c == '{':
		return w.object(nil)
	case c == '[':
		return w.array(nil)
	case c == '"':
		return w.str(false, nil)
	case c == 't':
		return w.literal("true")
	case c == 'f':
		return w.literal("false")
	case c == 'n':
		return w.literal("null")
	default:
		return w.number()
	}
}
