package scan

import "encoding/json"

const maxKey = 256 // longer keys are none that we know

// str passes over a string; with keep it stores the first bytes between its quotes.
func (w *walker) str(keep bool, into *[]byte) error {
	w.pos++
	for {
		c, ok := w.peek()
		if !ok {
			return w.fail("the closing quote")
		}
		if c < ' ' {
			return w.fail("a character that may stand in a string")
		}
		w.pos++
		if c == '"' {
			return nil
		}
		if keep && len(*into) < maxKey {
			*into = append(*into, c)
		}
		if c == '\\' {
			if err := w.escape(keep, into); err != nil {
				return err
			}
		}
	}
}

func (w *walker) escape(keep bool, into *[]byte) error {
	c, ok := w.peek()
	if !ok {
		return w.fail("an escape")
	}
	hex := 0
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
	case 'u':
		hex = 4
	default:
		return w.fail("an escape")
	}
	for ; ; hex-- {
		if keep && len(*into) < maxKey {
			*into = append(*into, c)
		}
		w.pos++
		if hex == 0 {
			return nil
		}
		if c, ok = w.peek(); !ok || !isHex(c) {
			return w.fail("four hexadecimal digits")
		}
	}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func (w *walker) literal(word string) error {
	for i := range len(word) {
		if c, ok := w.peek(); !ok || c != word[i] {
			return w.fail(word)
		}
		w.pos++
	}
	return nil
}

// number follows the grammar of RFC 8259, section 6.
func (w *walker) number() error {
	c, ok := w.peek()
	if ok && c == '-' {
		w.pos++
		c, ok = w.peek()
	}
	if ok && c == '0' {
		w.pos++
	} else if !w.digits() {
		return w.fail("a value")
	}
	if c, ok = w.peek(); ok && c == '.' {
		if w.pos++; !w.digits() {
			return w.fail("a digit")
		}
	}
	if c, ok = w.peek(); !ok || c|0x20 != 'e' {
		return nil
	}
	w.pos++
	if c, ok = w.peek(); ok && (c == '+' || c == '-') {
		w.pos++
	}
	if !w.digits() {
		return w.fail("a digit")
	}
	return nil
}

func (w *walker) digits() (any bool) {
	for {
		c, ok := w.peek()
		if !ok || c < '0' || c > '9' {
			return any
		}
		w.pos++
		any = true
	}
}

// unquote resolves the escapes of a key, which hardly any key has.
func unquote(key []byte) string {
	for _, c := range key {
		if c == '\\' {
			var s string
			if json.Unmarshal(append(append([]byte{'"'}, key...), '"'), &s) == nil {
				return s
			}
			break
		}
	}
	return string(key)
}
