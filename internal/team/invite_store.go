package team

import (
	"errors"
	"time"

	"gorm.io/gorm"

	"patchline/internal/db"
)

func invitesOf(g *gorm.DB, teamID string, now time.Time) ([]OpenInvite, error) {
	var list []Invite
	err := g.Where("team_id = ? AND ended_at IS NULL AND expires_at > ?", teamID, now.UnixMicro()).
		Order("created_at DESC, id DESC").Limit(200).Find(&list).Error
	if err != nil {
		return nil, err
	}
	authors := make([]string, len(list))
	for i, v := range list {
		authors[i] = v.CreatedBy
	}
	names, err := Names(g, authors)
	out := make([]OpenInvite, len(list))
	for i, v := range list {
		out[i] = OpenInvite{Invite: v, Author: names[v.CreatedBy]}
	}
	return out, err
}

func inviteBySecret(g *gorm.DB, hash string, now time.Time) (*OpenInvite, error) {
	var i Invite
	err := g.Where("secret_hash = ? AND ended_at IS NULL AND expires_at > ?", hash, now.UnixMicro()).Take(&i).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, errNoInvite
	}
	if err != nil {
		return nil, err
	}
	team, err := ByID(g, i.TeamID)
	if err != nil {
		return nil, err
	}
	author, err := userByID(g, i.CreatedBy)
	if err != nil {
		return nil, err
	}
	return &OpenInvite{i, team, author.Name}, nil
}

func endInvite(tx *db.Tx, teamID, id string) (int64, error) {
	r := tx.Exec("UPDATE invites SET ended_at = ? WHERE id = ? AND team_id = ? AND ended_at IS NULL AND expires_at > ?",
		tx.Now.UnixMicro(), id, teamID, tx.Now.UnixMicro())
	return r.RowsAffected, r.Error
}
