package web

import (
	"errors"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"patchline/internal/fault"
)

// maxFields bounds the answer to a request in which everything is wrong.
const maxFields = 100

func first(wrong []fault.Field) []fault.Field { return wrong[:min(len(wrong), maxFields)] }

// wrongFields finds the parts of a request that err is about. It repeats what the
// contract asks for and never what was sent.
func wrongFields(at string, err error) (out []fault.Field) {
	if err == nil {
		return nil
	}
	if many, ok := err.(openapi3.MultiError); ok {
		for _, e := range many {
			out = append(out, wrongFields(at, e)...)
		}
		return out
	}
	if r, ok := errors.AsType[*openapi3filter.RequestError](err); ok && r.Parameter != nil {
		return wrongParameter(r)
	}
	if s, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		return []fault.Field{{Pointer: at + jsonPointer(stepsTo(s)), Detail: reason(s)}}
	}
	return []fault.Field{{Pointer: at, Detail: "is not as the contract describes it"}}
}

func wrongParameter(r *openapi3filter.RequestError) []fault.Field {
	at := "/" + r.Parameter.In + "/" + r.Parameter.Name
	if errors.Is(r.Err, openapi3filter.ErrInvalidRequired) {
		return []fault.Field{{Pointer: at, Detail: "is missing"}}
	}
	if many, ok := r.Err.(openapi3.MultiError); ok {
		return wrongFields(at, many)
	}
	if s, ok := r.Err.(*openapi3.SchemaError); ok {
		return wrongFields(at, s)
	}
	detail := "is not of the right type"
	if s := r.Parameter.Schema; s != nil && s.Value.Type != nil && len(s.Value.Type.Slice()) > 0 {
		detail = "is not of type " + s.Value.Type.Slice()[0]
	}
	return []fault.Field{{Pointer: at, Detail: detail}}
}

// stepsTo leads to what is wrong. Of a field that should not be there, the library
// names only the object.
func stepsTo(s *openapi3.SchemaError) []string {
	steps := s.JSONPointer()
	if s.SchemaField != "properties" {
		return steps
	}
	_, quoted, _ := strings.Cut(s.Reason, "property ")
	if quoted, err := strconv.QuotedPrefix(quoted); err == nil {
		if name, err := strconv.Unquote(quoted); err == nil {
			return append(steps, name)
		}
	}
	return steps
}

// jsonPointer writes a path as a JSON pointer (RFC 6901).
func jsonPointer(steps []string) string {
	var b strings.Builder
	for _, step := range steps {
		if len(step) > 100 {
			step = step[:100]
		}
		b.WriteByte('/')
		b.WriteString(escaped.Replace(strings.ToValidUTF8(step, "")))
	}
	return b.String()
}

var escaped = strings.NewReplacer("~", "~0", "/", "~1")

// reason says in a few words what the contract wants.
func reason(s *openapi3.SchemaError) string {
	switch s.SchemaField {
	case "required":
		return "is missing"
	case "properties", "additionalProperties":
		return "is not known here"
	case "pattern":
		return "does not match " + s.Schema.Pattern
	}
	if len(s.Reason) > 300 {
		return "is not as the contract describes it"
	}
	return s.Reason
}
