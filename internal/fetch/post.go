package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// Reply is what a server said to a message.
type Reply struct {
	Status int
	Text   string        // its beginning
	After  time.Duration // it asks not to come again earlier; at most a day
}

// keptReply is how much of a reply is kept, in bytes.
const keptReply = 500

// Post sends a message, and follows no redirect: who receives it is whom the
// address names. Its error is a *Failure when no answer came.
func (c *Client) Post(ctx context.Context, address string, header map[string]string, body []byte, patience time.Duration) (Reply, error) {
	if err := Check(address); err != nil {
		return Reply{}, err
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return Reply{}, wrong("This is not an address that can be written to.")
	}
	r.Header.Set("User-Agent", "Patchline")
	for name, value := range header {
		r.Header[name] = []string{value} // as it is spelt
	}
	once := &http.Client{Transport: c.http.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := once.Do(r)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return Reply{}, again("%s did not answer within %d seconds.", r.URL.Hostname(), int(patience/time.Second))
	}
	if err != nil {
		return Reply{}, c.explainPost(ctx, r.URL.Hostname(), err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, keptReply)) // the status says what counts
	return Reply{Status: res.StatusCode, Text: printable(text), After: retryAfter(res.Header.Get("Retry-After"), time.Now())}, nil
}

func (c *Client) explainPost(ctx context.Context, host string, err error) error {
	switch {
	case errors.Is(err, errPrivate):
		return wrong("The address leads to a private network. If that is meant, whoever runs this server names it in %s.", c.options.Setting)
	case errors.Is(err, errPlain):
		return wrong("Plain http is only used in networks that %s names; use https.", c.options.Setting)
	}
	return explain(ctx, host, err)
}

// printable is text that can be stored and shown.
func printable(data []byte) string {
	for len(data) > 0 && !utf8.Valid(data) && !utf8.RuneStart(data[len(data)-1]) {
		data = data[:len(data)-1] // the limit may cut a letter
	}
	return strings.Map(func(r rune) rune {
		if r == 0 || r == utf8.RuneError {
			return -1
		}
		return r
	}, string(data))
}
