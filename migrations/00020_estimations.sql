-- +goose Up
CREATE TABLE estimations ( -- a team estimates a queue of patches together
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    name        TEXT NOT NULL,
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'async')),
    auto_reveal BOOLEAN NOT NULL, -- as soon as everybody present has voted
    deadline    BIGINT,           -- of the rounds of an asynchronous one
    current_id  TEXT REFERENCES patches (id), -- what a live one is about now
    opened_by   TEXT NOT NULL REFERENCES users (id),
    opened_name TEXT NOT NULL, -- at that time
    opened_at   BIGINT NOT NULL,
    closed_at   BIGINT
);
CREATE INDEX estimations_of_team ON estimations (team_id, id);

CREATE TABLE estimation_items (
    estimation_id TEXT NOT NULL REFERENCES estimations (id),
    patch_id      TEXT NOT NULL REFERENCES patches (id),
    position      BIGINT NOT NULL,
    PRIMARY KEY (estimation_id, patch_id)
);

CREATE TABLE estimation_rounds (
    id            TEXT PRIMARY KEY,
    estimation_id TEXT NOT NULL REFERENCES estimations (id),
    patch_id      TEXT NOT NULL REFERENCES patches (id),
    number        BIGINT NOT NULL,
    scale         TEXT NOT NULL, -- as the team's was when the round was opened, JSON
    state         TEXT NOT NULL CHECK (state IN ('voting', 'revealed', 'abandoned')),
    opened_by     TEXT NOT NULL, -- names at that time
    opened_at     BIGINT NOT NULL,
    deadline      BIGINT,
    revealed_by   TEXT NOT NULL,
    revealed_why  TEXT NOT NULL, -- person, everybody or deadline
    revealed_at   BIGINT,
    final_points  DOUBLE PRECISION,
    final_by_id   TEXT REFERENCES users (id),
    final_by      TEXT NOT NULL,
    final_at      BIGINT,
    UNIQUE (estimation_id, patch_id, number)
);
CREATE INDEX estimation_rounds_of_patch ON estimation_rounds (patch_id, id);
CREATE INDEX estimation_rounds_due ON estimation_rounds (deadline) WHERE state = 'voting' AND deadline IS NOT NULL;

CREATE TABLE estimation_votes ( -- until its round is revealed a value is shown to nobody but the voter
    round_id TEXT NOT NULL REFERENCES estimation_rounds (id),
    user_id  TEXT NOT NULL REFERENCES users (id),
    value    TEXT NOT NULL, -- a label of the scale, ? or coffee
    voted_at BIGINT NOT NULL,
    PRIMARY KEY (round_id, user_id)
);

CREATE TABLE estimation_presence (
    estimation_id TEXT NOT NULL REFERENCES estimations (id),
    user_id       TEXT NOT NULL REFERENCES users (id),
    watching      BOOLEAN NOT NULL,
    seen_at       BIGINT NOT NULL,
    PRIMARY KEY (estimation_id, user_id)
);

-- +goose Down
DROP TABLE estimation_presence;
DROP TABLE estimation_votes;
DROP TABLE estimation_rounds;
DROP TABLE estimation_items;
DROP TABLE estimations;
