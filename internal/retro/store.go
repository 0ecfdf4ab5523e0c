package retro

import (
	"database/sql"
	"errors"
	"math/rand/v2"

	"gorm.io/gorm"

	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/sprint"
	"patchline/internal/team"
)

func sprintOf(g *gorm.DB, teamID string, number int64) (*sprint.Sprint, error) {
	return db.Find[sprint.Sprint](g, "sprint in this team", "team_id = ? AND number = ?", teamID, number)
}

// retroOf is the retrospective of a sprint; nil if nobody has begun it.
func retroOf(g *gorm.DB, sprintID string) (*Retro, error) {
	var r Retro
	err := g.Where("sprint_id = ?", sprintID).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &r, err
}

func saveRetro(tx *db.Tx, r *Retro) error {
	return tx.Table("retros").Where("id = ?", r.ID).Updates(map[string]any{
		"format": r.Format, "headings": db.JoinWords(r.Headings), "anonymous": r.Anonymous, "dots": r.Dots, "phase": string(r.Phase), "ends_at": db.Micros(r.EndsAt),
		"discussing": r.Discussing, "secret": r.Secret, "summary": r.Summary, "closed_at": db.Micros(r.ClosedAt), "version": r.Version,
	}).Error
}

// fill adds to a retrospective what one person sees of it.
func fill(g *gorm.DB, r *Retro, h Hand) (err error) {
	if r.Cards, err = cardsOf(g, r.ID); err != nil {
		return err
	}
	r.Counts = make([]int64, len(r.Headings))
	for _, c := range r.Cards {
		if c.Heading < int64(len(r.Counts)) {
			r.Counts[c.Heading]++
		}
	}
	r.hideFrom(h)
	if r.Groups, err = topicsOf(g, r.ID, r.voter(h)); err != nil {
		return err
	}
	r.DotsLeft = r.Dots
	for _, t := range r.Groups {
		r.DotsLeft -= t.Mine
	}
	if err := countReady(g, r, h.Who.UserID); err != nil {
		return err
	}
	if r.Actions, err = actionsOf(g, "x.retro_id = ? ORDER BY p.number", r.ID); err != nil {
		return err
	}
	r.OpenActions, err = formerActions(g, r)
	return err
}

func countReady(g *gorm.DB, r *Retro, userID string) error {
	var mine, ticket int64
	err := db.One(g.Raw(`SELECT (SELECT COUNT(*) FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = ? AND m.role IN ? AND u.disabled_at IS NULL),
		(SELECT COUNT(*) FROM retro_ready WHERE retro_id = ?), (SELECT COUNT(*) FROM retro_ready WHERE retro_id = ? AND user_id = ?),
		(SELECT COUNT(*) FROM retro_tickets WHERE retro_id = ? AND user_id = ?)`,
		r.TeamID, team.WhoMay(team.Work), r.ID, r.ID, userID, r.ID, userID), &r.Members, &r.Ready, &mine, &ticket)
	r.MineReady, r.TicketTaken = mine > 0, ticket > 0
	return err
}

func setReady(tx *db.Tx, retroID, userID string, ready bool) error {
	if !ready {
		return tx.Exec("DELETE FROM retro_ready WHERE retro_id = ? AND user_id = ?", retroID, userID).Error
	}
	return tx.Exec("INSERT INTO retro_ready (retro_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", retroID, userID).Error
}

func clearReady(tx *db.Tx, retroID string) error {
	return tx.Exec("DELETE FROM retro_ready WHERE retro_id = ?", retroID).Error
}

// insertTicket tells whether this person had none yet.
func insertTicket(tx *db.Tx, retroID, userID string) (bool, error) {
	r := tx.Exec("INSERT INTO retro_tickets (retro_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", retroID, userID)
	return r.RowsAffected > 0, r.Error
}

// ---- cards, in the order of their random ids

func cards(g *gorm.DB, where string, args ...any) ([]Card, error) {
	return db.List(g, func(r *sql.Rows, c *Card) error {
		return r.Scan(&c.ID, &c.Heading, &c.Body, &c.Group, &c.Shown, &c.owner, &c.Author)
	}, `SELECT c.id, c.heading, c.body, c.group_id, c.shown, c.owner, COALESCE(u.name, '') FROM retro_cards c LEFT JOIN users u ON u.id = c.owner
		WHERE c.retro_id = ? `+where+" ORDER BY c.id", args...)
}

func cardsOf(g *gorm.DB, retroID string) ([]Card, error) { return cards(g, "", retroID) }

// cardOf is nil if there is none.
func cardOf(g *gorm.DB, retroID, id string) (*Card, error) {
	list, err := cards(g, "AND c.id = ?", retroID, id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func theCard(g *gorm.DB, retroID, id string) (*Card, error) {
	c, err := cardOf(g, retroID, id)
	if err == nil && c == nil {
		err = fault.New(fault.NotFound, "There is no such card in this retrospective.")
	}
	return c, err
}

func cardTaken(g *gorm.DB, id string) (bool, error) {
	var n int64
	err := db.One(g.Raw("SELECT COUNT(*) FROM retro_cards WHERE id = ?", id), &n)
	return n > 0, err
}

func countCards(g *gorm.DB, retroID string) (n int64, err error) {
	err = db.One(g.Raw("SELECT COUNT(*) FROM retro_cards WHERE retro_id = ?", retroID), &n)
	return n, err
}

func putCard(tx *db.Tx, retroID string, c Card) error {
	return tx.Exec(`INSERT INTO retro_cards (id, retro_id, heading, body, group_id, shown, owner) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET heading = excluded.heading, body = excluded.body`, c.ID, retroID, c.Heading, c.Body, c.Group, c.Shown, c.owner).Error
}

func deleteCard(tx *db.Tx, id string) error {
	return tx.Exec("DELETE FROM retro_cards WHERE id = ?", id).Error
}

// reveal ends the collecting: each card becomes a group of its own. Those of an
// anonymous retrospective lose their owners and the order in which they came.
func reveal(tx *db.Tx, r *Retro) error {
	list, err := cardsOf(tx.DB, r.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Shown = true; list[i].Group == nil {
			id, err := newGroup(tx, r.ID)
			if err != nil {
				return err
			}
			list[i].Group = &id
		}
	}
	return rewrite(tx, r, list)
}

func rewrite(tx *db.Tx, r *Retro, list []Card) error {
	if err := tx.Exec("DELETE FROM retro_cards WHERE retro_id = ?", r.ID).Error; err != nil {
		return err
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, c := range list {
		if r.Anonymous {
			c.owner = ""
		}
		if err := putCard(tx, r.ID, c); err != nil {
			return err
		}
	}
	return nil
}

// forgetOwners erases who has got a ticket, when nothing asks for one any more.
func forgetOwners(tx *db.Tx, r *Retro) error {
	if !r.Anonymous {
		return nil
	}
	if err := tx.Exec("UPDATE retro_cards SET owner = '' WHERE retro_id = ?", r.ID).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM retro_tickets WHERE retro_id = ?", r.ID).Error
}
