-- +goose Up
CREATE TABLE tasks ( -- the work on one patch, in steps
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    patch_id    TEXT NOT NULL REFERENCES patches (id),
    kind        TEXT NOT NULL CHECK (kind IN ('test', 'back_up', 'deploy', 'verify', 'announce', 'other')),
    title       TEXT NOT NULL,
    assignee_id TEXT REFERENCES users (id),
    hours       DOUBLE PRECISION CHECK (hours > 0), -- estimated
    state       TEXT NOT NULL CHECK (state IN ('to_do', 'doing', 'done')),
    place       TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX tasks_of_patch ON tasks (patch_id, place, id);
CREATE INDEX tasks_of_person ON tasks (team_id, assignee_id) WHERE state <> 'done';

ALTER TABLE teams ADD COLUMN task_templates TEXT NOT NULL DEFAULT '{}'; -- JSON of team.TaskTemplates

CREATE TABLE co_assignees ( -- who works on a patch beside the one who is responsible
    patch_id TEXT NOT NULL REFERENCES patches (id),
    user_id  TEXT NOT NULL REFERENCES users (id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (patch_id, user_id)
);
CREATE INDEX co_assignees_of ON co_assignees (user_id, patch_id);

ALTER TABLE memberships ADD COLUMN open_tasks BIGINT NOT NULL DEFAULT 0; -- when the sprint closed

-- +goose Down
ALTER TABLE memberships DROP COLUMN open_tasks;
DROP TABLE co_assignees;
ALTER TABLE teams DROP COLUMN task_templates;
DROP TABLE tasks;
