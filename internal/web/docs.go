package web

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"patchline/internal/team"
)

var (
	//go:embed docs.html
	docsHTML string
	//go:embed docs.css
	docsCSS []byte
)

// serve offers the contract itself: for programs, and as a page for people.
func (k *contract) serve(e *gin.Engine) error {
	page, err := template.New("api").Funcs(template.FuncMap{"prose": prose, "typed": typed}).Parse(docsHTML)
	if err != nil {
		return err
	}
	html := sync.OnceValues(func() ([]byte, error) { // most servers are never asked
		var b bytes.Buffer
		err := page.Execute(&b, k.guide())
		return b.Bytes(), err
	})
	e.GET(base+"/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", k.json) })
	e.GET(base+"/openapi.yaml", func(c *gin.Context) { c.Data(http.StatusOK, "application/yaml", k.yaml) })
	e.GET("/api/page.css", func(c *gin.Context) { c.Data(http.StatusOK, "text/css; charset=utf-8", docsCSS) })
	e.GET("/api", func(c *gin.Context) {
		text, err := html()
		if err != nil {
			problem(c, err)
			return
		}
		c.Data(http.StatusOK, "text/html; charset=utf-8", text)
	})
	return nil
}

// guide is what the page shows.
type guide struct {
	Info    *openapi3.Info
	Base    string
	Groups  []docGroup
	Schemas []docSchema
}

type docGroup struct {
	Name, Description string
	Operations        []docOperation
}

type docOperation struct {
	ID, Method, Path, Who string
	Operation             *openapi3.Operation
	Parameters            []*openapi3.Parameter
	Media                 string
	Body                  *openapi3.SchemaRef
	Answers               []docAnswer
}

type docAnswer struct {
	Code, Description, Media string
	Schema                   *openapi3.SchemaRef
}

type docSchema struct {
	Name   string
	Ref    *openapi3.SchemaRef
	Fields []docField
}

type docField struct {
	Name     string
	Required bool
	Schema   *openapi3.SchemaRef
}

func (k *contract) guide() guide {
	g := guide{Info: k.doc.Info, Base: base}
	for _, tag := range k.doc.Tags {
		group := docGroup{Name: tag.Name, Description: tag.Description}
		for _, op := range k.operations {
			if slices.Contains(op.route.Operation.Tags, tag.Name) {
				group.Operations = append(group.Operations, docOperationOf(op))
			}
		}
		slices.SortFunc(group.Operations, func(a, b docOperation) int {
			return cmp.Or(strings.Compare(a.Path, b.Path), methodOrder(a.Method)-methodOrder(b.Method))
		})
		g.Groups = append(g.Groups, group)
	}
	for name, ref := range k.doc.Components.Schemas {
		g.Schemas = append(g.Schemas, docSchema{name, ref, docFields(ref.Value)})
	}
	slices.SortFunc(g.Schemas, func(a, b docSchema) int { return strings.Compare(a.Name, b.Name) })
	return g
}

func methodOrder(m string) int {
	return slices.Index([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, m)
}

func docOperationOf(op *operation) docOperation {
	o := op.route.Operation
	d := docOperation{ID: o.OperationID, Method: op.route.Method, Path: op.route.Path, Who: op.rule.sentence(), Operation: o, Media: op.media}
	for _, p := range append(slices.Clone(op.route.PathItem.Parameters), o.Parameters...) {
		d.Parameters = append(d.Parameters, p.Value)
	}
	if op.body != nil {
		d.Body = op.body.Content[op.media].Schema
	}
	for code, r := range o.Responses.Map() {
		if code == "default" {
			continue // the same problem everywhere
		}
		a := docAnswer{Code: code, Description: *r.Value.Description}
		for media, m := range r.Value.Content {
			a.Media, a.Schema = media, m.Schema
		}
		d.Answers = append(d.Answers, a)
	}
	return d
}

// sentence says who may use an operation.
func (r rule) sentence() string {
	switch r.level {
	case public:
		return "Anybody."
	case guest:
		return "Whoever holds the secret of a link."
	case admin:
		return "Administrators; tokens with the scope " + scopeWords(r.scope) + "."
	case inTeam:
		return "Who has the permission " + string(r.permission) + " in the team; tokens with the scope " + scopeWords(r.scope) + "."
	}
	return "Everybody who has signed in; tokens with the scope " + scopeWords(r.scope) + "."
}

func scopeWords(scope string) string {
	if scope == team.ScopeRead {
		return "read or any other"
	}
	return scopesFor(scope)
}

// docFields lists the properties of an object, those of its parts included.
func docFields(s *openapi3.Schema) (out []docField) {
	for _, part := range s.AllOf {
		if part.Ref == "" {
			out = append(out, docFields(part.Value)...)
		}
	}
	for name, p := range s.Properties {
		out = append(out, docField{name, slices.Contains(s.Required, name), p})
	}
	slices.SortFunc(out, func(a, b docField) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// typed is a type in words; a named one is a link to it.
func typed(ref *openapi3.SchemaRef) template.HTML {
	if ref == nil || ref.Value == nil {
		return ""
	}
	s := ref.Value
	if name, ok := strings.CutPrefix(ref.Ref, "#/components/schemas/"); ok {
		name = template.HTMLEscapeString(name)
		return template.HTML(`<a href="#schema-` + name + `">` + name + `</a>`)
	}
	var text template.HTML
	switch {
	case len(s.AllOf) > 0:
		text = typed(s.AllOf[0])
	case s.Type.Is("array"):
		text = "list of " + typed(s.Items)
	default:
		text = template.HTML(template.HTMLEscapeString(plainType(s)))
	}
	if s.Nullable {
		text += " or null"
	}
	return text
}

func plainType(s *openapi3.Schema) string {
	if len(s.Enum) > 0 {
		var words []string
		for _, v := range s.Enum {
			if w, ok := v.(string); ok {
				words = append(words, w)
			}
		}
		return strings.Join(words, " | ")
	}
	text := "any"
	if s.Type != nil && len(s.Type.Slice()) > 0 {
		text = s.Type.Slice()[0]
	}
	if s.Format != "" {
		text += " (" + s.Format + ")"
	}
	return text
}

var (
	inCode = regexp.MustCompile("`([^`]+)`")
	inBold = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// prose renders the little Markdown that the contract uses: paragraphs by line,
// `code` and **bold**.
func prose(text string) template.HTML {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		line = template.HTMLEscapeString(line)
		line = inCode.ReplaceAllString(line, "<code>$1</code>")
		line = inBold.ReplaceAllString(line, "<strong>$1</strong>")
		b.WriteString("<p>" + line + "</p>\n")
	}
	return template.HTML(b.String())
}
