package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/fault"
	"patchline/internal/review"
	"patchline/internal/team"
)

func (h *handlers) ListReviews(ctx context.Context, _ api.ListReviewsRequestObject) (api.ListReviewsResponseObject, error) {
	found, err := h.Review.List(ctx, h.team(ctx))
	return api.ListReviews200JSONResponse{Items: each(found, func(o *review.Overview) api.ReviewOverview {
		return api.ReviewOverview{
			Sprint: int(o.Sprint), SprintName: o.Name, SprintState: api.SprintState(o.State), Done: o.Done, Waiting: o.Done - o.Judged,
			NotAccepted: o.NotAccepted, Comments: o.Comments, GuestComments: o.GuestComments, ClosedAt: orNull(o.ClosedAt),
		}
	})}, err
}

// review is the review after a change, as everybody in the team sees it.
func (h *handlers) review(ctx context.Context, n int, err error) (*api.Review, error) {
	if err != nil {
		return nil, err
	}
	r, err := h.Review.Get(ctx, h.team(ctx), int64(n))
	if err != nil {
		return nil, err
	}
	return reviewOut(r, me(ctx).User.ID), nil
}

func (h *handlers) GetReview(ctx context.Context, r api.GetReviewRequestObject) (api.GetReviewResponseObject, error) {
	out, err := h.review(ctx, r.N, nil)
	if err != nil {
		return nil, err
	}
	return api.GetReview200JSONResponse(*out), nil
}

func (h *handlers) UpdateReview(ctx context.Context, r api.UpdateReviewRequestObject) (api.UpdateReviewResponseObject, error) {
	c := review.Change{Summary: r.Body.Summary, Close: r.Body.Close, Seen: int64(r.Body.Version)}
	out, err := h.review(ctx, r.N, h.Review.Change(ctx, who(ctx), h.team(ctx), int64(r.N), c))
	if err != nil {
		return nil, err
	}
	return api.UpdateReview200JSONResponse(*out), nil
}

func (h *handlers) JudgeReviewItem(ctx context.Context, r api.JudgeReviewItemRequestObject) (api.JudgeReviewItemResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	j := review.Judgement{Accepted: r.Body.Accepted, Feedback: r.Body.Feedback, Seen: int64(r.Body.Version)}
	out, err := h.review(ctx, r.N, h.Review.Judge(ctx, who(ctx), t, int64(r.N), n, j))
	if err != nil {
		return nil, showing(err, func(v *review.Verdict) any { return map[string]any{"verdict": verdictOut(v)} })
	}
	return api.JudgeReviewItem200JSONResponse(*out), nil
}

func (h *handlers) FollowUpReviewItem(ctx context.Context, r api.FollowUpReviewItemRequestObject) (api.FollowUpReviewItemResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	out, err := h.review(ctx, r.N, h.Review.FollowUp(ctx, who(ctx), t, int64(r.N), n))
	if err != nil {
		return nil, err
	}
	return api.FollowUpReviewItem201JSONResponse(*out), nil
}

func (h *handlers) CreateReviewComment(ctx context.Context, r api.CreateReviewCommentRequestObject) (api.CreateReviewCommentResponseObject, error) {
	out, err := h.review(ctx, r.N, h.Review.Say(ctx, who(ctx), h.team(ctx), int64(r.N), r.Body.Text))
	if err != nil {
		return nil, err
	}
	return api.CreateReviewComment201JSONResponse(*out), nil
}

func (h *handlers) DeleteReviewComment(ctx context.Context, r api.DeleteReviewCommentRequestObject) (api.DeleteReviewCommentResponseObject, error) {
	out, err := h.review(ctx, r.N, h.Review.Unsay(ctx, who(ctx), h.team(ctx), int64(r.N), r.ID, role(ctx).May(team.Manage)))
	if err != nil {
		return nil, err
	}
	return api.DeleteReviewComment200JSONResponse(*out), nil
}

func (h *handlers) ListReviewLinks(ctx context.Context, r api.ListReviewLinksRequestObject) (api.ListReviewLinksResponseObject, error) {
	found, err := h.Review.Links(ctx, h.team(ctx), int64(r.N))
	return api.ListReviewLinks200JSONResponse{Items: each(found, reviewLinkOut)}, err
}

func (h *handlers) CreateReviewLink(ctx context.Context, r api.CreateReviewLinkRequestObject) (api.CreateReviewLinkResponseObject, error) {
	if err := mayInviteGuests(ctx); err != nil {
		return nil, err
	}
	l, secret, err := h.Review.Invite(ctx, who(ctx), h.team(ctx), int64(r.N), r.Body.Days)
	if err != nil {
		return nil, err
	}
	return api.CreateReviewLink201JSONResponse{Link: reviewLinkOut(l), Secret: secret, Path: "/review/" + secret}, nil
}

func (h *handlers) RevokeReviewLink(ctx context.Context, r api.RevokeReviewLinkRequestObject) (api.RevokeReviewLinkResponseObject, error) {
	return api.RevokeReviewLink204Response{}, h.Review.Revoke(ctx, who(ctx), h.team(ctx), int64(r.N), r.ID, mayInviteGuests(ctx))
}

// mayInviteGuests refuses whoever is neither Scrum master nor product owner.
func mayInviteGuests(ctx context.Context) error {
	if mayScope(ctx) {
		return nil
	}
	return fault.New(fault.Forbidden, "%s", forbidden(role(ctx), team.Rank, team.Plan))
}

func reviewLinkOut(l *review.Link) api.ReviewLink {
	return api.ReviewLink{ID: l.ID, CreatedBy: l.By, CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt, Comments: l.Comments}
}

func reviewOut(r *review.Review, me string) *api.Review {
	return &api.Review{
		Sprint: int(r.Sprint.Number), SprintName: r.Sprint.Name, SprintState: api.SprintState(r.Sprint.State), Goal: r.Sprint.Goal, GoalMet: orNull(r.Sprint.GoalMet),
		StartDate: string(r.Sprint.StartDate), EndDate: string(r.Sprint.EndDate),
		Items: each(r.Looked, reviewItemOut), Truncated: r.Truncated, Waiting: r.Waiting,
		Comments: each(r.Comments, func(c *review.Comment) api.ReviewComment {
			return api.ReviewComment{ID: c.ID, Text: c.Body, Author: c.Author, Guest: c.IsGuest(), Mine: !c.IsGuest() && *c.UserID == me, CreatedAt: c.CreatedAt}
		}),
		Summary: r.Summary, ClosedAt: orNull(r.ClosedAt), ClosedBy: r.ClosedBy, Version: int(r.Version),
	}
}

func reviewItemOut(i *review.Item) api.ReviewItem {
	out := api.ReviewItem{
		Key: i.Key, Title: i.Title, State: api.ReviewState(i.State), Points: i.Points, Times: i.Times, EndedAt: orNull(i.EndedAt), By: i.By, Note: i.Note,
		DropReason: i.DropReason, Evidence: evidenceOut(i.Evidence), Verdict: nullable.NewNullNullable[api.ReviewVerdict](),
	}
	if i.Verdict != nil {
		out.Verdict.Set(verdictOut(i.Verdict))
	}
	return out
}

func evidenceOut(e review.Evidence) api.ReviewEvidence {
	return api.ReviewEvidence{
		Hosts: int(e.Hosts), Patched: int(e.Patched), Confirmed: e.Confirmed(), Checks: int(e.Checks), Comments: int(e.Comments), Files: int(e.Files),
		Scans: each(e.Scans, func(s *review.Scan) api.ReviewScan {
			return api.ReviewScan{Source: s.Source, Gone: int(s.Gone), Seen: int(s.Seen), At: orNull(s.At)}
		}),
	}
}

func verdictOut(v *review.Verdict) api.ReviewVerdict {
	out := api.ReviewVerdict{
		Accepted: v.Accepted, Feedback: v.Feedback, By: v.By, At: v.At, FollowUp: nullable.NewNullNullable[string](), Version: int(v.Version),
	}
	if v.FollowUp != "" {
		out.FollowUp.Set(v.FollowUp)
	}
	return out
}
