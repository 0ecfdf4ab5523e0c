-- +goose Up
-- Every change of a status, whoever makes it: what flow and cycle times are read from.
CREATE TABLE status_changes (
    team_id     TEXT NOT NULL,
    patch_id    TEXT NOT NULL,
    at          INTEGER NOT NULL,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL
) STRICT;
CREATE INDEX status_changes_by_time ON status_changes (team_id, at, to_status, from_status, patch_id);
CREATE INDEX status_changes_of_patch ON status_changes (patch_id, at);
-- +goose StatementBegin
CREATE TRIGGER patches_status_changed AFTER UPDATE OF status ON patches WHEN old.status <> new.status BEGIN
    INSERT INTO status_changes (team_id, patch_id, at, from_status, to_status) VALUES (new.team_id, new.id, new.updated_at, old.status, new.status);
END;
-- +goose StatementEnd
-- +goose Down
DROP TABLE status_changes;
