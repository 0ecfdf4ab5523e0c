-- +goose Up
-- Times are microseconds since 1970, UTC. Lists of words are JSON arrays.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- ------------------------------------------------------------------ identity

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE, -- lower case
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_admin      BOOLEAN NOT NULL,
    disabled_at   BIGINT,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE teams (
    id                TEXT PRIMARY KEY,
    key               TEXT NOT NULL UNIQUE,
    name              TEXT NOT NULL,
    time_zone         TEXT NOT NULL,
    working_week      TEXT NOT NULL,
    holidays          TEXT NOT NULL,
    policies          TEXT NOT NULL,
    approval_required BOOLEAN NOT NULL,
    parallel_sprints  BOOLEAN NOT NULL,
    last_patch        BIGINT NOT NULL, -- number of the newest patch
    last_sprint       BIGINT NOT NULL, -- number of the newest sprint
    version           BIGINT NOT NULL,
    created_at        BIGINT NOT NULL
);

CREATE TABLE members (
    team_id   TEXT NOT NULL REFERENCES teams (id),
    user_id   TEXT NOT NULL REFERENCES users (id),
    role      TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'scrum_master', 'product_owner', 'approver')),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX members_of_user ON members (user_id);

CREATE TABLE invites (
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    role        TEXT NOT NULL,
    email       TEXT,
    secret_hash TEXT NOT NULL UNIQUE,
    created_by  TEXT NOT NULL REFERENCES users (id),
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    ended_at    BIGINT -- accepted or revoked
);
CREATE INDEX invites_of_team ON invites (team_id, created_at);

CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES users (id),
    refresh_hash  TEXT NOT NULL UNIQUE,
    previous_hash TEXT,          -- good for a short grace after a rotation
    rotated_at    BIGINT NOT NULL,
    user_agent    TEXT NOT NULL,
    address       TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_seen_at  BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    ended_at      BIGINT
);
CREATE INDEX sessions_of_user ON sessions (user_id, last_seen_at);
CREATE INDEX sessions_by_previous ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;

CREATE TABLE tokens (
    id           TEXT PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id),
    name         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    secret_hash  TEXT NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at   BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX tokens_of_user ON tokens (user_id, created_at);

CREATE TABLE idempotency (
    user_id    TEXT NOT NULL,
    key        TEXT NOT NULL,
    request    TEXT NOT NULL, -- hash of operation, path and body
    status     BIGINT,        -- null while the first request runs
    body       TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- ------------------------------------------------------------------ audit and events

CREATE TABLE audit (
    id      TEXT PRIMARY KEY,
    at      BIGINT NOT NULL,
    team_id TEXT,
    user_id TEXT NOT NULL, -- empty for the server itself
    who     TEXT NOT NULL, -- the name at that time
    action  TEXT NOT NULL,
    target  TEXT NOT NULL, -- id of what was changed
    detail  TEXT NOT NULL
);
CREATE INDEX audit_of_target ON audit (target, id);

CREATE TABLE events (
    id       BIGSERIAL PRIMARY KEY,
    team_id  TEXT NOT NULL,
    at       BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    body     TEXT NOT NULL
);
CREATE INDEX events_of_team ON events (team_id, id);
CREATE INDEX events_by_age ON events (at);

-- ------------------------------------------------------------------ assets

CREATE TABLE assets (
    id            TEXT PRIMARY KEY,
    team_id       TEXT NOT NULL REFERENCES teams (id),
    name          TEXT NOT NULL,
    name_key      TEXT COLLATE "C" NOT NULL, -- folded: the identity within the team
    kind          TEXT NOT NULL,
    environment   TEXT NOT NULL,
    criticality   TEXT NOT NULL CHECK (criticality IN ('low', 'medium', 'high', 'critical')),
    exposure      TEXT NOT NULL CHECK (exposure IN ('isolated', 'internal', 'unknown', 'internet')),
    regulations   TEXT NOT NULL,
    owner         TEXT NOT NULL,
    tags          TEXT NOT NULL,
    description   TEXT NOT NULL,
    open_findings BIGINT NOT NULL,
    scanned_at    BIGINT,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    UNIQUE (team_id, name_key)
);

-- ------------------------------------------------------------------ what is known about vulnerabilities

CREATE TABLE snapshots ( -- the newest state of each feed that was read
    source        TEXT PRIMARY KEY, -- kev, epss, cve
    label         TEXT NOT NULL,    -- catalogue or model version
    as_of         BIGINT NOT NULL,
    records       BIGINT NOT NULL,
    median        DOUBLE PRECISION,
    loaded_at     BIGINT NOT NULL
);

CREATE TABLE kev (
    id         TEXT PRIMARY KEY, -- CVE
    date_added BIGINT NOT NULL,
    due_date   BIGINT,
    name       TEXT NOT NULL,
    vendor     TEXT NOT NULL,
    product    TEXT NOT NULL,
    action     TEXT NOT NULL,
    ransomware BOOLEAN NOT NULL,
    as_of      TEXT NOT NULL
);

CREATE TABLE epss (
    id          TEXT PRIMARY KEY, -- CVE
    probability DOUBLE PRECISION NOT NULL,
    percentile  DOUBLE PRECISION NOT NULL
);

CREATE TABLE vulnerabilities (
    id              TEXT PRIMARY KEY, -- CVE where there is one
    state           TEXT NOT NULL,
    title           TEXT NOT NULL,
    severity        TEXT NOT NULL, -- as a scanner calls it, where nothing better is known
    cvss            DOUBLE PRECISION, -- the base score that counts, recomputed where there is a vector
    vector          TEXT NOT NULL,
    automatable     BOOLEAN,
    total_impact    BOOLEAN,
    exploitation    TEXT NOT NULL,
    kev_added       BIGINT, -- as the CVE record asserts it
    published_at    BIGINT,
    changed_at      BIGINT NOT NULL
);

CREATE TABLE vulnerability_texts ( -- what only its page shows
    id          TEXT PRIMARY KEY REFERENCES vulnerabilities (id),
    description TEXT NOT NULL,
    ratings     TEXT NOT NULL,
    refs        TEXT NOT NULL,
    source      TEXT NOT NULL
);

CREATE TABLE aliases (
    alias            TEXT PRIMARY KEY,
    vulnerability_id TEXT NOT NULL
);
CREATE INDEX aliases_of ON aliases (vulnerability_id);

-- ------------------------------------------------------------------ sprints

CREATE TABLE sprints (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL REFERENCES teams (id),
    number       BIGINT NOT NULL,
    name         TEXT NOT NULL,
    goal         TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('planned', 'active', 'closed', 'cancelled')),
    start_date   TEXT NOT NULL,
    end_date     TEXT NOT NULL,
    time_zone    TEXT NOT NULL, -- these three are frozen at the start
    working_week TEXT NOT NULL,
    holidays     TEXT NOT NULL,
    started_at   BIGINT,
    closed_at    BIGINT,
    goal_met     BOOLEAN,
    committed    DOUBLE PRECISION, -- known once started
    completed    DOUBLE PRECISION, -- these two once closed
    final_scope  DOUBLE PRECISION,
    risk_at_start DOUBLE PRECISION, -- of the whole open backlog
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    UNIQUE (team_id, number)
);
CREATE INDEX sprints_by_state ON sprints (team_id, state, number);

-- ------------------------------------------------------------------ backlog

CREATE TABLE patches (
    id             TEXT PRIMARY KEY,
    team_id        TEXT NOT NULL REFERENCES teams (id),
    number         BIGINT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('patch', 'improvement')),
    title          TEXT NOT NULL,
    component      TEXT NOT NULL, -- identity of what is patched, without a version; empty when made by hand
    ecosystem      TEXT NOT NULL,
    fixed_version  TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('new', 'ready', 'in_progress', 'testing', 'awaiting_approval', 'scheduled', 'deployed', 'verified', 'dropped')),
    is_open        BOOLEAN NOT NULL, -- neither verified nor dropped
    risk           DOUBLE PRECISION NOT NULL,
    priority       DOUBLE PRECISION NOT NULL,
    sort_value     DOUBLE PRECISION NOT NULL, -- the priority, until somebody placed it
    tie_key        TEXT COLLATE "C" NOT NULL,
    kev            BOOLEAN NOT NULL,
    epss           DOUBLE PRECISION,
    cvss           DOUBLE PRECISION,
    regulated      BOOLEAN NOT NULL,
    assumed        TEXT NOT NULL,
    due_at         BIGINT,
    due_policy     TEXT NOT NULL,
    clock_at       BIGINT, -- when the time allowed began to run
    points         DOUBLE PRECISION CHECK (points >= 0),
    assignee_id    TEXT REFERENCES users (id),
    sprint_id      TEXT REFERENCES sprints (id), -- planned or active; closed once it is done there
    board_key      TEXT COLLATE "C" NOT NULL,
    carried        BIGINT NOT NULL,
    assets         BIGINT NOT NULL,
    findings       BIGINT NOT NULL,
    vulnerabilities BIGINT NOT NULL,
    labels         TEXT NOT NULL,
    placed_by      TEXT REFERENCES users (id),
    placed_at      BIGINT,
    placed_reason  TEXT NOT NULL,
    drop_reason    TEXT,
    drop_until     BIGINT,
    superseded_by  TEXT,
    detected_at    BIGINT,
    changed_by     TEXT NOT NULL, -- name of who changed it last, for a 409
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    UNIQUE (team_id, number)
);
CREATE INDEX patches_by_rank ON patches (team_id, sort_value DESC, tie_key, id) WHERE is_open;
CREATE INDEX patches_by_status ON patches (team_id, status, sort_value DESC, tie_key, id);
CREATE INDEX patches_by_risk ON patches (team_id, risk DESC, id) WHERE is_open;
CREATE INDEX patches_by_due ON patches (team_id, due_at, id) WHERE is_open;
CREATE INDEX patches_by_update ON patches (team_id, updated_at DESC, id DESC);
CREATE INDEX patches_kev ON patches (team_id, sort_value DESC, tie_key, id) WHERE is_open AND kev;
CREATE INDEX patches_of_assignee ON patches (team_id, assignee_id, sort_value DESC, tie_key, id) WHERE is_open;
CREATE INDEX patches_of_sprint ON patches (sprint_id, status, board_key, id) WHERE sprint_id IS NOT NULL;
CREATE UNIQUE INDEX patches_one_open_per_component ON patches (team_id, component) WHERE is_open AND component <> '' AND kind = 'patch';
CREATE INDEX patches_of_component ON patches (team_id, component);
CREATE INDEX patches_placed ON patches (team_id, placed_at) WHERE placed_at IS NOT NULL;

CREATE TABLE patch_texts ( -- what only the page of one patch shows
    id          TEXT PRIMARY KEY REFERENCES patches (id),
    description TEXT NOT NULL,
    drop_note   TEXT NOT NULL
);

CREATE TABLE patch_scores (
    id      TEXT PRIMARY KEY REFERENCES patches (id),
    formula TEXT NOT NULL,
    score   TEXT NOT NULL, -- parts and inputs
    due     TEXT NOT NULL,
    at      BIGINT NOT NULL
);

CREATE TABLE patch_vulnerabilities ( -- named by hand, beside those of the findings
    patch_id         TEXT NOT NULL REFERENCES patches (id),
    vulnerability_id TEXT NOT NULL,
    PRIMARY KEY (patch_id, vulnerability_id)
);
CREATE INDEX patches_of_vulnerability ON patch_vulnerabilities (vulnerability_id);

CREATE TABLE patch_assets ( -- named by hand
    patch_id TEXT NOT NULL REFERENCES patches (id),
    asset_id TEXT NOT NULL REFERENCES assets (id),
    PRIMARY KEY (patch_id, asset_id)
);
CREATE INDEX patch_assets_of ON patch_assets (asset_id);

CREATE TABLE findings (
    id                TEXT PRIMARY KEY,
    team_id           TEXT NOT NULL REFERENCES teams (id),
    asset_id          TEXT NOT NULL REFERENCES assets (id),
    component         TEXT NOT NULL,
    vulnerability_id  TEXT NOT NULL,
    patch_id          TEXT REFERENCES patches (id), -- null while no fix is known
    installed_version TEXT NOT NULL,
    fixed_version     TEXT NOT NULL,
    severity          TEXT NOT NULL,
    status            TEXT NOT NULL CHECK (status IN ('open', 'not_seen', 'not_affected', 'fixed')),
    first_seen_at     BIGINT NOT NULL,
    changed_at        BIGINT NOT NULL,
    UNIQUE (asset_id, component, vulnerability_id)
);
CREATE INDEX findings_of_patch ON findings (patch_id, asset_id, vulnerability_id) WHERE patch_id IS NOT NULL;
CREATE INDEX findings_of_vulnerability ON findings (vulnerability_id, patch_id);
CREATE INDEX findings_of_component ON findings (team_id, component);

CREATE TABLE finding_sources ( -- which scanner says so
    finding_id TEXT NOT NULL REFERENCES findings (id),
    source     TEXT NOT NULL,
    seen       BOOLEAN NOT NULL, -- false: its last full scan no longer saw it
    since      BIGINT NOT NULL,
    PRIMARY KEY (finding_id, source)
);

-- ------------------------------------------------------------------ what happened, in points and in risk

CREATE TABLE ledger (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    sprint_id  TEXT REFERENCES sprints (id),
    patch_id   TEXT REFERENCES patches (id),
    at         BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    detail     TEXT NOT NULL,
    points     DOUBLE PRECISION NOT NULL,
    risk_kind  TEXT NOT NULL,
    risk       DOUBLE PRECISION NOT NULL,
    actor_id   TEXT NOT NULL,
    actor      TEXT NOT NULL,
    reason     TEXT NOT NULL
);
CREATE INDEX ledger_of_sprint ON ledger (sprint_id, at, id, kind, detail, patch_id, points, risk_kind, risk) WHERE sprint_id IS NOT NULL;
CREATE INDEX ledger_of_risk ON ledger (team_id, at, id, risk_kind, patch_id, risk) WHERE risk_kind <> '';

CREATE TABLE commitments ( -- frozen at the start of a sprint
    sprint_id   TEXT NOT NULL REFERENCES sprints (id),
    patch_id    TEXT NOT NULL REFERENCES patches (id),
    points      DOUBLE PRECISION,
    risk        DOUBLE PRECISION NOT NULL,
    due_at      BIGINT,
    assignee_id TEXT,
    rank        BIGINT NOT NULL,
    PRIMARY KEY (sprint_id, patch_id)
);

CREATE TABLE memberships ( -- how a patch came into a sprint, and how it left
    sprint_id TEXT NOT NULL REFERENCES sprints (id),
    patch_id  TEXT NOT NULL REFERENCES patches (id),
    how       TEXT NOT NULL CHECK (how IN ('planned', 'committed', 'pulled', 'emergency', 'carried')),
    unplanned BOOLEAN NOT NULL, -- it came in after the start
    outcome   TEXT NOT NULL CHECK (outcome IN ('', 'completed', 'carried', 'removed', 'dropped')),
    added_at  BIGINT NOT NULL,
    added_by  TEXT NOT NULL,
    PRIMARY KEY (sprint_id, patch_id)
);
CREATE INDEX memberships_of_patch ON memberships (patch_id);

-- ------------------------------------------------------------------ imports and jobs

CREATE TABLE imports (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    file       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'refused', 'failed')),
    phase      TEXT NOT NULL,
    scope      TEXT NOT NULL,
    format     TEXT,
    bytes      BIGINT NOT NULL,
    read_bytes BIGINT NOT NULL,
    applied    BIGINT NOT NULL,
    summary    TEXT NOT NULL,
    error      TEXT,
    user_id    TEXT NOT NULL,
    who        TEXT NOT NULL,
    beat_at    BIGINT NOT NULL, -- its worker lived then
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX imports_of_team ON imports (team_id, id);

CREATE TABLE leases ( -- who runs a scheduled job now
    name       TEXT PRIMARY KEY,
    holder     TEXT NOT NULL,
    term       BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- +goose Down
SELECT 1;
