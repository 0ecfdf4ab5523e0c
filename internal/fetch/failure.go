package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Failure is why a file could not be had, in a sentence for people.
type Failure struct {
	Detail string
	Status int           // of the answer; 0 without one
	Again  bool          // it may work later without anybody doing something
	After  time.Duration // the server asks not to come again earlier; at most a day
}

func (f *Failure) Error() string { return f.Detail }

func wrong(format string, args ...any) error { return &Failure{Detail: fmt.Sprintf(format, args...)} }

func again(format string, args ...any) error {
	return &Failure{Detail: fmt.Sprintf(format, args...), Again: true}
}

func tooLarge(limit int64) error {
	return wrong("The file is larger than %d MiB, the most this feed takes. Raise the limit if that is right.", limit>>20)
}

var errIdle = errors.New("nothing came")

// explain says what a failed connection or transfer means. Asked is the host of the
// address; where that has sent on to another one, it is the other one that failed.
func explain(ctx context.Context, asked string, err error) error {
	host, address := asked, "The address"
	if to := failedHost(err); to != "" && to != asked {
		host, address = to, asked+" sends on to "+to+", which"
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	dns, isDNS := errors.AsType[*net.DNSError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(context.Cause(ctx), errIdle):
		return again("The server sent nothing for too long.")
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errPrivate):
		return wrong("%s leads to a private network. If that is meant, whoever runs this server names it in --feeds-allow-private.", address)
	case errors.Is(err, errPlain):
		return wrong("%s would be asked by plain http, which is only used in networks that --feeds-allow-private names; use https.", host)
	case isDNS && dns.IsNotFound:
		return again("There is no server called %s; look at the address, or whether this server can reach the internet.", host)
	case isCertificate:
		return wrong("The certificate of %s is not trusted.", host)
	case isTimeout(err):
		return again("%s did not answer in time.", host)
	}
	return again("The connection to %s failed or broke off before the end of the file; nothing was taken.", host)
}

// failedHost is the host that an error of a request is about: the last one asked.
func failedHost(err error) string {
	failed, ok := errors.AsType[*url.Error](err)
	if !ok {
		return ""
	}
	u, err := url.Parse(failed.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func isTimeout(err error) bool {
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout()
}

// refused says what a status other than 200 means.
func refused(res *http.Response) error {
	f := &Failure{Status: res.StatusCode, After: retryAfter(res.Header.Get("Retry-After"), time.Now())}
	said := strconv.Itoa(res.StatusCode)
	if text := http.StatusText(res.StatusCode); text != "" {
		said += " " + text
	}
	switch s := res.StatusCode; {
	case s == http.StatusNotFound || s == http.StatusGone:
		f.Detail = "The server answered " + said + ": there is no such file. Look at the address."
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		f.Detail = "The server answered " + said + ": it does not give this file to everybody."
	case s == http.StatusTooManyRequests || s == http.StatusRequestTimeout || s >= 500:
		f.Detail, f.Again = "The server answered "+said+"; it is asked again later.", true
	default:
		f.Detail = "The server answered " + said + " instead of the file. Look at the address."
	}
	return f
}

const mostAfter = 24 * time.Hour

// retryAfter reads seconds or a date (RFC 9110, 10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	d := time.Duration(0)
	if n, err := strconv.Atoi(text); err == nil {
		d = time.Duration(min(n, int(mostAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), mostAfter)
}
