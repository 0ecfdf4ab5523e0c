package notify

import (
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

func webhooksOf(g *gorm.DB, teamID string) (out []Webhook, err error) {
	return out, g.Where("team_id = ?", teamID).Order("name, id").Find(&out).Error
}

// holdWebhook reads a webhook and holds it until the transaction ends.
func holdWebhook(tx *db.Tx, teamID, id string) (*Webhook, error) {
	if err := tx.Lock("webhooks", id); err != nil {
		return nil, err
	}
	return webhookOf(tx.DB, teamID, id)
}

func webhookOf(g *gorm.DB, teamID, id string) (*Webhook, error) {
	return db.Find[Webhook](g, "webhook in this team", "team_id = ? AND id = ?", teamID, id)
}

func saveWebhook(tx *db.Tx, w *Webhook) error {
	return tx.Exec("UPDATE webhooks SET name = ?, url = ?, format = ?, kinds = ?, secret = ?, enabled = ?, failing_at = ?, disabled = ?, version = ? WHERE id = ?",
		w.Name, w.URL, w.Format, db.JoinWords(w.Kinds), w.Secret, w.Enabled, db.Micros(w.FailingAt), w.Disabled, w.Version, w.ID).Error
}

func removeWebhook(tx *db.Tx, id string) error {
	if err := tx.Exec("DELETE FROM deliveries WHERE webhook_id = ?", id).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM webhooks WHERE id = ?", id).Error
}

func deliveriesOf(g *gorm.DB, webhookID, state, before string, limit int) (out []Delivery, err error) {
	q := g.Where("webhook_id = ?", webhookID)
	if state != "" {
		q = q.Where("state = ?", state)
	}
	if before != "" {
		q = q.Where("id < ?", before)
	}
	return out, q.Order("id DESC").Limit(limit).Find(&out).Error
}

// holdDelivery finds a delivery of a team's webhook.
func holdDelivery(tx *db.Tx, teamID, id string) (*Delivery, error) {
	d, err := db.Find[Delivery](tx.DB, "delivery in this team", "id = ? AND webhook_id IN (SELECT id FROM webhooks WHERE team_id = ?)", id, teamID)
	if err != nil {
		return nil, err
	}
	_, err = holdWebhook(tx, teamID, d.WebhookID)
	return d, err
}

// enqueue keeps what a webhook is to be told, unless it was before.
func enqueue(tx *db.Tx, d *Delivery) error {
	return tx.Exec(`INSERT INTO deliveries (id, webhook_id, source, kind, title, content, state, attempts, next_at, until, answer, error, took, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0, '', '', 0, ?) ON CONFLICT (webhook_id, source) DO NOTHING`,
		d.ID, d.WebhookID, d.Source, d.Kind, d.Title, d.Content, Waiting, tx.Now.UnixMicro(), tx.Now.UnixMicro()).Error
}

// dueDeliveries are a few of each webhook, so that one that does not answer holds
// nobody else up.
func dueDeliveries(g *gorm.DB, now time.Time) (out []Delivery, err error) {
	return out, g.Raw(`SELECT * FROM (SELECT d.*, ROW_NUMBER() OVER (PARTITION BY d.webhook_id ORDER BY d.next_at, d.id) AS place
		FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id AND w.enabled WHERE d.state = ? AND d.next_at <= ? AND d.until <= ?) x
		WHERE place <= 2 ORDER BY next_at, id LIMIT 16`, Waiting, now.UnixMicro(), now.UnixMicro()).Scan(&out).Error
}

// claim takes a delivery for a while; it tells whether nobody else has.
func claim(tx *db.Tx, id string, until time.Time) (bool, error) {
	res := tx.Exec("UPDATE deliveries SET until = ?, attempts = attempts + 1, tried_at = ? WHERE id = ? AND state = ? AND next_at <= ? AND until <= ?",
		until.UnixMicro(), tx.Now.UnixMicro(), id, Waiting, tx.Now.UnixMicro(), tx.Now.UnixMicro())
	return res.RowsAffected == 1, res.Error
}

func saveDelivery(tx *db.Tx, d *Delivery) error {
	return tx.Exec("UPDATE deliveries SET state = ?, next_at = ?, until = 0, status = ?, answer = ?, error = ?, took = ? WHERE id = ?",
		d.State, d.NextAt.UnixMicro(), d.Status, d.Answer, d.Error, d.Took, d.ID).Error
}

func forgetDeliveries(tx *db.Tx, before time.Time) error {
	return tx.Exec("DELETE FROM deliveries WHERE created_at < ? AND state <> ?", before.UnixMicro(), Waiting).Error
}
