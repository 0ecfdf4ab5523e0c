-- +goose Up
-- words holds the search words, separated by single spaces, as internal/backlog
-- makes them: they are lexemes already.
CREATE TABLE patch_words (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patch_id TEXT NOT NULL UNIQUE REFERENCES patches (id),
    team_id  TEXT NOT NULL,
    words    TEXT NOT NULL,
    index    TSVECTOR GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
);
CREATE INDEX patch_words_index ON patch_words USING gin (index);
-- +goose Down
DROP TABLE patch_words;
