-- +goose Up
CREATE TABLE standup_entries (
    team_id    TEXT NOT NULL REFERENCES teams (id),
    day        TEXT NOT NULL, -- in the team's time zone
    user_id    TEXT NOT NULL REFERENCES users (id),
    yesterday  TEXT NOT NULL,
    today      TEXT NOT NULL,
    items      TEXT NOT NULL, -- numbers of patches, a JSON array
    written_at BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    PRIMARY KEY (team_id, day, user_id)
);

CREATE TABLE blockers (
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    patch_id    TEXT NOT NULL REFERENCES patches (id),
    since       BIGINT NOT NULL,
    reported_by TEXT NOT NULL, -- the name at that time
    owner_id    TEXT REFERENCES users (id),
    needed      TEXT NOT NULL,
    next_step   TEXT NOT NULL,
    resolved_at BIGINT,
    version     BIGINT NOT NULL
);
CREATE INDEX blockers_open ON blockers (team_id, since, id) WHERE resolved_at IS NULL;
CREATE INDEX blockers_of_team ON blockers (team_id, since, id);
CREATE UNIQUE INDEX blockers_one_open ON blockers (patch_id) WHERE resolved_at IS NULL;

-- +goose Down
DROP TABLE blockers;
DROP TABLE standup_entries;
