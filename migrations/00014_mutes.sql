-- +goose Up
CREATE TABLE notice_mutes ( -- teams from which somebody wants no mail
    user_id TEXT NOT NULL REFERENCES users (id),
    team_id TEXT NOT NULL REFERENCES teams (id),
    PRIMARY KEY (user_id, team_id)
);

-- +goose Down
DROP TABLE notice_mutes;
