package web

import (
	"context"
	"mime"
	"net/url"
	"strings"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/backlog"
	"patchline/internal/comment"
	"patchline/internal/team"
)

func (h *handlers) ListComments(ctx context.Context, r api.ListCommentsRequestObject) (api.ListCommentsResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	size := limit(r.Params.Limit)
	found, err := h.Comment.List(ctx, t, n, r.Params.Cursor, size+1)
	if err != nil {
		return nil, err
	}
	out := api.ListComments200JSONResponse{NextCursor: nullable.NewNullNullable[string]()}
	if len(found) > size {
		found = found[:size]
		out.NextCursor = next(found[size-1].ID)
	}
	out.Items = each(found, commentOut)
	return out, nil
}

func (h *handlers) CreateComment(ctx context.Context, r api.CreateCommentRequestObject) (api.CreateCommentResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	c, err := h.Comment.Add(ctx, who(ctx), t, n, r.Body.Body)
	if err != nil {
		return nil, err
	}
	return api.CreateComment201JSONResponse(commentOut(c)), nil
}

func (h *handlers) UpdateComment(ctx context.Context, r api.UpdateCommentRequestObject) (api.UpdateCommentResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	c, err := h.Comment.Edit(ctx, who(ctx), t, n, r.ID, r.Body.Body, int64(r.Body.Version))
	if err != nil {
		return nil, showing(err, func(c *comment.Comment) any { return map[string]any{"comment": commentOut(c)} })
	}
	return api.UpdateComment200JSONResponse(commentOut(c)), nil
}

func (h *handlers) DeleteComment(ctx context.Context, r api.DeleteCommentRequestObject) (api.DeleteCommentResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	return api.DeleteComment204Response{}, h.Comment.Delete(ctx, who(ctx), t, n, r.ID, role(ctx).May(team.Manage))
}

func commentOut(c *comment.Comment) api.Comment {
	return api.Comment{
		ID: c.ID, Author: api.Person(c.Author), Body: c.Body, CreatedAt: c.CreatedAt, EditedAt: orNull(c.EditedAt), Version: int(c.Version),
		Mentions: each(c.Mentions, func(p *comment.Person) api.Person { return api.Person(*p) }),
	}
}

func (h *handlers) ListAttachments(ctx context.Context, r api.ListAttachmentsRequestObject) (api.ListAttachmentsResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	found, err := h.Comment.Files(ctx, t, n)
	if err != nil {
		return nil, err
	}
	return api.ListAttachments200JSONResponse{Items: each(found, attachmentOut)}, nil
}

func (h *handlers) CreateAttachment(ctx context.Context, r api.CreateAttachmentRequestObject) (api.CreateAttachmentResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	a, err := h.Comment.Attach(ctx, who(ctx), t, n, r.Params.Filename, r.Body)
	if err != nil {
		return nil, err
	}
	return api.CreateAttachment201JSONResponse(attachmentOut(a)), nil
}

// harmless is the policy for a file that somebody sent: were a browser to show it
// after all, nothing in it runs, loads or belongs to our origin.
const harmless = "default-src 'none'; sandbox"

func (h *handlers) GetAttachment(ctx context.Context, r api.GetAttachmentRequestObject) (api.GetAttachmentResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	a, content, err := h.Comment.File(ctx, t, n, r.ID)
	if err != nil {
		return nil, err
	}
	return api.GetAttachment200AsteriskResponse{
		Body: content, ContentType: a.Media, ContentLength: a.Size,
		Headers: api.GetAttachment200ResponseHeaders{ContentDisposition: disposition(a.Name), ContentSecurityPolicy: harmless, ETag: `"` + a.SHA256 + `"`},
	}, nil
}

// disposition names a file for every browser: in ASCII, and as it is (RFC 6266).
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	out := mime.FormatMediaType("attachment", map[string]string{"filename": plain})
	if plain != name {
		out += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return out
}

func (h *handlers) DeleteAttachment(ctx context.Context, r api.DeleteAttachmentRequestObject) (api.DeleteAttachmentResponseObject, error) {
	t := h.team(ctx)
	n, err := backlog.ParseKey(t.Key, r.Key)
	if err != nil {
		return nil, err
	}
	return api.DeleteAttachment204Response{}, h.Comment.Detach(ctx, who(ctx), t, n, r.ID, role(ctx).May(team.Manage))
}

func attachmentOut(a *comment.Attachment) api.Attachment {
	return api.Attachment{ID: a.ID, Name: a.Name, MediaType: a.Media, Size: a.Size, Sha256: a.SHA256, By: api.Person(a.By), CreatedAt: a.CreatedAt}
}
