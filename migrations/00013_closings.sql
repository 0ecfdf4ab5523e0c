-- +goose Up
CREATE TABLE sprint_closings ( -- every time a sprint was closed, and that it was reopened; rows are only added to
    id          TEXT PRIMARY KEY,
    sprint_id   TEXT NOT NULL REFERENCES sprints (id),
    closed_at   BIGINT NOT NULL,
    closed_by   TEXT NOT NULL,
    completed   DOUBLE PRECISION NOT NULL, -- as it was then
    final_scope DOUBLE PRECISION NOT NULL,
    goal_met    BOOLEAN,
    reopened_at BIGINT, -- null: it stands
    reopened_by TEXT NOT NULL,
    reason      TEXT NOT NULL -- of the reopening
);
CREATE INDEX sprint_closings_of ON sprint_closings (sprint_id, closed_at);

CREATE TABLE sprint_closing_items ( -- what a close found of each item, to be able to return it
    closing_id     TEXT NOT NULL REFERENCES sprint_closings (id),
    patch_id       TEXT NOT NULL REFERENCES patches (id),
    choice         TEXT NOT NULL, -- completed, or what was decided
    next_sprint_id TEXT REFERENCES sprints (id),
    status         TEXT NOT NULL, -- these as they were before the close
    sort_value     DOUBLE PRECISION NOT NULL,
    tie_key        TEXT COLLATE "C" NOT NULL,
    placed_by      TEXT,
    placed_at      BIGINT,
    placed_reason  TEXT NOT NULL,
    moved_on       TEXT NOT NULL, -- where it was at the reopening, if it did not return
    PRIMARY KEY (closing_id, patch_id)
);

-- +goose Down
DROP TABLE sprint_closing_items;
DROP TABLE sprint_closings;
