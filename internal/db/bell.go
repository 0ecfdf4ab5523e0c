package db

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// bells wakes whoever waits for a committed change. It carries a word, never
// data: who is woken reads the database.
type bells struct {
	mu   sync.Mutex
	ears map[chan string]bool
}

func (b *bells) ring(word string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ear := range b.ears {
		select {
		case ear <- word:
		default: // it has plenty to wake up for already
		}
	}
}

// Channel is where PostgreSQL tells what Ring rings.
const Channel = "patchline"

// Ring wakes the listeners of every replica once the transaction is committed.
func (tx *Tx) Ring(word string) error {
	if tx.Postgres() {
		return tx.Exec("SELECT pg_notify(?, ?)", Channel, word).Error
	}
	tx.AfterCommit(func() { tx.db.bells.ring(word) })
	return nil
}

// Listen hands out the words that are rung until ctx ends. It may miss some:
// a listener also looks by itself every few seconds.
func (d *DB) Listen(ctx context.Context) <-chan string {
	ear := make(chan string, 1024)
	d.bells.mu.Lock()
	if d.bells.ears == nil {
		d.bells.ears = map[chan string]bool{}
	}
	d.bells.ears[ear] = true
	d.bells.mu.Unlock()
	context.AfterFunc(ctx, func() {
		d.bells.mu.Lock()
		defer d.bells.mu.Unlock()
		delete(d.bells.ears, ear)
	})
	if d.Postgres() {
		go d.relay(ctx)
	}
	return ear
}

// relay turns PostgreSQL's notifications into rings in this process, and connects
// again when the connection is lost.
func (d *DB) relay(ctx context.Context) {
	for ctx.Err() == nil {
		err := d.relayOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		slog.WarnContext(ctx, "lost the notification connection; connecting again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (d *DB) relayOnce(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, d.url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+Channel); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		d.bells.ring(n.Payload)
	}
}
