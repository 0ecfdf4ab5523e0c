-- +goose Up
-- The sprint that a close planned for what it carried; a reopening removes it again.
ALTER TABLE sprint_closings ADD COLUMN next_made TEXT;

-- +goose Down
ALTER TABLE sprint_closings DROP COLUMN next_made;
