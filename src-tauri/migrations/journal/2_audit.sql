-- Who saw what: never changed once written. Times are milliseconds since 1970-01-01 UTC.
CREATE TABLE audit (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    agent     TEXT NOT NULL,     -- the name in the settings, else empty
    extension TEXT NOT NULL,     -- where the agent sat
    act       TEXT NOT NULL,     -- a word, `uncovered` for example
    call      TEXT,
    customer  TEXT               -- source/key
) STRICT;

CREATE INDEX audit_by_time ON audit (at, id);
CREATE TRIGGER audit_stands BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END;

-- What a colleague wrote about a call before passing it on: read beside the note of whoever has the call now.
CREATE TABLE handed_notes (
    call       TEXT PRIMARY KEY,
    extension  TEXT NOT NULL,
    text       TEXT NOT NULL,
    written_at INTEGER NOT NULL
) STRICT;
