package config

import (
	"net/mail"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAMailServerHasThePortOfItsEncryptionUnlessOneIsNamed(t *testing.T) {
	more := []string{"--mail-from", "ops@example.org", "--public-url", "https://patchline.example"}
	for _, c := range []struct {
		host, tls, name string
		port            int
	}{
		{"smtp.example.org", "starttls", "smtp.example.org", 587}, {"smtp.example.org", "tls", "smtp.example.org", 465},
		{"smtp.example.org:2525", "none", "smtp.example.org", 2525}, {"[::1]:25", "none", "::1", 25}, {"::1", "none", "::1", 25},
	} {
		_, got, err := read(t, nil, append(more, "--smtp-host", c.host, "--smtp-tls", c.tls)...)
		require.NoError(t, err)
		assert.Equal(t, SMTP{Host: c.name, Port: c.port, Encryption: c.tls, From: mail.Address{Name: "Patchline", Address: "ops@example.org"}}, got.SMTP)
	}
}

func TestMailIsNotSentWithHalfOfItsSettings(t *testing.T) {
	all := map[string]string{
		"PATCHLINE_SMTP_HOST": "smtp.example.org", "PATCHLINE_SMTP_USER": "me", "PATCHLINE_SMTP_PASSWORD": "hush",
		"PATCHLINE_MAIL_FROM": "Patches <ops@example.org>", "PATCHLINE_PUBLIC_URL": "https://patchline.example",
	}
	r, _, err := read(t, all)
	require.NoError(t, err)
	assert.NotContains(t, r.String(), "hush")
	assert.Contains(t, r.String(), "(hidden)")
	for name, to := range map[string]string{
		"PATCHLINE_SMTP_HOST": "smtp.example.org:smtp", "PATCHLINE_SMTP_USER": "", "PATCHLINE_SMTP_PASSWORD": "", "PATCHLINE_MAIL_FROM": "",
		"PATCHLINE_PUBLIC_URL": "", "PATCHLINE_SMTP_TLS": "none", "PATCHLINE_MAIL_COLLECT": "2h",
	} {
		env := map[string]string{name: to}
		for n, v := range all {
			if n != name {
				env[n] = v
			}
		}
		_, _, err := read(t, env)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "hush", name)
	}
}
