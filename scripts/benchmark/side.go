package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"patchline/internal/cli"
)

// side is one of the two servers: this program again, in another role.
type side struct {
	name, base, token string
	gzip              bool
	client            *http.Client
	process           *exec.Cmd

	mu       sync.Mutex
	versions map[string]int // of cards that were moved
	made     int            // patches created
	next     int            // counts calls, to spread them
}

var address = regexp.MustCompile(`http://(?:localhost|127\.0\.0\.1):(\d+)`)

// start runs a side and waits until it says where it listens.
func start(ctx context.Context, name, token string, o options, args ...string) (*side, error) {
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{name}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if o.profile != "" {
		cmd.Env = append(os.Environ(), "BENCH_PROFILE="+filepath.Join(o.profile, name+".prof"))
	}
	out, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	s := &side{name: name, token: token, gzip: o.gzip, process: cmd, client: &http.Client{Transport: transport, Timeout: time.Minute}, versions: map[string]int{}}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			s.base = "http://127.0.0.1:" + m[1] + "/api/v1/teams/" + teamKey
			go func() { _, _ = io.Copy(os.Stderr, out) }()
			return s, nil
		}
		fmt.Fprintln(os.Stderr, lines.Text())
	}
	return nil, fmt.Errorf("the %s did not start", name)
}

func (s *side) stop() error {
	s.client.CloseIdleConnections()
	_ = s.process.Process.Signal(syscall.SIGTERM) // it may have ended already
	_ = s.process.Wait()                          // by that signal
	return nil
}

// ask sends a request and times it until the answer is read.
func (s *side) ask(method, path string, body []byte) (answer []byte, took time.Duration, err error) {
	req, err := http.NewRequest(method, s.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if s.gzip {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	begin := time.Now()
	res, err := s.client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(res.Body)
	took = time.Since(begin)
	if err == nil && res.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode, answer)
	}
	return answer, took, err
}

// cpu is the processor time the process has used, where the system tells.
func (s *side) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name may hold anything
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// serve is what the two processes do.
func serve(ctx context.Context, name string, args []string) int {
	defer profile(os.Getenv("BENCH_PROFILE"))()
	if name == "floor" {
		return serveFloor(ctx, args[0])
	}
	return cli.Run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
