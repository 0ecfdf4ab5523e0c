package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"

	"patchline/api"
	"patchline/internal/fault"
)

// base is where the contract's paths begin.
const base = "/api/v1"

func isAPI(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") }

// operation is one method of one path of the contract, ready to be checked.
type operation struct {
	id         string
	rule       rule
	route      *routers.Route
	body       *openapi3.RequestBody // nil when it takes none
	schema     *openapi3.Schema      // of a JSON body
	parameters []parameter
	media      string // the one content type of the body
	idempotent bool   // takes an Idempotency-Key
	stream     bool   // its answer does not end by itself
	long       bool   // its answer takes as long as the client reads
}

// parameter is one of an operation's. What is optional does not need to be looked at
// where a query does not name it.
type parameter struct {
	*openapi3.Parameter
	optional bool
}

// contract is openapi.yaml in the form in which requests are checked against it.
type contract struct {
	doc        *openapi3.T
	yaml, json []byte
	operations map[string]*operation // by method and gin's path
}

// ownContract is the program's own. To read it takes most of what making a site
// takes, and nothing changes it afterwards, so that all sites of a process share it.
var ownContract = sync.OnceValues(func() (*contract, error) { return readContract(api.Contract) })

func readContract(yaml []byte) (*contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(yaml)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	c := &contract{doc: doc, yaml: yaml, json: text, operations: map[string]*operation{}}
	ids := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			rule, ok := rules[o.OperationID]
			if !ok {
				return nil, fmt.Errorf("operation %s has no rule that says who may use it", o.OperationID)
			}
			ids[o.OperationID] = true
			route := &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: o}
			c.operations[method+" "+ginPath(path)] = newOperation(route, rule)
		}
	}
	for id := range rules {
		if !ids[id] {
			return nil, fmt.Errorf("the rule of %s has no operation", id)
		}
	}
	return c, nil
}

func ginPath(path string) string {
	return base + strings.NewReplacer("{", ":", "}", "").Replace(path)
}

func newOperation(route *routers.Route, rule rule) *operation {
	o := route.Operation
	op := &operation{id: o.OperationID, rule: rule, route: route, parameters: parametersOf(route)}
	_, op.long = o.Extensions["x-long"]
	op.idempotent = o.Parameters.GetByInAndName("header", "Idempotency-Key") != nil
	if ok := o.Responses.Value("200"); ok != nil {
		op.stream = ok.Value.Content["text/event-stream"] != nil
	}
	if o.RequestBody != nil {
		op.body = o.RequestBody.Value
		for media, m := range op.body.Content {
			op.media = media
			if media == "application/json" {
				op.schema = m.Schema.Value
			}
		}
	}
	return op
}

// parametersOf are those of a path, and then an operation's own.
func parametersOf(route *routers.Route) (out []parameter) {
	own := route.Operation.Parameters
	for _, p := range route.PathItem.Parameters {
		if own.GetByInAndName(p.Value.In, p.Value.Name) == nil {
			out = append(out, parameter{Parameter: p.Value})
		}
	}
	for _, p := range own {
		schema := p.Value.Schema
		known := schema != nil && schema.Value.Default == nil && len(schema.Value.AllOf) == 0
		out = append(out, parameter{p.Value, known && p.Value.In == openapi3.ParameterInQuery && !p.Value.Required})
	}
	return out
}

// find is the operation that gin has routed to, or nil.
func (k *contract) find(c *gin.Context) *operation {
	return k.operations[c.Request.Method+" "+c.FullPath()]
}

// checked refuses what the contract does not allow, so that no handler repeats the
// bounds that openapi.yaml states. All wrong fields are named at once.
func (k *contract) checked(c *gin.Context) {
	v := of(c.Request.Context())
	if err := v.op.check(c); err != nil {
		problem(c, err)
		return
	}
}

func (o *operation) check(c *gin.Context) error {
	query := c.Request.URL.Query()
	if err := storable(c.Params, query); err != nil {
		return err
	}
	if err := o.checkContent(c.Request); err != nil {
		return err
	}
	wrong := o.checkParameters(c, query)
	if len(wrong) > 0 && strings.HasPrefix(wrong[0].Pointer, "/path/") {
		return errNoAddress // nothing can be there
	}
	more, err := o.checkBody(c)
	if err != nil {
		return err
	}
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return &fault.Fault{Kind: fault.Invalid, Detail: "The request is not as the contract describes it; errors says where.", Fields: first(wrong)}
	}
	return nil
}

// storable refuses text that PostgreSQL cannot store or compare.
func storable(path gin.Params, query url.Values) error {
	for _, p := range path {
		if !proper(p.Value) {
			return errNoAddress
		}
	}
	for name, values := range query {
		for _, v := range values {
			if !proper(v) || !proper(name) {
				return fault.New(fault.Malformed, "The query is not proper UTF-8 text.")
			}
		}
	}
	return nil
}

func proper(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func (o *operation) checkParameters(c *gin.Context, query url.Values) []fault.Field {
	if len(o.parameters) == 0 {
		return nil
	}
	path := make(map[string]string, len(c.Params))
	for _, p := range c.Params {
		path[p.Key] = p.Value
	}
	input := &openapi3filter.RequestValidationInput{
		Request: c.Request, PathParams: path, QueryParams: query, Route: o.route,
		Options: &openapi3filter.Options{MultiError: true},
	}
	var wrong openapi3.MultiError
	for _, p := range o.parameters {
		if p.optional && !query.Has(p.Name) {
			continue
		}
		if err := openapi3filter.ValidateParameter(c.Request.Context(), input, p.Parameter); err != nil {
			wrong = append(wrong, err)
		}
	}
	return wrongFields("", wrong)
}

// checkContent refuses a body of another kind than the operation takes.
func (o *operation) checkContent(r *http.Request) error {
	if o.body == nil || !o.body.Required && r.ContentLength == 0 {
		return nil
	}
	return checkMedia(r.Header, o.media)
}
