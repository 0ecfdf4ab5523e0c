package web

import (
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"patchline/internal/fault"
	"patchline/internal/team"
)

var (
	errUnsigned  = fault.New(fault.Unsigned, "You are not signed in; sign in, or send an API token.")
	errNotBearer = fault.New(fault.Unsigned, "The header Authorization must be: Bearer, a space, and an API token.")
)

// signed finds out who asks. What anybody or any guest may do needs nobody's name,
// and gets none: a guest is the same guest in a browser in which somebody signed in.
func (h *handlers) signed(c *gin.Context) {
	v := of(c.Request.Context())
	if v.op.rule.level <= guest {
		return
	}
	access, err := h.access(c)
	if err != nil {
		problem(c, err)
		return
	}
	v.access = access
}

func (h *handlers) access(c *gin.Context) (*team.Access, error) {
	key := c.Param("team")
	if !proper(key) || len(key) > 10 {
		key = "" // nothing can have it
	}
	if header := c.GetHeader("Authorization"); header != "" {
		kind, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(kind, "Bearer") {
			return nil, errNotBearer
		}
		return h.Team.ByToken(c.Request.Context(), strings.TrimSpace(secret), key)
	}
	cookie, err := c.Request.Cookie(h.accessCookie())
	if err != nil {
		return nil, errUnsigned
	}
	return h.Team.ByTicket(c.Request.Context(), cookie.Value, key)
}

// Names of the cookies. The prefix binds them to this host and to https; over
// plain http browsers refuse it.
func (h *handlers) accessCookie() string  { return h.cookieName("patchline") }
func (h *handlers) refreshCookie() string { return h.cookieName("patchline-refresh") }

func (h *handlers) cookieName(name string) string {
	if h.PlainHTTP {
		return name
	}
	return "__Host-" + name
}

// keep gives the browser the two cookies of a session.
func (h *handlers) keep(v *call, s *team.Signed, now time.Time) {
	h.setCookie(v, h.accessCookie(), s.Access, s.AccessUntil.Sub(now))
	h.setCookie(v, h.refreshCookie(), s.Refresh, s.Until.Sub(now))
}

// forget takes the cookies back.
func (h *handlers) forget(v *call) {
	h.setCookie(v, h.accessCookie(), "", -1)
	h.setCookie(v, h.refreshCookie(), "", -1)
}

func (h *handlers) setCookie(v *call, name, value string, keep time.Duration) {
	age := -1
	if keep >= 0 {
		age = int(math.Ceil(keep.Seconds()))
	}
	v.cookie(http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: !h.PlainHTTP, SameSite: http.SameSiteLaxMode,
	})
}
