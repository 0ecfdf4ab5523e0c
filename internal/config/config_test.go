package config

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func read(t *testing.T, env map[string]string, args ...string) (*Reader, Config, error) {
	t.Helper()
	r := NewReader(func(name string) (string, bool) { v, ok := env[name]; return v, ok })
	set := flag.NewFlagSet("test", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	r.Bind(set)
	require.NoError(t, set.Parse(args))
	c, err := r.Read()
	return r, c, err
}

func file(t *testing.T, text string) string {
	name := filepath.Join(t.TempDir(), "patchline.conf")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestWithoutSettingsItListensLocallyOnSQLite(t *testing.T) {
	_, c, err := read(t, nil)
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:8080", c.Addr)
	assert.Equal(t, filepath.Join("data", "patchline.db"), c.Location())
	assert.False(t, c.PlainHTTP)
	assert.Empty(t, c.TrustedProxies)
}

func TestAFlagWinsOverAVariableAndAVariableOverTheFile(t *testing.T) {
	name := file(t, "# ours\nADDR = 127.0.0.1:1\nDATA=/file\nLOG_FORMAT=json\n\n")
	env := map[string]string{"PATCHLINE_ADDR": "127.0.0.1:2", "PATCHLINE_DATA": "/variable"}
	_, c, err := read(t, env, "--config", name, "--addr", "127.0.0.1:3", "--plain-http")
	require.NoError(t, err)
	assert.Equal(t, Config{
		Addr: "127.0.0.1:3", Data: "/variable", PlainHTTP: true, LogFormat: "json", LogLevel: "info",
		SMTP: SMTP{Port: 587, Encryption: "starttls"}, MailCollect: 10 * time.Minute,
	}, c)
}

func TestTheUsualNameOfTheDatabaseVariableWorks(t *testing.T) {
	_, c, err := read(t, map[string]string{"DATABASE_URL": "postgres://u:p@h/d"})
	require.NoError(t, err)
	assert.Equal(t, "postgres://u:p@h/d", c.Location())
}

func TestEverythingThatIsWrongIsNamedAtOnceWithItsPlace(t *testing.T) {
	name := file(t, "ADR=1\nnonsense\nLOG_FORMAT=xml\n")
	_, _, err := read(t, map[string]string{"PATCHLINE_TRUSTED_PROXIES": "everybody"}, "--config", name, "--addr", "8080", "--database-url", "mysql://u:hush@h")
	for _, want := range []string{"--addr: ", "PATCHLINE_TRUSTED_PROXIES: ", "line 1: there is no setting", "line 2: a line is NAME=VALUE", "LOG_FORMAT in ", "--database-url: "} {
		assert.ErrorContains(t, err, want)
	}
	assert.NotContains(t, err.Error(), "hush")
}

func TestPasswordsAreNotPrinted(t *testing.T) {
	for _, url := range []string{"postgres://u:hush@h/d", "postgres://u@h/d?password=hush&sslmode=disable"} {
		r, _, err := read(t, map[string]string{"DATABASE_URL": url})
		require.NoError(t, err)
		assert.NotContains(t, r.String(), "hush")
		assert.Contains(t, r.String(), "DATABASE_URL")
	}
}

func TestTheTableNamesEverySetting(t *testing.T) {
	for _, s := range settings {
		assert.Contains(t, Table(), "`--"+s.name+"`")
	}
	assert.Contains(t, Table(), "`PATCHLINE_DATABASE_URL` or `DATABASE_URL`")
}
