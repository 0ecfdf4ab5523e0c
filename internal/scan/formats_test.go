package scan

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryFormatIsListedOnceAndTriedWithAFixture(t *testing.T) {
	tried := map[Format]bool{}
	for _, format := range ours {
		tried[format] = true
	}
	listed := map[Format]bool{}
	for _, k := range Formats {
		assert.False(t, listed[k.Format], "%s is listed twice", k.Format)
		assert.True(t, tried[k.Format], "%s has no fixture", k.Format)
		assert.NotEmpty(t, k.Maker)
		assert.NotEmpty(t, k.Title)
		listed[k.Format] = true
	}
	for format := range tried {
		assert.True(t, listed[format], "%s is not in the list of formats", format)
	}
}

func TestTheREADMEHasTheTableOfFormats(t *testing.T) {
	table := "| file | what it brings | where it comes from |\n|---|---|---|\n"
	for _, k := range Formats {
		source := "`" + strings.ReplaceAll(k.Example, "|", `\|`) + "`"
		if k.Example == "" || strings.HasPrefix(k.Example, "https://") {
			source = k.Example
		}
		table += fmt.Sprintf("| %s | %s | %s |\n", k.Title, k.Brings, source)
	}
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	assert.True(t, strings.Contains(string(readme), table), "copy this into README.md:\n%s", table)
}
