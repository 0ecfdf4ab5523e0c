package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/retro"
	"patchline/internal/team"
)

// hand is who asks for something in a retrospective, with the ticket they sent.
func hand(ctx context.Context, ticket api.RetroTicket) retro.Hand {
	return retro.Hand{Who: who(ctx), Ticket: ticket}
}

// retro is the retrospective after a change, as the one who asked sees it.
func (h *handlers) retro(ctx context.Context, n int, by retro.Hand, err error) (*api.Retro, error) {
	if err != nil {
		return nil, err
	}
	t := h.team(ctx)
	r, err := h.Retro.Get(ctx, t, int64(n), by)
	if err != nil {
		return nil, err
	}
	return retroOut(t, r, by), nil
}

func (h *handlers) GetRetro(ctx context.Context, r api.GetRetroRequestObject) (api.GetRetroResponseObject, error) {
	out, err := h.retro(ctx, r.N, hand(ctx, r.Params.RetroTicket), nil)
	if err != nil {
		return nil, err
	}
	return api.GetRetro200JSONResponse(*out), nil
}

func (h *handlers) UpdateRetro(ctx context.Context, r api.UpdateRetroRequestObject) (api.UpdateRetroResponseObject, error) {
	b := r.Body
	c := retro.Change{
		Format: (*string)(b.Format), Columns: b.Columns, Anonymous: b.Anonymous, Dots: wide(b.Dots), Phase: (*retro.Phase)(b.Phase),
		Minutes: wide(b.Minutes), Discussing: given(b.DiscussingID), Seen: int64(b.Version),
	}
	out, err := h.retro(ctx, r.N, hand(ctx, ""), h.Retro.Change(ctx, who(ctx), h.team(ctx), int64(r.N), c))
	if err != nil {
		return nil, err
	}
	return api.UpdateRetro200JSONResponse(*out), nil
}

func (h *handlers) SetRetroReady(ctx context.Context, r api.SetRetroReadyRequestObject) (api.SetRetroReadyResponseObject, error) {
	by := hand(ctx, "")
	out, err := h.retro(ctx, r.N, by, h.Retro.BeReady(ctx, by, h.team(ctx), int64(r.N), r.Body.Ready))
	if err != nil {
		return nil, err
	}
	return api.SetRetroReady200JSONResponse(*out), nil
}

func (h *handlers) TakeRetroTicket(ctx context.Context, r api.TakeRetroTicketRequestObject) (api.TakeRetroTicketResponseObject, error) {
	ticket, err := h.Retro.Ticket(ctx, who(ctx), h.team(ctx), int64(r.N))
	if err != nil {
		return nil, err
	}
	return api.TakeRetroTicket201JSONResponse{Ticket: ticket}, nil
}

func (h *handlers) PutRetroCard(ctx context.Context, r api.PutRetroCardRequestObject) (api.PutRetroCardResponseObject, error) {
	by := hand(ctx, r.Params.RetroTicket)
	out, err := h.retro(ctx, r.N, by, h.Retro.PutCard(ctx, by, h.team(ctx), int64(r.N), r.ID, int64(r.Body.Column), r.Body.Text))
	if err != nil {
		return nil, err
	}
	return api.PutRetroCard200JSONResponse(*out), nil
}

func (h *handlers) DeleteRetroCard(ctx context.Context, r api.DeleteRetroCardRequestObject) (api.DeleteRetroCardResponseObject, error) {
	by := hand(ctx, r.Params.RetroTicket)
	out, err := h.retro(ctx, r.N, by, h.Retro.DropCard(ctx, by, h.team(ctx), int64(r.N), r.ID))
	if err != nil {
		return nil, err
	}
	return api.DeleteRetroCard200JSONResponse(*out), nil
}

func (h *handlers) MoveRetroCard(ctx context.Context, r api.MoveRetroCardRequestObject) (api.MoveRetroCardResponseObject, error) {
	by := hand(ctx, "")
	out, err := h.retro(ctx, r.N, by, h.Retro.MoveCard(ctx, by, h.team(ctx), int64(r.N), r.ID, pointer(r.Body.GroupID)))
	if err != nil {
		return nil, err
	}
	return api.MoveRetroCard200JSONResponse(*out), nil
}

func (h *handlers) UpdateRetroGroup(ctx context.Context, r api.UpdateRetroGroupRequestObject) (api.UpdateRetroGroupResponseObject, error) {
	by := hand(ctx, "")
	out, err := h.retro(ctx, r.N, by, h.Retro.Topic(ctx, by, h.team(ctx), int64(r.N), r.ID, r.Body.Name, r.Body.Note, int64(r.Body.Version)))
	if err != nil {
		return nil, err
	}
	return api.UpdateRetroGroup200JSONResponse(*out), nil
}

func (h *handlers) SetRetroDots(ctx context.Context, r api.SetRetroDotsRequestObject) (api.SetRetroDotsResponseObject, error) {
	by := hand(ctx, r.Params.RetroTicket)
	out, err := h.retro(ctx, r.N, by, h.Retro.Dot(ctx, by, h.team(ctx), int64(r.N), r.ID, int64(r.Body.Dots)))
	if err != nil {
		return nil, err
	}
	return api.SetRetroDots200JSONResponse(*out), nil
}

func (h *handlers) CreateRetroAction(ctx context.Context, r api.CreateRetroActionRequestObject) (api.CreateRetroActionResponseObject, error) {
	b := r.Body
	w := retro.Wish{Title: b.Title, OwnerID: b.OwnerID, DueSprint: int64(b.DueSprint), Group: pointer(b.GroupID)}
	out, err := h.retro(ctx, r.N, hand(ctx, ""), h.Retro.Act(ctx, who(ctx), h.team(ctx), int64(r.N), w))
	if err != nil {
		return nil, err
	}
	return api.CreateRetroAction201JSONResponse(*out), nil
}

func (h *handlers) DecideRetroAction(ctx context.Context, r api.DecideRetroActionRequestObject) (api.DecideRetroActionResponseObject, error) {
	d := retro.Decision(r.Body.Decision)
	if d == retro.Drop && !mayScope(ctx) {
		return nil, fault.New(fault.Forbidden, "%s", forbidden(role(ctx), team.Rank, team.Plan))
	}
	out, err := h.retro(ctx, r.N, hand(ctx, ""), h.Retro.Decide(ctx, who(ctx), h.team(ctx), int64(r.N), r.ID, d))
	if err != nil {
		return nil, err
	}
	return api.DecideRetroAction200JSONResponse(*out), nil
}

func retroOut(t *team.Team, r *retro.Retro, by retro.Hand) *api.Retro {
	return &api.Retro{
		Sprint: int(r.Sprint.Number), SprintName: r.Sprint.Name, SprintState: api.SprintState(r.Sprint.State),
		Phase: api.RetroPhase(r.Phase), Format: api.RetroFormat(r.Format), Columns: list(r.Headings), Anonymous: r.Anonymous, Dots: int(r.Dots),
		EndsAt: orNull(r.EndsAt), Now: r.Now, DiscussingID: orNull(r.Discussing),
		Ready: int(r.Ready), Members: int(r.Members), MineReady: r.MineReady,
		Counts: each(r.Counts, func(n *int64) int { return int(*n) }),
		Cards:  each(r.Cards, cardOfRetroOut),
		Groups: each(r.Groups, func(g *retro.Topic) api.RetroGroup {
			return api.RetroGroup{ID: g.ID, Name: g.Name, Note: g.Note, Votes: int(g.Votes), Mine: int(g.Mine), Version: int(g.Version)}
		}),
		TicketTaken: r.TicketTaken, TicketKnown: r.Knows(by), DotsLeft: int(r.DotsLeft),
		Actions:     each(r.Actions, func(a *retro.Action) api.RetroAction { return actionOut(t, a) }),
		OpenActions: each(r.OpenActions, func(a *retro.Action) api.RetroAction { return actionOut(t, a) }),
		ClosedAt:    orNull(r.ClosedAt), Summary: r.Summary, Version: int(r.Version),
	}
}

func cardOfRetroOut(c *retro.Card) api.RetroCard {
	return api.RetroCard{
		ID: c.ID, Column: int(c.Heading), Text: c.Body, Hidden: !c.Mine && !c.Shown, Mine: c.Mine, Author: c.Author, GroupID: orNull(c.Group),
	}
}

func actionOut(t *team.Team, a *retro.Action) api.RetroAction {
	owner := nullable.NewNullNullable[api.Person]()
	if a.OwnerID != nil {
		owner.Set(api.Person{ID: *a.OwnerID, Name: a.Owner})
	}
	return api.RetroAction{
		ID: a.ID, Key: backlog.Key(t.Key, a.Number), Title: a.Title, Status: api.Status(a.Status), Open: a.IsOpen, Owner: owner,
		DueSprint: int(a.DueSprint), Kept: int(a.Kept), Sprint: int(a.Sprint), GroupID: orNull(a.Group),
	}
}
