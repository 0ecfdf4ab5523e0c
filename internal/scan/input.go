package scan

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
)

const (
	defaultMaxBytes = 4 << 30
	headSize        = 64 << 10
)

var gzipMagic = []byte{0x1f, 0x8b}

// unpack reads the file from its start without its gzip wrapping and byte order mark.
func unpack(file io.ReadSeeker, maxBytes int64) (io.Reader, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("cannot be read from its start: %w", err)
	}
	var r io.Reader = bufio.NewReader(file)
	if magic, _ := r.(*bufio.Reader).Peek(2); bytes.Equal(magic, gzipMagic) {
		gz, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("looks like gzip, but cannot be unpacked: %w", err)
		}
		r = gz
	}
	if maxBytes <= 0 {
		maxBytes = defaultMaxBytes
	}
	return &budget{r: r, left: maxBytes, max: maxBytes}, nil
}

// budget stops a small file that unpacks to an endless one.
type budget struct {
	r         io.Reader
	left, max int64
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		var one [1]byte
		if n, err := b.r.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, fmt.Errorf("larger than %d MiB after unpacking", b.max>>20)
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}

// text removes a byte order mark and turns UTF-16, which Windows tools write, into UTF-8.
func text(r io.Reader) io.Reader {
	br := bufio.NewReader(r)
	head, _ := br.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		_, _ = br.Discard(3)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		_, _ = br.Discard(2)
		return &utf16Reader{r: br, order: binary.LittleEndian}
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		_, _ = br.Discard(2)
		return &utf16Reader{r: br, order: binary.BigEndian}
	}
	return br
}

type utf16Reader struct {
	r     *bufio.Reader
	order binary.ByteOrder
	rest  []byte // encoded, not yet returned
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.rest) < len(p) && len(u.rest) < 4096 {
		c, err := u.rune()
		if err != nil && len(u.rest) == 0 {
			return 0, err
		}
		if err != nil {
			break
		}
		u.rest = utf8.AppendRune(u.rest, c)
	}
	n := copy(p, u.rest)
	u.rest = u.rest[:copy(u.rest, u.rest[n:])]
	return n, nil
}

func (u *utf16Reader) rune() (rune, error) {
	var unit [2]byte
	if _, err := io.ReadFull(u.r, unit[:]); err != nil {
		return 0, err
	}
	c := rune(u.order.Uint16(unit[:]))
	if !utf16.IsSurrogate(c) {
		return c, nil
	}
	low, err := u.r.Peek(2)
	if err != nil {
		return utf8.RuneError, nil
	}
	pair := utf16.DecodeRune(c, rune(u.order.Uint16(low)))
	if pair != utf8.RuneError {
		_, _ = u.r.Discard(2)
	}
	return pair, nil
}

// readHead returns up to the first 64 KiB.
func readHead(r io.Reader) ([]byte, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if errors.Is(err, io.EOF) || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return head[:n], err
}
