package scan

import "errors"

// maxHeld bounds what a first pass remembers of a file, in bytes, so that
// memory stays bounded for a file that is nothing but names.
const maxHeld = 48 << 20

var errHeld = errors.New("it names more components, products or rules than can be held (48 MiB)")

// holder counts down what may still be remembered.
type holder int

// take accounts for one entry with its texts.
func (h *holder) take(texts ...string) error {
	*h -= 160 // of the structure around them
	for _, s := range texts {
		*h -= holder(len(s))
	}
	if *h < 0 {
		return errHeld
	}
	return nil
}
