package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"patchline/internal/fault"
)

const (
	maxJSON  = 1 << 20  // bytes of a JSON body
	maxCSV   = 10 << 20 // bytes of an asset list
	readJSON = 30 * time.Second
)

// checkMedia refuses a body of another kind, or one that is packed.
func checkMedia(h http.Header, want string) error {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || media != want {
		return fault.New(fault.WrongContent, "Send this with the header Content-Type: %s.", want)
	}
	if set := params["charset"]; set != "" && !strings.EqualFold(set, "utf-8") {
		return fault.New(fault.WrongContent, "Text is sent as UTF-8.")
	}
	if want == "application/json" && h.Get("Content-Encoding") != "" {
		return fault.New(fault.WrongContent, "JSON is sent unpacked.")
	}
	return nil
}

// checkBody reads a JSON body and checks it. Files are left to their handlers, who
// read them as they arrive.
func (o *operation) checkBody(c *gin.Context) ([]fault.Field, error) {
	if o.body == nil {
		return nil, nil
	}
	if o.schema == nil {
		if o.media == "text/csv" {
			c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxCSV)
		}
		return nil, nil
	}
	data, err := readBody(c)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		if o.body.Required {
			return nil, fault.New(fault.Malformed, "The body is missing; it is a JSON object.")
		}
		return nil, nil
	}
	value, err := strictJSON(data)
	if err != nil {
		return nil, err
	}
	wrong := wrongFields("", o.schema.VisitJSON(value, openapi3.VisitAsRequest(), openapi3.MultiErrors(), openapi3.DefaultsSet(func() {})))
	c.Request.Body = readValue{bytes.NewReader(data), value}
	return wrong, nil
}

func readBody(c *gin.Context) ([]byte, error) {
	if c.Request.ContentLength > maxJSON {
		return nil, fault.New(fault.TooLarge, "A JSON body has at most %d bytes.", maxJSON)
	}
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(readJSON)) // a test's writer knows none
	data, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxJSON))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, fault.New(fault.TooLarge, "A JSON body has at most %d bytes.", maxJSON)
	}
	if err != nil {
		return nil, fault.New(fault.Malformed, "The body ended too early.")
	}
	return data, nil
}

// readValue is a body that was read and checked. Generated code takes the value.
type readValue struct {
	*bytes.Reader
	value any
}

func (readValue) Close() error          { return nil }
func (v readValue) ValidatedValue() any { return v.value }

// strictJSON reads exactly one JSON value. Unlike encoding/json it refuses a key
// that comes twice, of which two readers may take a different one, text that is
// not UTF-8, and NUL, which PostgreSQL cannot store.
func strictJSON(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Malformed, "The body is not UTF-8 text.")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	value, err := readStrict(d, 0)
	if err != nil {
		if fault.Is(err, fault.Malformed) {
			return nil, err
		}
		return nil, fault.New(fault.Malformed, "The body is not JSON.")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fault.New(fault.Malformed, "There is something after the end of the JSON value.")
	}
	return value, nil
}

const maxDepth = 32

func readStrict(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fault.New(fault.Malformed, "The JSON value is nested too deep.")
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		return readObject(d, depth)
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := readStrict(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	if text, ok := t.(string); ok && strings.ContainsRune(text, 0) {
		return nil, fault.New(fault.Malformed, "A text contains the character NUL.")
	}
	return t, nil
}

func readObject(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := t.(string) // the decoder allows nothing else here
		if _, twice := object[key]; twice {
			return nil, fault.New(fault.Malformed, "A key of a JSON object comes twice.")
		}
		if object[key], err = readStrict(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return object, err
}
