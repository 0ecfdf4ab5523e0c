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

// idPlace is where a page of a list ended that goes from the latest id to the first.
type idPlace struct{ ID string }

// beforeID reads the cursor of such a list: the id that the page begins before, empty
// on the first page.
func beforeID(text string) (string, error) {
	place, err := readCursor[idPlace](text)
	if err != nil || place == nil {
		return "", err
	}
	return place.ID, nil
}

// idPage cuts what was found, with one more than asked for where there is more, to a
// page, and names the next one.
func idPage[T any](found []T, size int, id func(T) string) ([]T, nullable.Nullable[string]) {
	if len(found) <= size {
		return found, next("")
	}
	return found[:size], cursor(idPlace{id(found[size-1])})
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
