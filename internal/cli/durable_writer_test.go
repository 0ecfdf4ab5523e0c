package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
)

// writer creates patches and changes them over HTTP, and remembers what the
// server has acknowledged.
type writer struct {
	number       int
	token        string
	client       *http.Client
	count        int
	acknowledged int

	fresh []state // acknowledged since the last check, the last state of each patch
	open  *state  // was sent and not answered: it may have happened or not

	refused string // an answer that is no acknowledgement
}

// work writes until the server is gone: one new patch, then two changes of it.
func (w *writer) work(address string) {
	base := address + "/api/v1/teams/INF/patches"
	for {
		made, ok := w.send(http.MethodPost, base, state{version: 0})
		if !ok {
			return
		}
		w.fresh = append(w.fresh, made)
		last := &w.fresh[len(w.fresh)-1]
		for range 2 {
			changed, ok := w.send(http.MethodPatch, fmt.Sprintf("%s/INF-%d", base, made.number), *last)
			if !ok {
				return
			}
			*last = changed
		}
	}
}

// send makes one write; not ok when no answer came.
func (w *writer) send(method, url string, from state) (state, bool) {
	w.count++
	next := state{number: from.number, version: from.version + 1, text: fmt.Sprintf("%d-%d", w.number, w.count)}
	body := fmt.Sprintf(`{"title":"Write %s","description":%q`, next.text, next.text)
	if method == http.MethodPatch {
		body += fmt.Sprintf(`,"version":%d`, from.version)
	}
	w.open = &next
	req, err := http.NewRequest(method, url, strings.NewReader(body+"}"))
	if err != nil {
		return next, false
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := w.client.Do(req)
	if err != nil {
		return next, false
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return next, false
	}
	if res.StatusCode >= 300 {
		w.refused = string(text)
		return next, false
	}
	var got struct {
		Key     string
		Version int64
	}
	if err := json.Unmarshal(text, &got); err != nil {
		return next, false
	}
	_, err = fmt.Sscanf(got.Key, "INF-%d", &next.number)
	next.version = got.Version
	w.open = nil
	w.acknowledged++
	return next, err == nil
}

// check insists that what was acknowledged since the last check is there, and
// that what was sent without an answer happened wholly or not at all.
func (w *writer) check(t *testing.T, dir string) {
	t.Helper()
	d, err := db.Open(filepath.Join(dir, "patchline.db"), time.Now)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.Close()) }()
	assert.Empty(t, w.refused)
	for _, want := range w.fresh {
		got := state{number: want.number}
		err := db.One(d.Read(t.Context()).Raw("SELECT p.version, t.description FROM patches p JOIN patch_texts t ON t.id = p.id WHERE p.number = ?", want.number), &got.version, &got.text)
		require.NoError(t, err, "%s is lost", want)
		if w.open != nil && w.open.number == want.number && got.version == want.version+1 {
			want = *w.open // the server did it and had no time to say so
		}
		assert.Equal(t, want, got, "the acknowledged write is not there")
	}
	w.fresh, w.open = nil, nil
}
