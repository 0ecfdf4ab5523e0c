package web

import (
	"crypto/rand"
	"log/slog"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// figures counts what the server does, for Prometheus.
type figures struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	streams  prometheus.Gauge
}

func newFigures() *figures {
	f := &figures{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "patchline_requests_total", Help: "Requests by operation of the contract and status.",
		}, []string{"operation", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "patchline_request_seconds", Help: "Time to answer, by operation; without live streams.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{Name: "patchline_live_streams", Help: "Browsers that follow a live stream now."}),
	}
	f.registry.MustRegister(f.requests, f.duration, f.streams, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

func (f *figures) serve() gin.HandlerFunc {
	return gin.WrapH(promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{DisableCompression: true}))
}

// observed names the request, and keeps its figures. Logs name the route and never
// the address, which can hold the secret of an invitation.
func (f *figures) observed(k *contract) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		op := k.find(c)
		id := rand.Text()
		c.Header("X-Request-Id", id)
		begin(c, id, op)
		if op != nil && op.stream {
			f.streams.Inc()
			defer f.streams.Dec()
		}
		c.Next()
		f.keep(c, op, id, time.Since(start))
	}
}

func (f *figures) keep(c *gin.Context, op *operation, id string, took time.Duration) {
	name := "other"
	if op != nil {
		name = op.id
	}
	status := c.Writer.Status()
	f.requests.WithLabelValues(name, strconv.Itoa(status)).Inc()
	if op == nil || !op.stream {
		f.duration.WithLabelValues(name).Observe(took.Seconds())
	}
	slog.DebugContext(c.Request.Context(), "request", "request_id", id, "method", c.Request.Method, "route", c.FullPath(), "status", status, "took", took)
}
