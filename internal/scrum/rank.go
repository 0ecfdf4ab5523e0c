package scrum

import (
	"errors"
	"math"
	"strings"
)

// A rank key is an integer part and an optional fraction, both in base 62 and
// both compared byte by byte (LC_COLLATE "C"):
//
//	head letter   how many digits the integer has: 'a' 1, 'b' 2, … 'k' 11;
//	              below zero 'Z' 1, 'Y' 2, … 'P' 11
//	integer       that many digits
//	fraction      any digits, the last one never '0'
//
// The integer part is what keeps a backlog short: appending and prepending count
// on instead of halving what is left of an interval.
const rankDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const (
	rankBase      = int64(len(rankDigits))
	rankMaxDigits = 11 // 62^11 > 2^63
)

// RankLimit is the length, in bytes, from which a caller gives the keys around a
// place new values (see RankSpread and RankSpreadBetween).
const RankLimit = 24

// ErrNoRoom says that no key lies between the two given ones: they are not in
// order, one is not a rank key, or the integers are used up.
var ErrNoRoom = errors.New("no room between these rank keys")

// RankAt returns the n-th integer key. It is monotone over all of int64; keys of
// -62 ≤ n < 62 have two bytes.
func RankAt(n int64) string {
	if n < 0 {
		return rankBelowZero(^n)
	}
	digits, rest := rankWidth(uint64(n))
	return string(rune('a'+digits-1)) + rankNumber(rest, digits)
}

// rankBelowZero writes -1-m: the digits count down so that a larger m sorts first.
func rankBelowZero(m int64) string {
	digits, rest := rankWidth(uint64(m))
	key := []byte(rankNumber(rest, digits))
	for i, c := range key {
		key[i] = rankDigits[rankBase-1-int64(strings.IndexByte(rankDigits, c))]
	}
	return string(rune('Z'-digits+1)) + string(key)
}

// rankWidth returns how many digits n takes, and n counted from the first number
// of that width.
func rankWidth(n uint64) (digits int, rest uint64) {
	size := uint64(rankBase)
	for digits = 1; digits < rankMaxDigits && n >= size; digits++ {
		n -= size
		size *= uint64(rankBase)
	}
	return digits, n
}

func rankNumber(n uint64, digits int) string {
	out := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		out[i] = rankDigits[n%uint64(rankBase)]
		n /= uint64(rankBase)
	}
	return string(out)
}

// RankBetween returns a key strictly between above and below ("" is an open end).
// At an open end the integer moves on by one, so a million appends or prepends
// stay within 6 bytes. It returns ErrNoRoom when above does not sort before below
// or one of them is malformed.
func RankBetween(above, below string) (string, error) {
	switch {
	case above == "" && below == "":
		return RankAt(0), nil
	case above == "":
		return rankBefore(below)
	case below == "":
		return rankAfter(above)
	case above >= below:
		return "", ErrNoRoom
	}
	lo, loFraction, err := parseRank(above)
	if err != nil {
		return "", err
	}
	hi, hiFraction, err := parseRank(below)
	if err != nil {
		return "", err
	}
	return rankInside(lo, hi, loFraction, hiFraction), nil
}

// rankInside prefers a bare integer and falls back to a fraction of the lower one.
func rankInside(lo, hi int64, loFraction, hiFraction string) string {
	switch {
	case lo == hi:
		return RankAt(lo) + fractionBetween(loFraction, hiFraction)
	case lo+1 == hi && hiFraction == "":
		return RankAt(lo) + fractionBetween(loFraction, "")
	case lo+1 == hi:
		return RankAt(hi)
	}
	return RankAt(lo&hi + (lo^hi)>>1) // the mean, rounded down, without overflow
}

func rankBefore(below string) (string, error) {
	n, fraction, err := parseRank(below)
	switch {
	case err != nil:
		return "", err
	case fraction != "":
		return RankAt(n), nil
	case n == math.MinInt64:
		return "", ErrNoRoom
	}
	return RankAt(n - 1), nil
}

func rankAfter(above string) (string, error) {
	n, _, err := parseRank(above)
	if err != nil || n == math.MaxInt64 {
		return "", ErrNoRoom
	}
	return RankAt(n + 1), nil
}

// fractionBetween returns the shortest middle of two fractions; hi "" stands for
// the next integer. lo sorts before hi and neither ends in '0', so there is one.
func fractionBetween(lo, hi string) string {
	var out []byte
	for i, open := 0, hi == ""; ; i++ {
		low, high := int64(0), rankBase
		if i < len(lo) {
			low = int64(strings.IndexByte(rankDigits, lo[i]))
		}
		if !open {
			high = int64(strings.IndexByte(rankDigits, hi[i]))
		}
		if high-low > 1 {
			return string(append(out, rankDigits[(low+high)/2]))
		}
		out = append(out, rankDigits[low])
		open = open || low < high // already below hi: the rest is free
	}
}

// parseRank splits a key into its integer and its fraction.
func parseRank(key string) (n int64, fraction string, err error) {
	digits, negative := rankHead(key)
	if digits == 0 || len(key) < 1+digits {
		return 0, "", ErrNoRoom
	}
	for i := 1; i < len(key); i++ {
		if strings.IndexByte(rankDigits, key[i]) < 0 {
			return 0, "", ErrNoRoom
		}
	}
	fraction = key[1+digits:]
	if strings.HasSuffix(fraction, "0") {
		return 0, "", ErrNoRoom
	}
	n, err = rankInteger(key[1:1+digits], negative)
	return n, fraction, err
}

func rankHead(key string) (digits int, negative bool) {
	switch {
	case key == "":
		return 0, false
	case 'a' <= key[0] && key[0] < 'a'+rankMaxDigits:
		return int(key[0]-'a') + 1, false
	case 'Z'-rankMaxDigits < key[0] && key[0] <= 'Z':
		return int('Z'-key[0]) + 1, true
	}
	return 0, false
}

// rankInteger is the inverse of RankAt for one width; numbers past int64 are
// malformed.
func rankInteger(digits string, negative bool) (int64, error) {
	var n, size uint64 = 0, 1
	var offset uint64
	for i := range len(digits) {
		d := int64(strings.IndexByte(rankDigits, digits[i]))
		if negative {
			d = rankBase - 1 - d
		}
		if n > (math.MaxInt64-uint64(d))/uint64(rankBase) {
			return 0, ErrNoRoom
		}
		n = n*uint64(rankBase) + uint64(d)
		if i > 0 {
			size *= uint64(rankBase)
			offset += size
		}
	}
	if n += offset; n > math.MaxInt64 {
		return 0, ErrNoRoom
	}
	if negative {
		return ^int64(n), nil
	}
	return int64(n), nil
}
