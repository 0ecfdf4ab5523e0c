-- +goose Up
-- The labels of patches once more, one a row, so that they can be asked for. The
-- list in the patch is what counts; the triggers follow it.
CREATE TABLE patch_labels (
    patch_id TEXT NOT NULL REFERENCES patches (id),
    team_id  TEXT NOT NULL,
    label    TEXT NOT NULL,
    PRIMARY KEY (patch_id, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX patch_labels_of ON patch_labels (team_id, label, patch_id);
INSERT INTO patch_labels (patch_id, team_id, label)
    SELECT DISTINCT p.id, p.team_id, j.value FROM patches p, json_each(p.labels) j WHERE p.labels <> '[]';
-- +goose StatementBegin
CREATE TRIGGER patch_labels_added AFTER INSERT ON patches WHEN new.labels <> '[]' BEGIN
    INSERT INTO patch_labels (patch_id, team_id, label) SELECT DISTINCT new.id, new.team_id, value FROM json_each(new.labels);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER patch_labels_changed AFTER UPDATE OF labels ON patches WHEN new.labels <> old.labels BEGIN
    DELETE FROM patch_labels WHERE patch_id = new.id;
    INSERT INTO patch_labels (patch_id, team_id, label) SELECT DISTINCT new.id, new.team_id, value FROM json_each(new.labels);
END;
-- +goose StatementEnd
-- +goose Down
DROP TRIGGER patch_labels_changed;
DROP TRIGGER patch_labels_added;
DROP TABLE patch_labels;
