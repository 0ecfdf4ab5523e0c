package config

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
)

// readFile reads lines NAME=VALUE; empty lines and those that begin with # say
// nothing. A name that no setting has is an error: it would be a typing mistake
// that nobody notices.
func (r *Reader) readFile() (map[string]string, []error) {
	if r.file == "" {
		r.file, _ = r.env("PATCHLINE_CONFIG")
	}
	if r.file == "" {
		return nil, nil
	}
	f, err := os.Open(r.file)
	if err != nil {
		return nil, []error{err}
	}
	defer f.Close()
	var errs []error
	lines, number := map[string]string{}, 0
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		number++
		if err := addLine(lines, scan.Text()); err != nil {
			errs = append(errs, fmt.Errorf("%s line %d: %w", r.file, number, err))
		}
	}
	if err := scan.Err(); err != nil {
		errs = append(errs, err)
	}
	return lines, errs
}

func addLine(lines map[string]string, line string) error {
	line = strings.TrimSpace(line)
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	name, text, ok := strings.Cut(line, "=")
	if !ok {
		return fmt.Errorf("a line is NAME=VALUE")
	}
	name = strings.TrimPrefix(strings.TrimSpace(name), "PATCHLINE_")
	known := func(s setting) bool { return s.key() == name }
	if !slices.ContainsFunc(settings, known) {
		return fmt.Errorf("there is no setting of this name")
	}
	if _, twice := lines[name]; twice {
		return fmt.Errorf("%s is set twice", name)
	}
	lines[name] = strings.TrimSpace(text)
	return nil
}
