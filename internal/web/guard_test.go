package web

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
)

func TestWhatCannotBeAnsweredSoonIsRefusedWithWhenToComeBack(t *testing.T) {
	t.Parallel()
	working, done := make(chan struct{}), make(chan struct{})
	e := gin.New()
	e.Use(func(c *gin.Context) { begin(c, "id", &operation{stream: c.Request.URL.Path == "/stream"}) }, admitted(1, time.Millisecond))
	e.GET("/slow", func(*gin.Context) { close(working); <-done })
	e.GET("/quick", func(c *gin.Context) { c.Status(204) })
	e.GET("/stream", func(c *gin.Context) { c.Status(204) })
	ask := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w
	}
	over := make(chan struct{})
	go func() { ask("/slow"); close(over) }()
	<-working
	busy := ask("/quick")
	assert.Equal(t, 503, busy.Code)
	assert.Equal(t, "1", busy.Header().Get("Retry-After"))
	assert.Equal(t, 204, ask("/stream").Code, "streams do not count")
	close(done)
	<-over
	assert.Equal(t, 204, ask("/quick").Code)
}
