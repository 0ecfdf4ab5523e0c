-- +goose Up
ALTER TABLE standup_entries ADD COLUMN yesterday_items TEXT NOT NULL DEFAULT '[]'; -- JSON: number of the patch, its status at the last entry and when this was written
ALTER TABLE standup_entries ADD COLUMN changed_at BIGINT;                          -- null: as it was first written

CREATE TABLE standup_versions ( -- what an entry said before it was changed
    team_id         TEXT NOT NULL REFERENCES teams (id),
    day             TEXT NOT NULL,
    user_id         TEXT NOT NULL REFERENCES users (id),
    version         BIGINT NOT NULL,
    yesterday       TEXT NOT NULL,
    today           TEXT NOT NULL,
    items           TEXT NOT NULL,
    yesterday_items TEXT NOT NULL,
    written_at      BIGINT NOT NULL, -- of this version
    PRIMARY KEY (team_id, day, user_id, version)
);

CREATE TABLE standup_walks ( -- whose turn it is while a team goes through its stand-up
    team_id    TEXT NOT NULL REFERENCES teams (id),
    day        TEXT NOT NULL,
    current_id TEXT NOT NULL REFERENCES users (id),
    since      BIGINT NOT NULL, -- of this turn
    started_by TEXT NOT NULL REFERENCES users (id),
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    PRIMARY KEY (team_id, day)
);

ALTER TABLE blockers ADD COLUMN escalate_on TEXT;  -- a day in the team's time zone
ALTER TABLE blockers ADD COLUMN escalated_at BIGINT;
CREATE INDEX blockers_to_escalate ON blockers (escalate_on) WHERE escalate_on IS NOT NULL AND escalated_at IS NULL AND resolved_at IS NULL;
CREATE INDEX audit_moves ON audit (team_id, user_id, at) WHERE action = 'patch.moved';

-- +goose Down
DROP INDEX audit_moves;
DROP INDEX blockers_to_escalate;
DROP TABLE standup_walks;
DROP TABLE standup_versions;
