package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/asset"
	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/team"
)

// grants says, apart from the product's own table, which roles have a permission.
var grants = map[team.Permission][]string{
	team.Read:    {"viewer", "member", "scrum_master", "product_owner", "approver"},
	team.Work:    {"member", "scrum_master", "product_owner", "approver"},
	team.Import:  {"member", "scrum_master", "product_owner", "approver"},
	team.Rank:    {"product_owner"},
	team.Plan:    {"scrum_master"},
	team.Approve: {"approver"},
	team.Manage:  {"scrum_master"},
}

// principal is one kind of who can ask.
type principal struct {
	name   string
	client func() *client
	signed bool
	admin  bool
	roles  map[string]string // by team key
	scopes []string          // of a token; nil for a browser
}

func (s *site) principals() []principal {
	fixed := func(c *client) func() *client { return func() *client { return c } }
	list := []principal{
		{name: "nobody", client: fixed(s.nobody())},
		{name: "broken cookie", client: fixed(s.nobody().with("Cookie", "__Host-patchline=broken"))},
		{name: "expired session", client: fixed(s.expired())},
		{name: "ended session", client: fixed(s.signedOut())},
		{name: "disabled person", client: fixed(s.disabled())},
		{name: "unknown token", client: fixed(s.nobody().with("Authorization", "Bearer plt_unknown"))},
		{name: "password as token", client: fixed(s.nobody().with("Authorization", "Basic YTpi"))},
		{name: "revoked token", client: fixed(s.revoked())},
		{name: "expired token", client: fixed(s.expiredToken())},
		{name: "admin", client: func() *client { return s.as(adminName) }, signed: true, admin: true},
		{name: outsider, client: func() *client { return s.as(outsider) }, signed: true, roles: map[string]string{"OPS": "scrum_master"}},
		{name: outsideViews, client: func() *client { return s.as(outsideViews) }, signed: true, roles: map[string]string{"OPS": "viewer"}},
	}
	for _, role := range team.Roles {
		roles := map[string]string{"INF": string(role)}
		list = append(list,
			principal{name: string(role), client: func() *client { return s.as(string(role)) }, signed: true, roles: roles},
			principal{name: string(role) + "'s token", client: fixed(s.program(string(role), "all")), signed: true, roles: roles, scopes: []string{"all"}})
	}
	for _, scope := range team.Scopes {
		list = append(list, principal{name: "admin's token for " + scope, client: fixed(s.program(adminName, scope)), signed: true, admin: true, scopes: []string{scope}})
	}
	return list
}

func (s *site) expired() *client {
	id := s.session(s.people["member"].ID)
	require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE sessions SET expires_at = ? WHERE id = ?", s.clock.Now().UnixMicro(), id)))
	return s.nobody().with("Cookie", "__Host-patchline="+s.ticket(id))
}

func (s *site) signedOut() *client {
	c := s.as("member")
	c.del("/session").want(204)
	return c
}

func (s *site) disabled() *client {
	u := s.person("leaver", "INF", team.ScrumMaster)
	c := s.as("leaver")
	require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE users SET disabled_at = 1 WHERE id = ?", u.ID)))
	return c
}

func (s *site) revoked() *client {
	c := s.program("scrum_master", "all")
	require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE tokens SET revoked_at = 1 WHERE user_id = ?", s.people["scrum_master"].ID)))
	return c
}

func (s *site) expiredToken() *client {
	u, soon := s.people["approver"], s.clock.Now().Add(time.Minute)
	_, secret, err := s.team.CreateToken(s.Context(), audit.Who{UserID: u.ID}, "short", []string{"all"}, &soon)
	require.NoError(s, err)
	require.NoError(s, s.db.Write(s.Context(), dbExec("UPDATE tokens SET expires_at = ? WHERE user_id = ?", s.clock.Now().UnixMicro(), u.ID)))
	return s.nobody().with("Authorization", "Bearer "+secret)
}

// things are what addresses name in one team.
type things map[string]string

// things are filled into a route by what its parameters are called; an id is
// whatever the route is about.
func (s *site) things(teamKey string) things {
	t := s.teams[teamKey]
	b := s.as(adminName)
	n := b.post("/teams/"+teamKey+"/sprints", object{}).want(201)["number"].(float64)
	key := b.post("/teams/"+teamKey+"/patches", object{"title": "A patch"}).want(201)["key"].(string)
	sprint := b.put("/teams/"+teamKey+"/sprints/1/items/"+key, nil).want(200)
	b.post("/teams/"+teamKey+"/sprints/1/start", object{"version": sprint["version"]}).want(200)
	blocker := b.post("/teams/"+teamKey+"/blockers", object{"key": key, "needed": "a window"}).want(201)["id"].(string)
	b.post("/teams/"+teamKey+"/patches", object{"title": "Another patch"}).want(201)
	comment := b.post("/teams/"+teamKey+"/patches/"+key+"/comments", object{"body": "It works."}).want(201)["id"].(string)
	file := b.post("/teams/"+teamKey+"/patches/"+key+"/attachments?filename=a.txt", []byte("text")).want(201)["id"].(string)
	view := b.post("/teams/"+teamKey+"/views", object{"name": "Mine", "query": "kev=1"}).want(201)["id"].(string)
	bulk := b.post("/teams/"+teamKey+"/patches/bulk", object{"items": []object{{"key": key, "version": 2}}, "change": object{"points": 1}}).want(200)["undo"].(string)
	a := &asset.Asset{ID: db.NewID(), TeamID: t.ID, Name: "web-1", NameKey: "web-1", Kind: "host", Environment: "production", Criticality: "high", Exposure: "internal", Version: 1}
	i := db.NewID()
	invite, _, err := s.team.CreateInvite(s.Context(), audit.Who{UserID: s.people[adminName].ID}, t.ID, team.Member, "", 7)
	require.NoError(s, err)
	require.NoError(s, s.db.Write(s.Context(), func(tx *db.Tx) error {
		if err := tx.Create(a).Error; err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO imports (id, team_id, file, state, phase, scope, bytes, read_bytes, applied, summary, user_id, who, beat_at, created_at)
			VALUES (?, ?, 'f', 'done', '', 'full', 0, 0, 0, '{}', '', '', 0, 0)`, i, t.ID).Error
	}))
	group := b.post("/teams/"+teamKey+"/asset-groups", object{"name": "Web"}).want(201)["id"].(string)
	edit := b.post("/teams/"+teamKey+"/asset-edits", object{"ids": []string{a.ID}, "change": object{"owner": "Ops"}}).want(202)["id"].(string)
	twin := b.post("/teams/"+teamKey+"/assets", object{"name": "web-1.example.com"}).want(201)["id"].(string)
	merge := b.post("/teams/"+teamKey+"/asset-merges", object{"into": a.ID, "from": []string{twin}}).want(200)["id"].(string)
	people := map[string]string{"INF": "viewer", "OPS": outsideViews}
	require.EqualValues(s, 1, n)
	policy := b.post("/teams/"+teamKey+"/policies", object{"name": "Own", "rules": []object{{"days": 9}}}).want(201)["id"].(string)
	task := b.post("/teams/"+teamKey+"/patches/"+key+"/tasks", object{"title": "Back up"}).want(201)["id"].(string)
	other := b.post("/teams/"+teamKey+"/patches", object{"title": "Another patch"}).want(201)["key"].(string)
	lesson := b.post("/teams/"+teamKey+"/lessons", object{"text": "Restart it"}).want(201)["id"].(string)
	except := b.post("/teams/"+teamKey+"/exceptions", object{"key": other, "kind": "false_positive", "reason": "not installed"}).want(201)["id"].(string)
	table := b.post("/teams/"+teamKey+"/estimations", object{"name": "Refinement", "mode": "live", "keys": []string{other}}).want(201)["id"].(string)
	hook := b.post("/teams/"+teamKey+"/webhooks", object{"name": "Ops", "url": "https://example.com/x", "kinds": []string{"kev"}}).want(201)["webhook"].(object)["id"].(string)
	return things{
		"/tasks/{id}":       task,
		"/webhooks/{id}":    hook,
		"/estimations/{id}": table,
		"/policies/{id}":    policy, "/exceptions/{id}": except, "/lessons/{id}": lesson,
		"{team}": teamKey, "{key}": key, "{n}": "1", "{date}": "today", "{cve}": "CVE-2026-0001", "{secret}": strings.Repeat("x", 43),
		"/comments/{id}": comment, "/attachments/{id}": file, "{other}": teamKey + "-2",
		"/views/{id}": view, "/bulk/{id}": bulk, "/assets/{id}": a.ID, "/asset-groups/{id}": group, "/asset-edits/{id}": edit, "/asset-merges/{id}": merge, "/imports/{id}": i, "/invites/{id}": invite.ID, "/members/{id}": s.people[people[teamKey]].ID, "/blockers/{id}": blocker,
	}
}

// missing names nothing that is there.
var missing = things{
	"{key}": "INF-999", "{other}": "INF-998", "{n}": "999", "{date}": "today", "{id}": "00000000-0000-7000-8000-000000000000", "{cve}": "CVE-2026-0001", "{secret}": strings.Repeat("x", 43),
}

// at is the address of an operation. Of a team and of things in it: they may be
// another team's.
func (o *operation) at(teamKey string, of things) string {
	path := strings.ReplaceAll(o.route.Path, "{team}", teamKey)
	for name, value := range of {
		if strings.HasPrefix(name, "/") && strings.Contains(path, name) {
			path = strings.ReplaceAll(path, name, name[:strings.Index(name, "{")]+value)
		}
	}
	for name, value := range of {
		if strings.HasPrefix(name, "{") {
			path = strings.ReplaceAll(path, name, url.PathEscape(value))
		}
	}
	path = strings.ReplaceAll(path, "{id}", missing["{id}"])
	for _, name := range []string{"version", "filename"} {
		if o.route.Operation.Parameters.GetByInAndName("query", name) != nil {
			path += "?" + name + "=1"
		}
	}
	return path
}

// try asks for an operation in a way that changes nothing: a body is broken.
func (o *operation) try(c *client, path string) *reply {
	if o.body != nil {
		return c.do(o.route.Method, path, "{")
	}
	if o.stream {
		c = c.with("Last-Event-ID", "none")
	}
	return c.do(o.route.Method, path, nil)
}

// refusal is the status with which a principal must be refused, or 0.
func refusal(r rule, p principal, teamKey string) int {
	role := p.roles[teamKey]
	switch {
	case r.level == public || r.level == guest:
		return 0
	case !p.signed:
		return 401
	case r.level == admin && !p.admin:
		return 403
	case r.level == inTeam && (teamKey == "NIL" || role == "" && !p.admin):
		return 404
	case r.level == inTeam && !p.admin && !slices.Contains(grants[r.permission], role):
		return 403
	case p.scopes != nil && r.scope != "read" && !slices.Contains(p.scopes, "all") && !slices.Contains(p.scopes, r.scope):
		return 403
	}
	return 0
}

// everyOperation is the contract's route table, in a fixed order.
func everyOperation(s *site) []*operation {
	k, err := ownContract()
	require.NoError(s, err)
	var out []*operation
	for _, op := range k.operations {
		out = append(out, op)
	}
	slices.SortFunc(out, func(a, b *operation) int { return strings.Compare(a.id, b.id) })
	return out
}

func TestEveryRouteAnswersEveryPrincipalAsItsRuleSays(t *testing.T) {
	onSite(t, func(s *site) {
		places := map[string]things{"INF": s.things("INF"), "OPS": s.things("OPS"), "NIL": missing}
		people := s.principals()
		require.GreaterOrEqual(s, len(people), 12)
		for _, op := range everyOperation(s) {
			for _, p := range people {
				client := p.client()
				for teamKey, of := range places {
					if op.body == nil && op.route.Method != "GET" {
						of = missing // else it would be gone for those who ask next
					}
					want := refusal(op.rule, p, teamKey)
					code := op.try(client, op.at(teamKey, of)).code
					if want != 0 {
						assert.Equal(s, want, code, "%s as %s in %s", op.id, p.name, teamKey)
						continue
					}
					s.isIn(op, p, teamKey, code)
					if op.id == "signOut" {
						break // this session is over
					}
				}
			}
		}
	})
}

// isIn checks that a principal got as far as the operation itself.
func (s *site) isIn(op *operation, p principal, teamKey string, code int) {
	s.Helper()
	allowed := []int{200, 204, 404, 409} // a thing that is not there, or that refuses
	switch {
	case op.id == "refreshSession":
		allowed = []int{401} // without its cookie
	case op.id == "signOut" && p.scopes != nil:
		allowed = []int{403} // a token has no session
	case op.body != nil:
		allowed = []int{400, 415} // the body was looked at
	case op.stream:
		allowed = []int{422} // the header was looked at
	case op.rule.level == inTeam && op.route.Method == "GET":
		allowed = []int{200}
	}
	assert.Contains(s, allowed, code, "%s as %s in %s", op.id, p.name, teamKey)
}

// bodies are right but for what the address names.
var bodies = map[string]any{
	"updateMember": object{"role": "viewer"}, "updateAsset": object{"version": 1}, "updateAssetGroup": object{"version": 1},
	"updatePatch": object{"version": 1}, "placePatch": object{"version": 1, "before": "INF-1"},
	"movePatch": object{"version": 1, "status": "ready"}, "dropPatch": object{"version": 1, "reason": "duplicate"},
	"updateSprint": object{"version": 1}, "addSprintItems": object{"keys": []string{"INF-1"}}, "addSprintItem": object{},
	"startSprint": object{"version": 1}, "closeSprint": object{"version": 1}, "cancelSprint": object{"version": 1},
	"reopenSprint": object{"version": 1, "reason": "x"}, "correctSprint": object{"key": "INF-1", "what": "completed", "reason": "x"},
	"updateFeed": object{"version": 1}, "updateUser": object{"version": 1}, "updateBlocker": object{"version": 1},
	"changePolicy": object{"version": 1, "name": "Own", "rules": []object{{"days": 3}}}, "switchPolicy": object{"enabled": true},
	"updateException": object{"version": 1, "kind": "false_positive", "reason": "x"}, "renewException": object{"reason": "x"},
	"approveException": object{"version": 1}, "rejectException": object{"version": 1, "note": "no"}, "withdrawException": object{"version": 1},
	"endException": object{"version": 1}, "reviewException": object{"version": 1},
	"putPatchContent": object{"reboot": "yes", "downtime_minutes": nil, "links": []string{}, "version": 1},
	"createComment":   object{"body": "x"}, "updateComment": object{"body": "x", "version": 1}, "createAttachment": []byte("x"),
	"updateWebhook": object{"version": 1}, "updateView": object{"version": 1}, "proposeSprint": object{"capacity": 1}, "setAvailability": object{"hours_per_day": 8, "focus": 0.5},
	"updateWindow":          object{"version": 1, "kind": "freeze", "name": "x", "rule": object{"time_zone": "UTC", "start": "08:00", "end": "09:00", "repeat": "once", "from": "2026-12-01"}},
	"setPatchCheck":         object{"list": "ready", "item": "x", "met": true},
	"putEstimationPresence": object{"as": "watching"}, "addEstimationItems": object{"keys": []string{"INF-1"}}, "turnEstimation": object{"key": "INF-1"},
	"putEstimationVote": object{"key": "INF-1", "round": 1, "value": "3"}, "revealEstimation": object{"key": "INF-1", "round": 1},
	"repeatEstimation": object{"key": "INF-1", "round": 1}, "setEstimationFinal": object{"key": "INF-1", "round": 1, "points": 3, "version": 1},
	"updateRetro": object{"version": 0}, "setRetroReady": object{"ready": true}, "putRetroCard": object{"column": 0, "text": "x"},
	"moveRetroCard": object{"group_id": nil}, "updateRetroGroup": object{"version": 1}, "setRetroDots": object{"dots": 1},
	"createRetroAction": object{"title": "x", "owner_id": "x", "due_sprint": 2}, "decideRetroAction": object{"decision": "keep"},
	"updateLesson": object{"version": 1},
	"updateReview": object{"version": 0}, "judgeReviewItem": verdict(true, "", 0), "createReviewComment": object{"text": "x"}, "createReviewLink": object{},
	"createTask": object{"title": "x"}, "updateTask": object{"version": 1}, "applyTaskTemplate": object{},
	"unsplitPatch": object{"version": 1, "parts": []object{{"key": "INF-2", "version": 1}}},
	"splitPatch":   object{"version": 1, "reason": "x", "points": nil, "parts": []object{{"points": nil, "asset_ids": []string{"x"}}}},
}

func TestWhatIsMissingOrAnotherTeamsIsNotFoundUnderOnesOwnTeam(t *testing.T) {
	onSite(t, func(s *site) {
		s.things("INF")
		foreign := s.things("OPS")
		delete(foreign, "{n}") // numbers are each team's own
		foreign["{n}"] = missing["{n}"]
		b := s.as(adminName)
		for _, op := range everyOperation(s) {
			named := strings.Contains(op.route.Path, "{id}") || strings.Contains(op.route.Path, "{key}") || strings.Contains(op.route.Path, "{n}")
			if !named {
				continue
			}
			body, known := bodies[op.id]
			require.True(s, known || op.body == nil, "%s needs a body here", op.id)
			for what, of := range map[string]things{"missing": missing, "foreign": foreign} {
				assert.Equal(s, 404, b.do(op.route.Method, op.at("INF", of), body).code, "%s of something %s", op.id, what)
			}
		}
		for _, mine := range []string{"/teams/OPS/patches/OPS-1", "/teams/OPS/assets/" + foreign["/assets/{id}"], "/teams/OPS/sprints/1"} {
			b.get(mine).want(200)
		}
	})
}

func TestOnesOwnSessionsAndTokensAreNobodyElses(t *testing.T) {
	onSite(t, func(s *site) {
		b := s.as("member")
		session := b.get("/sessions").items()[0]["id"].(string)
		token := b.post("/tokens", object{"name": "CI", "scopes": []string{"read"}}).want(201)["token"].(object)["id"].(string)
		for _, other := range []string{"viewer", adminName} {
			s.as(other).del("/sessions/" + session).want(404)
			s.as(other).del("/tokens/" + token).want(404)
		}
		b.del("/tokens/" + token).want(204)
		b.del("/tokens/" + token).want(404)
	})
}
