package web

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"patchline/internal/fault"
)

// secretive are the creations whose answer holds a secret. It is shown once and
// kept nowhere, so it cannot be repeated either.
var secretive = []string{"createToken", "createInvite", "createReviewLink"}

var errSecretShown = fault.New(fault.Conflict, "This was done already, and its secret is shown only once; if it is lost, revoke it and make another with a new Idempotency-Key.")

// once makes a creation with an Idempotency-Key happen once: the same key by the
// same person is answered as the first time. A refused creation changed nothing and
// may be tried again with the same key.
func (h *handlers) once(c *gin.Context) {
	v := of(c.Request.Context())
	key := c.GetHeader("Idempotency-Key")
	if key == "" || !v.op.idempotent {
		return
	}
	request, err := h.fingerprint(c, v.op)
	if err != nil {
		problem(c, err)
		return
	}
	ctx, user := c.Request.Context(), v.access.User.ID
	before, err := h.Team.Begin(ctx, user, key, request)
	switch {
	case err != nil:
		problem(c, err)
	case before == nil:
		h.first(c, user, key)
	case before.Body == "":
		problem(c, errSecretShown)
	default:
		c.Header("Idempotency-Replayed", "true")
		c.Data(before.Status, "application/json", []byte(before.Body))
		c.Abort()
	}
}

// first lets the handler work and keeps its answer. Whatever happens on the way,
// the key does not stay taken by a request that changed nothing.
func (h *handlers) first(c *gin.Context, user, key string) {
	v := of(c.Request.Context())
	w := &keeper{ResponseWriter: c.Writer}
	c.Writer = w
	status := http.StatusInternalServerError
	defer func() {
		body := w.body.String()
		if slices.Contains(secretive, v.op.id) {
			body = ""
		}
		if err := h.Team.Finish(c.Request.Context(), user, key, status, body); err != nil {
			_ = c.Error(err)
		}
	}()
	c.Next()
	status = w.Status()
}

// fingerprint recognises the same request without keeping it. A file is known by
// its length alone: it is not read before it is needed.
func (h *handlers) fingerprint(c *gin.Context, op *operation) (string, error) {
	body := strconv.FormatInt(c.Request.ContentLength, 10)
	if op.schema != nil {
		data, err := io.ReadAll(c.Request.Body)
		if err != nil {
			return "", err
		}
		body = string(data)
		if v, ok := c.Request.Body.(readValue); ok {
			_, err = v.Seek(0, io.SeekStart)
		}
		if err != nil {
			return "", err
		}
	}
	return h.Team.Fingerprint(op.id, c.Request.URL.Path, c.Request.URL.RawQuery, body), nil
}

// keeper keeps a copy of the answer.
type keeper struct {
	gin.ResponseWriter
	body bytes.Buffer
}

func (w *keeper) Write(b []byte) (int, error) {
	w.body.Write(b)
	return w.ResponseWriter.Write(b)
}

func (w *keeper) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// Unwrap lets http.ResponseController find the connection.
func (w *keeper) Unwrap() http.ResponseWriter { return w.ResponseWriter }
