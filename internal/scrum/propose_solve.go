package scrum

import (
	"cmp"
	"slices"
)

// maxNodes bounds the search over items with several prerequisites: each node is
// one pass of dynamic programming, about a millisecond at 500 items.
const maxNodes = 1000

// solve finds the best selection. Keeping only one prerequisite of each item
// gives a forest, whose optimum is a bound for the whole; where that optimum
// happens to respect all prerequisites it is the answer, otherwise the item it
// cheats on is decided both ways.
func (p *problem) solve() selection {
	root := node{state: slices.Clone(p.state), room: p.left}
	best := selection{in: make([]bool, len(p.state)), value: -1}
	open, upper := []node{root}, int64(0)
	for nodes := 0; len(open) > 0; nodes++ {
		last := len(open) - 1
		n := open[last]
		open = open[:last]
		if nodes >= maxNodes && best.value >= 0 {
			upper = max(upper, n.above)
			continue
		}
		in, value := p.forest(n)
		if value <= best.value {
			continue
		}
		cheat := p.cheat(n, in)
		if cheat < 0 {
			best.in, best.value = p.taken(n, in), value
			continue
		}
		if g := p.repaired(n, in); g.value > best.value {
			best = g
		}
		n.above = value
		open = append(open, p.without(n, cheat))
		if with, fits := p.with(n, cheat); fits {
			open = append(open, with)
		}
	}
	best.bound = max(best.value, upper)
	return best
}

// node is a part of the search: some free items decided, and the room they leave.
type node struct {
	state []fate // forced beyond the problem's own: decided to be in
	room  int
	value int64 // of those decided to be in
	above int64 // the bound of the node it comes from
}

// with decides an item to be in, with everything it needs.
func (p *problem) with(n node, i int) (node, bool) {
	out := node{state: slices.Clone(n.state), room: n.room, value: n.value, above: n.above}
	take := []int{i}
	for len(take) > 0 {
		i, take = take[len(take)-1], take[:len(take)-1]
		if out.state[i] == forced {
			continue
		}
		if out.state[i] == excluded {
			return out, false
		}
		out.state[i] = forced
		out.room -= p.weight[i]
		out.value += p.value[i]
		take = append(take, p.needs[i]...)
	}
	return out, out.room >= 0
}

// without decides an item to be out, with everything that needs it.
func (p *problem) without(n node, i int) node {
	out := node{state: slices.Clone(n.state), room: n.room, value: n.value, above: n.above}
	out.state[i] = excluded
	for again := true; again; {
		again = false
		for j, s := range out.state {
			if s == free && slices.ContainsFunc(p.needs[j], func(k int) bool { return out.state[k] == excluded }) {
				out.state[j], again = excluded, true
			}
		}
	}
	return out
}

// cheat finds a chosen item with a prerequisite that is not chosen; -1 if there
// is none.
func (p *problem) cheat(n node, in []bool) int {
	for i, chosen := range in {
		if chosen && slices.ContainsFunc(p.needs[i], func(j int) bool { return n.state[j] == free && !in[j] }) {
			return i
		}
	}
	return -1
}

// taken is the whole selection of a node: what it has decided and what was chosen.
func (p *problem) taken(n node, in []bool) []bool {
	out := make([]bool, len(in))
	for i := range in {
		out[i] = in[i] || n.state[i] == forced && p.state[i] == free
	}
	return out
}

// repaired drops the items that cheat, which gives a selection that is allowed.
func (p *problem) repaired(n node, in []bool) selection {
	in = slices.Clone(in)
	for i := p.cheat(n, in); i >= 0; i = p.cheat(n, in) {
		in[i] = false
	}
	s := selection{in: p.taken(n, in)}
	for i, chosen := range s.in {
		if chosen {
			s.value += p.value[i]
		}
	}
	return s
}

// forest solves a node with at most one prerequisite an item. In the order of a
// walk over the trees, each item is either taken and the walk goes on below it,
// or it is skipped with all that stands below: best[k][c] is the most that the
// items from the k-th on are worth in c units.
func (p *problem) forest(n node) (in []bool, value int64) {
	order, skip := p.walk(n)
	width := n.room + 1
	best := make([]int64, (len(order)+1)*width)
	for k := len(order) - 1; k >= 0; k-- {
		w, v := p.weight[order[k]], p.value[order[k]]
		row, next, over := best[k*width:(k+1)*width], best[(k+1)*width:(k+2)*width], best[skip[k]*width:(skip[k]+1)*width]
		copy(row, over)
		for c := w; c < width; c++ {
			if taken := next[c-w] + v; taken > row[c] {
				row[c] = taken
			}
		}
	}
	in = make([]bool, len(p.state))
	for k, c := 0, n.room; k < len(order); {
		if best[k*width+c] == best[skip[k]*width+c] {
			k = skip[k]
			continue
		}
		in[order[k]] = true
		c -= p.weight[order[k]]
		k++
	}
	return in, n.value + best[n.room]
}

// walk lists the free items with every item after the one prerequisite that is
// kept of it, and for each position the next one outside its tree.
func (p *problem) walk(n node) (order, skip []int) {
	below := make([][]int, len(n.state))
	var roots []int
	for i, s := range n.state {
		if s != free {
			continue
		}
		if j := slices.IndexFunc(p.needs[i], func(j int) bool { return n.state[j] == free }); j >= 0 {
			below[p.needs[i][j]] = append(below[p.needs[i][j]], i)
		} else {
			roots = append(roots, i)
		}
	}
	var visit func(i int)
	visit = func(i int) {
		k := len(order)
		order, skip = append(order, i), append(skip, 0)
		for _, j := range below[i] {
			visit(j)
		}
		skip[k] = len(order)
	}
	for _, i := range roots {
		visit(i)
	}
	return order, skip
}

// greedy takes due items first, then by value a unit, each with what it needs.
func (p *problem) greedy() selection {
	n := node{state: slices.Clone(p.state), room: p.left}
	order := make([]int, len(p.state))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(p.value[b]*int64(max(1, p.weight[a])), p.value[a]*int64(max(1, p.weight[b])))
	})
	for _, i := range order {
		if n.state[i] != free {
			continue
		}
		if with, fits := p.with(n, i); fits {
			n = with
		}
	}
	return selection{in: p.taken(n, make([]bool, len(p.state))), value: n.value, bound: n.value}
}
