-- +goose Up
-- ------------------------------------------------------------------ what people know about a patch

CREATE TABLE patch_contents ( -- no row: nothing is known
    id       TEXT PRIMARY KEY REFERENCES patches (id),
    reboot   TEXT NOT NULL CHECK (reboot IN ('yes', 'no', 'unknown')),
    downtime BIGINT CHECK (downtime >= 0), -- expected, in minutes
    links    TEXT NOT NULL -- advisories, a JSON array of title and url
);

CREATE TABLE patch_needs ( -- a patch that cannot go in before another one
    patch_id TEXT NOT NULL REFERENCES patches (id),
    needs_id TEXT NOT NULL REFERENCES patches (id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (patch_id, needs_id)
);
CREATE INDEX patch_needs_of ON patch_needs (needs_id);
CREATE INDEX patches_superseding ON patches (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE score_changes ( -- what moved a patch's risk by a point or more, its listing, or its due date
    id        TEXT PRIMARY KEY,
    patch_id  TEXT NOT NULL REFERENCES patches (id),
    at        BIGINT NOT NULL,
    risk_from DOUBLE PRECISION NOT NULL,
    risk_to   DOUBLE PRECISION NOT NULL,
    kev       BOOLEAN NOT NULL, -- it has become listed as exploited
    due_from  BIGINT,
    due_to    BIGINT,
    who       TEXT NOT NULL,
    reason    TEXT NOT NULL
);
CREATE INDEX score_changes_of ON score_changes (patch_id, id);

-- ------------------------------------------------------------------ what people say about it

CREATE TABLE comments (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    patch_id   TEXT NOT NULL REFERENCES patches (id),
    author_id  TEXT NOT NULL REFERENCES users (id),
    body       TEXT NOT NULL, -- Markdown, as it was typed
    created_at BIGINT NOT NULL,
    edited_at  BIGINT,
    version    BIGINT NOT NULL
);
CREATE INDEX comments_of_patch ON comments (patch_id, id);

CREATE TABLE mentions ( -- who was named in a comment, once each
    comment_id TEXT NOT NULL REFERENCES comments (id),
    user_id    TEXT NOT NULL REFERENCES users (id),
    team_id    TEXT NOT NULL REFERENCES teams (id),
    patch_id   TEXT NOT NULL REFERENCES patches (id),
    by_id      TEXT NOT NULL REFERENCES users (id),
    at         BIGINT NOT NULL,
    PRIMARY KEY (comment_id, user_id)
);
CREATE INDEX mentions_of_user ON mentions (user_id, at);

CREATE TABLE attachments (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    patch_id   TEXT NOT NULL REFERENCES patches (id),
    user_id    TEXT NOT NULL REFERENCES users (id),
    name       TEXT NOT NULL,
    media      TEXT NOT NULL, -- one of the types that are served as themselves
    size       BIGINT NOT NULL,
    sha256     TEXT NOT NULL,
    complete   BOOLEAN NOT NULL, -- false while it arrives
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_of_patch ON attachments (patch_id, id);
CREATE INDEX attachments_of_team ON attachments (team_id, size);
CREATE INDEX attachments_arriving ON attachments (created_at) WHERE NOT complete;

CREATE TABLE attachment_parts ( -- the content, in parts of a size that is read and written at once
    attachment_id TEXT NOT NULL REFERENCES attachments (id),
    number        BIGINT NOT NULL,
    data          BYTEA NOT NULL,
    PRIMARY KEY (attachment_id, number)
);

-- ------------------------------------------------------------------ what is said about vulnerabilities

CREATE TABLE epss_history ( -- a point per change, of those that some team has
    id          TEXT NOT NULL,
    day         BIGINT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    percentile  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (id, day)
);

CREATE TABLE advisories ( -- documents that describe a vulnerability
    id               TEXT PRIMARY KEY, -- hash of the next three
    vulnerability_id TEXT NOT NULL,
    source           TEXT NOT NULL, -- csaf, osv, nvd, ...
    document         TEXT NOT NULL, -- its own id
    title            TEXT NOT NULL,
    published_at     BIGINT,
    changed_at       BIGINT
);
CREATE INDEX advisories_of ON advisories (vulnerability_id, id);

CREATE TABLE statements ( -- what suppliers say of their products (VEX), as a team brought it in
    id               TEXT PRIMARY KEY, -- hash of team, vulnerability, source, document, product and component
    team_id          TEXT NOT NULL REFERENCES teams (id),
    vulnerability_id TEXT NOT NULL,
    source           TEXT NOT NULL,
    document         TEXT NOT NULL,
    product          TEXT NOT NULL,
    component        TEXT NOT NULL,
    status           TEXT NOT NULL,
    justification    TEXT NOT NULL,
    action           TEXT NOT NULL,
    url              TEXT NOT NULL,
    said_at          BIGINT
);
CREATE INDEX statements_of ON statements (vulnerability_id, team_id);

-- ------------------------------------------------------------------ blockers

CREATE TABLE blocker_pauses ( -- a blocker that was resolved and came back
    blocker_id  TEXT NOT NULL REFERENCES blockers (id),
    resolved_at BIGINT NOT NULL,
    reopened_at BIGINT NOT NULL,
    PRIMARY KEY (blocker_id, reopened_at)
);

-- +goose Down
DROP TABLE blocker_pauses;
DROP TABLE statements;
DROP TABLE advisories;
DROP TABLE epss_history;
DROP TABLE attachment_parts;
DROP TABLE attachments;
DROP TABLE mentions;
DROP TABLE comments;
DROP TABLE score_changes;
DROP INDEX patches_superseding;
DROP TABLE patch_needs;
DROP TABLE patch_contents;
