package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"time"
)

const firstPage = "list, page 1 by rank"

func get(path string) func(*side) (time.Duration, error) {
	return func(s *side) (time.Duration, error) {
		_, took, err := s.ask(http.MethodGet, path, nil)
		return took, err
	}
}

// works are all that is compared by single requests, reads first.
func (s *stage) works(last string) []work {
	return slices.Concat([]work{
		{name: firstPage, limit: 2.0, call: get("/patches?limit=50")},
		{name: "list, page 1 by risk", limit: 2.0, call: get("/patches?limit=50&order=risk")},
		{name: "list, page 1 by due date", limit: 2.0, call: get("/patches?limit=50&order=due")},
		{name: "list, page 1 of KEV", limit: 2.0, call: get("/patches?limit=50&kev=true")},
		{name: "list, page 1 of one status", limit: 2.0, call: get("/patches?limit=50&status=ready")},
		{name: lastPage, limit: 2.0, call: get("/patches?limit=50&cursor=" + last)},
		{name: rareSearch, limit: 2.0, call: get("/patches?limit=50&q=" + rareWord)},
		{name: commonSearch, limit: 2.0, call: get("/patches?limit=50&q=" + commonWord)},
	}, filtered(), []work{
		{name: "read one", limit: 1.8, call: s.readOne},
		{name: "board of 300 cards", limit: 1.5, call: get("/board")},
		{name: "burndown over 20,000 ledger rows", plus: 3, call: get(fmt.Sprintf("/sprints/%d/burndown", active-1))},
		{name: "move a card", limit: 3.0, call: s.moveOne},
		{name: "create one", limit: 2.2, call: s.createOne},
	})
}

const (
	lastPage     = "list, last page by cursor"
	rareSearch   = "search, a rare word"
	commonSearch = "search, a word in a quarter of all"
)

// measure does all works of a size.
func (s *stage) measure(ctx context.Context, print func(row)) error {
	last, err := s.lastCursor()
	if err != nil {
		return err
	}
	product := map[string]float64{}
	for _, w := range s.works(last) {
		if !s.only.MatchString(w.name) {
			continue
		}
		r, err := s.compare(ctx, w)
		if err != nil {
			return err
		}
		print(r)
		product[w.name] = r.Product
	}
	for _, pair := range []struct {
		name, base, other string
		limit             float64
	}{{"last page, against page 1", firstPage, lastPage, 1.3}, {"common word, against the rare one", rareSearch, commonSearch, 5}} {
		if product[pair.base] > 0 && product[pair.other] > 0 {
			print(against(pair.name, s.size, product[pair.base], product[pair.other], pair.limit))
		}
	}
	if s.only.MatchString(mixedLoad) {
		r, err := s.mixedLoad(ctx)
		if err != nil {
			return err
		}
		print(r)
	}
	if !s.only.MatchString(importing) {
		return nil
	}
	r, err := s.importing(ctx)
	if err == nil {
		print(r)
	}
	return err
}

// lastCursor is the cursor of the row before the last page, read from the
// database: walking there would take longer than everything else.
func (s *stage) lastCursor() (string, error) {
	f, err := openFloor(s.floorAt)
	if err != nil {
		return "", err
	}
	defer f.write.Close()
	defer f.read.Close()
	at := place{Order: "rank", Count: 1001}
	const open = " FROM patches p WHERE p.team_id = ? AND p.is_open"
	n := 0
	if err := f.rows("SELECT COUNT(*)"+open, func(r *sql.Rows) error { return r.Scan(&n) }, f.team); err != nil {
		return "", err
	}
	err = f.rows("SELECT p.sort_value, p.tie_key, p.id"+open+" ORDER BY p.sort_value DESC, p.tie_key, p.id LIMIT 1 OFFSET ?", func(r *sql.Rows) error {
		return r.Scan(&at.Value, &at.Key, &at.ID)
	}, f.team, n-pageSize-1)
	return at.String(), err
}

// sameAnswers insists that the floor answers what the product answers.
func (s *stage) sameAnswers() error {
	last, err := s.lastCursor()
	if err != nil {
		return err
	}
	paths := []string{"/patches?limit=50", "/patches?limit=50&order=risk", "/patches?limit=50&order=due", "/patches?limit=50&kev=true", "/patches?limit=50&status=ready",
		"/patches?limit=50&cursor=" + last, "/patches?limit=50&q=" + rareWord, "/patches?limit=50&q=" + commonWord, "/patches/" + key(7), "/patches/" + key(1), "/board"}
	for _, path := range paths {
		var answers [2]any
		for i, side := range []*side{s.floor, s.product} {
			text, _, err := side.ask(http.MethodGet, path, nil)
			if err == nil {
				err = json.Unmarshal(text, &answers[i])
			}
			if err != nil {
				return fmt.Errorf("%s: %w", side.name, err)
			}
		}
		if !reflect.DeepEqual(answers[0], answers[1]) {
			floor, _ := json.Marshal(answers[0]) // it was JSON
			product, _ := json.Marshal(answers[1])
			return fmt.Errorf("%s: the floor answers other than the product:\n%s", path, parting(floor, product))
		}
	}
	return s.samePages()
}

// parting shows where two texts begin to differ.
func parting(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	around := func(text []byte) []byte { return text[min(max(i-200, 0), len(text)):min(i+200, len(text))] }
	return fmt.Sprintf("…%s…\n…%s…", around(a), around(b))
}

func key(number int) string { return fmt.Sprintf("%s-%d", teamKey, number) }

func (s *side) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return s.next
}

func (s *stage) readOne(side *side) (time.Duration, error) {
	_, took, err := side.ask(http.MethodGet, "/patches/"+key(1+side.count()*7919%s.size), nil)
	return took, err
}

func (s *stage) createOne(side *side) (time.Duration, error) {
	body := fmt.Sprintf(`{"title":"Renew certificate %d","description":"Before it ends.","points":3,"vulnerabilities":[%q]}`, side.count(), cve(1+side.count()%20000))
	_, took, err := side.ask(http.MethodPost, "/patches", []byte(body))
	return took, err
}

func (s *stage) moveOne(side *side) (time.Duration, error) {
	return s.moveCard(side, side.count()%cards)
}

// moveCard moves a card to one column and back again the next time. Verified
// cards stay where they are; their neighbours move.
func (s *stage) moveCard(side *side, c int) (time.Duration, error) {
	if c%12 == 11 {
		c--
	}
	number := 1 + c*(s.size/cards)
	side.mu.Lock()
	version := max(side.versions[key(number)], 1)
	side.mu.Unlock()
	status := []string{"in_progress", "testing"}[version%2]
	answer, took, err := side.ask(http.MethodPost, "/patches/"+key(number)+"/move", fmt.Appendf(nil, `{"status":%q,"version":%d}`, status, version))
	if err != nil {
		return 0, err
	}
	var moved struct{ Version int }
	err = json.Unmarshal(answer, &moved)
	side.mu.Lock()
	side.versions[key(number)] = moved.Version
	side.mu.Unlock()
	return took, err
}
