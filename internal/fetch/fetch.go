// Package fetch gets files from other servers, for feeds. It asks only addresses
// that anybody on the internet may ask, unless the server's settings name others:
// an address is judged when the connection is made, after the name was resolved
// and after every redirect, so that no name and no redirect leads to what only
// this machine can reach.
package fetch

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// Options are the settings of a client.
type Options struct {
	Allow []netip.Prefix                        // private addresses that may be asked, also by plain http
	Proxy func(*http.Request) (*url.URL, error) // nil: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say
	// Setting names what allows a private address, for who is refused one.
	Setting string
	Idle    time.Duration // how long a server may send nothing; 0: a minute
}

// Client gets files.
type Client struct {
	options Options
	http    *http.Client
}

// New makes a client.
func New(o Options) *Client {
	if o.Proxy == nil {
		o.Proxy = http.ProxyFromEnvironment
	}
	if o.Idle == 0 {
		o.Idle = time.Minute
	}
	if o.Setting == "" {
		o.Setting = "--feeds-allow-private"
	}
	c := &Client{options: o}
	dialer := &net.Dialer{Timeout: 15 * time.Second, ControlContext: c.control}
	transport := &http.Transport{
		Proxy: o.Proxy, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: o.Idle, IdleConnTimeout: 30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
	c.http = &http.Client{Transport: guard{c, transport}, CheckRedirect: c.redirect}
	return c
}

// Request is a file to get. ETag and LastModified are those of the last answer.
type Request struct {
	URL                string
	ETag, LastModified string
	MaxBytes           int64           // of the file, unpacked where the transfer was packed
	Progress           func(got int64) // bytes so far; may be nil
}

// Answer is what a server said about a file.
type Answer struct {
	Status             int
	Unchanged          bool // 304: nothing was written
	ETag, LastModified string
	Bytes              int64
}

// Get writes a file to w. A transfer that is packed with gzip is unpacked, and
// the limit counts what comes out. Its error is a *Failure.
func (c *Client) Get(ctx context.Context, req Request, w io.Writer) (Answer, error) {
	if err := Check(req.URL); err != nil {
		return Answer{}, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	idle := time.AfterFunc(c.options.Idle, func() { stop(errIdle) })
	defer idle.Stop()
	r, err := req.question(ctx)
	if err != nil {
		return Answer{}, err
	}
	res, err := c.http.Do(r)
	if err != nil {
		return Answer{}, explain(ctx, r.URL.Hostname(), err)
	}
	defer res.Body.Close()
	out := Answer{Status: res.StatusCode, ETag: header(res, "ETag"), LastModified: header(res, "Last-Modified")}
	if res.StatusCode == http.StatusNotModified {
		out.Unchanged = true
		return out, nil
	}
	if res.StatusCode != http.StatusOK {
		return out, refused(res)
	}
	if res.ContentLength > req.MaxBytes {
		return out, tooLarge(req.MaxBytes)
	}
	body := &watched{r: res.Body, tick: func(got int64) {
		idle.Reset(c.options.Idle)
		if req.Progress != nil {
			req.Progress(got)
		}
	}}
	out.Bytes, err = io.Copy(w, io.LimitReader(body, req.MaxBytes+1))
	switch {
	case body.err != nil:
		return out, explain(ctx, res.Request.URL.Hostname(), body.err)
	case err != nil:
		return out, err // of the writer: the caller's own
	case out.Bytes > req.MaxBytes:
		return out, tooLarge(req.MaxBytes)
	}
	return out, nil
}

// question asks for a file that may be known already.
func (req Request) question(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, req.URL, nil)
	if err != nil {
		return nil, wrong("This is not an address of a file.")
	}
	r.Header.Set("User-Agent", "Patchline")
	for name, value := range map[string]string{"If-None-Match": req.ETag, "If-Modified-Since": req.LastModified} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	return r, nil
}

// header is a value that is sent back one day: a long one is not kept.
func header(res *http.Response, name string) string {
	if v := res.Header.Get(name); len(v) <= 300 {
		return v
	}
	return ""
}

// watched tells how far a body was read, and whether reading failed.
type watched struct {
	r    io.Reader
	got  int64
	err  error
	tick func(got int64)
}

func (b *watched) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.got += int64(n)
	b.tick(b.got)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}
