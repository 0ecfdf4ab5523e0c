package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"gorm.io/gorm/schema"
)

func init() {
	schema.RegisterSerializer("time", micros{})
	schema.RegisterSerializer("words", words{})
}

// micros stores time.Time and *time.Time as microseconds since 1970, which sort,
// compare and round-trip alike on both databases.
type micros struct{}

func (micros) Value(_ context.Context, _ *schema.Field, _ reflect.Value, v any) (any, error) {
	switch t := v.(type) {
	case time.Time:
		return t.UnixMicro(), nil
	case *time.Time:
		if t == nil {
			return nil, nil
		}
		return t.UnixMicro(), nil
	}
	return nil, fmt.Errorf("not a time: %T", v)
}

func (micros) Scan(ctx context.Context, f *schema.Field, dst reflect.Value, v any) error {
	if v == nil {
		return nil
	}
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("not microseconds: %T", v)
	}
	return f.Set(ctx, dst, Time(n))
}

// Time is the moment a stored number stands for.
func Time(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// MaybeTime is Time for a column that may be null.
func MaybeTime(n sql.NullInt64) *time.Time {
	if !n.Valid {
		return nil
	}
	t := Time(n.Int64)
	return &t
}

// Micros is the number that stands for a moment in a hand-written query; null for
// none.
func Micros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMicro()
}

// words stores a []string as a JSON array.
type words struct{}

func (words) Value(_ context.Context, _ *schema.Field, _ reflect.Value, v any) (any, error) {
	list, ok := v.([]string)
	if !ok {
		return nil, fmt.Errorf("not a list of words: %T", v)
	}
	return JoinWords(list), nil
}

func (words) Scan(ctx context.Context, f *schema.Field, dst reflect.Value, v any) error {
	switch text := v.(type) {
	case string:
		return f.Set(ctx, dst, SplitWords(text))
	case []byte:
		return f.Set(ctx, dst, SplitWords(string(text)))
	}
	return fmt.Errorf("not a list of words: %T", v)
}

// JoinWords is how a list of words is stored.
func JoinWords(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(list) // strings always marshal
	return string(text)
}

// SplitWords reads a stored list of words.
func SplitWords(text string) []string {
	list := []string{}
	if text != "[]" {
		_ = json.Unmarshal([]byte(text), &list) // only JoinWords writes it
	}
	return list
}
