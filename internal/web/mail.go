package web

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/notify"
)

func (h *handlers) GetNoticeChoices(ctx context.Context, _ api.GetNoticeChoicesRequestObject) (api.GetNoticeChoicesResponseObject, error) {
	c, err := h.Notify.Choices(ctx, me(ctx).User.ID)
	if err != nil {
		return nil, err
	}
	return api.GetNoticeChoices200JSONResponse(h.choicesOut(c)), nil
}

func (h *handlers) UpdateNoticeChoices(ctx context.Context, r api.UpdateNoticeChoicesRequestObject) (api.UpdateNoticeChoicesResponseObject, error) {
	b := r.Body
	to := notify.Choosing{Mail: map[notify.Kind]string{}, DigestAt: b.DigestAt, TimeZone: b.TimeZone, Muted: b.MutedTeams}
	for _, k := range b.Kinds {
		to.Mail[notify.Kind(k.Kind)] = string(k.Mail)
	}
	if b.DueDays != nil {
		days := int64(*b.DueDays)
		to.DueDays = &days
	}
	c, err := h.Notify.Choose(ctx, who(ctx), to)
	if err != nil {
		return nil, err
	}
	return api.UpdateNoticeChoices200JSONResponse(h.choicesOut(c)), nil
}

func (h *handlers) choicesOut(c notify.Choices) api.NoticeChoices {
	return api.NoticeChoices{
		MailFrom: h.Notify.MailFrom(), DigestAt: c.DigestAt, TimeZone: c.TimeZone, DueDays: int(c.DueDays), MutedTeams: c.Muted,
		Kinds: each(notify.Mailed, func(k *notify.Kind) api.NoticeChoice {
			return api.NoticeChoice{Kind: api.MailKind(*k), Mail: api.MailWhen(c.Mail[*k])}
		}),
	}
}

func (h *handlers) ListMails(ctx context.Context, r api.ListMailsRequestObject) (api.ListMailsResponseObject, error) {
	before, err := beforeID(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	n := limit(r.Params.Limit)
	found, err := h.Notify.Mails(ctx, string(r.Params.State), before, n)
	if err != nil {
		return nil, err
	}
	out := api.ListMails200JSONResponse{MailFrom: h.Notify.MailFrom()}
	found, out.NextCursor = idPage(found, n, func(p notify.Post) string { return p.ID })
	out.Items = each(found, mailOut)
	return out, nil
}

func (h *handlers) RetryMail(ctx context.Context, r api.RetryMailRequestObject) (api.RetryMailResponseObject, error) {
	p, err := h.Notify.RetryMail(ctx, who(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return api.RetryMail200JSONResponse(mailOut(p)), nil
}

func mailOut(p *notify.Post) api.Mail {
	out := api.Mail{
		ID: p.ID, Name: p.Name, Email: p.Email, Subject: p.Subject, State: api.MailState(p.State), Attempts: int(p.Attempts),
		NextAt: nullable.NewNullNullable[time.Time](), Error: p.Error, CreatedAt: p.CreatedAt, SentAt: orNull(p.SentAt),
	}
	if p.State == notify.Waiting {
		out.NextAt.Set(p.NextAt)
	}
	return out
}
