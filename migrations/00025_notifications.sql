-- +goose Up
CREATE TABLE outbox_positions ( -- how far a reader of the outbox has come in a team
    reader   TEXT NOT NULL,
    team_id  TEXT NOT NULL REFERENCES teams (id),
    position BIGINT NOT NULL, -- id of the last event that was read
    PRIMARY KEY (reader, team_id)
);
-- What happened before is nobody's news.
INSERT INTO outbox_positions (reader, team_id, position)
    SELECT 'notify', t.id, COALESCE((SELECT MAX(e.id) FROM events e WHERE e.team_id = t.id), 0) FROM teams t;

CREATE TABLE notifications ( -- what one person should know
    id      TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    team_id TEXT NOT NULL REFERENCES teams (id),
    source  TEXT NOT NULL, -- the occasion; the same is not told twice
    kind    TEXT NOT NULL,
    title   TEXT NOT NULL,
    body    TEXT NOT NULL,
    path    TEXT NOT NULL, -- of the page that shows the thing
    at      BIGINT NOT NULL,
    shown   BOOLEAN NOT NULL, -- in the inbox; else for mail alone
    read_at BIGINT,
    mail    TEXT NOT NULL CHECK (mail IN ('', 'immediate', 'digest')), -- what it waits for; empty when for nothing
    mail_id TEXT, -- the mail that it went into
    UNIQUE (user_id, source)
);
CREATE INDEX notifications_of_user ON notifications (user_id, id) WHERE shown;
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE shown AND read_at IS NULL;
CREATE INDEX notifications_to_mail ON notifications (user_id, id) WHERE mail <> '' AND mail_id IS NULL;
CREATE INDEX notifications_by_age ON notifications (at);

CREATE TABLE notice_choices ( -- what somebody chose for a kind; without a row as usual
    user_id TEXT NOT NULL REFERENCES users (id),
    kind    TEXT NOT NULL,
    inbox   BOOLEAN NOT NULL,
    mail    TEXT NOT NULL CHECK (mail IN ('immediate', 'digest', 'off')),
    PRIMARY KEY (user_id, kind)
);

CREATE TABLE notice_people ( -- when somebody wants to be told; without a row as usual
    user_id   TEXT PRIMARY KEY REFERENCES users (id),
    due_days  BIGINT NOT NULL, -- how long before a due date they are warned
    digest_at TEXT NOT NULL,   -- such as 07:30
    time_zone TEXT NOT NULL,   -- empty: that of their first team
    digested  TEXT NOT NULL    -- the day of the last digest
);

CREATE TABLE mails ( -- mail on its way, one per person at a time
    id         TEXT PRIMARY KEY, -- also the Message-ID, so that a repeat can be recognised
    user_id    TEXT NOT NULL REFERENCES users (id),
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,
    html       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    attempts   BIGINT NOT NULL,
    next_at    BIGINT NOT NULL,
    error      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at    BIGINT
);
CREATE INDEX mails_to_send ON mails (next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX mails_of_user ON mails (user_id, created_at);
CREATE INDEX mails_by_age ON mails (created_at);

CREATE TABLE webhooks (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    name       TEXT NOT NULL,
    url        TEXT NOT NULL,
    format     TEXT NOT NULL CHECK (format IN ('standard', 'slack', 'teams', 'mattermost')),
    kinds      TEXT NOT NULL, -- of what it is told; a JSON array
    secret     TEXT NOT NULL, -- that signs; never shown
    enabled    BOOLEAN NOT NULL,
    failing_at BIGINT, -- since when nothing arrives
    disabled   TEXT NOT NULL, -- why the server switched it off; empty when it did not
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_of_team ON webhooks (team_id, id);

CREATE TABLE deliveries ( -- what a webhook is told
    id          TEXT PRIMARY KEY, -- the webhook-id header, the same in every attempt
    webhook_id  TEXT NOT NULL REFERENCES webhooks (id),
    source      TEXT NOT NULL, -- the occasion; the same is not told twice
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    content     TEXT NOT NULL, -- what is sent
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    attempts    BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    until       BIGINT NOT NULL, -- who tries it now may take until then
    status      BIGINT, -- of the last HTTP answer
    answer      TEXT NOT NULL, -- the beginning of what the receiver said
    error       TEXT NOT NULL,
    took        BIGINT NOT NULL, -- milliseconds of the last attempt
    created_at  BIGINT NOT NULL,
    tried_at    BIGINT,
    UNIQUE (webhook_id, source)
);
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, id);
CREATE INDEX deliveries_to_do ON deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_by_age ON deliveries (created_at);

-- +goose Down
DROP TABLE deliveries;
DROP TABLE webhooks;
DROP TABLE mails;
DROP TABLE notice_people;
DROP TABLE notice_choices;
DROP TABLE notifications;
DROP TABLE outbox_positions;
