-- +goose Up
-- A retired asset keeps its history, and its findings weigh nothing. One that was
-- merged into another stays as the other's second name: imports follow it there.
ALTER TABLE assets ADD COLUMN retired_at BIGINT;
ALTER TABLE assets ADD COLUMN merged_into TEXT;
ALTER TABLE assets ADD COLUMN identifiers TEXT NOT NULL DEFAULT '[]'; -- addresses and serial numbers, a JSON array
CREATE INDEX assets_retired ON assets (id) WHERE retired_at IS NOT NULL;
CREATE INDEX assets_merged ON assets (merged_into) WHERE merged_into IS NOT NULL;

-- Assets on which every finding of the patch is fixed or not seen any more.
-- Beside assets, which still have an open one.
ALTER TABLE patches ADD COLUMN patched BIGINT NOT NULL DEFAULT 0;

CREATE TABLE asset_groups (
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    name        TEXT NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL, -- folded: the identity within the team
    description TEXT NOT NULL,
    rule        TEXT NOT NULL, -- conditions that must all hold, a JSON array; an empty one matches nothing
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    UNIQUE (team_id, name_key)
);

CREATE TABLE asset_group_members ( -- kept by whatever writes an asset or a group
    group_id TEXT NOT NULL REFERENCES asset_groups (id),
    asset_id TEXT NOT NULL REFERENCES assets (id),
    pinned   BOOLEAN NOT NULL, -- somebody put it there
    matched  BOOLEAN NOT NULL, -- the rule does
    PRIMARY KEY (group_id, asset_id)
);
CREATE INDEX asset_groups_of ON asset_group_members (asset_id, group_id);

CREATE TABLE asset_inventories ( -- the newest list of components by each source
    id         TEXT PRIMARY KEY,
    asset_id   TEXT NOT NULL REFERENCES assets (id),
    source     TEXT NOT NULL,
    digest     TEXT NOT NULL, -- of all components: the same list again writes nothing
    components BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX asset_inventories_of ON asset_inventories (asset_id, source);

CREATE TABLE asset_components (
    inventory_id TEXT NOT NULL REFERENCES asset_inventories (id),
    component    TEXT COLLATE "C" NOT NULL, -- identity without a version, as findings use it
    version      TEXT COLLATE "C" NOT NULL,
    name         TEXT NOT NULL,
    PRIMARY KEY (inventory_id, component, version)
);
CREATE INDEX asset_components_of ON asset_components (component, inventory_id);

CREATE TABLE asset_edits ( -- changes of many assets at once, and their undoing
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    change      TEXT NOT NULL,
    undoes      TEXT,
    undone_by   TEXT,
    state       TEXT NOT NULL CHECK (state IN ('running', 'done')),
    total       BIGINT NOT NULL,
    done        BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    scored_to   TEXT COLLATE "C" NOT NULL, -- id of the last patch that was scored again
    user_id     TEXT NOT NULL,
    who         TEXT NOT NULL,
    beat_at     BIGINT NOT NULL, -- whoever works on it lived then
    created_at  BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX asset_edits_running ON asset_edits (beat_at) WHERE state = 'running';

CREATE TABLE asset_edit_rows (
    edit_id  TEXT NOT NULL REFERENCES asset_edits (id),
    asset_id TEXT NOT NULL REFERENCES assets (id),
    done     BOOLEAN NOT NULL,
    weighs   BOOLEAN NOT NULL, -- its patches have to be scored again
    was      TEXT NOT NULL,    -- only the values that changed
    became   TEXT NOT NULL,
    PRIMARY KEY (edit_id, asset_id)
);

CREATE TABLE asset_merges (
    id        TEXT PRIMARY KEY,
    team_id   TEXT NOT NULL REFERENCES teams (id),
    into_id   TEXT NOT NULL REFERENCES assets (id),
    moved     TEXT NOT NULL, -- what went where, to undo it
    who       TEXT NOT NULL,
    at        BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX asset_merges_of ON asset_merges (into_id, at);

-- +goose Down
SELECT 1;
