package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// special are networks that are not the public internet, beside those that
// net/netip knows as private, loopback, link-local or multicast (IANA's registries
// of special-purpose addresses, RFC 6890). Those that carry an IPv4 address inside
// are refused whole.
var special = func() []netip.Prefix {
	var out []netip.Prefix
	for _, text := range strings.Fields(`0.0.0.0/8 100.64.0.0/10 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24
		203.0.113.0/24 240.0.0.0/4 ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fec0::/10`) {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}()

// public tells whether anybody on the internet may ask an address.
func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func (c *Client) allowed(ip netip.Addr) bool {
	return slices.ContainsFunc(c.options.Allow, func(p netip.Prefix) bool { return p.Contains(ip) })
}

var (
	errPrivate = errors.New("a private address")
	errPlain   = errors.New("plain http to a public address")
)

// judge decides about an address that a name has led to.
func (c *Client) judge(ip netip.Addr, plain bool) error {
	ip = ip.Unmap().WithZone("")
	switch {
	case c.allowed(ip):
		return nil
	case !public(ip):
		return errPrivate
	case plain:
		return errPlain
	}
	return nil
}

// how says by which way a request goes.
type how struct{ plain, proxied bool }

type howKey struct{}

// guard notes for the dialer by which way each request goes, redirected ones too.
type guard struct {
	client *Client
	next   http.RoundTripper
}

func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := Check(r.URL.String()); err != nil {
		return nil, err
	}
	proxy, err := g.client.options.Proxy(r)
	if err != nil {
		return nil, err
	}
	way := how{plain: r.URL.Scheme == "http", proxied: proxy != nil}
	if way.proxied { // the proxy resolves the name; what is an address already can be judged here
		if ip, err := netip.ParseAddr(r.URL.Hostname()); err == nil {
			if err := g.client.judge(ip, way.plain); err != nil {
				return nil, err
			}
		} else if way.plain {
			return nil, errPlain
		}
	}
	return g.next.RoundTrip(r.WithContext(context.WithValue(r.Context(), howKey{}, way)))
}

// control sees the address of each connection, after its name was resolved. A
// proxy is whoever runs this server's own choice, and may be private.
func (c *Client) control(ctx context.Context, _, address string, _ syscall.RawConn) error {
	way, known := ctx.Value(howKey{}).(how)
	if known && way.proxied {
		return nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errPrivate
	}
	return c.judge(at.Addr(), way.plain)
}

const mostRedirects = 5

func (c *Client) redirect(_ *http.Request, via []*http.Request) error {
	if len(via) > mostRedirects {
		return wrong("The server sends from one address to the next, more than %d times; look at the address.", mostRedirects)
	}
	return nil
}

// Check tells whether a text can be the address of a file: https, or http where
// the settings allow it, to a host, without a password in it.
func Check(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "" || u.Scheme != "https" && u.Scheme != "http":
		return wrong("An address begins with https:// and names a host.")
	case u.User != nil:
		return wrong("An address holds no name and no password: others may read it.")
	}
	return nil
}
