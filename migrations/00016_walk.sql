-- +goose Up
-- The backlog's order together with what lists are filtered by in ranges: whoever
-- walks along the order then looks only at the rows that fit. It takes the place of
-- the index of the order alone.
CREATE INDEX patches_in_order ON patches (team_id, sort_value DESC, tie_key, id, risk, epss, cvss, points, assets, due_at, created_at) WHERE is_open;
DROP INDEX patches_by_rank;

-- +goose Down
CREATE INDEX patches_by_rank ON patches (team_id, sort_value DESC, tie_key, id) WHERE is_open;
DROP INDEX patches_in_order;
