package notify

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/fetch"
	"patchline/internal/team"
)

// Formats of what a webhook is sent.
const (
	Standard   = "standard"   // Standard Webhooks: JSON, signed
	Slack      = "slack"      // an incoming webhook of Slack
	Teams      = "teams"      // a workflow of Microsoft Teams, which takes an Adaptive Card
	Mattermost = "mattermost" // an incoming webhook of Mattermost
)

// Formats are all there are.
var Formats = []string{Standard, Slack, Teams, Mattermost}

// Webhook is an address of another program, or of a channel of a chat, that is told
// what happens in a team. Who knows its address can write there, so that no more
// than its host is ever shown.
type Webhook struct {
	ID        string
	TeamID    string
	Name      string
	URL       string
	Format    string
	Kinds     []string `gorm:"serializer:words"`
	Secret    string   // that signs; it leaves this server once, when it is made
	Enabled   bool
	FailingAt *time.Time `gorm:"serializer:time"` // since when nothing arrives
	Disabled  string     // why the server switched it off; empty when it did not
	Version   int64
	CreatedAt time.Time `gorm:"serializer:time"`
}

// Host is what is shown of the address.
func (w *Webhook) Host() string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Draft is a new webhook, or a change of one; nil stays as it is.
type Draft struct {
	Name, URL, Format, Secret *string
	Kinds                     *[]string
	Enabled                   *bool
}

const (
	mostWebhooks = 20
	secretPrefix = "whsec_" // as Standard Webhooks writes a secret; base64 of 24 to 64 bytes follows
)

// Webhooks lists a team's webhooks by name.
func (s *Service) Webhooks(ctx context.Context, teamID string) ([]Webhook, error) {
	return webhooksOf(s.db.Read(ctx), teamID)
}

// AddWebhook makes a webhook. Its secret is made here unless one is given.
func (s *Service) AddWebhook(ctx context.Context, who audit.Who, teamID string, d Draft) (*Webhook, error) {
	w := &Webhook{ID: db.NewID(), TeamID: teamID, Format: Standard, Enabled: true, Version: 1, Secret: newSecret()}
	if err := d.apply(w); err != nil {
		return nil, err
	}
	return w, s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := team.Lock(tx, teamID); err != nil {
			return err
		}
		held, err := webhooksOf(tx.DB, teamID)
		if err != nil {
			return err
		}
		if len(held) >= mostWebhooks {
			return fault.New(fault.Conflict, "The team has %d webhooks, which is the most; delete one first.", mostWebhooks)
		}
		w.CreatedAt = tx.Now
		if err := tx.Create(w).Error; err != nil {
			return err
		}
		return noted(tx, who, w, "webhook.created")
	})
}

// ChangeWebhook changes a webhook that is still at the version seen. Switched on
// again, it begins anew.
func (s *Service) ChangeWebhook(ctx context.Context, who audit.Who, teamID, id string, seen int64, d Draft) (*Webhook, error) {
	var w *Webhook
	return w, s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if w, err = holdWebhook(tx, teamID, id); err != nil {
			return err
		}
		if w.Version != seen {
			return fault.Stale(w, "Somebody changed this webhook first. Look at it as it is now, then decide.")
		}
		if err := d.apply(w); err != nil {
			return err
		}
		if w.Enabled {
			w.Disabled, w.FailingAt = "", nil
		}
		w.Version++
		if err := saveWebhook(tx, w); err != nil {
			return err
		}
		return noted(tx, who, w, "webhook.changed")
	})
}

// RemoveWebhook deletes a webhook and what it was told.
func (s *Service) RemoveWebhook(ctx context.Context, who audit.Who, teamID, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := holdWebhook(tx, teamID, id)
		if err != nil {
			return err
		}
		if err := removeWebhook(tx, id); err != nil {
			return err
		}
		return noted(tx, who, w, "webhook.deleted")
	})
}

// noted audits a change, without the address and the secret: both let others write
// where the webhook leads.
func noted(tx *db.Tx, who audit.Who, w *Webhook, action string) error {
	return audit.Write(tx, who, w.TeamID, action, w.ID, map[string]any{
		"name": w.Name, "host": w.Host(), "format": w.Format, "kinds": w.Kinds, "enabled": w.Enabled,
	})
}

func (d Draft) apply(w *Webhook) error {
	for _, field := range []struct{ to, from *string }{{&w.Name, d.Name}, {&w.URL, d.URL}, {&w.Format, d.Format}, {&w.Secret, d.Secret}} {
		if field.from != nil {
			*field.to = strings.TrimSpace(*field.from)
		}
	}
	if d.Kinds != nil {
		w.Kinds = *d.Kinds
	}
	if d.Enabled != nil {
		w.Enabled = *d.Enabled
	}
	return w.check()
}

func (w *Webhook) check() error {
	unknown := func(kind string) bool { return !Kind(kind).Known() }
	switch {
	case w.Name == "":
		return fault.Wrong("/name", "A webhook needs a name.")
	case fetch.Check(w.URL) != nil:
		return fault.Wrong("/url", "%s", fetch.Check(w.URL))
	case !slices.Contains(Formats, w.Format):
		return fault.Wrong("/format", "There is no such format.")
	case len(w.Kinds) == 0 || slices.ContainsFunc(w.Kinds, unknown):
		return fault.Wrong("/kinds", "Choose at least one kind of news.")
	}
	if _, err := w.signingKey(); err != nil {
		return fault.Wrong("/secret", "A secret is whsec_ and 24 to 64 bytes in base64; leave it empty to have one made.")
	}
	return nil
}

func newSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// signingKey are the bytes that a secret stands for.
func (w *Webhook) signingKey() ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(w.Secret, secretPrefix))
	if err == nil && (len(key) < 24 || len(key) > 64) {
		err = fault.Wrong("/secret", "It has %d bytes.", len(key))
	}
	return key, err
}
