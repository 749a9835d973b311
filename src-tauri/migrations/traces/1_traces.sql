-- Why calls did or did not pop: the last calls, bounded in journal/traces.rs. Nothing else refers to this file, and it may
-- be deleted at any time. Times are microseconds since 1970-01-01 UTC.

CREATE TABLE traces (
    call     TEXT PRIMARY KEY,
    feed     TEXT NOT NULL,
    mine     INTEGER NOT NULL,      -- 1: one of my lines took part
    began    INTEGER NOT NULL,
    size     INTEGER NOT NULL,      -- bytes of its steps
    left_out INTEGER NOT NULL       -- steps beyond the bounds
) STRICT;

CREATE INDEX traces_by_age ON traces (mine, began);

CREATE TABLE steps (
    id   INTEGER PRIMARY KEY,
    call TEXT NOT NULL REFERENCES traces (call) ON DELETE CASCADE,
    at   INTEGER NOT NULL,
    body TEXT NOT NULL,             -- JSON
    raw  TEXT                       -- what the feed heard, as text
) STRICT;

CREATE INDEX steps_of_call ON steps (call, id);

-- How each feed was, from when on.
CREATE TABLE feed_states (
    id     INTEGER PRIMARY KEY,
    feed   TEXT NOT NULL,
    state  TEXT NOT NULL,
    detail TEXT,
    at     INTEGER NOT NULL
) STRICT;

CREATE INDEX feed_states_by_feed ON feed_states (feed, at);

-- When Ringside ran.
CREATE TABLE runs (
    id      INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,
    until   INTEGER NOT NULL,       -- when it last wrote
    ended   INTEGER NOT NULL        -- 1: it was closed; 0: it runs, or stopped some time after `until`
) STRICT;
