-- +goose Up
ALTER TABLE teams ADD COLUMN rules TEXT NOT NULL DEFAULT '{}'; -- how the team works, JSON of team.Rules; what is missing is as usual

ALTER TABLE patches ADD COLUMN moved_at BIGINT; -- when it came into its column of the board

CREATE TABLE patch_checks ( -- points of a definition of ready or done that somebody has ticked
    patch_id TEXT NOT NULL REFERENCES patches (id),
    list     TEXT NOT NULL CHECK (list IN ('ready', 'done')),
    item     TEXT NOT NULL, -- its words: a point that is worded anew has to be looked at anew
    user_id  TEXT NOT NULL,
    who      TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (patch_id, list, item)
);

-- +goose Down
DROP TABLE patch_checks;
ALTER TABLE patches DROP COLUMN moved_at;
ALTER TABLE teams DROP COLUMN rules;
