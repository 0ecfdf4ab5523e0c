-- +goose Up
-- What a notice is about, as far as that decides when it is mailed, and whether still.
ALTER TABLE notifications ADD COLUMN patch_id TEXT REFERENCES patches (id);
ALTER TABLE notifications ADD COLUMN task_id TEXT; -- of that patch; it may be deleted meanwhile

-- +goose Down
ALTER TABLE notifications DROP COLUMN task_id;
ALTER TABLE notifications DROP COLUMN patch_id;
