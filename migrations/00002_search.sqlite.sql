-- +goose Up
-- words holds the search words in order, separated by single spaces, as
-- internal/backlog makes them: the tokenizer here only has to split at spaces.
CREATE TABLE patch_words (
    id       INTEGER PRIMARY KEY,
    patch_id TEXT NOT NULL UNIQUE REFERENCES patches (id),
    team_id  TEXT NOT NULL,
    words    TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE patch_index USING fts5 (team_id, words, content = 'patch_words', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 0 tokenchars '-_.+~:'", prefix = '2 3', detail = 'column');
-- +goose StatementBegin
CREATE TRIGGER patch_words_added AFTER INSERT ON patch_words BEGIN
    INSERT INTO patch_index (rowid, team_id, words) VALUES (new.id, new.team_id, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER patch_words_removed AFTER DELETE ON patch_words BEGIN
    INSERT INTO patch_index (patch_index, rowid, team_id, words) VALUES ('delete', old.id, old.team_id, old.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER patch_words_changed AFTER UPDATE ON patch_words BEGIN
    INSERT INTO patch_index (patch_index, rowid, team_id, words) VALUES ('delete', old.id, old.team_id, old.words);
    INSERT INTO patch_index (rowid, team_id, words) VALUES (new.id, new.team_id, new.words);
END;
-- +goose StatementEnd
-- +goose Down
DROP TABLE patch_index;
DROP TABLE patch_words;
