package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"patchline/api"
	"patchline/internal/db"
	"patchline/internal/fault"
)

var statuses = map[fault.Kind]int{
	fault.Internal:     http.StatusInternalServerError,
	fault.Malformed:    http.StatusBadRequest,
	fault.Invalid:      http.StatusUnprocessableEntity,
	fault.Unsigned:     http.StatusUnauthorized,
	fault.Forbidden:    http.StatusForbidden,
	fault.NotFound:     http.StatusNotFound,
	fault.Conflict:     http.StatusConflict,
	fault.TooLarge:     http.StatusRequestEntityTooLarge,
	fault.WrongContent: http.StatusUnsupportedMediaType,
	fault.TooMany:      http.StatusTooManyRequests,
	fault.Unavailable:  http.StatusServiceUnavailable,
}

var (
	errNoAddress = fault.New(fault.NotFound, "There is nothing at this address; /api describes what there is.")
	errNoMethod  = fault.New(fault.Malformed, "This address does not know this method; the header Allow names those it knows.")
)

// problem answers with err as an RFC 9457 problem. It is the only place where an
// error becomes a status.
func problem(c *gin.Context, err error) {
	err = known(c, err)
	kind := fault.Of(err).Kind
	status, ok := statuses[kind]
	if !ok {
		status = http.StatusInternalServerError
	}
	answer(c, status, string(kind), err)
}

// known turns errors of the libraries below that a client can act on into faults.
func known(c *gin.Context, err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.New(fault.TooLarge, "What was sent is too large.")
	}
	if c.Request.Context().Err() != nil && fault.Is(err, fault.Internal) {
		return fault.New(fault.Unavailable, "The request was given up before it was answered.") // nobody will read it
	}
	if out := db.Outage(err); out != nil {
		slog.ErrorContext(c.Request.Context(), "the database cannot serve a request", "route", c.FullPath(), "error", err)
		return out
	}
	return err
}

func answer(c *gin.Context, status int, kind string, err error) {
	f, id := fault.Of(err), ""
	if v := of(c.Request.Context()); v != nil {
		id = v.id
	}
	if f.Kind == fault.Internal {
		slog.ErrorContext(c.Request.Context(), "request failed", "request_id", id, "method", c.Request.Method, "route", c.FullPath(), "error", err)
	}
	c.Abort()
	if c.Writer.Written() {
		return // an answer has begun already and can only end early
	}
	body := api.Problem{
		Type: "/problems/" + kind, Title: http.StatusText(status), Status: status, Detail: f.Detail,
		RequestID: id, Current: current(f.Current), Errors: fields(f.Fields),
	}
	headers(c, status, err)
	c.JSON(status, body)
}

func headers(c *gin.Context, status int, err error) {
	c.Header("Content-Type", "application/problem+json")
	c.Header("Cache-Control", "no-store")
	if status == http.StatusUnauthorized {
		c.Header("WWW-Authenticate", `Bearer realm="Patchline"`) // RFC 9110, section 11.6.1
	}
	if t, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err); ok {
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(t.RetryAfter().Seconds()))))
	} else if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		c.Header("Retry-After", "1")
	}
}

func fields(in []fault.Field) (out []api.FieldProblem) {
	for _, f := range in {
		out = append(out, api.FieldProblem{Pointer: f.Pointer, Detail: f.Detail})
	}
	return out
}

// current shows the state to look at again as the object it is in the API.
func current(state any) (out map[string]any) {
	if state == nil {
		return nil
	}
	text, err := json.Marshal(state)
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		err = d.Decode(&out)
	}
	if err != nil {
		slog.Error("the present state cannot be shown", "error", err)
	}
	return out
}

// showing gives a conflict's present state, a row, the form it has in the API.
func showing[Row, Out any](err error, out func(Row) Out) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return err
	}
	row, ok := f.Current.(Row)
	if !ok {
		return err
	}
	shown := *f
	shown.Current = out(row)
	return &shown
}

// unfit is what generated code cannot read although it passed the contract.
func unfit(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return fault.New(fault.Invalid, "The request does not have the form that the contract describes.")
}

func recovered(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p)
		}
		problem(c, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
	}()
	c.Next()
}
