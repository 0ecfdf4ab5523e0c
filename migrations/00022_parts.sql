-- +goose Up

-- A patch that was split: its parts are about the same subject, on other assets or
-- with other findings. Part 0 is whatever was never split, or was first.
ALTER TABLE patches ADD COLUMN part BIGINT NOT NULL DEFAULT 0;
ALTER TABLE patches ADD COLUMN split_from TEXT REFERENCES patches (id); -- part 0 of those that it was split from

DROP INDEX patches_one_open_per_component;
CREATE UNIQUE INDEX patches_one_open_per_component ON patches (team_id, component, stream, part) WHERE is_open AND component <> '' AND kind = 'patch';
CREATE INDEX patches_open_parts ON patches (team_id, component) WHERE is_open AND part > 0;
CREATE INDEX patches_split_from ON patches (split_from) WHERE split_from IS NOT NULL;

-- +goose Down
SELECT 1;
