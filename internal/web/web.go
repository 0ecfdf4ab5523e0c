// Package web serves the REST API of package api, its live stream, and the
// frontend. It is the only package that knows HTTP.
//
// A request passes, in this order: observed (its id, figures), guarded (headers,
// cross-origin), admitted (overload), and for an operation of the contract:
// signed (who asks), allowed (may they), checked (is it what the contract says),
// once (Idempotency-Key), and then its handler.
package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"patchline/api"
	"patchline/frontend"
	"patchline/internal/advisory"
	"patchline/internal/asset"
	"patchline/internal/backlog"
	"patchline/internal/board"
	"patchline/internal/bulk"
	"patchline/internal/comment"
	"patchline/internal/db"
	"patchline/internal/estimate"
	"patchline/internal/event"
	"patchline/internal/exception"
	"patchline/internal/feed"
	"patchline/internal/intake"
	"patchline/internal/notify"
	"patchline/internal/policy"
	"patchline/internal/retro"
	"patchline/internal/review"
	"patchline/internal/sprint"
	"patchline/internal/standup"
	"patchline/internal/team"
	"patchline/internal/view"
)

// Services are what the handlers call.
type Services struct {
	DB        *db.DB
	Hub       *event.Hub
	Team      *team.Service
	Asset     *asset.Service
	Advisory  *advisory.Service
	Backlog   *backlog.Service
	Sprint    *sprint.Service
	Board     *board.Service
	Bulk      *bulk.Service
	View      *view.Service
	Standup   *standup.Service
	Estimate  *estimate.Service
	Intake    *intake.Service
	Comment   *comment.Service
	Feed      *feed.Service
	Policy    *policy.Service
	Exception *exception.Service
	Notify    *notify.Service
	Retro     *retro.Service
	Review    *review.Service
}

// Options are what an operator decides.
type Options struct {
	Version        string
	PlainHTTP      bool     // cookies also travel over plain http
	TrustedProxies []string // addresses or networks whose X-Forwarded-For counts; none by default
	Demo           bool     // the data is invented
	Frontend       fs.FS    // the built frontend; nil is the embedded one
}

// handlers implements the contract, one file per part of it.
type handlers struct {
	Services
	Options
	closing <-chan struct{}
	exports chan struct{} // a turn for each that is being read
}

var _ api.StrictServerInterface = (*handlers)(nil)

// Site is the whole site.
type Site struct {
	engine *gin.Engine
	close  func()
}

func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// Close ends the live streams, which would otherwise outlast every patience.
func (s *Site) Close() { s.close() }

// New returns the whole site. It fails when an operation of the contract has no
// rule that says who may use it, or a rule has no operation.
func New(s Services, o Options) (*Site, error) {
	if o.Frontend == nil {
		o.Frontend = frontend.Dist()
	}
	contract, err := ownContract()
	if err != nil {
		return nil, fmt.Errorf("the contract: %w", err)
	}
	closing := make(chan struct{})
	h := &handlers{Services: s, Options: o, closing: closing, exports: make(chan struct{}, exportsAtOnce)}
	e, err := newEngine(o.TrustedProxies)
	if err != nil {
		return nil, err
	}
	figures := newFigures()
	e.Use(figures.observed(contract), compressed, recovered, guarded(), admitted(atOnce, patience))
	h.register(e, contract)
	if err := h.registerRest(e, contract, figures); err != nil {
		return nil, err
	}
	return &Site{e, sync.OnceFunc(func() { close(closing) })}, nil
}

func newEngine(proxies []string) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.ContextWithFallback = true // a handler's ctx ends when its client leaves
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.RemoteIPHeaders = []string{"X-Forwarded-For"}
	if err := e.SetTrustedProxies(proxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	return e, nil
}

// register serves the operations of the contract.
func (h *handlers) register(e *gin.Engine, contract *contract) {
	strict := api.NewStrictHandlerWithOptions(h, []api.StrictMiddlewareFunc{detached}, api.StrictGinServerOptions{
		RequestErrorHandlerFunc:  func(c *gin.Context, err error) { problem(c, unfit(err)) },
		HandlerErrorFunc:         problem,
		ResponseErrorHandlerFunc: problem,
	})
	operations := e.Group("", h.signed, allowed, contract.checked, h.once)
	api.RegisterHandlersWithOptions(operations, strict, api.GinServerOptions{
		BaseURL:      base,
		ErrorHandler: func(c *gin.Context, err error, _ int) { problem(c, unfit(err)) },
	})
}

// registerRest serves what the contract does not describe.
func (h *handlers) registerRest(e *gin.Engine, contract *contract, figures *figures) error {
	e.GET("/healthz", healthy)
	e.GET("/readyz", h.ready)
	e.GET("/metrics", figures.serve())
	if err := contract.serve(e); err != nil {
		return err
	}
	pages, err := spa(h.Frontend)
	if err != nil {
		return err
	}
	e.NoRoute(func(c *gin.Context) {
		if isAPI(c.Request.URL.Path) {
			problem(c, errNoAddress)
			return
		}
		pages.ServeHTTP(c.Writer, c.Request)
	})
	e.NoMethod(func(c *gin.Context) { answer(c, http.StatusMethodNotAllowed, "method-not-allowed", errNoMethod) })
	return nil
}

// detached hands the handler a context that gin does not reuse for the next
// request: database/sql may still look at it after the handler has returned.
func detached(next api.StrictHandlerFunc, _ string) api.StrictHandlerFunc {
	return func(c *gin.Context, request any) (any, error) { return next(c.Copy(), request) }
}
