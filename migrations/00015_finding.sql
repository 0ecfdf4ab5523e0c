-- +goose Up
-- Finds patches by the share of their hosts that are patched. Those on which
-- nothing was done yet are most, and in no index.
CREATE INDEX patches_by_coverage ON patches (team_id, (patched * 100.0 / NULLIF(patched + assets, 0)), id) WHERE is_open AND patched > 0;

-- Widths of columns, in pixels, as JSON by name.
ALTER TABLE view_choices ADD COLUMN widths TEXT NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE view_choices DROP COLUMN widths;
DROP INDEX patches_by_coverage;
