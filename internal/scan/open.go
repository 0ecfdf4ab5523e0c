package scan

import (
	"errors"
	"io"
	"iter"
)

// Source is an opened file of a recognised format.
type Source struct {
	Name   string
	Format Format
}

// Detect recognises the format from the first 64 KiB of an unpacked file.
func Detect(name string, head []byte) (Format, error) { return "", errors.New("not yet") }

// Open unpacks gzip transparently and recognises the format.
func Open(name string, r io.ReadSeeker) (*Source, error) { return nil, errors.New("not yet") }

// Items yields what the file says. An error ends the file: it is refused whole.
func (s *Source) Items(opt Options) iter.Seq2[Item, error] {
	return func(func(Item, error) bool) {}
}
