package web

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/review"
)

func (h *handlers) GetGuestReview(ctx context.Context, r api.GetGuestReviewRequestObject) (api.GetGuestReviewResponseObject, error) {
	tag, err := h.Review.VisitTag(ctx, r.Params.ReviewToken) // before the review, so that it is never newer
	if err != nil {
		return nil, err
	}
	tag = `"` + tag + `"`
	if r.Params.IfNoneMatch == tag {
		return api.GetGuestReview304Response{}, nil
	}
	v, err := h.Review.Visit(ctx, r.Params.ReviewToken)
	if err != nil {
		return nil, err
	}
	return api.GetGuestReview200JSONResponse{Body: visitOut(v), Headers: api.GetGuestReview200ResponseHeaders{ETag: tag}}, nil
}

func (h *handlers) CreateGuestComment(ctx context.Context, r api.CreateGuestCommentRequestObject) (api.CreateGuestCommentResponseObject, error) {
	secret := r.Params.ReviewToken
	if err := h.Review.VisitSay(ctx, secret, r.Body.Name, r.Body.Text, of(ctx).from.Client); err != nil {
		return nil, err
	}
	v, err := h.Review.Visit(ctx, secret)
	if err != nil {
		return nil, err
	}
	return api.CreateGuestComment201JSONResponse(visitOut(v)), nil
}

// visitOut names each field that a guest may see; package review says which.
func visitOut(v *review.Visit) api.GuestReview {
	return api.GuestReview{
		TeamName: v.Team.Name, Sprint: int(v.Sprint.Number), SprintName: v.Sprint.Name, SprintState: api.SprintState(v.Sprint.State), Goal: v.Sprint.Goal,
		StartDate: string(v.Sprint.StartDate), EndDate: string(v.Sprint.EndDate),
		Items: each(v.Looked, func(i *review.Item) api.GuestReviewItem {
			out := api.GuestReviewItem{
				Key: i.Key, Title: i.Title, State: api.ReviewState(i.State), Accepted: nullable.NewNullNullable[bool](),
				Hosts: int(i.Evidence.Hosts), Patched: int(i.Evidence.Patched), Confirmed: i.Evidence.Confirmed(),
			}
			if i.Verdict != nil {
				out.Accepted.Set(i.Verdict.Accepted)
			}
			return out
		}),
		Comments: each(v.Comments, func(c *review.Comment) api.GuestReviewComment {
			return api.GuestReviewComment{ID: c.ID, Author: c.Author, Text: c.Body, CreatedAt: c.CreatedAt}
		}),
		Summary: v.Summary, Closed: v.ClosedAt != nil, ExpiresAt: v.ExpiresAt,
	}
}
