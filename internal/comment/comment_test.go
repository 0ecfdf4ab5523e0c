package comment

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

var crew = []Person{{"1", "Amara Okafor"}, {"2", "Bram"}, {"3", "Bram de Vries"}, {"4", "Chen Wei"}, {"5", "Chen Li"}, {"6", "Zoë"}}

func TestAMentionIsAWholeNameOrAFirstNameThatOnlyOneHas(t *testing.T) {
	for text, want := range map[string]string{
		"@Amara Okafor please look":        "1",
		"ask @amara.":                      "1",
		"@Bram de Vries and @bram":         "3 2",
		"@Brams":                           "",
		"@Chen":                            "", // which one?
		"(@Chen Li)":                       "5",
		"@ZOË, @Zoë":                       "6",
		"mail amara@Bram.example":          "",
		"`@Bram` and ```\n@Zoë\n``` @Bram": "2",
		"an open ` and @Zoë":               "6",
		"@":                                "",
		"@@Bram":                           "2",
		"@Bram@Zoë":                        "2",
		"\xff@Bram\xff":                    "2",
	} {
		var got []string
		for _, p := range Mentioned(text, crew) {
			got = append(got, p.ID)
		}
		assert.Equal(t, want, strings.Join(got, " "), text)
	}
}

func FuzzMentionsNeverPanic(f *testing.F) {
	f.Add("@Bram `@Zoë` ``")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range Mentioned(text, crew) {
			assert.Contains(t, crew, p)
		}
	})
}

func TestAFileIsServedAsWhatItIsAndNeverAsWhatRuns(t *testing.T) {
	for content, want := range map[string]string{
		"\x89PNG\r\n\x1a\n...":                     "image/png",
		"\xff\xd8\xff\xe0":                         "image/jpeg",
		"GIF89a;":                                  "image/gif",
		"RIFF\x00\x00\x00\x00WEBPVP8 ":             "image/webp",
		"%PDF-1.7":                                 "application/pdf",
		"<script>alert(1)</script>":                "text/plain; charset=utf-8",
		"<svg xmlns='http://www.w3.org/2000/svg'>": "text/plain; charset=utf-8",
		"grün":               "text/plain; charset=utf-8",
		"cut in half: \xc3":  "text/plain; charset=utf-8",
		"\xff\xfe<\x00s\x00": Plain, // UTF-16, which some browsers would guess
		"PK\x03\x04":         Plain,
		"a\x00b":             Plain,
	} {
		assert.Equal(t, want, mediaOf([]byte(content)), content)
	}
}

func TestNamesOfFilesAreClean(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd":       "passwd",
		`C:\temp\report.pdf`:     "report.pdf",
		"a\r\nSet-Cookie: x":     "aSet-Cookie: x",
		"photo\u202egnp.exe":     "photognp.exe",
		`quo"te.txt`:             "quote.txt",
		"":                       "file",
		"..":                     "file",
		" / ":                    "file",
		"Übersicht.txt":          "Übersicht.txt",
		strings.Repeat("x", 400): strings.Repeat("x", 100) + "…" + strings.Repeat("x", 49),
	} {
		assert.Equal(t, want, fileName(name), "%q", name)
	}
}
