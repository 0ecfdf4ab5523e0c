package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"patchline/internal/fault"
)

// CSP allows our own files alone: no inline script or style, no other host, no
// frame around us.
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

var errCrossOrigin = fault.New(fault.Forbidden, "Another site's page has sent this; changes are only taken from this server's own pages and from programs.")

// guarded sets the headers that make browsers careful, and refuses changes that
// another site's page makes in the name of who has signed in.
func guarded() gin.HandlerFunc {
	cross := http.NewCrossOriginProtection()
	return func(c *gin.Context) {
		c.Header("X-Content-Type-Options", "nosniff")
		c.Header("Referrer-Policy", "same-origin")
		c.Header("Cross-Origin-Opener-Policy", "same-origin")
		c.Header("Cross-Origin-Resource-Policy", "same-origin")
		c.Header("X-Frame-Options", "DENY")
		c.Header("Content-Security-Policy", CSP)
		if holdsSecret(c.Request.URL.Path) {
			c.Header("Referrer-Policy", "no-referrer")
			c.Header("X-Robots-Tag", "noindex, nofollow")
		}
		if isAPI(c.Request.URL.Path) {
			c.Header("Cache-Control", "no-store")
		}
		if err := cross.Check(c.Request); err != nil {
			problem(c, errCrossOrigin)
		}
	}
}

// holdsSecret tells the pages whose address is a key: no other server and no search
// engine shall learn it.
func holdsSecret(path string) bool {
	return strings.HasPrefix(path, "/review/") || strings.HasPrefix(path, "/invite/")
}

const (
	atOnce   = 128                    // requests that are worked on at the same time
	patience = 400 * time.Millisecond // how long one waits for its turn
	answerIn = 60 * time.Second       // how long an answer may take to write
)

var errBusy = fault.New(fault.Unavailable, "The server is busy; try again in a moment.")

// admitted refuses what could not be answered soon, so that what is accepted is.
// Streams and uploads take long by nature and do not count.
func admitted(atOnce int, patience time.Duration) gin.HandlerFunc {
	turns := make(chan struct{}, atOnce)
	return func(c *gin.Context) {
		if op := of(c.Request.Context()).op; op == nil || op.stream || op.long || op.body != nil && op.schema == nil {
			return
		}
		if !wait(c, turns, patience) {
			problem(c, errBusy)
			return
		}
		defer func() { <-turns }()
		_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(answerIn)) // a test's writer knows none
		c.Next()
	}
}

func wait(c *gin.Context, turns chan struct{}, patience time.Duration) bool {
	select {
	case turns <- struct{}{}:
		return true
	default:
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case turns <- struct{}{}:
		return true
	case <-t.C:
	case <-c.Request.Context().Done():
	}
	return false
}

// NewServer is an HTTP server for a site, with time-outs for clients that dawdle.
// Reading and writing have theirs in the middleware: an upload or a live stream may
// last.
func NewServer(addr string, s *Site) *http.Server {
	srv := &http.Server{
		Addr: addr, Handler: s,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	srv.RegisterOnShutdown(s.Close)
	return srv
}
