-- +goose Up
-- A saved view: what a list of patches is narrowed to, in which order, and what it shows.
CREATE TABLE views (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    owner_id   TEXT NOT NULL REFERENCES users (id),
    name       TEXT NOT NULL,
    shared     BOOLEAN NOT NULL,
    query      TEXT NOT NULL, -- filter and order, as the list's address has them
    columns    TEXT NOT NULL, -- empty: the reader's own
    density    TEXT NOT NULL, -- empty: the reader's own
    gone_at    BIGINT,        -- it can be brought back for a while
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX views_of_team ON views (team_id, shared, created_at);
CREATE INDEX views_of_owner ON views (team_id, owner_id, created_at);

CREATE TABLE view_choices ( -- what one person chose for the lists of one team
    team_id      TEXT NOT NULL REFERENCES teams (id),
    user_id      TEXT NOT NULL REFERENCES users (id),
    default_view TEXT NOT NULL, -- id of a view or name of a built-in one; empty for none
    places       TEXT NOT NULL, -- ids of views in the order chosen
    columns      TEXT NOT NULL,
    density      TEXT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

CREATE TABLE bulk_edits ( -- what a change of many items needs to be taken back
    id        TEXT PRIMARY KEY,
    team_id   TEXT NOT NULL REFERENCES teams (id),
    user_id   TEXT NOT NULL,
    at        BIGINT NOT NULL,
    items     TEXT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX bulk_edits_by_age ON bulk_edits (at);

-- Conditions that leave few of many patches need an index to find those.
CREATE INDEX patches_of_ecosystem ON patches (team_id, ecosystem, sort_value DESC, tie_key, id) WHERE is_open;
CREATE INDEX patches_unestimated ON patches (team_id, sort_value DESC, tie_key, id) WHERE is_open AND points IS NULL;
CREATE INDEX patches_regulated ON patches (team_id, sort_value DESC, tie_key, id) WHERE is_open AND regulated;
CREATE INDEX patches_placed_by_rank ON patches (team_id, sort_value DESC, tie_key, id) WHERE is_open AND placed_at IS NOT NULL;
CREATE INDEX patches_by_epss ON patches (team_id, epss DESC, id) WHERE is_open AND epss IS NOT NULL;
CREATE INDEX patches_by_cvss ON patches (team_id, cvss DESC, id) WHERE is_open AND cvss IS NOT NULL;
CREATE INDEX patches_by_points ON patches (team_id, points, id) WHERE is_open AND points IS NOT NULL;
CREATE INDEX patches_by_assets ON patches (team_id, assets, id) WHERE is_open;
CREATE INDEX patches_improvements ON patches (team_id, sort_value DESC, tie_key, id) WHERE is_open AND kind = 'improvement';
CREATE INDEX patches_by_creation ON patches (team_id, created_at, id);

-- +goose Down
DROP INDEX patches_by_creation;
DROP INDEX patches_improvements;
DROP INDEX patches_by_assets;
DROP INDEX patches_by_points;
DROP INDEX patches_by_cvss;
DROP INDEX patches_by_epss;
DROP INDEX patches_placed_by_rank;
DROP INDEX patches_regulated;
DROP INDEX patches_unestimated;
DROP INDEX patches_of_ecosystem;
DROP TABLE bulk_edits;
DROP TABLE view_choices;
DROP TABLE views;
