package web

import (
	"strconv"

	"github.com/oapi-codegen/nullable"
)

// defaultLimit is the page size of a list that did not ask for one.
const defaultLimit = 50

func limit(asked int) int {
	if asked == 0 {
		return defaultLimit
	}
	return asked
}

// next is the cursor of the page after this one; null at the end.
func next(cursor string) nullable.Nullable[string] {
	if cursor == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(cursor)
}

// orNull shows what may be missing.
func orNull[T any](v *T) nullable.Nullable[T] {
	if v == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*v)
}

// pointer is the value of an optional field; nil when it is absent or null.
func pointer[T any](v nullable.Nullable[T]) *T {
	if got, err := v.Get(); err == nil {
		return &got
	}
	return nil
}

// given tells an absent field, nil, from one that is null.
func given[T any](v nullable.Nullable[T]) **T {
	if !v.IsSpecified() {
		return nil
	}
	p := pointer(v)
	return &p
}

// list is never null in JSON.
func list(words []string) []string {
	if words == nil {
		return []string{}
	}
	return words
}

// wide is an optional number as the services count.
func wide(n *int) *int64 {
	if n == nil {
		return nil
	}
	w := int64(*n)
	return &w
}

func etag(version int) string { return strconv.Quote(strconv.Itoa(version)) }
