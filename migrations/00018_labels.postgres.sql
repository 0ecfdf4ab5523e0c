-- +goose Up
-- The labels of patches once more, one a row, so that they can be asked for. The
-- list in the patch is what counts; the triggers follow it.
CREATE TABLE patch_labels (
    patch_id TEXT NOT NULL REFERENCES patches (id),
    team_id  TEXT NOT NULL,
    label    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (patch_id, label)
);
CREATE INDEX patch_labels_of ON patch_labels (team_id, label, patch_id);
INSERT INTO patch_labels (patch_id, team_id, label)
    SELECT DISTINCT p.id, p.team_id, j.value FROM patches p, jsonb_array_elements_text(CAST(p.labels AS jsonb)) AS j (value) WHERE p.labels <> '[]';
-- +goose StatementBegin
CREATE FUNCTION follow_patch_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM patch_labels WHERE patch_id = NEW.id;
    END IF;
    INSERT INTO patch_labels (patch_id, team_id, label)
        SELECT DISTINCT NEW.id, NEW.team_id, j.value FROM jsonb_array_elements_text(CAST(NEW.labels AS jsonb)) AS j (value);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER patch_labels_added AFTER INSERT ON patches FOR EACH ROW WHEN (NEW.labels <> '[]') EXECUTE FUNCTION follow_patch_labels();
CREATE TRIGGER patch_labels_changed AFTER UPDATE OF labels ON patches FOR EACH ROW WHEN (NEW.labels <> OLD.labels) EXECUTE FUNCTION follow_patch_labels();
-- +goose Down
DROP TRIGGER patch_labels_changed ON patches;
DROP TRIGGER patch_labels_added ON patches;
DROP FUNCTION follow_patch_labels;
DROP TABLE patch_labels;
