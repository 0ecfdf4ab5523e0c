package notify

import (
	"encoding/json"
	"strings"
	"time"

	"patchline/internal/db"
)

// Team is a team by its names.
type Team struct{ ID, Key string }

// enqueue writes news as a webhook's receiver reads them, and puts them on the way.
func (s *Service) enqueue(tx *db.Tx, t Team, w *Webhook, n News) error {
	body, err := json.Marshal(content(w.Format, t, n, s.public))
	if err != nil {
		return err
	}
	return enqueue(tx, &Delivery{ID: db.NewID(), WebhookID: w.ID, Source: n.Source, Kind: string(n.Kind), Title: n.Title, Content: string(body)})
}

type object = map[string]any

// content is what is sent. Without the server's public address it has no link.
func content(format string, t Team, n News, public string) object {
	link := ""
	if public != "" {
		link = strings.TrimSuffix(public, "/") + n.Path
	}
	switch format {
	case Slack:
		return object{"text": chat(n, link, slackText.Replace, func(text, url string) string { return "<" + url + "|" + text + ">" }, "*")}
	case Mattermost:
		return object{"text": chat(n, link, mattermostText.Replace, func(text, url string) string { return "[" + text + "](" + url + ")" }, "**")}
	case Teams:
		return card(n, link)
	}
	data := object{"team": t.Key, "title": n.Title, "body": n.Body, "path": n.Path}
	if link != "" {
		data["url"] = link
	}
	return object{"type": string(n.Kind), "timestamp": n.At.UTC().Format(time.RFC3339Nano), "data": data}
}

// In a chat, words that people typed must neither make links nor call everybody.
var (
	slackText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	mattermostText = strings.NewReplacer("@", "@\u200b", "[", "\\[", "]", "\\]", "`", "\\`", "*", "\\*", "_", "\\_", "#", "\\#", "~", "\\~", "<", "&lt;")
)

func chat(n News, link string, clean func(string) string, to func(text, url string) string, bold string) string {
	text := bold + clean(n.Title) + bold
	if n.Body != "" {
		text += "\n" + clean(n.Body)
	}
	if link != "" {
		text += "\n" + to("Open in Patchline", link)
	}
	return text
}

// card is an Adaptive Card, as workflows of Microsoft Teams take it.
func card(n News, link string) object {
	text := func(s string) string { return mattermostText.Replace(s) }
	body := []object{{"type": "TextBlock", "text": text(n.Title), "weight": "Bolder", "wrap": true}}
	if n.Body != "" {
		body = append(body, object{"type": "TextBlock", "text": text(n.Body), "wrap": true})
	}
	it := object{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body}
	if link != "" {
		it["actions"] = []object{{"type": "Action.OpenUrl", "title": "Open in Patchline", "url": link}}
	}
	return object{"type": "message", "attachments": []object{{"contentType": "application/vnd.microsoft.card.adaptive", "content": it}}}
}
