package scrum

import "slices"

// RankSpread returns n fresh keys in order, one integer apart, to replace the
// keys of a whole list.
func RankSpread(n int) []string {
	keys := make([]string, max(n, 0))
	for i := range keys {
		keys[i] = RankAt(int64(i))
	}
	return keys
}

// RankSpreadBetween returns n evenly spaced keys strictly between above and
// below, to replace the keys of a crowded run whose neighbours must not change.
// They are as short as the neighbours allow: each 62-fold of n costs one byte.
func RankSpreadBetween(above, below string, n int) ([]string, error) {
	keys := make([]string, 0, max(n, 0))
	if above != "" && below != "" {
		err := fillRanks(&keys, above, below, n)
		return keys, err
	}
	for range n { // an open end: count on from the closed one
		key, err := RankBetween(above, below)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
		if below != "" {
			below = key
		} else {
			above = key
		}
	}
	if below != "" {
		slices.Reverse(keys)
	}
	return keys, nil
}

// fillRanks halves the interval and the count together, which spaces evenly.
func fillRanks(keys *[]string, above, below string, n int) error {
	if n <= 0 {
		return nil
	}
	middle, err := RankBetween(above, below)
	if err != nil {
		return err
	}
	if err := fillRanks(keys, above, middle, (n-1)/2); err != nil {
		return err
	}
	*keys = append(*keys, middle)
	return fillRanks(keys, middle, below, n-1-(n-1)/2)
}
