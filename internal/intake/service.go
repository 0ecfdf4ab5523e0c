package intake

import (
	"context"
	"sync"

	"patchline/internal/audit"
	"patchline/internal/db"
	"patchline/internal/team"
)

// Options are the settings of the service.
type Options struct {
	Uploads   string // directory of uploads that wait for their import
	MaxUpload int64  // bytes of one upload
}

// Service imports files: at once for the command line, or one after the other in
// the background for the API.
type Service struct {
	db      *db.DB
	options Options

	mu    sync.Mutex
	queue []*job        // what waits here, the next first, and what runs
	bell  chan struct{} // rings when something was added
}

// New makes the service; Run makes it work on what was enqueued.
func New(d *db.DB, o Options) *Service {
	return &Service{db: d, options: o, bell: make(chan struct{}, 1)}
}

// job is an import of this process.
type job struct {
	id   string
	who  audit.Who
	team *team.Team
	req  Request // without the file, which is the upload
}

// List returns a team's imports, the latest first. Before is the id of the last
// one of the page before, or empty.
func (s *Service) List(ctx context.Context, teamID, before string, limit int) (items []Import, more bool, err error) {
	items, err = list(s.db.Read(ctx), teamID, before, limit+1)
	if more = len(items) > limit; more {
		items = items[:limit]
	}
	return items, more, err
}

// Get returns an import of a team.
func (s *Service) Get(ctx context.Context, teamID, id string) (*Import, error) {
	return byID(s.db.Read(ctx), teamID, id)
}
