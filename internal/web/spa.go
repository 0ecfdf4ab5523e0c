package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// file is one file of the frontend, plain and as the build has compressed it.
type file struct {
	media, etag string
	body        map[string][]byte // by coding: "", "br", "gzip"
}

const noFrontend = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Patchline</title>
<h1>The pages are not built</h1>
<p>This server was built without its frontend. Run <code>scripts/build</code>, or use the <a href="/api">API</a>.</p>
</html>
`

// spa serves the frontend: its files, and index.html for every other address, for
// the frontend itself knows its pages. Without a build it serves a page that says
// so.
func spa(dist fs.FS) (http.Handler, error) {
	files := map[string]*file{}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		return addFile(files, dist, name)
	})
	if err != nil {
		return nil, err
	}
	index := files["index.html"]
	if index == nil {
		index = &file{media: mediaOf("index.html"), etag: "none", body: map[string][]byte{"": []byte(noFrontend)}}
	}
	return pages{files, index}, nil
}

func addFile(files map[string]*file, dist fs.FS, name string) error {
	body, err := fs.ReadFile(dist, name)
	if err != nil {
		return err
	}
	plain, coding := name, ""
	if s, ok := strings.CutSuffix(name, ".br"); ok {
		plain, coding = s, "br"
	} else if s, ok := strings.CutSuffix(name, ".gz"); ok {
		plain, coding = s, "gzip"
	}
	f := files[plain]
	if f == nil {
		f = &file{media: mediaOf(plain), body: map[string][]byte{}}
		files[plain] = f
	}
	f.body[coding] = body
	if coding == "" {
		sum := sha256.Sum256(body)
		f.etag = hex.EncodeToString(sum[:8])
	}
	return nil
}

type pages struct {
	files map[string]*file
	index *file
}

func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "This address is a page; it can only be read.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	f := p.files[name]
	h.Set("Cache-Control", "no-cache")
	switch {
	case f != nil && f.body[""] == nil || f == nil && path.Ext(name) != "" && name != "index.html":
		h.Set("Cache-Control", "no-store") // a missing file must never become index.html
		http.NotFound(w, r)
		return
	case f != nil && strings.HasPrefix(name, "assets/"): // their names change with their content
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	case f == nil || name == "index.html":
		f = p.index
	}
	f.serve(w, r)
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h, coding := w.Header(), ""
	h.Set("Content-Type", f.media)
	if len(f.body) > 1 {
		h.Set("Vary", "Accept-Encoding")
		for _, c := range []string{"br", "gzip"} {
			if f.body[c] != nil && accepts(r.Header.Get("Accept-Encoding"), c) {
				coding = c
				break
			}
		}
	}
	tag := `"` + f.etag + "-" + coding + `"`
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	h.Set("Content-Length", strconv.Itoa(len(f.body[coding])))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(f.body[coding]) // a client that left
	}
}

// mediaOf names the kind of a file. The tables of machines differ.
func mediaOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	}
	if media := mime.TypeByExtension(path.Ext(name)); media != "" {
		return media
	}
	return "application/octet-stream"
}
