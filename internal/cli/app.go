package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

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
	"patchline/internal/fetch"
	"patchline/internal/intake"
	"patchline/internal/job"
	"patchline/internal/notify"
	"patchline/internal/policy"
	"patchline/internal/retro"
	"patchline/internal/review"
	"patchline/internal/sprint"
	"patchline/internal/standup"
	"patchline/internal/team"
	"patchline/internal/view"
	"patchline/internal/web"
)

// app is an open database with all services on it.
type app struct {
	db        *db.DB
	hub       *event.Hub
	team      *team.Service
	asset     *asset.Service
	advisory  *advisory.Service
	backlog   *backlog.Service
	sprint    *sprint.Service
	board     *board.Service
	standup   *standup.Service
	estimate  *estimate.Service
	intake    *intake.Service
	comment   *comment.Service
	feed      *feed.Service
	policy    *policy.Service
	exception *exception.Service
	notify    *notify.Service
	retro     *retro.Service
	review    *review.Service
}

// maxUpload bounds one uploaded file; a full EPSS day has 2 MB, a large company's
// scan some hundred.
const maxUpload = 4 << 30

// open opens the database, brings its schema up to date and wires the services.
func (c *call) open(now func() time.Time) (*app, error) {
	if err := os.MkdirAll(c.config.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	d, err := db.Open(c.config.Location(), now)
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(c); err != nil {
		d.Close()
		return nil, fmt.Errorf("bring the schema up to date: %w", err)
	}
	people, err := team.New(c, d)
	if err != nil {
		d.Close()
		return nil, err
	}
	in := intake.New(d, intake.Options{Uploads: c.uploads(), MaxUpload: maxUpload})
	return &app{
		db: d, hub: event.NewHub(d), team: people, asset: asset.New(d, backlog.AssetScores), advisory: advisory.New(d),
		backlog: backlog.New(d), sprint: sprint.New(d), board: board.New(d), standup: standup.New(d), estimate: estimate.New(d),
		intake: in, feed: feed.New(d, in, c.feeds()),
		comment: comment.New(d, comment.Options{}),
		policy:  policy.New(d), exception: exception.New(d), notify: notify.New(d, c.notices()), retro: retro.New(d), review: review.New(d),
	}, nil
}

func (c *call) feeds() feed.Options {
	o := feed.Options{Folder: c.config.FeedsFolder, Spool: filepath.Join(c.config.Data, "incoming"), Fetch: fetch.Options{Allow: c.config.FeedsAllowPrivate}}
	if o.Folder == "" {
		o.Folder = filepath.Join(c.config.Data, "feeds")
	}
	return o
}

func (c *call) notices() notify.Options {
	return notify.Options{
		PublicURL: c.config.PublicURL, Fetch: fetch.Options{Allow: c.config.WebhooksAllowPrivate},
		Mail: c.mailServer(), Collect: c.config.MailCollect,
	}
}

func (a *app) services() web.Services {
	return web.Services{
		DB: a.db, Hub: a.hub, Team: a.team, Asset: a.asset, Advisory: a.advisory,
		Backlog: a.backlog, Sprint: a.sprint, Board: a.board, Bulk: bulk.New(a.db), View: view.New(a.db), Standup: a.standup, Estimate: a.estimate, Intake: a.intake,
		Comment: a.comment, Feed: a.feed,
		Policy: a.policy, Exception: a.exception, Notify: a.notify, Retro: a.retro, Review: a.review,
	}
}

func migrate(c *call) error {
	if err := c.parse(); err != nil {
		return err
	}
	a, err := c.open(c.Streams.clock())
	if err != nil {
		return err
	}
	return a.db.Close()
}

// jobs are what runs by itself.
func (a *app) jobs() []job.Job {
	return append(job.Standard(a.db, backlog.Refresh, a.tidy),
		job.Job{Name: "resume edits of assets", Every: 30 * time.Second, Run: func(ctx context.Context, _ job.Lease) error { return a.asset.ResumeEdits(ctx) }},
		job.Job{Name: "forget moves", Every: time.Hour, Run: func(ctx context.Context, _ job.Lease) error {
			return a.db.Write(ctx, func(tx *db.Tx) error { return backlog.ForgetMoves(tx) })
		}},
		job.Job{Name: "reveal estimates", Every: 15 * time.Second, Run: func(ctx context.Context, _ job.Lease) error { return estimate.Watch(ctx, a.db) }},
		job.Job{Name: "remind people", Every: time.Hour, Run: func(ctx context.Context, l job.Lease) error { return a.notify.Remind(ctx, l.Fence) }},
		job.Job{Name: "escalate blockers", Every: time.Minute, Run: func(ctx context.Context, _ job.Lease) error { return a.standup.Escalate(ctx) }},
		job.Job{Name: "send stand-up digests", Every: 15 * time.Second, Run: func(ctx context.Context, l job.Lease) error { return a.notify.StandUps(ctx, l.Fence) }},
		job.Job{Name: "watch exceptions", Every: time.Minute, Run: func(ctx context.Context, _ job.Lease) error { return exception.Watch(ctx, a.db) }},
		job.Job{Name: "turn policies", Every: 10 * time.Minute, Run: func(ctx context.Context, _ job.Lease) error {
			turned, err := policy.Turn(ctx, a.db)
			if turned > 0 {
				a.backlog.Wake()
			}
			return err
		}})
}

// tidy forgets what nobody will ask for again.
func (a *app) tidy(ctx context.Context) error {
	return errors.Join(a.team.Tidy(ctx), a.comment.Tidy(ctx), a.notify.Tidy(ctx))
}
