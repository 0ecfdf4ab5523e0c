package intake_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/fault"
	"patchline/internal/intake"
)

// work runs the worker until the test ends.
func (d *desk) work() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); d.intake.Run(ctx) }()
	d.Cleanup(func() { stop(); <-done })
}

func (d *desk) enqueue(name, text string) *intake.Import {
	d.Helper()
	i, err := d.intake.Enqueue(d.Context(), ann, d.team, intake.Request{Name: name}, strings.NewReader(text))
	require.NoError(d, err)
	return i
}

// finished waits for an import's end.
func (d *desk) finished(id string) *intake.Import {
	d.Helper()
	var i *intake.Import
	require.Eventually(d, func() bool {
		var err error
		i, err = d.intake.Get(d.Context(), d.team.ID, id)
		require.NoError(d, err)
		return i.FinishedAt != nil
	}, 20*time.Second, 10*time.Millisecond)
	return i
}

func (d *desk) spooled() []string {
	names, err := filepath.Glob(filepath.Join(d.dir, "*"))
	require.NoError(d, err)
	return names
}

func TestAnUploadIsImportedInTheBackground(t *testing.T) {
	onDesk(t, func(d *desk) {
		text := grype("web", "openssl 1 2 CVE-2024-0001")
		queued := d.enqueue(`C:\scans\a.json`, text)
		assert.Equal(d, []any{intake.Queued, "a.json", int64(len(text))}, []any{queued.State, queued.File, queued.Bytes})
		bad := d.enqueue("b.json", "{}")
		d.work()
		i := d.finished(queued.ID)
		assert.Equal(d, intake.Done, i.State)
		assert.Equal(d, "grype-json", *i.Format)
		assert.Equal(d, intake.Findings{New: 1}, i.Summary.Findings)
		assert.Equal(d, []int64{int64(len(text)), 1}, []int64{i.ReadBytes, i.Applied})
		refused := d.finished(bad.ID)
		assert.Equal(d, intake.Refused, refused.State)
		assert.Contains(d, *refused.Error, "b.json")
		assert.Contains(d, d.rows("SELECT kind FROM events"), "import.progress")
		require.Eventually(d, func() bool { return len(d.spooled()) == 0 }, 5*time.Second, 10*time.Millisecond)
	})
}

func TestImportsAreListedTheLatestFirst(t *testing.T) {
	onDesk(t, func(d *desk) {
		for _, name := range []string{"a", "b", "c"} {
			d.enqueue(name, "{}")
		}
		page, more, err := d.intake.List(d.Context(), d.team.ID, "", 2)
		require.NoError(d, err)
		assert.Equal(d, []any{"c", "b", true}, []any{page[0].File, page[1].File, more})
		page, more, err = d.intake.List(d.Context(), d.team.ID, page[1].ID, 2)
		require.NoError(d, err)
		assert.Equal(d, []any{"a", 1, false}, []any{page[0].File, len(page), more})
		_, err = d.intake.Get(d.Context(), "another team", page[0].ID)
		assert.True(d, fault.Is(err, fault.NotFound))
	})
}

// brokenBody ends before its end.
type brokenBody struct{ io.Reader }

func (b brokenBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errors.New("connection reset")
	}
	return n, err
}

func TestAnUploadThatIsTooLargeOrBreaksOffLeavesNothing(t *testing.T) {
	onDesk(t, func(d *desk) {
		small := intake.New(d.db, intake.Options{Uploads: d.dir, MaxUpload: 10})
		_, err := small.Enqueue(d.Context(), ann, d.team, intake.Request{Name: "a"}, strings.NewReader("12345678901"))
		assert.True(d, fault.Is(err, fault.TooLarge), "%v", err)
		_, err = small.Enqueue(d.Context(), ann, d.team, intake.Request{Name: "a"}, brokenBody{strings.NewReader("1234")})
		assert.True(d, fault.Is(err, fault.Malformed), "%v", err)
		assert.Empty(d, d.spooled())
		assert.Empty(d, d.rows("SELECT id FROM imports"))
		_, err = small.Enqueue(d.Context(), ann, d.team, intake.Request{Name: "a"}, strings.NewReader("1234567890"))
		assert.NoError(d, err, "exactly the most is taken")
	})
}

func TestADiskWithoutRoomIsExplained(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Log("this system has no /dev/full")
		return
	}
	err := intake.Room(copyTo("/dev/full"))
	assert.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	assert.Contains(t, err.Error(), "no room")
}

func copyTo(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, strings.NewReader("text"))
	return err
}

func TestWhatADeadServerLeftIsFailedAndItsUploadsRemoved(t *testing.T) {
	onDesk(t, func(d *desk) {
		left := d.enqueue("a.json", "{}")
		require.NoError(d, os.WriteFile(filepath.Join(d.dir, "stray"), nil, 0o600))
		d.clock.Add(2 * time.Minute)
		next := intake.New(d.db, intake.Options{Uploads: d.dir, MaxUpload: 100})
		require.NoError(d, next.Recover(d.Context()))
		i := d.finished(left.ID)
		assert.Equal(d, intake.Failed, i.State)
		assert.Contains(d, *i.Error, "Import the file again")
		assert.Empty(d, d.spooled())
	})
}

func TestAServerThatStopsSaysWhatItDidNotFinish(t *testing.T) {
	onDesk(t, func(d *desk) {
		left := d.enqueue("a.json", grype("web", "openssl 1 2 CVE-2024-0001"))
		ctx, stop := context.WithCancel(d.Context())
		stop()
		d.intake.Run(ctx)
		i := d.finished(left.ID)
		assert.Equal(d, intake.Failed, i.State)
		assert.Contains(d, *i.Error, "Import the file again")
		assert.Empty(d, d.findings())
	})
}
