package notify

import (
	"fmt"
	"html/template"
	netmail "net/mail"
	"strings"

	"patchline/internal/mail"
)

// mostTold is how many notices a mail lists; the inbox has the rest.
const mostTold = 100

// compose writes a mail. What people typed stays text, also in HTML, and every link
// leads to this server.
func compose(public string, to addressee, news []told) mail.Letter {
	v := letterView{Name: to.name, Base: strings.TrimSuffix(public, "/")}
	for i, n := range news {
		if i >= mostTold {
			v.More = len(news) - mostTold
			break
		}
		if len(v.Teams) == 0 || v.Teams[len(v.Teams)-1].Name != n.team {
			v.Teams = append(v.Teams, letterTeam{Name: n.team})
		}
		t := &v.Teams[len(v.Teams)-1]
		t.News = append(t.News, letterNews{n.title, n.body, v.Base + n.path})
	}
	l := mail.Letter{To: netmail.Address{Name: to.name, Address: to.email}, Subject: headline(news), Choices: v.Choices(), Text: v.text()}
	var page strings.Builder
	if err := letterPage.Execute(&page, v); err == nil { // the text says the same
		l.HTML = page.String()
	}
	return l
}

// headline is the news where there is one, else how many there are.
func headline(news []told) string {
	const long = 120
	title := news[0].title
	if news[0].digest {
		title = "Today in Patchline: " + title
	}
	if r := []rune(title); len(r) > long {
		title = string(r[:long]) + "…"
	}
	if more := len(news) - 1; more > 0 {
		title = fmt.Sprintf("%s, and %d more", title, more)
	}
	return title
}

type letterView struct {
	Name, Base string
	Teams      []letterTeam
	More       int
}

type letterTeam struct {
	Name string
	News []letterNews
}

type letterNews struct{ Title, Body, Link string }

// Choices is where people choose what is mailed.
func (v letterView) Choices() string { return v.Base + "/account#notifications" }

// Inbox is where everything stands.
func (v letterView) Inbox() string { return v.Base + "/inbox?show=all" }

func (v letterView) text() string {
	var b strings.Builder
	for _, t := range v.Teams {
		fmt.Fprintf(&b, "%s\n", t.Name)
		for _, n := range t.News {
			fmt.Fprintf(&b, "\n* %s\n", n.Title)
			if n.Body != "" {
				fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(n.Body, "\n", "\n  "))
			}
			fmt.Fprintf(&b, "  %s\n", n.Link)
		}
		b.WriteByte('\n')
	}
	if v.More > 0 {
		fmt.Fprintf(&b, "And %d more in your inbox: %s\n\n", v.More, v.Inbox())
	}
	fmt.Fprintf(&b, "-- \nPatchline tells %s what concerns them.\nChoose what is mailed, and when: %s\n", v.Name, v.Choices())
	return b.String()
}

var letterPage = template.Must(template.New("letter").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body style="font: 15px/1.45 sans-serif; max-width: 40em">
{{range .Teams}}<h2 style="font-size: 16px; margin: 20px 0 8px">{{.Name}}</h2>
<ul style="margin: 0; padding: 0 0 0 20px">
{{range .News}}<li style="margin: 0 0 10px"><a href="{{.Link}}">{{.Title}}</a>{{if .Body}}<br><span style="white-space: pre-line">{{.Body}}</span>{{end}}</li>
{{end}}</ul>
{{end}}{{if .More}}<p>And {{.More}} more in <a href="{{.Inbox}}">your inbox</a>.</p>
{{end}}<p style="margin-top: 24px; font-size: 13px">Patchline tells {{.Name}} what concerns them. <a href="{{.Choices}}">Choose what is mailed, and when</a>.</p>
</body></html>
`))
