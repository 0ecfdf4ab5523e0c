package notify

import (
	"context"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/event"
)

// Filter narrows an inbox.
type Filter struct {
	Unread bool
	Kind   Kind   // empty: all
	Team   string // its key; empty: all
	Before string // id of the last entry of the page before
	Limit  int
}

// MostUnread is where counting stops.
const MostUnread = 1000

// Inbox lists what somebody was told, the latest first, one more than the limit when
// there are more, and counts what they have not read. A team that they left is not
// in it.
func (s *Service) Inbox(ctx context.Context, userID string, f Filter) (items []Item, unread int, err error) {
	err = s.db.View(ctx, func(g db.Reader) error {
		if items, err = itemsOf(g, userID, f); err != nil {
			return err
		}
		unread, err = unreadOf(g, userID)
		return err
	})
	return items, unread, err
}

// Marking says which entries to mark: those with ids, or those up to and with the
// entry Until that the filter leaves.
type Marking struct {
	IDs   []string
	Until string
	Kind  Kind
	Team  string
	Read  bool
}

// Mark marks entries of somebody's own inbox as read, or as not read, and lets their
// other browsers know. It answers how many stay unread.
func (s *Service) Mark(ctx context.Context, who audit.Who, m Marking) (unread int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		teams, err := mark(tx, who.UserID, m)
		if err != nil {
			return err
		}
		if unread, err = unreadOf(tx.DB, who.UserID); err != nil {
			return err
		}
		for _, id := range teams {
			if err := event.Tell(tx, who, id, event.Event{Kind: event.InboxChanged, Keys: []string{who.UserID}}); err != nil {
				return err
			}
		}
		return nil
	})
	return unread, err
}

// Tidy forgets what is older than Kept, and the logs of webhooks and mail.
func (s *Service) Tidy(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := forget(tx, tx.Now.Add(-Kept)); err != nil {
			return err
		}
		if err := forgetMails(tx, tx.Now.Add(-keepLog)); err != nil {
			return err
		}
		return forgetDeliveries(tx, tx.Now.Add(-keepLog))
	})
}
