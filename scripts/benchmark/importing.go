package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/intake"
	"patchline/internal/team"
)

const (
	importing  = "import of 10,000 findings"
	imported   = 10_000
	components = 1_000
	hosts      = 200
	imports    = 5 // of each side
)

// report is a generic CSV: a thousand components on two hundred hosts, ten
// vulnerabilities each. The backlog has none of these, or its patches would be
// scored again.
func report() []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write([]string{"asset", "component", "vulnerability", "ecosystem", "installed_version", "fixed_version", "severity", "title"})
	for i := range imported {
		c, v := i%components, i/components
		_ = w.Write([]string{fmt.Sprintf("server-%d", (c*7+v*31)%hosts), fmt.Sprintf("package-%d", c), fmt.Sprintf("CVE-2024-%d", 10000+(c*13+v*997)%20000), "debian",
			"1.0." + fmt.Sprint(c%10), "1.1." + fmt.Sprint(c%20), "high", "A weakness in package"})
	}
	w.Flush()
	return out.Bytes()
}

// importing imports the report for a new team each time: by the product's intake,
// which checks, scores, audits and keeps other writers waiting at most 50 ms, and
// by the bare inserts of the same findings and patches.
func (s *stage) importing(ctx context.Context) (row, error) {
	d, err := db.Open(s.productAt, time.Now)
	if err != nil {
		return row{}, err
	}
	f, err := openFloor(s.floorAt)
	if err != nil {
		return row{}, errors.Join(err, d.Close())
	}
	people, err := team.New(ctx, d)
	if err != nil {
		return row{}, err
	}
	if s.profile != "" {
		defer profile(filepath.Join(s.profile, "import.prof"))()
	}
	file := report()
	var floor, product times
	for i := range imports {
		t, err := people.AddTeam(ctx, audit.Server, team.NewTeam{Key: fmt.Sprintf("IM%d", i), Name: "Import"})
		if err != nil {
			return row{}, err
		}
		err = errors.Join(floor.time(func() error { return f.importReport(i, file) }),
			product.time(func() error {
				_, err := intake.New(d, intake.Options{}).Import(ctx, audit.Server, t, intake.Request{File: bytes.NewReader(file), Name: "report.csv"}, nil)
				return err
			}))
		if err != nil {
			return row{}, err
		}
	}
	r := against(importing, s.size, milliseconds(floor.median()), milliseconds(product.median()), 1.5)
	r.cpu = float64(product.cpu) / float64(floor.cpu)
	return r, errors.Join(d.Close(), f.write.Close())
}

// time adds one run in this process.
func (t *times) time(do func() error) error {
	cpu, begin := ownCPU(), time.Now()
	err := do()
	t.all = append(t.all, time.Since(begin))
	t.cpu += ownCPU() - cpu
	return err
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
