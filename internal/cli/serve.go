package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"patchline/internal/job"
	"patchline/internal/web"
)

func serve(c *call) error {
	if err := c.parse(); err != nil {
		return err
	}
	return c.serve(false)
}

func (c *call) serve(invented bool) error {
	a, err := c.open(c.Streams.clock())
	if err != nil {
		return err
	}
	defer a.db.Close()
	if err := a.intake.Recover(c); err != nil {
		return err
	}
	site, err := web.New(a.services(), web.Options{
		Version: Version, PlainHTTP: c.config.PlainHTTP, TrustedProxies: c.config.TrustedProxies, Demo: invented,
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.config.Addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Streams.Err, "Patchline serves http://%s\n", friendly(listener.Addr()))
	return c.run(a, site, listener)
}

// friendly names this machine by the name under which browsers keep cookies over
// plain http.
func friendly(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsLoopback() && !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}

// run serves until the context ends, then lets requests finish and background
// work stop.
func (c *call) run(a *app, site *web.Site, listener net.Listener) error {
	server := &http.Server{
		Handler: site, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	background, stop := context.WithCancel(context.WithoutCancel(c))
	var work sync.WaitGroup
	work.Go(func() { a.hub.Run(background) })
	work.Go(func() { a.intake.Run(background) })
	work.Go(func() { a.feed.Run(background) })
	work.Go(func() { a.backlog.Run(background) })
	work.Go(func() { a.notify.Run(background) })
	work.Go(func() { a.notify.RunWebhooks(background) })
	work.Go(func() { a.notify.RunMail(background) })
	work.Go(func() { job.New(a.db, a.jobs()...).Run(background) })
	defer work.Wait()
	defer stop()

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-c.Done():
	}
	site.Close()
	grace, cancel := context.WithTimeout(context.WithoutCancel(c), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
