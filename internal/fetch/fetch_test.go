package fetch

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func direct(*http.Request) (*url.URL, error) { return nil, nil }

func client(allow ...netip.Prefix) *Client { return New(Options{Allow: allow, Proxy: direct}) }

func serve(t *testing.T, answer http.HandlerFunc) string {
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

func get(t *testing.T, c *Client, req Request) (Answer, string, *Failure) {
	t.Helper()
	if req.MaxBytes == 0 {
		req.MaxBytes = 1 << 20
	}
	var body bytes.Buffer
	a, err := c.Get(t.Context(), req, &body)
	if err == nil {
		return a, body.String(), nil
	}
	f, ok := errors.AsType[*Failure](err)
	require.True(t, ok, "%v", err)
	return a, body.String(), f
}

func TestAFileComesWithWhatTellsWhetherItHasChanged(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"1"` && r.Header.Get("If-Modified-Since") == "Sun, 01 Mar 2026 00:00:00 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", "Sun, 01 Mar 2026 00:00:00 GMT")
		_, _ = io.WriteString(w, "content")
	})
	a, body, f := get(t, client(loopback...), Request{URL: address})
	require.Nil(t, f)
	assert.Equal(t, []any{200, false, int64(7), "content"}, []any{a.Status, a.Unchanged, a.Bytes, body})
	a, body, f = get(t, client(loopback...), Request{URL: address, ETag: a.ETag, LastModified: a.LastModified})
	require.Nil(t, f)
	assert.Equal(t, []any{304, true, ""}, []any{a.Status, a.Unchanged, body})
}

func TestStatusesSayWhatToDoAndWhetherToComeAgain(t *testing.T) {
	for status, want := range map[int]struct {
		again  bool
		detail string
	}{
		404: {false, "no such file"}, 410: {false, "no such file"}, 401: {false, "not give"}, 403: {false, "not give"}, 204: {false, "instead of the file"},
		400: {false, "instead of the file"}, 429: {true, "again later"}, 500: {true, "again later"}, 503: {true, "again later"},
	} {
		address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(status)
		})
		_, body, f := get(t, client(loopback...), Request{URL: address})
		require.NotNil(t, f, "%d", status)
		assert.Equal(t, []any{status, want.again, 2 * time.Minute, ""}, []any{f.Status, f.Again, f.After, body})
		assert.Contains(t, f.Detail, want.detail)
	}
}

func TestABodyThatIsCutOffIsNoFile(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "only this")
	})
	_, _, f := get(t, client(loopback...), Request{URL: address})
	require.NotNil(t, f)
	assert.True(t, f.Again)
	assert.Contains(t, f.Detail, "broke off")
}

func TestASilentServerIsLeft(t *testing.T) {
	gone := make(chan struct{})
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "begin")
		w.(http.Flusher).Flush()
		<-gone
	})
	defer close(gone)
	c := New(Options{Allow: loopback, Proxy: direct, Idle: 50 * time.Millisecond})
	_, _, f := get(t, c, Request{URL: address})
	require.NotNil(t, f)
	assert.Equal(t, []any{true, "The server sent nothing for too long."}, []any{f.Again, f.Detail})
}

func TestSizeIsBoundedWhateverTheServerSays(t *testing.T) {
	zeros := func(w io.Writer, n int) {
		for range n {
			_, _ = w.Write(make([]byte, 1<<20))
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"it says how large": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999999")
		},
		"it does not say": func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			zeros(w, 8)
		},
		"a bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			zeros(z, 100)
			z.Close()
		},
	} {
		_, body, f := get(t, client(loopback...), Request{URL: serve(t, answer), MaxBytes: 2 << 20})
		require.NotNil(t, f, name)
		assert.Contains(t, f.Detail, "larger than 2 MiB", name)
		assert.LessOrEqual(t, len(body), 2<<20+1, name)
	}
}

func TestAPackedTransferIsUnpacked(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, r.Header.Get("Accept-Encoding"))
		z.Close()
	})
	_, body, f := get(t, client(loopback...), Request{URL: address})
	require.Nil(t, f)
	assert.Equal(t, "gzip", body)
}

func TestPrivateAddressesAreRefusedUnlessTheyAreAllowed(t *testing.T) {
	asked := false
	address := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	port := address[strings.LastIndex(address, ":"):]
	for _, target := range []string{address, "http://localhost" + port, "http://[::1]" + port, "http://0.0.0.0" + port, "http://[::ffff:127.0.0.1]" + port} {
		_, _, f := get(t, client(), Request{URL: target})
		require.NotNil(t, f, target)
		assert.False(t, f.Again)
		assert.Contains(t, f.Detail, "private network", target)
	}
	assert.False(t, asked)
}

func TestARedirectToAPrivateAddressIsRefused(t *testing.T) {
	inner := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was asked") }))
	l, err := net.Listen("tcp", "127.0.0.2:0")
	require.NoError(t, err)
	inner.Listener = l
	inner.Start()
	t.Cleanup(inner.Close)
	address := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inner.URL, http.StatusFound) })
	_, _, f := get(t, client(netip.MustParsePrefix("127.0.0.1/32")), Request{URL: address})
	require.NotNil(t, f)
	assert.Contains(t, f.Detail, "127.0.0.1 sends on to 127.0.0.2, which leads to a private network")
}

func TestTheHostThatARedirectNamesIsBlamed(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://nobody.invalid/feed.json", http.StatusFound)
	})
	c := New(Options{Allow: loopback, Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }})
	_, _, f := get(t, c, Request{URL: address})
	require.NotNil(t, f)
	assert.Contains(t, f.Detail, "nobody.invalid")
	assert.NotContains(t, f.Detail, "127.0.0.1")
}

func TestRedirectsEnd(t *testing.T) {
	asked := 0
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/again", http.StatusFound)
	})
	_, _, f := get(t, client(loopback...), Request{URL: address})
	require.NotNil(t, f)
	assert.Contains(t, f.Detail, "one address to the next")
	assert.LessOrEqual(t, asked, 7)
}

func TestWhatIsPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1": true, "1.1.1.1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false,
		"224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "::1": false, "::": false, "fe80::1": false, "fd00::1": false, "fc00::1": false,
		"ff02::1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false, "2001:db8::1": false,
	} {
		assert.Equal(t, want, public(netip.MustParseAddr(text)), text)
	}
	c := client()
	assert.ErrorIs(t, c.judge(netip.MustParseAddr("::ffff:10.0.0.1"), false), errPrivate, "an IPv4 address in other clothes")
	assert.ErrorIs(t, c.judge(netip.MustParseAddr("fe80::1%eth0"), false), errPrivate)
	assert.ErrorIs(t, c.judge(netip.MustParseAddr("8.8.8.8"), true), errPlain)
	assert.NoError(t, c.judge(netip.MustParseAddr("8.8.8.8"), false))
}

func TestAProxyIsAskedInsteadAndMayBePrivate(t *testing.T) {
	var asked string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.Host
		w.WriteHeader(http.StatusBadGateway)
	})
	u, err := url.Parse(proxy)
	require.NoError(t, err)
	c := New(Options{Proxy: func(*http.Request) (*url.URL, error) { return u, nil }})
	_, _, f := get(t, c, Request{URL: "https://feeds.example.com/kev.json"})
	require.NotNil(t, f)
	assert.Equal(t, "CONNECT feeds.example.com:443", asked)
	asked = ""
	for _, target := range []string{"https://10.0.0.1/x", "https://169.254.169.254/x", "http://feeds.example.com/x"} {
		_, _, f = get(t, c, Request{URL: target})
		require.NotNil(t, f)
		assert.Empty(t, asked, target)
	}
}

func TestAddressesAreChecked(t *testing.T) {
	for _, text := range []string{"", "kev.json", "ftp://example.com/x", "file:///etc/passwd", "https://", "https://me:secret@example.com/x", "javascript:alert(1)", "https:example.com", "gopher://x"} {
		assert.Error(t, Check(text), text)
	}
	assert.NoError(t, Check("https://example.com/x?y=z"))
}

func TestRetryAfterIsReadAndBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "30": 30 * time.Second, "-5": 0, "99999999999": mostAfter, "soon": 0, "Sun, 01 Mar 2026 01:00:00 GMT": time.Hour, "Sat, 28 Feb 2026 01:00:00 GMT": 0,
	} {
		assert.Equal(t, want, retryAfter(text, now), text)
	}
}
