-- +goose Up
CREATE TABLE patch_words (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patch_id TEXT NOT NULL UNIQUE REFERENCES patches (id),
    team_id  TEXT NOT NULL,
    words    TEXT NOT NULL,
    index    TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED
);
CREATE INDEX patch_words_index ON patch_words USING gin (index);
-- +goose Down
DROP TABLE patch_words;
