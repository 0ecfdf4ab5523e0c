package web

import (
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
)

// worthIt is from how many bytes on an answer is compressed.
const worthIt = 1 << 10

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // a known level
	return z
}}

// compressed compresses long answers in JSON or CSV for clients that ask for it.
// Streams pass as they are: what is compressed arrives late.
func compressed(c *gin.Context) {
	op := of(c.Request.Context()).op
	if op == nil || op.stream || !accepts(c.GetHeader("Accept-Encoding"), "gzip") {
		return
	}
	w := &zipWriter{ResponseWriter: c.Writer}
	c.Writer = w
	defer w.close()
	c.Next()
}

// zipWriter decides at the first write, which for our answers is the only one.
type zipWriter struct {
	gin.ResponseWriter
	zip     *gzip.Writer
	decided bool
}

func (w *zipWriter) Write(b []byte) (int, error) {
	w.decide(len(b))
	if w.zip == nil {
		return w.ResponseWriter.Write(b)
	}
	return w.zip.Write(b)
}

func (w *zipWriter) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

func (w *zipWriter) decide(n int) {
	if w.decided {
		return
	}
	w.decided = true
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if n <= worthIt || w.Status() == http.StatusNoContent || !compressible(h.Get("Content-Type")) {
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	w.zip = zippers.Get().(*gzip.Writer)
	w.zip.Reset(w.ResponseWriter)
}

func compressible(contentType string) bool {
	return strings.HasPrefix(contentType, "application/json") || strings.HasPrefix(contentType, "application/problem+json") ||
		strings.HasPrefix(contentType, "text/csv")
}

func (w *zipWriter) close() {
	if w.zip == nil {
		return
	}
	_ = w.zip.Close() // a client that left
	w.zip.Reset(io.Discard)
	zippers.Put(w.zip)
}

// Unwrap lets http.ResponseController find the connection.
func (w *zipWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// accepts reads an Accept-Encoding header (RFC 9110, section 12.5.3) for one
// coding. "*" is ignored: plain is always right.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			weight, found := strings.CutPrefix(strings.ReplaceAll(q, " ", ""), "q=")
			return !found || strings.Trim(weight, "0.") != ""
		}
	}
	return false
}
