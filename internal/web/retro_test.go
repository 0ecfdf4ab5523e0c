package web

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/fault"
	"patchline/internal/notify"
	"patchline/internal/retro"
	"patchline/internal/team"
)

const retroPath = "/teams/INF/sprints/1/retro"

// activeSprint starts a sprint of the team with some patches.
func (s *site) activeSprint(points ...float64) {
	s.Helper()
	planned := s.sprintWith(points...)
	s.as("scrum_master").post("/teams/INF/sprints/1/start", object{"version": planned["version"]}).want(200)
}

// lead changes a retrospective as its facilitator.
func (s *site) lead(change object) object {
	s.Helper()
	sm := s.as("scrum_master")
	change["version"] = sm.get(retroPath).want(200)["version"]
	return sm.patch(retroPath, change).want(200)
}

// card writes a card and returns its id.
func (c *client) putCard(column int, text string) string {
	c.site.Helper()
	id := uuid.NewString()
	c.put(retroPath+"/cards/"+id, object{"column": column, "text": text}).want(200)
	return id
}

// cardIn finds a card in a retrospective.
func cardIn(of object, id string) object {
	for _, c := range of["cards"].([]any) {
		if c.(object)["id"] == id {
			return c.(object)
		}
	}
	return nil
}

func groupOf(of object, card string) object {
	for _, g := range of["groups"].([]any) {
		if g.(object)["id"] == cardIn(of, card)["group_id"] {
			return g.(object)
		}
	}
	return nil
}

func TestARetrospectiveGoesFromFactsToASummaryThatStays(t *testing.T) {
	onSite(t, func(s *site) {
		s.activeSprint(1)
		m, po, sm := s.as("member"), s.as("product_owner"), s.as("scrum_master")
		fresh := m.get(retroPath).want(200)
		assert.EqualValues(s, 0, fresh["version"])
		assert.EqualValues(s, 4, fresh["members"])
		mine := m.putCard(0, " pairing ")
		theirs := po.putCard(1, "late scan")
		seen := m.get(retroPath).want(200)
		assert.Equal(s, []any{1.0, 1.0}, seen["counts"])
		assert.Equal(s, "pairing", cardIn(seen, mine)["text"])
		assert.Equal(s, "", cardIn(seen, theirs)["text"], "the server keeps others' texts back")
		assert.Equal(s, true, cardIn(seen, theirs)["hidden"])
		assert.NotContains(s, s.as(adminName).get(retroPath).raw, "late scan")
		po.put(retroPath+"/cards/"+mine, object{"column": 0, "text": "x"}).want(403)
		po.del(retroPath + "/cards/" + mine).want(403)
		m.put(retroPath+"/cards/"+mine, object{"column": 1, "text": "pairing more"}).want(200)
		sm.patch(retroPath, object{"version": 1, "anonymous": true}).want(409)
		m.patch(retroPath, object{"version": 1, "phase": "group"}).want(403)

		m.put(retroPath+"/ready", object{"ready": true}).want(200)
		assert.EqualValues(s, 1, po.get(retroPath).want(200)["ready"])
		led := s.lead(object{"phase": "group", "minutes": 5})
		assert.Equal(s, "2026-03-02T09:05:00Z", led["ends_at"])
		assert.EqualValues(s, 0, led["ready"])
		m.put(retroPath+"/cards/"+uuid.NewString(), object{"column": 0, "text": "late"}).want(409)
		seen = m.get(retroPath).want(200)
		assert.Equal(s, "product_owner", cardIn(seen, theirs)["author"])
		group := cardIn(seen, theirs)["group_id"].(string)
		joined := m.put(retroPath+"/cards/"+mine+"/group", object{"group_id": group}).want(200)
		assert.Len(s, joined["groups"], 1, "an empty group goes away")
		assert.Len(s, m.put(retroPath+"/cards/"+mine+"/group", object{"group_id": nil}).want(200)["groups"], 2)
		named := m.patch(retroPath+"/groups/"+group, object{"name": "Scans", "version": 1}).want(200)
		assert.Equal(s, "Scans", groupOf(named, theirs)["name"])
		m.patch(retroPath+"/groups/"+group, object{"name": "Mine", "version": 1}).want(409)

		s.lead(object{"phase": "vote"})
		assert.EqualValues(s, 1, m.put(retroPath+"/groups/"+group+"/dots", object{"dots": 2}).want(200)["dots_left"])
		m.put(retroPath+"/groups/"+group+"/dots", object{"dots": 4}).want(422)
		other := po.get(retroPath).want(200)
		assert.EqualValues(s, 0, groupOf(other, theirs)["votes"])
		assert.EqualValues(s, 0, groupOf(other, theirs)["mine"])

		talk := s.lead(object{"phase": "discuss"})
		assert.Equal(s, group, talk["discussing_id"], "the most wanted comes first")
		assert.EqualValues(s, 2, groupOf(talk, theirs)["votes"])
		noted := m.patch(retroPath+"/groups/"+group, object{"note": "scan at noon", "version": 2}).want(200)
		assert.Equal(s, "scan at noon", groupOf(noted, theirs)["note"])

		s.lead(object{"phase": "actions"})
		owner := s.people["member"].ID
		m.post(retroPath+"/actions", object{"title": "Scan at noon", "owner_id": owner, "due_sprint": 1}).want(422)
		m.post(retroPath+"/actions", object{"title": "Scan at noon", "owner_id": s.people["viewer"].ID, "due_sprint": 2}).want(422)
		acted := m.post(retroPath+"/actions", object{"title": "Scan at noon", "owner_id": owner, "due_sprint": 2, "group_id": group}).want(201)
		action := acted["actions"].([]any)[0].(object)
		assert.Equal(s, "improvement", m.get("/teams/INF/patches/" + action["key"].(string)).want(200)["kind"])

		closed := s.lead(object{"phase": "closed"})
		for _, words := range []string{"Scans (2 votes)", "late scan", "scan at noon", "Scan at noon (member, by sprint 2)", "pairing more"} {
			assert.Contains(s, closed["summary"], words)
		}
		sm.patch(retroPath, object{"version": closed["version"], "phase": "discuss"}).want(409)
		m.patch(retroPath+"/groups/"+group, object{"note": "x", "version": 3}).want(409)
		m.post(retroPath+"/actions", object{"title": "x", "owner_id": owner, "due_sprint": 2}).want(409)
		assert.Equal(s, closed["summary"], m.get(retroPath).want(200)["summary"])
	})
}

func TestOpenActionsComeFirstInTheNextRetrospectiveAndAreDecided(t *testing.T) {
	onSite(t, func(s *site) {
		s.activeSprint(1)
		sm, m := s.as("scrum_master"), s.as("member")
		s.lead(object{"phase": "actions"})
		for _, title := range []string{"one", "two", "three"} {
			m.post(retroPath+"/actions", object{"title": title, "owner_id": s.people["member"].ID, "due_sprint": 2}).want(201)
		}
		sprint := sm.get("/teams/INF/sprints/1").want(200)
		sm.post("/teams/INF/sprints/1/close", object{"version": sprint["version"], "otherwise": "backlog_top"}).want(200)
		sm.post("/teams/INF/sprints", object{}).want(201)
		sm.post("/teams/INF/sprints/2/start", object{"version": 1}).want(200)
		next := "/teams/INF/sprints/2/retro"
		open := m.get(next).want(200)["open_actions"].([]any)
		require.Len(s, open, 3)
		decide := func(c *client, i int, d string) *reply {
			return c.put(next+"/actions/"+open[i].(object)["id"].(string)+"/decision", object{"decision": d})
		}
		kept := decide(m, 0, "keep").want(200)["open_actions"].([]any)[0].(object)
		assert.EqualValues(s, 3, kept["due_sprint"])
		assert.EqualValues(s, 1, kept["kept"])
		decide(m, 1, "drop").want(403)
		decide(sm, 1, "drop").want(200)
		left := decide(m, 2, "done").want(200)["open_actions"].([]any)
		assert.Len(s, left, 1)
		assert.Equal(s, "verified", m.get("/teams/INF/patches/" + open[2].(object)["key"].(string)).want(200)["status"])
		decide(m, 2, "done").want(409)
	})
}

func TestTwoHundredVoteAtOnceAndEachDotCountsOnce(t *testing.T) {
	for _, anonymous := range []bool{false, true} {
		t.Run(fmt.Sprint("anonymous ", anonymous), func(t *testing.T) {
			onSite(t, func(s *site) { s.crowd(anonymous, 200) })
		})
	}
}

func (s *site) crowd(anonymous bool, people int) {
	s.activeSprint(1)
	s.lead(object{"anonymous": anonymous, "phase": "collect"})
	id := s.as("member").putCard(0, "one")
	other := s.as("member").putCard(0, "two")
	hands := make([]retro.Hand, people)
	for i := range hands {
		u := s.person(fmt.Sprint("voter ", i), "INF", team.Member)
		hands[i].Who = audit.Who{UserID: u.ID, Name: u.Name}
		if anonymous {
			var err error
			hands[i].Ticket, err = s.Retro.Ticket(s.Context(), hands[i].Who, s.teams["INF"], 1)
			require.NoError(s, err)
			_, err = s.Retro.Ticket(s.Context(), hands[i].Who, s.teams["INF"], 1)
			require.Error(s, err)
		}
	}
	s.lead(object{"phase": "vote"})
	seen := s.as("member").get(retroPath).want(200)
	one, two := cardIn(seen, id)["group_id"].(string), cardIn(seen, other)["group_id"].(string)
	var all sync.WaitGroup
	for _, h := range hands {
		for _, g := range []string{one, two} { // four dots at once; each has three
			all.Go(func() {
				err := s.Retro.Dot(s.Context(), h, s.teams["INF"], 1, g, 2)
				assert.True(s, err == nil || fault.Is(err, fault.Invalid), "%v", err)
			})
		}
	}
	all.Wait()
	told := s.lead(object{"phase": "discuss"})
	assert.EqualValues(s, 2*people, groupOf(told, id)["votes"].(float64)+groupOf(told, other)["votes"].(float64), "one of the two fits, once")
}

func TestATicketIsNobodyElsesAndNotMadeUp(t *testing.T) {
	onSite(t, func(s *site) {
		s.activeSprint(1)
		m := s.as("member")
		m.post(retroPath+"/ticket", nil).want(409) // not anonymous
		s.lead(object{"anonymous": true})
		s.as("viewer").post(retroPath+"/ticket", nil).want(403)
		loose := m.putCard(0, "without a ticket")
		ticket := m.post(retroPath+"/ticket", nil).want(201)["ticket"].(string)
		mine := m.with("Retro-Ticket", ticket)
		id := mine.putCard(0, "with one")
		assert.Equal(s, true, mine.get(retroPath).want(200)["ticket_known"])
		assert.Equal(s, false, m.get(retroPath).want(200)["ticket_known"])
		m.put(retroPath+"/cards/"+id, object{"column": 0, "text": "x"}).want(409)
		mine.put(retroPath+"/cards/"+loose, object{"column": 0, "text": "x"}).want(409)
		forged := m.with("Retro-Ticket", "guess."+strings.Repeat("0", 64))
		forged.del(retroPath + "/cards/" + id).want(409)
		mine.del(retroPath + "/cards/" + id).want(200)
		m.put(retroPath+"/cards/0190f5f2-0000-7000-8000-000000000000", object{"column": 0, "text": "dated id"}).want(422)
		s.as("scrum_master").patch(retroPath, object{"version": 2, "anonymous": false}).want(409)
		s.lead(object{"phase": "vote"})
		group := m.get(retroPath).want(200)["groups"].([]any)[0].(object)["id"].(string)
		m.put(retroPath+"/groups/"+group+"/dots", object{"dots": 1}).want(409)
		forged.put(retroPath+"/groups/"+group+"/dots", object{"dots": 1}).want(409)
		mine.put(retroPath+"/groups/"+group+"/dots", object{"dots": 1}).want(200)
	})
}

func TestLessonsComeBackOnLaterPatchesOfTheProduct(t *testing.T) {
	onSite(t, func(s *site) {
		c := s.as("member")
		c.post("/teams/INF/patches", object{"title": "OpenSSL", "component": "deb/debian/openssl"}).want(201)
		lesson := c.post("/teams/INF/lessons", object{"text": " Restart 100% of it ", "key": "INF-1"}).want(201)
		assert.Equal(s, "openssl", lesson["product"])
		assert.Equal(s, "Restart 100% of it", lesson["text"])
		s.as("product_owner").post("/teams/INF/patches/INF-1/drop", object{"reason": "duplicate", "version": 1}).want(200)
		c.post("/teams/INF/patches", object{"title": "OpenSSL again", "component": "deb/debian/openssl", "fixed_version": "2"}).want(201)
		c.post("/teams/INF/patches", object{"title": "curl", "component": "deb/debian/curl"}).want(201)
		about := c.get("/teams/INF/patches/INF-2/lessons").want(200)
		assert.Equal(s, []any{lesson}, about["items"])
		assert.Empty(s, c.get("/teams/INF/patches/INF-3/lessons").want(200)["items"])
		elsewhere := c.post("/teams/INF/lessons", object{"text": "OpenSSL of others", "vendor": "Red Hat", "product": "OpenSSL"}).want(201)
		anyones := c.post("/teams/INF/lessons", object{"text": "any", "product": "OpenSSL"}).want(201)
		assert.Equal(s, []any{anyones, lesson}, c.get("/teams/INF/patches/INF-2/lessons").want(200)["items"])
		s.as("scrum_master").post("/teams/INF/sprints", object{}).want(201)
		counts := map[any]any{}
		for _, i := range c.post("/teams/INF/sprints/1/proposal", object{"capacity": 9, "assumed_points": 1}).want(200)["items"].([]any) {
			counts[i.(object)["key"]] = i.(object)["lessons"]
		}
		assert.Equal(s, map[any]any{"INF-2": 2.0, "INF-3": 0.0}, counts)

		assert.Len(s, c.get("/teams/INF/lessons?q=100%25%20restart").items(), 1)
		assert.Empty(s, c.get("/teams/INF/lessons?q=10_%25").items())
		page := c.get("/teams/INF/lessons?limit=2").want(200)
		assert.Len(s, c.get("/teams/INF/lessons?limit=2&cursor="+page["next_cursor"].(string)).items(), 1)
		one := "/teams/INF/lessons/" + elsewhere["id"].(string)
		changed := c.patch(one, object{"version": 1, "text": "changed"}).want(200)
		stale := c.patch(one, object{"version": 1, "text": "x"}).want(409)
		assert.Equal(s, changed, stale["current"].(object)["lesson"])
		c.patch(one, object{"version": 2, "product": ""}).want(422)
		s.as("viewer").del(one).want(403)
		c.del(one).want(204)
		c.del(one).want(404)
		assert.Empty(s, s.as(outsider).get("/teams/OPS/lessons").items())
	})
}

// ---- anonymity

const (
	plantedText = "Nobody reviews on Fridays, zq71"
	plantedName = "Zelda Planted"
)

func TestNothingThatIsKeptOrAnsweredLeadsFromAnAnonymousCardToItsAuthor(t *testing.T) {
	log := logged(t)
	onSite(t, func(s *site) {
		s.activeSprint(1)
		s.person(plantedName, "INF", team.Member)
		s.lead(object{"anonymous": true, "phase": "collect"})
		s.as("scrum_master").post("/teams/INF/webhooks", object{"name": "all", "url": "https://hooks.example.com", "kinds": notify.Kinds}).want(201)
		stream := s.overhear("INF")
		z := s.as(plantedName)
		z = z.with("X-Client-Id", "zeldas-tab").with("Idempotency-Key", "zeldas-intent")
		z = z.with("Retro-Ticket", z.post(retroPath+"/ticket", nil).want(201)["ticket"].(string))
		for i := range 3 {
			s.as("member").putCard(0, fmt.Sprint("another ", i))
		}
		s.clock.Add(17*time.Second + 123457*time.Microsecond)
		written := s.clock.Now()
		id := z.putCard(0, plantedText)
		second := z.putCard(1, "and zq72")
		s.clock.Add(time.Minute)
		z.put(retroPath+"/ready", object{"ready": true}).want(200)
		secrets := planted{id, second, []time.Time{written}, []string{plantedText, "zq72", id, second}}
		assert.NotContains(s, s.as(adminName).get(retroPath).raw, "zq7")
		secrets.search(s, "while collecting")
		assert.NotEqual(s, s.owners()[id], s.owners()[second], "cards of one hand do not show that they are")

		s.lead(object{"phase": "group"})
		assert.Empty(s, s.owners()[id], "nothing is left of who wrote it")
		z.put(retroPath+"/cards/"+id+"/group", object{"group_id": nil}).want(200)
		secrets.search(s, "while grouping")
		s.lead(object{"phase": "vote"})
		group := cardIn(z.get(retroPath).want(200), id)["group_id"].(string)
		s.clock.Add(29*time.Second + 345679*time.Microsecond)
		secrets.moments = append(secrets.moments, s.clock.Now())
		z.put(retroPath+"/groups/"+group+"/dots", object{"dots": 3}).want(200)
		s.clock.Add(time.Minute)
		secrets.texts = append(secrets.texts, group)
		secrets.search(s, "while voting")
		s.lead(object{"phase": "discuss"})
		secrets.search(s, "after the voting")
		s.lead(object{"phase": "closed"})
		secrets.search(s, "after the close")
		assert.Contains(s, log.String(), retroPath[len("/teams/INF/sprints/1"):], "requests are logged")
		assert.False(s, anyIn(log.String(), secrets.texts), "no card and no group is in the log")
		secrets.heard(s, stream())
		for _, table := range []string{"retro_votes", "retro_tickets"} {
			assert.Empty(s, s.rows(table), table)
		}
	})
}

// logged collects all that is logged, down to the finest level.
func logged(t *testing.T) *safeText {
	out, before := &safeText{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	return out
}

type safeText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *safeText) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *safeText) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// planted is what somebody did anonymously.
type planted struct {
	card, second string
	moments      []time.Time // of the card and of the vote
	texts        []string
}

// overhear listens to a team's stream; what it returns ends that and tells what came.
func (s *site) overhear(teamKey string) func() string {
	lines := s.as("viewer").listen(teamKey)
	return func() string {
		s.as("scrum_master").post("/teams/INF/patches", object{"title": "the last that is heard"}).want(201)
		var all strings.Builder
		end := "data: {\"id\":" + s.idOf("patch.changed")
		for line := range lines {
			all.WriteString(line + "\n")
			if strings.HasPrefix(line, end) {
				break
			}
		}
		return all.String()
	}
}

// heard looks at all that came by the live stream.
func (p planted) heard(s *site, stream string) {
	assert.Contains(s, stream, "retro.changed", "phases are told")
	assert.False(s, anyIn(stream, p.texts), "an event names a card")
	assert.False(s, anyIn(stream, p.times()), "an event was sent when somebody wrote or voted")
}

// times are the moments as they may be stored or sent.
func (p planted) times() (out []string) {
	for _, at := range p.moments {
		out = append(out, fmt.Sprint(at.UnixMicro()), at.Format("15:04:05.000"))
	}
	return out
}

// search looks at every row of every table, and at every answer that an administrator
// can get.
func (p planted) search(s *site, when string) {
	s.Helper()
	who := s.people[plantedName]
	names := []string{who.ID, who.Name, who.Email, "zeldas-tab", "zeldas-intent"}
	found := 0
	require.NoError(s, s.Notify.CatchUp(s.Context())) // inboxes and webhooks hear of it, too
	for _, table := range s.tables() {
		for _, row := range s.rows(table) {
			if anyIn(row, p.texts) {
				found++
				assert.False(s, anyIn(row, names), "%s: %s names the author beside the card: %s", when, table, row)
			}
			if table != "sessions" { // when somebody was here says nothing of cards
				assert.False(s, anyIn(row, p.times()), "%s: %s keeps the moment of the card or vote: %s", when, table, row)
			}
		}
	}
	assert.Positive(s, found, "%s: the card is there at all", when)
	p.askAll(s, when, names)
}

func (p planted) askAll(s *site, when string, names []string) {
	at := things{"{key}": "INF-1", "{n}": "1", "{date}": "today", "{other}": "INF-1", "{cve}": "CVE-2026-0001", "{id}": db.NewID(), "{secret}": strings.Repeat("x", 43)}
	for _, op := range everyOperation(s) {
		if op.route.Method != "GET" || op.stream {
			continue
		}
		for _, asks := range []string{adminName, "scrum_master", "member"} {
			answer := s.as(asks).get(op.at("INF", at))
			if anyIn(answer.raw, p.texts) {
				assert.False(s, anyIn(answer.raw, names), "%s: %s names the author beside the card to %s: %s", when, op.id, asks, answer.raw)
			}
		}
	}
}

func anyIn(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func (s *site) tables() (out []string) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%words%' AND name NOT LIKE 'sqlite%'"
	if s.db.Postgres() {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	require.NoError(s, s.db.Read(s.Context()).Raw(query).Scan(&out).Error)
	require.Greater(s, len(out), 40)
	return out
}

// rows are the rows of a table as texts, with all their columns.
func (s *site) rows(table string) (out []string) {
	rows, err := s.db.Read(s.Context()).Raw("SELECT * FROM " + table).Rows()
	require.NoError(s, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(s, err)
	for rows.Next() {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		require.NoError(s, rows.Scan(to...))
		var line []string
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			line = append(line, fmt.Sprint(columns[i], "=", v))
		}
		out = append(out, strings.Join(line, " "))
	}
	require.NoError(s, rows.Err())
	return out
}

// owners are what the table of cards says of who wrote each.
func (s *site) owners() map[string]string {
	out := map[string]string{}
	rows, err := s.db.Read(s.Context()).Raw("SELECT id, owner FROM retro_cards").Rows()
	require.NoError(s, err)
	defer rows.Close()
	for rows.Next() {
		var id, owner string
		require.NoError(s, rows.Scan(&id, &owner))
		out[id] = owner
	}
	return out
}
