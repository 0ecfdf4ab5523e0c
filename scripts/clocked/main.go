// Clocked is patchline at another time, for tests that live through weeks:
//
//	clocked FILE serve --addr localhost:0 --data DIR
//
// FILE holds an instant in RFC 3339. It was that time when the file was written, and
// time goes on from there; a new file of this name moves the clock. The product has
// no such switch, so that nobody can end or prolong sessions with it: only this
// program, which is no part of the product, hands a clock to its command line.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"patchline/internal/cli"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "clocked FILE COMMAND …")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	now := func() time.Time { return at(os.Args[1]) }
	code := cli.Run(ctx, os.Args[2:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Now: now})
	stop()
	os.Exit(code)
}

// at is the time that a file tells. A wrong file ends the program: a test at a wrong
// time proves nothing.
func at(name string) time.Time {
	set, since, err := read(name)
	if err != nil {
		panic(err)
	}
	return set.Add(time.Since(since))
}

// read looks at one open file, so that its text and its age belong together when
// another takes its name.
func read(name string) (set, since time.Time, err error) {
	file, err := os.Open(name)
	if err != nil {
		return set, since, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return set, since, err
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return set, since, err
	}
	set, err = time.Parse(time.RFC3339, string(bytes.TrimSpace(text)))
	return set, info.ModTime(), err
}
