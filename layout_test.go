package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// layers lists the packages from the ground up: a package imports only from the
// lines above its own. README.md shows the same list.
var layers = [][]string{
	{"internal/fault", "internal/risk", "internal/scrum", "internal/scan", "migrations", "api", "frontend"},
	{"internal/db", "internal/config", "internal/fetch", "internal/mail"},
	{"internal/db/dbtest", "internal/scan/scantest", "internal/mail/mailtest"},
	{"internal/audit"},
	{"internal/event"},
	{"internal/job"},
	{"internal/team"},
	{"internal/asset", "internal/view", "internal/policy"},
	{"internal/advisory"},
	{"internal/backlog"},
	{"internal/sprint", "internal/estimate", "internal/intake", "internal/comment", "internal/exception", "internal/change"},
	{"internal/board", "internal/rollout", "internal/standup", "internal/history", "internal/feed"},
	{"internal/report", "internal/bulk", "internal/notify"},
	{"internal/retro", "internal/review"},
	{"internal/web"},
	{"internal/cli"},
	{".", "scripts/benchmark", "scripts/clocked"},
}

// pure are the libraries that the lowest packages may use: small, and without
// network, files or clocks.
var pure = []string{"github.com/klauspost/compress/", "github.com/pandatix/go-cvss/", "golang.org/x/text/"}

func TestImportsPointDown(t *testing.T) {
	level := map[string]int{}
	for i, layer := range layers {
		for _, pkg := range layer {
			level[pkg] = i
		}
	}
	eachFile(t, func(f source) {
		mine, known := level[f.pkg]
		assert.True(t, known, "%s is not in the list of layers", f.pkg)
		for _, imp := range f.imports {
			theirs, ours := level[strings.TrimPrefix(imp, "patchline/")]
			assert.False(t, ours && theirs >= mine, "%s imports %s", f.name, imp)
		}
	})
}

func TestLibrariesStayInTheirPlace(t *testing.T) {
	eachFile(t, func(f source) {
		for _, imp := range f.imports {
			assert.True(t, mayImport(f, imp), "%s imports %s", f.name, imp)
		}
	})
}

// mayImport says where the large libraries belong: HTTP at the edge (web answers
// requests, fetch makes them, so that each goes through its guard), SMTP in mail,
// which speaks to the one server of the settings, the database in the files called
// store.
func mayImport(f source, imp string) bool {
	switch {
	case strings.HasPrefix(f.pkg, "scripts/"):
		return true // tools measure the product from outside, and nobody imports them
	case imp == "net/http" || strings.HasPrefix(imp, "net/http/"):
		return slices.Contains([]string{"internal/web", "internal/fetch", "api", "internal/cli", "."}, f.pkg)
	case imp == "net/smtp" || strings.HasPrefix(imp, "github.com/wneessen/go-mail"):
		return f.pkg == "internal/mail"
	case strings.HasPrefix(imp, "github.com/gin-gonic/"):
		return f.pkg == "internal/web" || f.pkg == "api"
	case strings.HasPrefix(imp, "gorm.io/"):
		file := path.Base(f.name)
		return f.pkg == "internal/db" || file == "store.go" || strings.HasSuffix(file, "_store.go")
	case f.pkg == "api" || f.pkg == "migrations" || !slices.Contains(layers[0], f.pkg):
		return true
	}
	library := strings.Contains(strings.Split(imp, "/")[0], ".")
	allowed := slices.ContainsFunc(pure, func(p string) bool { return strings.HasPrefix(imp, p) })
	return !library || allowed
}

// forbidden are what GORM offers and we do not use: each writes or reads more than
// the line that calls it says.
var (
	forbiddenCalls = []string{"Save", "Preload", "AutoMigrate", "FirstOrCreate", "Unscoped"}
	forbiddenHooks = []string{
		"BeforeSave", "BeforeCreate", "BeforeUpdate", "BeforeDelete", "AfterSave", "AfterCreate", "AfterUpdate", "AfterDelete", "AfterFind",
	}
)

func TestNobodyUsesWhatGORMDoesBehindTheScenes(t *testing.T) {
	eachFile(t, func(f source) {
		if !slices.ContainsFunc(f.imports, func(imp string) bool { return strings.HasPrefix(imp, "gorm.io/") || imp == "patchline/internal/db" }) {
			return
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if call, ok := n.Fun.(*ast.SelectorExpr); ok {
					assert.NotContains(t, forbiddenCalls, call.Sel.Name, "%s calls it", f.name)
				}
			case *ast.FuncDecl:
				assert.False(t, n.Recv != nil && slices.Contains(forbiddenHooks, n.Name.Name), "%s has the hook %s", f.name, n.Name.Name)
			case *ast.SelectorExpr:
				assert.NotEqual(t, "DeletedAt", n.Sel.Name, "%s deletes softly", f.name)
			}
			return true
		})
	})
}

// source is one Go file that is no test.
type source struct {
	pkg, name string
	imports   []string
	syntax    *ast.File
}

func eachFile(t *testing.T, check func(source)) {
	t.Helper()
	count := 0
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "node_modules" || name != "." && strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s := source{pkg: filepath.ToSlash(filepath.Dir(name)), name: filepath.ToSlash(name), syntax: f}
		for _, i := range f.Imports {
			p, _ := strconv.Unquote(i.Path.Value) // the parser has read it
			s.imports = append(s.imports, p)
		}
		count++
		check(s)
		return nil
	}))
	require.Greater(t, count, 50, "these are not all files")
}
