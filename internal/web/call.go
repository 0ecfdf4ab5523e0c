package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"patchline/internal/audit"
	"patchline/internal/team"
)

// call is what is known about a request while it is answered.
type call struct {
	id     string       // names the request in answers and logs
	op     *operation   // nil outside the contract
	access *team.Access // nil while nobody has signed in
	from   team.From
	http   *http.Request
	cookie func(http.Cookie)
}

type callKey struct{}

// of finds the call that a handler's context belongs to.
func of(ctx context.Context) *call {
	v, _ := ctx.Value(callKey{}).(*call)
	return v
}

func begin(c *gin.Context, id string, op *operation) *call {
	v := &call{id: id, op: op, from: team.From{
		Address: c.ClientIP(), UserAgent: c.Request.UserAgent(), Client: clientID(c.Request),
	}}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), callKey{}, v))
	v.http = c.Request
	v.cookie = func(k http.Cookie) { http.SetCookie(c.Writer, &k) }
	return v
}

// clientID names the browser tab that asks, so that it can ignore the echo of its
// own changes. A strange one is ignored.
func clientID(r *http.Request) string {
	id := r.Header.Get("X-Client-Id")
	strange := func(c rune) bool { return c <= ' ' || c > '~' }
	if len(id) > 64 || strings.ContainsFunc(id, strange) {
		return ""
	}
	return id
}

// who is the one who acts, for every write.
func who(ctx context.Context) audit.Who {
	v := of(ctx)
	return v.access.Who(v.from.Client)
}

// me is the access of the one who asks.
func me(ctx context.Context) *team.Access { return of(ctx).access }

// team is the team that the address names; the one who asks may at least read it.
func (h *handlers) team(ctx context.Context) *team.Team { return of(ctx).access.Team }

// role is what the one who asks is in the team that the address names.
func role(ctx context.Context) team.Role { return of(ctx).access.Role }
