package intake_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"patchline/internal/db"
	"patchline/internal/intake"
	"patchline/internal/scan/scantest"
)

// besides runs something while somebody else writes one small row after the
// other, and logs how long those waited. The times are not asserted: machines
// differ. See them with: go test -v -run TestLargeFeeds ./internal/intake
func (d *desk) besides(what string, work func()) {
	ctx, stop := context.WithCancel(d.Context())
	var waits []time.Duration
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			begin := time.Now()
			err := d.db.Write(ctx, func(tx *db.Tx) error {
				return tx.Exec("INSERT INTO settings (name, value) VALUES ('x', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", strconv.Itoa(n)).Error
			})
			if ctx.Err() == nil && assert.NoError(d, err) {
				waits = append(waits, time.Since(begin))
			}
			time.Sleep(2 * time.Millisecond) // a person's pace, not a test's wait
		}
	}()
	begin := time.Now()
	work()
	took := time.Since(begin)
	stop()
	<-done
	slices.Sort(waits)
	if len(waits) > 0 {
		d.Logf("%s: %v in all; %d small writes beside it took at most %v, 99%% of them at most %v", what, took.Round(time.Millisecond),
			len(waits), waits[len(waits)-1].Round(time.Millisecond), waits[len(waits)*99/100].Round(time.Millisecond))
	}
}

func TestLargeFeedsLetOthersWrite(t *testing.T) {
	onDesk(t, func(d *desk) {
		for _, name := range []string{"grype/many_vulns2.json", "cve5-vulnrichment/vulnrichment-2024-9xxx.tar.gz", "kev/kev-2025-08-25.json"} {
			d.besides(name, func() {
				_, err := d.takeSample(scantest.Named(d.T, name))
				require.NoError(d, err)
			})
		}
		d.clock.Set(time.Date(2026, 6, 14, 12, 0, 0, 0, time.UTC)) // the day of the scores
		const scores = "epss/epss_scores-2026-06-14.csv.gz"
		d.besides(scores+" at first", func() {
			sum, err := d.takeSample(scantest.Named(d.T, scores))
			require.NoError(d, err)
			assert.Equal(d, 341309, sum.Records)
			assert.Equal(d, 341309, sum.Vulnerabilities)
		})
		before := d.rows("SELECT COUNT(*), SUM(CAST(ROUND(CAST(probability AS NUMERIC) * 100000) AS BIGINT)) FROM epss")
		scored := d.rows("SELECT * FROM patches ORDER BY id")
		d.besides(scores+" again", func() {
			again, err := d.takeSample(scantest.Named(d.T, scores))
			require.NoError(d, err)
			assert.Equal(d, intake.Patches{}, again.Patches)
		})
		assert.Equal(d, before, d.rows("SELECT COUNT(*), SUM(CAST(ROUND(CAST(probability AS NUMERIC) * 100000) AS BIGINT)) FROM epss"))
		assert.Equal(d, scored, d.rows("SELECT * FROM patches ORDER BY id"))
	})
}
