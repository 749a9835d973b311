-- Times are milliseconds since 1970-01-01 UTC. Directions, outcomes and the like are words, `not_verified_b` for example.

CREATE TABLE calls (
    id               TEXT PRIMARY KEY,
    feed             TEXT NOT NULL,
    direction        TEXT NOT NULL,
    number           INTEGER,           -- E.164 without the plus
    number_raw       TEXT NOT NULL,     -- as the phone system sent it
    number_display   TEXT NOT NULL,     -- as people write it
    presentation     TEXT NOT NULL,
    caller_name      TEXT NOT NULL,
    trust            TEXT NOT NULL,
    customer         TEXT,              -- source/key; the name beside it stays readable when the cache is gone
    customer_name    TEXT NOT NULL,
    customer_company TEXT NOT NULL,
    called           TEXT NOT NULL,
    started          INTEGER NOT NULL,
    answered         INTEGER,
    answered_by      TEXT,              -- an extension of ours, or the number outside
    ended            INTEGER,
    outcome          TEXT,
    ended_by         TEXT,
    unfinished       INTEGER NOT NULL,  -- 1: nobody saw how it ended
    went_to          TEXT,              -- where it went when no agent answered
    talked           INTEGER            -- seconds
) STRICT;

CREATE INDEX calls_by_start ON calls (started, id);
CREATE INDEX calls_by_customer ON calls (customer, started) WHERE customer IS NOT NULL;
CREATE INDEX calls_by_number ON calls (number, started) WHERE number IS NOT NULL;
CREATE INDEX calls_open ON calls (started) WHERE ended IS NULL;

CREATE TABLE call_lines (
    call         TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    extension    TEXT NOT NULL,
    rang         INTEGER,
    talked_from  INTEGER,
    talked_until INTEGER,
    PRIMARY KEY (call, position)
) STRICT, WITHOUT ROWID;

-- No reference to calls: a note is kept even when its call could not be written.
CREATE TABLE notes (
    call       TEXT PRIMARY KEY,
    text       TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    revision   INTEGER NOT NULL
) STRICT;

-- What a note said before; the last of each note, bounded in journal/notes.rs.
CREATE TABLE note_revisions (
    call       TEXT NOT NULL REFERENCES notes (call) ON DELETE CASCADE,
    revision   INTEGER NOT NULL,
    text       TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (call, revision)
) STRICT, WITHOUT ROWID;
