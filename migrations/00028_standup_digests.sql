-- +goose Up
ALTER TABLE teams ADD COLUMN standup_told TEXT NOT NULL DEFAULT ''; -- the last day whose stand-up digest was sent

-- +goose Down
ALTER TABLE teams DROP COLUMN standup_told;
