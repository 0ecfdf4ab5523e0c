package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
)

// States of a delivery.
const (
	Waiting = "waiting"
	Done    = "done"
	Failed  = "failed"
)

// Delivery is something that a webhook is told. Its id is the webhook-id header,
// the same in every attempt, by which a receiver recognises a repeat: a server that
// is killed after the receiver took it and before that was noted sends it again.
type Delivery struct {
	ID        string
	WebhookID string
	Source    string
	Kind      string
	Title     string
	Content   string
	State     string
	Attempts  int64
	NextAt    time.Time `gorm:"serializer:time"`
	Status    *int64    // of the last HTTP answer
	Answer    string    // the beginning of what the receiver said
	Error     string
	Took      int64      // milliseconds of the last attempt
	CreatedAt time.Time  `gorm:"serializer:time"`
	TriedAt   *time.Time `gorm:"serializer:time"`
}

const (
	ping     = "ping"
	mostTime = 20 * time.Second    // that a receiver has to answer
	giveUp   = 5 * 24 * time.Hour  // after which a webhook where nothing arrives is switched off
	keepLog  = 30 * 24 * time.Hour // of what was delivered
)

// pauses are those after each attempt that failed, as Standard Webhooks proposes;
// together a little more than three days.
var pauses = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// RunWebhooks delivers until ctx ends.
func (s *Service) RunWebhooks(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := s.Deliver(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "cannot deliver to webhooks; it is tried again", "error", err)
		}
		if n == 0 {
			wait(ctx, time.Second)
		}
	}
}

// Deliver tries what is due, once each, and tells how many that were.
func (s *Service) Deliver(ctx context.Context) (n int, err error) {
	due, err := dueDeliveries(s.db.Read(ctx), s.db.Now())
	var all sync.WaitGroup
	errs := make([]error, len(due))
	for i := range due {
		all.Go(func() { errs[i] = s.deliver(ctx, &due[i]) })
	}
	all.Wait()
	return len(due), errors.Join(append(errs, err)...)
}

func (s *Service) deliver(ctx context.Context, d *Delivery) error {
	var w *Webhook
	mine := false
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if mine, err = claim(tx, d.ID, tx.Now.Add(2*mostTime)); err != nil || !mine {
			return err
		}
		w, err = db.Find[Webhook](tx.DB, "webhook", "id = ?", d.WebhookID)
		return err
	})
	if err != nil || !mine {
		return err
	}
	d.Attempts++
	after := s.try(ctx, w, d)
	if ctx.Err() != nil {
		return nil // the server stops: another one tries again
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := holdWebhook(tx, w.TeamID, w.ID)
		if err != nil {
			return err
		}
		d.settle(tx.Now, after)
		if err := saveDelivery(tx, d); err != nil || d.Kind == ping && d.State != Done {
			return err
		}
		return w.settle(tx, d)
	})
}

// try sends a delivery once. It returns for how long the receiver asks to be left
// alone.
func (s *Service) try(ctx context.Context, w *Webhook, d *Delivery) time.Duration {
	stamp := strconv.FormatInt(s.db.Now().Unix(), 10)
	header := map[string]string{"Content-Type": "application/json"}
	if w.Format == Standard {
		header["webhook-id"], header["webhook-timestamp"], header["webhook-signature"] = d.ID, stamp, w.sign(d.ID, stamp, d.Content)
	}
	d.Status, d.Answer, d.Error = nil, "", ""
	begin := time.Now()
	answer, err := s.fetch.Post(ctx, w.URL, header, []byte(d.Content), mostTime)
	d.Took = time.Since(begin).Milliseconds()
	if err != nil {
		d.Error = err.Error()
		return 0
	}
	status := int64(answer.Status)
	d.Status, d.Answer = &status, answer.Text
	if status < 200 || status > 299 {
		d.Error = fmt.Sprintf("The receiver answered %d.", status)
	}
	return answer.After
}

// sign is the signature of Standard Webhooks: HMAC-SHA256 over id, time and content.
func (w *Webhook) sign(id, stamp, content string) string {
	key, err := w.signingKey()
	if err != nil {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "." + content))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// settle decides what follows from an attempt. A test is not repeated: somebody
// waits for its outcome.
func (d *Delivery) settle(now time.Time, after time.Duration) {
	n := int(d.Attempts)
	switch {
	case d.Error == "":
		d.State = Done
	case n > len(pauses) || d.Kind == ping || d.Status != nil && *d.Status == 410:
		d.State = Failed
	default:
		d.NextAt = now.Add(max(pauses[n-1], after))
	}
}

// settle switches a webhook off where nothing has arrived for days, or whose
// receiver says that it is gone (410).
func (w *Webhook) settle(tx *db.Tx, d *Delivery) error {
	was := w.FailingAt
	switch {
	case d.State == Done:
		if w.FailingAt = nil; was == nil {
			return nil
		}
	case d.Status != nil && *d.Status == 410:
		w.Disabled = "The receiver says that this address is gone (410)."
	case was == nil:
		w.FailingAt = &tx.Now
	case tx.Now.Sub(*was) >= giveUp:
		w.Disabled = "Nothing has arrived for 5 days."
	default:
		return nil
	}
	if w.Disabled == "" {
		return saveWebhook(tx, w)
	}
	w.Enabled = false
	w.Version++
	if err := saveWebhook(tx, w); err != nil {
		return err
	}
	return noted(tx, audit.Server, w, "webhook.disabled")
}

// Deliveries lists what a webhook was told, the latest first, one more than the
// limit when there are more.
func (s *Service) Deliveries(ctx context.Context, teamID, id, state, before string, limit int) ([]Delivery, error) {
	g := s.db.Read(ctx)
	if _, err := webhookOf(g, teamID, id); err != nil {
		return nil, err
	}
	return deliveriesOf(g, id, state, before, limit+1)
}

// Replay delivers something once more, now.
func (s *Service) Replay(ctx context.Context, who audit.Who, teamID, id string) (*Delivery, error) {
	var d *Delivery
	return d, s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if d, err = holdDelivery(tx, teamID, id); err != nil {
			return err
		}
		d.State, d.NextAt, d.Error = Waiting, tx.Now, ""
		if err := saveDelivery(tx, d); err != nil {
			return err
		}
		return audit.Write(tx, who, teamID, "webhook.replayed", d.WebhookID, map[string]any{"delivery": d.ID})
	})
}

// Ping sends a test to a webhook.
func (s *Service) Ping(ctx context.Context, who audit.Who, t Team, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := holdWebhook(tx, t.ID, id)
		if err != nil {
			return err
		}
		n := News{Kind: ping, Title: "A test by " + who.Name, Body: "Patchline tells this address what happens in team " + t.Key + ".", Path: "/t/" + t.Key + "/backlog", At: tx.Now}
		n.Source = "ping " + db.NewID()
		if err := s.enqueue(tx, t, w, n); err != nil {
			return err
		}
		return audit.Write(tx, who, t.ID, "webhook.pinged", w.ID, nil)
	})
}
