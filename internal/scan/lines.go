package scan

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxLine bounds one line of a text that people or commands print.
const maxLine = 8192 // bytes

var errLineSize = errors.New("the line is longer than 8 KiB")

// lineReader reads a text line by line in constant memory.
type lineReader struct {
	r  *bufio.Reader
	at int // number of the line read last, from 1
}

// next is the next line without its end; io.EOF after the last. errLineSize is
// one line's fault: the next can be read.
func (l *lineReader) next() (string, error) {
	part, err := l.r.ReadSlice('\n')
	over := len(part) > maxLine
	text := strings.TrimRight(string(part[:min(len(part), maxLine+1)]), "\r\n")
	for err == bufio.ErrBufferFull {
		over = true
		_, err = l.r.ReadSlice('\n')
	}
	if err == io.EOF && len(part) == 0 {
		return "", io.EOF
	}
	l.at++
	switch {
	case err != nil && err != io.EOF:
		return "", fmt.Errorf("cannot be read on after line %d: %w", l.at, err)
	case over:
		return "", errLineSize
	}
	return text, nil
}

// lineKind is a text of which every line is a record.
type lineKind struct {
	format Format
	// whether the line may be a record of this kind, and whether it can be no other's
	ours func(line string) (fits, sure bool)
	// what the command prints when there is nothing to list; may be nil
	nothing func(line string) bool
}

// lineKinds are tried in this order.
var lineKinds = []lineKind{
	{AptListText, aptListLooks, func(s string) bool {
		return strings.HasPrefix(s, "Listing...") || strings.HasPrefix(s, "WARNING: apt ")
	}},
	{AptSimulateText, aptSimulateLooks, nil},
	{UpdateinfoText, updateinfoLooks, updateinfoChatter},
	{RPMText, rpmLooks, nil},
	{DpkgText, dpkgLooks, nil},
}

// detectLines recognises a text by its records: they may begin after some lines
// of chatter, and from then on about nine lines of ten must be records.
func detectLines(body []byte) (Format, bool) {
	if cut := bytes.LastIndexByte(body, '\n'); cut > 0 && len(body) > headSize/2 {
		body = body[:cut] // the last line of the head may be half a line
	}
	for _, k := range lineKinds {
		if k.recognises(body) {
			return k.format, true
		}
	}
	return "", false
}

func (k lineKind) recognises(body []byte) bool {
	ours, others, empty, certain := 0, 0, k.nothing != nil, false
	for raw := range bytes.Lines(body) {
		text := strings.TrimRight(string(raw[:min(len(raw), maxLine)]), "\r\n")
		if strings.TrimSpace(text) == "" {
			continue
		}
		empty = empty && k.nothing(text)
		fits, sure := k.ours(text)
		switch certain = certain || sure; {
		case certain && fits:
			ours++
		case certain:
			others++
		}
	}
	return ours > 0 && others <= 1+ours/9 || empty
}

// errNotice is given for a line that is meant for people and is no record.
var errNotice = errors.New("is no record")

// eachLine hands on what read makes of every line. What comes before the first
// record is chatter of the command; a blank line never counts.
func (d *decoder) eachLine(about *Snapshot, asset Asset, read func(line string) ([]Item, error)) error {
	r, err := d.lines()
	if err != nil {
		return err
	}
	if err := d.begin(about, asset); err != nil {
		return err
	}
	lines, begun := &lineReader{r: r}, false
	for {
		text, err := lines.next()
		if err == io.EOF {
			return nil
		}
		if err != nil && err != errLineSize {
			return err
		}
		if err == nil && strings.TrimSpace(text) == "" {
			continue
		}
		var items []Item
		if err == nil {
			items, err = read(text)
		}
		if err == errNotice || err != nil && !begun {
			continue
		}
		begun = true
		if err := d.hand(items, fmt.Sprintf("line %d", lines.at), err); err != nil {
			return err
		}
	}
}

// begin emits what comes before the records of a file about one asset.
func (d *decoder) begin(about *Snapshot, asset Asset) error {
	if err := d.emit(Item{Position: "file", Snapshot: about}); err != nil {
		return err
	}
	return d.emit(Item{Position: "file", Asset: &asset})
}
