package web

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"patchline/api"
	"patchline/internal/notify"
)

func (h *handlers) ListWebhooks(ctx context.Context, _ api.ListWebhooksRequestObject) (api.ListWebhooksResponseObject, error) {
	found, err := h.Notify.Webhooks(ctx, h.team(ctx).ID)
	if err != nil {
		return nil, err
	}
	return api.ListWebhooks200JSONResponse{Items: each(found, webhookOut)}, nil
}

func (h *handlers) CreateWebhook(ctx context.Context, r api.CreateWebhookRequestObject) (api.CreateWebhookResponseObject, error) {
	b := r.Body
	kinds := kindWords(b.Kinds)
	w, err := h.Notify.AddWebhook(ctx, who(ctx), h.team(ctx).ID, notify.Draft{
		Name: &b.Name, URL: &b.URL, Format: filled(string(b.Format)), Secret: filled(b.Secret), Kinds: &kinds,
	})
	if err != nil {
		return nil, err
	}
	return api.CreateWebhook201JSONResponse{Webhook: webhookOut(w), Secret: w.Secret}, nil
}

func (h *handlers) UpdateWebhook(ctx context.Context, r api.UpdateWebhookRequestObject) (api.UpdateWebhookResponseObject, error) {
	b := r.Body
	d := notify.Draft{Name: b.Name, URL: b.URL, Format: (*string)(b.Format), Secret: b.Secret, Enabled: b.Enabled}
	if b.Kinds != nil {
		kinds := kindWords(*b.Kinds)
		d.Kinds = &kinds
	}
	w, err := h.Notify.ChangeWebhook(ctx, who(ctx), h.team(ctx).ID, r.ID, int64(b.Version), d)
	if err != nil {
		return nil, showing(err, func(w *notify.Webhook) any { return map[string]any{"webhook": webhookOut(w)} })
	}
	return api.UpdateWebhook200JSONResponse(webhookOut(w)), nil
}

func (h *handlers) DeleteWebhook(ctx context.Context, r api.DeleteWebhookRequestObject) (api.DeleteWebhookResponseObject, error) {
	return api.DeleteWebhook204Response{}, h.Notify.RemoveWebhook(ctx, who(ctx), h.team(ctx).ID, r.ID)
}

func (h *handlers) PingWebhook(ctx context.Context, r api.PingWebhookRequestObject) (api.PingWebhookResponseObject, error) {
	t := h.team(ctx)
	return api.PingWebhook204Response{}, h.Notify.Ping(ctx, who(ctx), notify.Team{ID: t.ID, Key: t.Key}, r.ID)
}

func (h *handlers) ListDeliveries(ctx context.Context, r api.ListDeliveriesRequestObject) (api.ListDeliveriesResponseObject, error) {
	before, err := beforeID(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	n := limit(r.Params.Limit)
	found, err := h.Notify.Deliveries(ctx, h.team(ctx).ID, r.ID, string(r.Params.State), before, n)
	if err != nil {
		return nil, err
	}
	var out api.ListDeliveries200JSONResponse
	found, out.NextCursor = idPage(found, n, func(d notify.Delivery) string { return d.ID })
	out.Items = each(found, deliveryOut)
	return out, nil
}

func (h *handlers) ReplayDelivery(ctx context.Context, r api.ReplayDeliveryRequestObject) (api.ReplayDeliveryResponseObject, error) {
	d, err := h.Notify.Replay(ctx, who(ctx), h.team(ctx).ID, r.ID)
	if err != nil {
		return nil, err
	}
	return api.ReplayDelivery200JSONResponse(deliveryOut(d)), nil
}

func kindWords(kinds []api.NewsKind) []string {
	return each(kinds, func(k *api.NewsKind) string { return string(*k) })
}

func webhookOut(w *notify.Webhook) api.Webhook {
	return api.Webhook{
		ID: w.ID, Name: w.Name, Host: w.Host(), Format: api.WebhookFormat(w.Format), Kinds: each(w.Kinds, func(k *string) api.NewsKind { return api.NewsKind(*k) }),
		Enabled: w.Enabled, FailingAt: orNull(w.FailingAt), Disabled: w.Disabled, Version: int(w.Version), CreatedAt: w.CreatedAt,
	}
}

func deliveryOut(d *notify.Delivery) api.Delivery {
	out := api.Delivery{
		ID: d.ID, Kind: d.Kind, Title: d.Title, State: api.DeliveryState(d.State), Attempts: int(d.Attempts), NextAt: nullable.NewNullNullable[time.Time](),
		Status: number(d.Status), Answer: d.Answer, Error: d.Error, TookMs: int(d.Took), CreatedAt: d.CreatedAt, TriedAt: orNull(d.TriedAt),
	}
	if d.State == notify.Waiting {
		out.NextAt.Set(d.NextAt)
	}
	return out
}
