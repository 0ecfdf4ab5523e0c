package web

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Ids and request ids are random; everything else has to be the same.
var random = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"(request_id|next_cursor)":"[^"]*"`)

// TestTheSameCallsGetTheSameAnswersOnBothDatabases sends one random sequence of
// requests to each, conflicts and refusals included, and compares every answer.
func TestTheSameCallsGetTheSameAnswersOnBothDatabases(t *testing.T) {
	var mu sync.Mutex
	transcripts := map[bool][]string{}
	t.Run("calls", func(t *testing.T) {
		onSite(t, func(s *site) {
			r := &robot{site: s, rand: rand.New(rand.NewPCG(20, 26))}
			for range 400 {
				r.step()
			}
			mu.Lock()
			transcripts[s.db.Postgres()] = r.said
			mu.Unlock()
		})
	})
	if len(transcripts) < 2 {
		t.Log("only one database was tested")
		return
	}
	for i := range transcripts[false] {
		require.Equal(t, transcripts[false][i], transcripts[true][i], "call %d", i)
	}
	answers := strings.Join(transcripts[false], "\n")
	for _, code := range []string{" 200 ", " 201 ", " 409 ", " 422 "} {
		assert.Contains(t, answers, code, "the sequence is too tame")
	}
}

// robot does what people do, at random.
type robot struct {
	*site
	rand    *rand.Rand
	said    []string
	patches int
	sprints int
}

func (r *robot) key() string { return fmt.Sprint("INF-", 1+r.rand.IntN(max(r.patches, 1))) }
func (r *robot) sprint() int { return 1 + r.rand.IntN(max(r.sprints, 1)) }

func (r *robot) step() {
	r.clock.Add(time.Duration(r.rand.IntN(90)) * time.Minute)
	c := r.as([]string{"product_owner", "scrum_master", "admin", "member"}[r.rand.IntN(4)])
	method, path, body := r.wish()
	got := c.do(method, "/teams/INF"+path, body)
	if method == "POST" && got.code == 201 {
		if path == "/patches" {
			r.patches++
		} else {
			r.sprints++
		}
	}
	r.said = append(r.said, fmt.Sprintf("%s %s %v %d %s", method, path, body, got.code, random.ReplaceAllString(got.raw, "…")))
}

func (r *robot) wish() (method, path string, body any) {
	version := 1 + r.rand.IntN(6)
	switch r.rand.IntN(16) {
	case 0, 1, 2:
		return "POST", "/patches", object{"title": fmt.Sprint("patch ", r.rand.IntN(5)), "points": float64(r.rand.IntN(16)) / 2}
	case 3:
		return "POST", "/patches/" + r.key() + "/place", object{"after": r.key(), "version": version}
	case 4:
		return "DELETE", fmt.Sprint("/patches/", r.key(), "/place?version=", version), nil
	case 5, 6:
		status := []string{"ready", "in_progress", "testing", "deployed", "verified", "dropped"}[r.rand.IntN(6)]
		return "POST", "/patches/" + r.key() + "/move", object{"status": status, "version": version, "reopen_reason": "other"}
	case 7:
		return "PATCH", "/patches/" + r.key(), object{"points": r.rand.IntN(20), "version": version}
	case 8:
		return "POST", "/sprints", object{"goal": "g"}
	case 9, 10:
		return "POST", fmt.Sprint("/sprints/", r.sprint(), "/items"), object{"keys": []string{r.key()}}
	case 11:
		return "POST", fmt.Sprint("/sprints/", r.sprint(), "/start"), object{"version": version}
	case 12:
		return "POST", fmt.Sprint("/sprints/", r.sprint(), "/close"), object{"version": version, "otherwise": []string{"next_sprint", "backlog_top", "backlog_rank"}[r.rand.IntN(3)]}
	case 13:
		return "POST", "/patches/" + r.key() + "/drop", object{"reason": "risk_accepted", "version": version}
	case 14:
		return "GET", fmt.Sprint("/sprints/", r.sprint(), "/report"), nil
	}
	return "GET", []string{
		"/patches?limit=7", "/patches?order=due", "/patches?order=updated&limit=3", "/patches?q=patch+1", "/board",
		"/sprints", "/velocity", "/forecast", "/patches?status=verified,dropped", "/patches/" + r.key() + "/activity",
	}[r.rand.IntN(10)], nil
}
