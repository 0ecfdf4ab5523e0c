// Command benchmark measures Patchline beside a bare floor: gin and hand-written
// SQL on the same schema, the same data and the same durability, without sign-in,
// contract, audit or events. Both are processes of their own, spoken to over kept
// connections on loopback, in rounds that take turns, so that whatever else the
// machine does hits both. What counts is the ratio of the two medians.
//
// scripts/bench builds and runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	sizes       []int // numbers of patches
	databaseURL string
	json        bool
	rounds      int
	mixed       time.Duration // of each side
	keep        string
	only        *regexp.Regexp
	gzip        bool
	profile     string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && (os.Args[1] == "floor" || os.Args[1] == "product") {
		os.Exit(serve(ctx, os.Args[1], os.Args[2:]))
	}
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	sizes := set.String("size", "10000,100000", "numbers of patches, separated by commas")
	large := set.Bool("large", false, "also 1,000,000 patches")
	only := set.String("only", "", "measure only the work that matches `REGEXP`")
	set.StringVar(&o.databaseURL, "database-url", "", "PostgreSQL server to make two databases on; SQLite without it")
	set.BoolVar(&o.json, "json", false, "print one JSON object a row")
	set.IntVar(&o.rounds, "rounds", 16, "rounds of each work; in each, both sides have a turn")
	set.DurationVar(&o.mixed, "mixed", 10*time.Second, "how long the mixed load of 32 clients lasts, for each side")
	set.StringVar(&o.keep, "keep", "", "`DIR` to keep the filled databases in, and to take them from next time; on PostgreSQL they stay on the server, as patchline_bench_kept_SIZE")
	set.BoolVar(&o.gzip, "gzip", false, "ask for compressed answers; the floor knows none")
	set.StringVar(&o.profile, "profile", "", "`DIR` to write CPU profiles of both sides to")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	if *large {
		*sizes += ",1000000"
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1000 {
			return o, fmt.Errorf("--size takes numbers from 1000 on, not %q", text)
		}
		o.sizes = append(o.sizes, n)
	}
	var err error
	o.only, err = regexp.Compile(*only)
	return o, err
}

// run measures every size and prints the rows; it fails when one is over its
// limit, so that a release can insist on it.
func run(ctx context.Context, o options) error {
	p := printer{json: o.json}
	p.head()
	if o.only.MatchString(proposing) {
		rows, err := proposal(o.rounds)
		if err != nil {
			return err
		}
		for _, r := range rows {
			p.print(r)
		}
	}
	pages := map[int]row{}
	for _, size := range o.sizes {
		s, err := newStage(ctx, o, size)
		if err != nil {
			return err
		}
		err = s.measure(ctx, func(r row) {
			p.print(r)
			if r.Work == firstPage {
				pages[size] = r
			}
		})
		if err := errors.Join(err, s.close()); err != nil {
			return err
		}
	}
	if small, large := o.sizes[0], o.sizes[len(o.sizes)-1]; small != large && pages[small].Product > 0 {
		p.print(against("page 1, against the smallest size", large, pages[small].Product, pages[large].Product, 1.3))
	}
	if p.over > 0 {
		return fmt.Errorf("%d rows are over their limit", p.over)
	}
	return nil
}
