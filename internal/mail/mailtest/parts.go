package mailtest

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"strings"
)

// Subject is the subject as people read it.
func (l Letter) Subject() string {
	text, err := new(mime.WordDecoder).DecodeHeader(l.Header.Get("Subject"))
	if err != nil {
		return ""
	}
	return text
}

// Part is the text of a kind, such as text/plain, as people read it.
func (l Letter) Part(kind string) string {
	_, body, _ := strings.Cut(strings.ReplaceAll(l.Raw, "\r\n", "\n"), "\n\n")
	whole, params, _ := mime.ParseMediaType(l.Header.Get("Content-Type"))
	if whole == kind {
		return plain(strings.NewReader(body), l.Header.Get("Content-Transfer-Encoding"))
	}
	for parts := multipart.NewReader(strings.NewReader(body), params["boundary"]); ; {
		p, err := parts.NextRawPart()
		if err != nil {
			return ""
		}
		if is, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); is == kind {
			return plain(p, p.Header.Get("Content-Transfer-Encoding"))
		}
	}
}

func plain(r io.Reader, encoding string) string {
	if strings.EqualFold(encoding, "quoted-printable") {
		r = quotedprintable.NewReader(r)
	}
	text, _ := io.ReadAll(r)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
