package intake

import "time"

// holds is how long one transaction should hold other writers up: half of what
// they may have to wait.
const holds = 25 * time.Millisecond

// pace fits the number of rows of a transaction to how fast the machine is. Least
// bounds it below, because what a commit costs does not shrink with its rows: on a
// machine with a slow disk smaller transactions would only be more of them.
type pace struct{ size, least, most int }

// time runs one transaction and learns from how long it took.
func (p *pace) time(transaction func() error) error {
	begin := time.Now()
	err := transaction()
	took := max(time.Since(begin), time.Millisecond)
	size := float64(p.size) * float64(holds) / float64(took)
	size = min(max(size, float64(p.size)/2), float64(p.size)*2)
	p.size = min(max(int(size), p.least), p.most)
	return err
}
