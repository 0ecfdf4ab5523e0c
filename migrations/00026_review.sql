-- +goose Up
CREATE TABLE reviews (
    id        TEXT PRIMARY KEY,
    team_id   TEXT NOT NULL REFERENCES teams (id),
    sprint_id TEXT NOT NULL UNIQUE REFERENCES sprints (id),
    summary   TEXT NOT NULL, -- Markdown, by the Scrum master
    items     TEXT NOT NULL, -- what was looked at as it was at the close, JSON; empty while open
    closed_at BIGINT,
    closed_by TEXT NOT NULL, -- the name at that time
    version   BIGINT NOT NULL
);
CREATE INDEX reviews_of_team ON reviews (team_id);

CREATE TABLE review_verdicts (
    review_id    TEXT NOT NULL REFERENCES reviews (id),
    patch_id     TEXT NOT NULL REFERENCES patches (id),
    accepted     BOOLEAN NOT NULL,
    feedback     TEXT NOT NULL,
    user_id      TEXT NOT NULL REFERENCES users (id),
    at           BIGINT NOT NULL,
    follow_up_id TEXT REFERENCES patches (id), -- the item that came of it
    version      BIGINT NOT NULL,
    PRIMARY KEY (review_id, patch_id)
);

CREATE TABLE review_links ( -- by which guests look at one review
    id          TEXT PRIMARY KEY,
    review_id   TEXT NOT NULL REFERENCES reviews (id),
    secret_hash TEXT NOT NULL UNIQUE,
    user_id     TEXT NOT NULL REFERENCES users (id), -- who made it
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    ended_at    BIGINT -- revoked
);
CREATE INDEX review_links_of_review ON review_links (review_id);

CREATE TABLE review_comments (
    id         TEXT PRIMARY KEY,
    review_id  TEXT NOT NULL REFERENCES reviews (id),
    user_id    TEXT REFERENCES users (id),        -- of the team, or
    link_id    TEXT REFERENCES review_links (id), -- of a guest, by this link
    author     TEXT NOT NULL, -- the name at that time; a guest's own word
    body       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX review_comments_of_review ON review_comments (review_id, id);
CREATE INDEX review_comments_of_link ON review_comments (link_id, created_at) WHERE link_id IS NOT NULL;

-- +goose Down
DROP TABLE review_comments;
DROP TABLE review_links;
DROP TABLE review_verdicts;
DROP TABLE reviews;
