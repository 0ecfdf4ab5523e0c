-- +goose Up
CREATE TABLE feeds ( -- where knowledge and reports come from by themselves
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('kev', 'epss', 'cve', 'osv', 'csaf', 'url', 'folder')),
    source        TEXT NOT NULL, -- https://…, or a path below the folder of feeds
    team_id       TEXT REFERENCES teams (id), -- whose assets its reports are about; null for knowledge alone
    scope         TEXT NOT NULL CHECK (scope IN ('full', 'partial')),
    enabled       BOOLEAN NOT NULL,
    every_minutes BIGINT, -- this, or
    daily_at      TEXT,   -- this, such as 06:30
    time_zone     TEXT NOT NULL,
    max_mib       BIGINT NOT NULL, -- of one file
    max_minutes   BIGINT NOT NULL, -- of one run
    since         BIGINT, -- csaf: documents older than this are left out
    etag          TEXT NOT NULL, -- these four are of the last file that was taken
    last_modified TEXT NOT NULL,
    digest        TEXT NOT NULL,
    place         TEXT NOT NULL, -- csaf: the last document that was taken
    next_run_at   BIGINT,
    asked_by      TEXT NOT NULL, -- who asked for a run now; empty when nobody did
    asked_id      TEXT NOT NULL,
    cancelled     BOOLEAN NOT NULL, -- somebody wants the present run to stop
    failures      BIGINT NOT NULL, -- in a row
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL
);
CREATE INDEX feeds_by_next_run ON feeds (next_run_at) WHERE next_run_at IS NOT NULL;

CREATE TABLE feed_runs (
    id          TEXT PRIMARY KEY,
    feed_id     TEXT NOT NULL REFERENCES feeds (id),
    state       TEXT NOT NULL CHECK (state IN ('running', 'done', 'unchanged', 'failed', 'cancelled')),
    who         TEXT NOT NULL, -- who asked for it; empty for the schedule
    started_at  BIGINT NOT NULL,
    finished_at BIGINT,
    phase       TEXT NOT NULL,
    status      BIGINT, -- of the last HTTP answer
    bytes       BIGINT NOT NULL,
    files       BIGINT NOT NULL, -- taken in
    applied     BIGINT NOT NULL, -- records
    summary     TEXT NOT NULL, -- what it did, a sentence a line
    error       TEXT NOT NULL
);
CREATE INDEX feed_runs_of ON feed_runs (feed_id, id);

CREATE TABLE feed_files ( -- what was taken from a folder, or from a list without dates
    feed_id TEXT NOT NULL REFERENCES feeds (id),
    name    TEXT NOT NULL,
    mark    TEXT NOT NULL, -- size, time and digest
    at      BIGINT NOT NULL,
    PRIMARY KEY (feed_id, name)
);

-- The addresses are those the publishers give. None is asked before an administrator says so.
INSERT INTO feeds (id, name, kind, source, scope, enabled, every_minutes, time_zone, max_mib, max_minutes, etag, last_modified, digest, place, asked_by, asked_id, cancelled, failures, version, created_at) VALUES
    ('shipped-kev', 'CISA KEV catalogue', 'kev', 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json', 'partial', FALSE, 120, 'UTC', 64, 30, '', '', '', '', '', '', FALSE, 0, 1, 0),
    ('shipped-epss', 'EPSS scores of the day', 'epss', 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz', 'partial', FALSE, 360, 'UTC', 256, 60, '', '', '', '', '', '', FALSE, 0, 1, 0),
    ('shipped-vulnrichment', 'CISA Vulnrichment', 'cve', 'https://github.com/cisagov/vulnrichment/archive/refs/heads/develop.tar.gz', 'partial', FALSE, 1440, 'UTC', 1024, 120, '', '', '', '', '', '', FALSE, 0, 1, 0);

-- New entries of the catalogue are announced to the teams that have patches for them.
ALTER TABLE kev ADD COLUMN announced BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX kev_unannounced ON kev (id) WHERE NOT announced;

CREATE TABLE score_moves ( -- marked changes of a priority, kept for some weeks
    id       TEXT PRIMARY KEY,
    team_id  TEXT NOT NULL REFERENCES teams (id),
    patch_id TEXT NOT NULL REFERENCES patches (id),
    at       BIGINT NOT NULL,
    priority_before DOUBLE PRECISION NOT NULL,
    priority_after  DOUBLE PRECISION NOT NULL,
    cause    TEXT NOT NULL,
    was      TEXT NOT NULL, -- of what caused it
    became   TEXT NOT NULL
);
CREATE INDEX score_moves_of ON score_moves (team_id, at, patch_id);
CREATE INDEX score_moves_by_age ON score_moves (at);

CREATE TABLE looks ( -- until when somebody has seen what moved in a team's backlog
    user_id TEXT NOT NULL REFERENCES users (id),
    team_id TEXT NOT NULL REFERENCES teams (id),
    at      BIGINT NOT NULL,
    PRIMARY KEY (user_id, team_id)
);

CREATE TABLE notices ( -- what a team should know, until each member has put it away
    id      TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    at      BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL, -- the same is not told twice
    body    TEXT NOT NULL,
    UNIQUE (team_id, kind, subject)
);
CREATE INDEX notices_of ON notices (team_id, at);

CREATE TABLE notices_seen (
    notice_id TEXT NOT NULL REFERENCES notices (id),
    user_id   TEXT NOT NULL REFERENCES users (id),
    at        BIGINT NOT NULL,
    PRIMARY KEY (notice_id, user_id)
);

-- +goose Down
DROP TABLE notices_seen;
DROP TABLE notices;
DROP TABLE looks;
DROP TABLE score_moves;
DROP INDEX kev_unannounced;
ALTER TABLE kev DROP COLUMN announced;
DROP TABLE feed_files;
DROP TABLE feed_runs;
DROP TABLE feeds;
