// Package notify tells people what concerns them: in their inbox, and through it by
// mail and to other programs.
//
// Nothing is written by those who change things. A reader follows each team's
// outbox, which holds an event of every change that was committed, and works out
// what it means for whom. What it writes and how far it has come are one
// transaction, in which it holds the team's place: a server that is killed between
// the two, or several servers at once, tell everything once, and what was rolled
// back is told by nobody. What only time brings about, such as a due date that
// nears, is looked for every hour and carries the occasion's name, so that it is
// told once as well.
//
// A mail is on its way from the transaction that told the news: a notice that waits
// for one says so itself. What a person is told within some minutes is collected
// into one mail, and what happens while a sprint is planned until it has been planned
// (Service.patience says how long). Its text is written when it is handed in, from
// what its person may see then. Who hands it in takes it for a while, so that of several servers one
// does; a server that is killed after the mail server took a mail and before that
// was noted hands it in again, with the same Message-ID.
package notify

import (
	"slices"
	"time"

	"patchline/internal/backlog"
	"patchline/internal/db"
	"patchline/internal/fetch"
	"patchline/internal/mail"
	"patchline/internal/standup"
)

// Kind is what somebody is told about, and what they choose by.
type Kind string

// The kinds.
const (
	Mention   Kind = "mention"   // somebody named you in a comment
	Assigned  Kind = "assigned"  // a patch or a task became yours
	Comment   Kind = "comment"   // somebody commented on your patch
	Due       Kind = "due"       // your patch is due soon, or was
	KEV       Kind = "kev"       // patches of the team are known to be exploited
	Blocker   Kind = "blocker"   // your patch is stopped, you are to clear the way, or nothing moves for days
	Exception Kind = "exception" // one waits for you, or yours was decided or ends
	Sprint    Kind = "sprint"    // one was started or closed
	Standup   Kind = "standup"   // the digest of one
	Review    Kind = "review"    // one waits for your verdict, or a guest comments
)

// Kinds are all there are, in the order in which people are shown them.
var Kinds = []Kind{Mention, Assigned, Comment, Due, KEV, Blocker, Exception, Sprint, Standup, Review}

// Known tells whether a kind is one of them.
func (k Kind) Known() bool { return slices.Contains(Kinds, k) }

// News is something that happened, for those whom it concerns and for programs.
type News struct {
	Source string // names the occasion
	Kind   Kind
	Title  string // a sentence about it
	Mine   string // the same sentence to those whom it concerns; Title if empty
	Body   string
	Path   string // of the page that shows it
	Actor  string // id of who did it; they know already
	At     time.Time
	To     []string // ids of people

	PatchID, TaskID string // what it is about; empty if neither
}

// Item is an entry of somebody's inbox.
type Item struct {
	ID     string
	Team   string // its key
	Kind   Kind
	Title  string
	Body   string
	Path   string
	At     time.Time
	ReadAt *time.Time
}

// Options are what an operator decides.
type Options struct {
	PublicURL string        // of this server, for links that others follow; none without it
	Fetch     fetch.Options // how webhooks are reached
	Mail      *mail.Server  // where mail is handed in; nil: none is sent
	Collect   time.Duration // how long news for a person are collected for one mail
}

// Service tells people.
type Service struct {
	db     *db.DB
	at     map[string]int64 // by team: up to where this process has found nothing to tell
	fetch  *fetch.Client
	public string

	mail    *mail.Server
	collect time.Duration
	backlog *backlog.Service
	standup *standup.Service
}

// New makes the service.
func New(d *db.DB, o Options) *Service {
	o.Fetch.Setting = "--webhooks-allow-private"
	return &Service{db: d, at: map[string]int64{}, fetch: fetch.New(o.Fetch), public: o.PublicURL, mail: o.Mail, collect: o.Collect,
		backlog: backlog.New(d), standup: standup.New(d)}
}

// Kept is how long the inbox remembers.
const Kept = 90 * 24 * time.Hour
