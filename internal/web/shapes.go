package web

import (
	"encoding/base64"
	"encoding/json"

	"github.com/oapi-codegen/nullable"

	"patchline/internal/fault"
)

// each turns rows into what the API shows; never nil, which would be null.
func each[Row, Out any](rows []Row, out func(*Row) Out) []Out {
	list := make([]Out, len(rows))
	for i := range rows {
		list[i] = out(&rows[i])
	}
	return list
}

// words turns one kind of string into another.
func words[Out, In ~string](in []In) []Out {
	list := make([]Out, len(in))
	for i, w := range in {
		list[i] = Out(w)
	}
	return list
}

// cursor writes where a page ended as text that clients hand back unread.
func cursor(place any) nullable.Nullable[string] {
	text, err := json.Marshal(place)
	if err != nil {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(base64.RawURLEncoding.EncodeToString(text))
}

// readCursor is the inverse of cursor. Nil is the first page.
func readCursor[Place any](text string) (*Place, error) {
	if text == "" {
		return nil, nil
	}
	var place Place
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(data, &place)
	}
	if err != nil || !proper(string(data)) {
		return nil, fault.Wrong("/query/cursor", "This cursor does not come from this list; begin without one.")
	}
	return &place, nil
}
