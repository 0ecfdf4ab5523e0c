// Package frontend embeds the built single-page app.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Built reports whether a real build is embedded, not just the placeholder
// that lets the module compile without Node.js.
func Built() bool { _, err := dist.Open("dist/index.html"); return err == nil }

// Dist is the built tree, rooted where index.html is.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path: this cannot happen
	}
	return sub
}
