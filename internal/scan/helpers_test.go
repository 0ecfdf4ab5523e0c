package scan

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
)

// fixture is one of our own small files.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return raw
}

// read reads bytes as a file of the name.
func read(name string, content []byte, opt Options) ([]Item, error) {
	s, err := Open(name, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	var items []Item
	for it, err := range s.Items(opt) {
		if err != nil {
			return items, err
		}
		items = append(items, it)
	}
	return items, nil
}

func mustRead(t *testing.T, name string, content []byte) tally {
	t.Helper()
	items, err := read(name, content, Options{})
	require.NoError(t, err)
	return count(items)
}

func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func inUTF16(content []byte) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(string(content))) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}
