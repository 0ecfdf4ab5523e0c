package backlog

import (
	"context"
	"time"

	"patchline/internal/audit"
	"patchline/internal/team"
)

// AssetFinding is a finding as the page of its asset shows it.
type AssetFinding struct {
	Finding
	Patch     *int64 // number of the patch that removes it
	ChangedAt time.Time
}

// AssetSource is a scanner or inventory that has spoken of an asset.
type AssetSource struct {
	Source     string
	Seen, Gone int64 // findings that it sees, and that it does not see any more
	Since      time.Time
}

// FindingsOn lists the findings of an asset by id, which is by time; all, or those
// with a status.
func (s *Service) FindingsOn(ctx context.Context, t *team.Team, assetID, status, after string, limit int) ([]AssetFinding, error) {
	return findingsOn(s.db.Read(ctx), t.ID, assetID, status, after, limit)
}

// SourcesOn lists who has spoken of an asset's findings.
func (s *Service) SourcesOn(ctx context.Context, t *team.Team, assetID string) ([]AssetSource, error) {
	return sourcesOn(s.db.Read(ctx), t.ID, assetID)
}

// AssetActivity lists what was done to an asset, the latest first. Before is the id
// of the last record of the page before.
func (s *Service) AssetActivity(ctx context.Context, assetID, before string, limit int) ([]audit.Record, error) {
	return audit.Of(s.db.Read(ctx), assetID, before, limit)
}
