package scrum_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"patchline/internal/scrum"
)

func TestIntegerKeysSortLikeTheirNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		require.Equal(t, a < b, scrum.RankAt(a) < scrum.RankAt(b))
		require.Equal(t, a == b, scrum.RankAt(a) == scrum.RankAt(b))
	})
	for n := int64(-5000); n < 5000; n++ {
		require.Less(t, scrum.RankAt(n), scrum.RankAt(n+1), "%d", n)
	}
	require.Equal(t, []string{"a0", "az", "b00", "Zz", "Z0", "Yzz"}, []string{
		scrum.RankAt(0), scrum.RankAt(61), scrum.RankAt(62), scrum.RankAt(-1), scrum.RankAt(-62), scrum.RankAt(-63),
	})
	require.LessOrEqual(t, len(scrum.RankAt(1<<50)), 10)
}

func TestAMillionAppendsOrPrependsStayShort(t *testing.T) {
	last, first := "", ""
	for range 1_000_000 {
		next, err := scrum.RankBetween(last, "")
		require.True(t, err == nil && next > last)
		last = next
		before, err := scrum.RankBetween("", first)
		require.True(t, err == nil && (first == "" || before < first))
		first = before
	}
	require.LessOrEqual(t, len(last), 8)
	require.LessOrEqual(t, len(first), 8)
}

func TestAKeyBetweenTwoKeysIsStrictlyBetweenThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := []string{scrum.RankAt(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "start"))}
		for range 60 {
			i := rapid.IntRange(0, len(keys)).Draw(t, "place")
			keys = slices.Insert(keys, i, between(t, keys, i))
		}
		requireSortedAndUnique(t, keys)
	})
}

func TestRandomInsertsStaySortedUniqueAndShort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var keys []string
	for range 5000 {
		i := r.IntN(len(keys) + 1)
		keys = slices.Insert(keys, i, between(t, keys, i))
	}
	requireSortedAndUnique(t, keys)
	require.Less(t, longest(keys), 12)
}

func TestTenThousandPlacementsBetweenTheSameNeighboursStayShort(t *testing.T) {
	places := map[string]func(run int) int{
		"always just below the upper neighbour": func(int) int { return 0 },
		"always just above the lower neighbour": func(run int) int { return run },
		"always in the middle":                  func(run int) int { return run / 2 },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			upper, lower := scrum.RankAt(7), scrum.RankAt(8)
			keys, rebalanced := []string{upper, lower}, 0
			for range 10_000 {
				i := 1 + place(len(keys)-2)
				key := between(t, keys, i)
				keys = slices.Insert(keys, i, key)
				if len(key) > scrum.RankLimit {
					run, err := scrum.RankSpreadBetween(upper, lower, len(keys)-2)
					require.NoError(t, err)
					copy(keys[1:], run)
					rebalanced++
				}
			}
			requireSortedAndUnique(t, keys)
			require.LessOrEqual(t, longest(keys), scrum.RankLimit+1)
			require.Less(t, rebalanced, 120, "a rebalance must be rare: it locks the list")
		})
	}
}

func TestASpreadIsSortedShortAndKeepsItsNeighbours(t *testing.T) {
	require.Equal(t, []string{"a0", "a1", "a2"}, scrum.RankSpread(3))
	require.Empty(t, scrum.RankSpread(0))
	require.LessOrEqual(t, longest(scrum.RankSpread(100_000)), 4)
	for _, c := range [][2]string{{"", ""}, {"a1", ""}, {"", "a1"}, {"a1", "a2"}, {"a1", "a1V"}, {"a1V", "e00000"}} {
		keys, err := scrum.RankSpreadBetween(c[0], c[1], 1000)
		require.NoError(t, err)
		require.Len(t, keys, 1000)
		requireSortedAndUnique(t, keys)
		require.Greater(t, keys[0], c[0])
		require.True(t, c[1] == "" || keys[999] < c[1])
		require.LessOrEqual(t, longest(keys), 7)
	}
	_, err := scrum.RankSpreadBetween("a2", "a1", 3)
	require.ErrorIs(t, err, scrum.ErrNoRoom)
}

func TestThereIsNoRoomBetweenKeysOutOfOrderOrMalformed(t *testing.T) {
	first, last := scrum.RankAt(math.MinInt64), scrum.RankAt(math.MaxInt64)
	for _, c := range [][2]string{
		{"a1", "a1"}, {"a2", "a1"}, {"a1", "a10"}, {"a10", "a2"}, {"a", "b00"}, {"b0", "b11"},
		{"a!", "a2"}, {"lzzzzzzzzzzzz", ""}, {"", "O0"}, {"é1", ""}, {"a1", "a2é"}, {"0", ""}, {"kzzzzzzzzzzz", ""},
		{"", first}, {last, ""},
	} {
		_, err := scrum.RankBetween(c[0], c[1])
		require.ErrorIs(t, err, scrum.ErrNoRoom, "%q %q", c[0], c[1])
	}
	whole, err := scrum.RankBetween(first, last)
	require.NoError(t, err)
	require.True(t, first < whole && whole < last)
}

func FuzzRankBetweenNeverReturnsAKeyOutsideItsBounds(f *testing.F) {
	f.Add("a0", "a1")
	f.Add("Zz", "a0V")
	f.Fuzz(func(t *testing.T, above, below string) {
		key, err := scrum.RankBetween(above, below)
		require.True(t, err != nil || (key > above && (below == "" || key < below)), "%q %q %q", above, key, below)
	})
}

func between(t require.TestingT, keys []string, i int) string {
	above, below := "", ""
	if i > 0 {
		above = keys[i-1]
	}
	if i < len(keys) {
		below = keys[i]
	}
	key, err := scrum.RankBetween(above, below)
	require.NoError(t, err)
	return key
}

func requireSortedAndUnique(t require.TestingT, keys []string) {
	require.True(t, slices.IsSorted(keys))
	require.Len(t, slices.Compact(slices.Clone(keys)), len(keys))
}

func longest(keys []string) (n int) {
	for _, key := range keys {
		n = max(n, len(key))
	}
	return n
}
