-- +goose Up
CREATE TABLE windows ( -- when assets may be changed, and when they must not be
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    kind       TEXT NOT NULL CHECK (kind IN ('maintenance', 'freeze')),
    name       TEXT NOT NULL,
    group_id   TEXT REFERENCES asset_groups (id), -- null: all assets
    rule       TEXT NOT NULL,                     -- when it comes, JSON
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX windows_of_team ON windows (team_id, id);
CREATE INDEX windows_of_group ON windows (group_id) WHERE group_id IS NOT NULL;

CREATE TABLE absences ( -- days off beside the team's holidays
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    user_id    TEXT REFERENCES users (id), -- null: the whole team
    from_day   TEXT NOT NULL,
    to_day     TEXT NOT NULL,
    half       BOOLEAN NOT NULL, -- half of each of the days
    note       TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX absences_of_team ON absences (team_id, to_day, id);

CREATE TABLE availabilities ( -- of a member; without a row as usual
    team_id    TEXT NOT NULL REFERENCES teams (id),
    user_id    TEXT NOT NULL REFERENCES users (id),
    hours      DOUBLE PRECISION NOT NULL, -- of a full working day
    focus      DOUBLE PRECISION NOT NULL, -- share of them that goes into the sprint, 0 to 1
    activities TEXT NOT NULL,             -- hours a day by activity, a JSON object; empty: not divided
    PRIMARY KEY (team_id, user_id)
);

CREATE TABLE calendar_feeds ( -- secret addresses of a team's calendar, one a person
    team_id     TEXT NOT NULL REFERENCES teams (id),
    user_id     TEXT NOT NULL REFERENCES users (id),
    secret_hash TEXT NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

-- +goose Down
DROP TABLE calendar_feeds;
DROP TABLE availabilities;
DROP TABLE absences;
DROP TABLE windows;
