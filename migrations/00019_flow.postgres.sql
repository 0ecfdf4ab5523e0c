-- +goose Up
-- Every change of a status, whoever makes it: what flow and cycle times are read from.
CREATE TABLE status_changes (
    team_id     TEXT NOT NULL,
    patch_id    TEXT NOT NULL,
    at          BIGINT NOT NULL,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL
);
CREATE INDEX status_changes_by_time ON status_changes (team_id, at, to_status, from_status, patch_id);
CREATE INDEX status_changes_of_patch ON status_changes (patch_id, at);
-- +goose StatementBegin
CREATE FUNCTION patches_status_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO status_changes (team_id, patch_id, at, from_status, to_status) VALUES (new.team_id, new.id, new.updated_at, old.status, new.status);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER patches_status_changed AFTER UPDATE OF status ON patches FOR EACH ROW WHEN (old.status <> new.status) EXECUTE FUNCTION patches_status_changed();
-- +goose Down
DROP TABLE status_changes;
