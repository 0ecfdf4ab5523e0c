-- +goose Up
-- Cards, votes and what belongs to them carry no moment and no running number: in an
-- anonymous retrospective nothing that is stored leads from a card to its author.
CREATE TABLE retros (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    sprint_id  TEXT NOT NULL UNIQUE REFERENCES sprints (id),
    format     TEXT NOT NULL,
    headings   TEXT NOT NULL,    -- of the columns, a JSON array
    anonymous  BOOLEAN NOT NULL,
    dots       BIGINT NOT NULL,  -- votes of each person
    phase      TEXT NOT NULL CHECK (phase IN ('facts', 'collect', 'group', 'vote', 'discuss', 'actions', 'closed')),
    ends_at    BIGINT,           -- of the timer
    discussing TEXT,             -- the group that is talked about
    secret     TEXT NOT NULL,    -- signs tickets; gone once it is closed
    summary    TEXT NOT NULL,    -- written at the close
    closed_at  BIGINT,
    version    BIGINT NOT NULL   -- of what the facilitator decides
);
CREATE INDEX retros_of_team ON retros (team_id);

CREATE TABLE retro_groups (
    id       TEXT PRIMARY KEY,
    retro_id TEXT NOT NULL REFERENCES retros (id),
    name     TEXT NOT NULL,
    note     TEXT NOT NULL,
    votes    BIGINT NOT NULL, -- 0 until the voting has ended
    version  BIGINT NOT NULL
);
CREATE INDEX retro_groups_of_retro ON retro_groups (retro_id);

CREATE TABLE retro_cards (
    id       TEXT PRIMARY KEY,
    retro_id TEXT NOT NULL REFERENCES retros (id),
    heading  BIGINT NOT NULL,
    body     TEXT NOT NULL,
    group_id TEXT REFERENCES retro_groups (id),
    shown    BOOLEAN NOT NULL, -- to others
    owner    TEXT NOT NULL     -- a user's id; of an anonymous one a digest that only its ticket yields, empty once collecting has ended
);
CREATE INDEX retro_cards_of_retro ON retro_cards (retro_id);
CREATE INDEX retro_cards_of_group ON retro_cards (group_id) WHERE group_id IS NOT NULL;

CREATE TABLE retro_votes ( -- while voting lasts
    retro_id TEXT NOT NULL REFERENCES retros (id),
    voter    TEXT NOT NULL, -- as a card's owner
    group_id TEXT NOT NULL REFERENCES retro_groups (id),
    dots     BIGINT NOT NULL CHECK (dots > 0),
    PRIMARY KEY (retro_id, voter, group_id)
);
CREATE INDEX retro_votes_of_group ON retro_votes (group_id);

CREATE TABLE retro_tickets ( -- who has got one; not which
    retro_id TEXT NOT NULL REFERENCES retros (id),
    user_id  TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (retro_id, user_id)
);

CREATE TABLE retro_ready ( -- for the next phase
    retro_id TEXT NOT NULL REFERENCES retros (id),
    user_id  TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (retro_id, user_id)
);

CREATE TABLE retro_actions (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    retro_id   TEXT NOT NULL REFERENCES retros (id),
    group_id   TEXT REFERENCES retro_groups (id), -- that it follows from
    patch_id   TEXT NOT NULL UNIQUE REFERENCES patches (id),
    due_sprint BIGINT NOT NULL,
    kept       BIGINT NOT NULL -- how often it was put off
);
CREATE INDEX retro_actions_of_retro ON retro_actions (retro_id);
CREATE INDEX retro_actions_of_team ON retro_actions (team_id);

CREATE TABLE lessons (
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    body        TEXT NOT NULL,
    vendor      TEXT NOT NULL, -- empty: whoever makes it
    product     TEXT NOT NULL,
    vendor_key  TEXT NOT NULL, -- as compared
    product_key TEXT NOT NULL,
    words       TEXT NOT NULL, -- that a search reads, in small letters
    sprint_id   TEXT REFERENCES sprints (id),
    patch_id    TEXT REFERENCES patches (id),
    author      TEXT NOT NULL, -- the name at that time
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX lessons_of_team ON lessons (team_id, id);
CREATE INDEX lessons_of_product ON lessons (team_id, product_key, id);

-- +goose Down
DROP TABLE lessons;
DROP TABLE retro_actions;
DROP TABLE retro_ready;
DROP TABLE retro_tickets;
DROP TABLE retro_votes;
DROP TABLE retro_cards;
DROP TABLE retro_groups;
DROP TABLE retros;
