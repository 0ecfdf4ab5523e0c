-- +goose Up
-- Due-date policies that teams write themselves. The shipped ones are part of the
-- program; which of both apply stands in teams.policies.

CREATE TABLE policies (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    version    BIGINT NOT NULL,  -- the newest
    in_force   BOOLEAN NOT NULL, -- its validity, when last looked
    retired_at BIGINT,           -- kept for the patches that it dated
    created_at BIGINT NOT NULL
);
CREATE INDEX policies_of_team ON policies (team_id, id);

CREATE TABLE policy_versions (
    policy_id TEXT NOT NULL REFERENCES policies (id),
    version   BIGINT NOT NULL,
    body      TEXT NOT NULL, -- the policy as JSON
    note      TEXT NOT NULL, -- why it was changed
    user_id   TEXT NOT NULL,
    who       TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (policy_id, version)
);

CREATE TABLE policy_runs ( -- the setting of due dates anew after a change of policies
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'superseded')),
    reason      TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    who         TEXT NOT NULL,
    total       BIGINT NOT NULL, -- open patches to look at
    looked      BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    after_id    TEXT NOT NULL,   -- the last patch that was looked at
    beat_at     BIGINT NOT NULL, -- its worker lived then
    created_at  BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX patches_open_ids ON patches (team_id, id) WHERE is_open;
CREATE INDEX policy_runs_of_team ON policy_runs (team_id, id);
CREATE INDEX policy_runs_to_do ON policy_runs (id) WHERE state IN ('queued', 'running');

-- Exceptions: approved, expiring decisions not to patch by the due date.

ALTER TABLE teams ADD COLUMN exception_max_days BIGINT NOT NULL DEFAULT 180;

CREATE TABLE exceptions (
    id             TEXT PRIMARY KEY,
    team_id        TEXT NOT NULL REFERENCES teams (id),
    patch_id       TEXT NOT NULL REFERENCES patches (id),
    kind           TEXT NOT NULL CHECK (kind IN ('risk_accepted', 'deferred', 'mitigated', 'false_positive')),
    state          TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'rejected', 'withdrawn', 'expired', 'ended')),
    reason         TEXT NOT NULL,
    control        TEXT NOT NULL,    -- compensating control
    whole          BOOLEAN NOT NULL, -- the whole patch; else the assets of exception_assets
    expires_at     BIGINT,           -- null only for a false positive
    requested_by   TEXT NOT NULL,
    requested_name TEXT NOT NULL,
    requested_at   BIGINT NOT NULL,
    decided_by     TEXT,
    decided_name   TEXT NOT NULL,
    decided_at     BIGINT,
    decision       TEXT NOT NULL,    -- what the approver said
    ended_name     TEXT NOT NULL,
    ended_at       BIGINT,
    ended_reason   TEXT NOT NULL,
    renews         TEXT,             -- the exception that this one prolongs
    renewals       BIGINT NOT NULL,  -- how many came before
    listed         BIGINT NOT NULL,  -- KEV-listed vulnerabilities of the patch when it was approved
    review_at      BIGINT,           -- more were listed since then: look at it again
    reminded       BIGINT NOT NULL,  -- days before the expiry of the last reminder; 0 without
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL
);
CREATE INDEX exceptions_of_team ON exceptions (team_id, state, expires_at, id);
CREATE INDEX exceptions_of_patch ON exceptions (patch_id, id);
CREATE UNIQUE INDEX exceptions_one_request ON exceptions (patch_id) WHERE state = 'requested';
CREATE UNIQUE INDEX exceptions_one_in_force ON exceptions (patch_id) WHERE state = 'approved' AND whole;
CREATE INDEX exceptions_in_force ON exceptions (patch_id, expires_at) WHERE state = 'approved';
CREATE INDEX exceptions_expiring ON exceptions (expires_at) WHERE state = 'approved';

CREATE TABLE exception_assets (
    exception_id TEXT NOT NULL REFERENCES exceptions (id),
    asset_id     TEXT NOT NULL REFERENCES assets (id),
    PRIMARY KEY (exception_id, asset_id)
);

-- +goose Down
SELECT 1;
