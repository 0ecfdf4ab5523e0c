package notify

// What a mail can wait for.
const (
	Immediate = "immediate" // until nothing more comes for a few minutes
	Digest    = "digest"    // until the person's time of day
	Off       = "off"
)

// Choice is how somebody wants to be told about a kind.
type Choice struct {
	Inbox bool
	Mail  string
}

// usual is the choice of who made none: what waits for somebody comes at once, what
// is good to know once a day.
func usual(k Kind) Choice {
	switch k {
	case Comment, Due, Sprint:
		return Choice{true, Digest}
	}
	return Choice{true, Immediate}
}
