package web

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"patchline/api"
)

func TestListAndBoardWrittenByHandAreWhatTheContractsTypesAre(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var list api.ListPatches200JSONResponse
		var board api.GetBoard200JSONResponse
		invent(random, reflect.ValueOf(&list).Elem())
		invent(random, reflect.ValueOf(&board).Elem())
		w := httptest.NewRecorder()
		require.NoError(t, quickList(list).VisitListPatchesResponse(w))
		require.Equal(t, encoded(t, list), w.Body.String())
		w = httptest.NewRecorder()
		require.NoError(t, quickBoard(board).VisitGetBoardResponse(w))
		require.Equal(t, encoded(t, board), w.Body.String())
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, json.NewEncoder(&out).Encode(v))
	return out.String()
}

var (
	awkwardTexts   = []string{"", "openssl", "<b>&amp;</b>", "quo\"te\\", "tab\tnew\nline", "ümlaut 漏洞 🔥", "\u2028", "\x00\x1f\x7f", "not UTF-8 \xff\xfe"}
	awkwardNumbers = []float64{0, 1, -1, 0.5, 100, 99.9, 1e-6, 9.9e-7, 1e-9, 123456789.125, 1e20, 1e21, 5e-324, 0.1 + 0.2}
)

// invent fills a value with what is awkward to write.
func invent(random *rand.Rand, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.UnixMicro(random.Int64N(4e15)).UTC()))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			invent(random, v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), random.IntN(4), 4))
		for i := range v.Len() {
			invent(random, v.Index(i))
		}
	case v.Kind() == reflect.Map: // a nullable: null, or with a value
		present := random.IntN(2) == 0
		one := reflect.New(v.Type().Elem()).Elem()
		if present {
			invent(random, one)
		}
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(present), one)
	case v.Kind() == reflect.String:
		v.SetString(awkwardTexts[random.IntN(len(awkwardTexts))])
	case v.Kind() == reflect.Float64:
		v.SetFloat(awkwardNumbers[random.IntN(len(awkwardNumbers))])
	case v.Kind() == reflect.Int:
		v.SetInt(random.Int64N(1 << 40))
	case v.Kind() == reflect.Bool:
		v.SetBool(random.IntN(2) == 0)
	}
}
