package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
)

// TestMain lets this test binary be the program itself, for tests that have to
// kill it.
func TestMain(m *testing.M) {
	if os.Getenv("PATCHLINE_TEST_AS_PROGRAM") != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := Run(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
		stop()
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// TestAKilledServerLosesNothingItHasAcknowledged kills the server with SIGKILL
// under eight writers, again and again. PATCHLINE_KILLS is how often, and
// PATCHLINE_PROGRAM the program, if not this test binary; scripts/durable sets
// both.
func TestAKilledServerLosesNothingItHasAcknowledged(t *testing.T) {
	kills := 40
	if text := os.Getenv("PATCHLINE_KILLS"); text != "" {
		var err error
		kills, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	dir := office(t)
	token := sh(t, "", "token", "create", "--email", "ana@example.com", "--data", dir)
	require.Zero(t, token.code, token.err)
	writers := make([]*writer, 8)
	for i := range writers {
		writers[i] = &writer{number: i, token: strings.TrimSpace(token.out), client: &http.Client{Timeout: 20 * time.Second}}
	}
	slowest, acknowledged := time.Duration(0), 0
	for kill := range kills {
		if kill%4 == 3 {
			interrupt(t, dir)
		}
		p, took := launch(t, "--data", dir)
		slowest = max(slowest, took)
		for _, w := range writers {
			w.check(t, dir)
		}
		var working sync.WaitGroup
		for _, w := range writers {
			working.Go(func() { w.work(p.address) })
		}
		time.Sleep(time.Duration(20+rand.IntN(280)) * time.Millisecond) // a random moment is the point
		p.kill(t)
		working.Wait()
		whole(t, dir, kill == kills-1)
	}
	p, took := launch(t, "--data", dir)
	slowest = max(slowest, took)
	for _, w := range writers {
		w.check(t, dir)
		acknowledged += w.acknowledged
	}
	p.kill(t)
	assert.Greater(t, acknowledged, kills, "the writers hardly wrote")
	assert.Less(t, slowest, 15*time.Second, "from start to first answer; 2 s on a machine of its own without the race detector")
	t.Logf("%d kills, %d acknowledged writes, none lost; slowest start to first answer: %v", kills, acknowledged, slowest.Round(time.Millisecond))
}

// program is a running server.
type program struct {
	*exec.Cmd
	address string
}

var listening = regexp.MustCompile(`http://localhost:\d+`)

func newProgram(args ...string) *program {
	name := os.Getenv("PATCHLINE_PROGRAM")
	if name == "" {
		name = os.Args[0]
	}
	p := &program{Cmd: exec.Command(name, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)}
	p.Env = append(os.Environ(), "PATCHLINE_TEST_AS_PROGRAM=1")
	return p
}

// interrupt kills the server while it starts and perhaps recovers.
func interrupt(t *testing.T, dir string) {
	t.Helper()
	p := newProgram("--data", dir)
	require.NoError(t, p.Start())
	time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond) // a random moment is the point
	p.kill(t)
}

// launch starts the server and waits for its first answer.
func launch(t *testing.T, args ...string) (*program, time.Duration) {
	t.Helper()
	p := newProgram(args...)
	said, err := p.StderrPipe()
	require.NoError(t, err)
	begin := time.Now()
	require.NoError(t, p.Start())
	t.Cleanup(func() { _ = p.Process.Kill() })
	lines, all := bufio.NewScanner(said), ""
	for p.address == "" && lines.Scan() {
		all += lines.Text() + "\n"
		p.address = listening.FindString(lines.Text())
	}
	require.NotEmpty(t, p.address, "the server did not start: %s", all)
	go func() { _, _ = io.Copy(io.Discard, said) }()
	res, err := http.Get(p.address + "/readyz")
	require.NoError(t, err)
	res.Body.Close()
	require.Equal(t, http.StatusOK, res.StatusCode)
	return p, time.Since(begin)
}

func (p *program) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, p.Process.Signal(syscall.SIGKILL))
	assert.ErrorContains(t, p.Wait(), "killed")
}

// whole looks at the database of a killed server for anything half done: every
// patch has its text, score and search words, as many audit rows as versions, and
// all its parts are of the same write.
func whole(t *testing.T, dir string, thorough bool) {
	t.Helper()
	d, err := db.Open(filepath.Join(dir, "patchline.db"), time.Now)
	require.NoError(t, err)
	defer func() { require.NoError(t, d.Close()) }()
	number := func(query string) (n int) {
		require.NoError(t, db.One(d.Read(t.Context()).Raw(query), &n), query)
		return n
	}
	for _, table := range []string{"patch_texts", "patch_scores"} {
		assert.Zero(t, number("SELECT COUNT(*) FROM patches WHERE id NOT IN (SELECT id FROM "+table+")"), table)
	}
	assert.Zero(t, number("SELECT COUNT(*) FROM patches WHERE id NOT IN (SELECT patch_id FROM patch_words)"), "search words")
	assert.Zero(t, number("SELECT COUNT(*) FROM patches p WHERE version <> (SELECT COUNT(*) FROM audit a WHERE a.target = p.id)"), "audit")
	assert.Zero(t, number("SELECT COUNT(*) FROM patches p WHERE 1 <> (SELECT COUNT(*) FROM ledger l WHERE l.patch_id = p.id)"), "ledger")
	assert.Zero(t, number("SELECT COUNT(*) FROM patches p JOIN patch_texts t ON t.id = p.id WHERE p.title <> 'Write ' || t.description"), "parts of two writes")
	assert.Equal(t, number("SELECT COALESCE(SUM(version), 0) FROM patches"), number("SELECT COUNT(*) FROM events WHERE kind LIKE 'patch.%'"), "events")
	assert.Equal(t, number("SELECT COUNT(*) FROM patches"), number("SELECT last_patch FROM teams"), "numbers")
	check := "PRAGMA quick_check"
	if thorough {
		check = "PRAGMA integrity_check"
		assert.Zero(t, number("SELECT COUNT(*) FROM pragma_foreign_key_check"))
	}
	var verdict string
	require.NoError(t, db.One(d.Read(t.Context()).Raw(check), &verdict))
	assert.Equal(t, "ok", verdict)
	require.False(t, t.Failed())
}

// state is what a write makes of a patch.
type state struct {
	number  int64
	version int64
	text    string // in the description, and in the title
}

func (s state) String() string {
	return fmt.Sprintf("INF-%d version %d %q", s.number, s.version, s.text)
}
