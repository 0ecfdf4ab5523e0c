-- +goose Up
-- Sprints that were lived elsewhere and imported. Their points are rows of the
-- ledger like those of every sprint; their risk was never part of this team's
-- backlog, so it stays with them.

ALTER TABLE sprints ADD COLUMN imported BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE histories (
    sprint_id TEXT PRIMARY KEY REFERENCES sprints (id),
    team_id   TEXT NOT NULL REFERENCES teams (id),
    source    TEXT NOT NULL, -- hash of what was told: the same file changes nothing
    file      TEXT NOT NULL,
    format    TEXT NOT NULL,
    sums_only BOOLEAN NOT NULL, -- what was committed and completed is all that is known
    told      TEXT NOT NULL, -- its risk, and what it forecast
    at        BIGINT NOT NULL,
    who       TEXT NOT NULL,
    UNIQUE (team_id, source)
);

CREATE TABLE history_items ( -- which patch stands for a name from elsewhere
    team_id  TEXT NOT NULL REFERENCES teams (id),
    name     TEXT NOT NULL,
    patch_id TEXT NOT NULL UNIQUE REFERENCES patches (id),
    PRIMARY KEY (team_id, name)
);

-- +goose Down
SELECT 1;
