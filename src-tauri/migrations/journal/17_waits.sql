-- When callers waited. Times are milliseconds since 1970-01-01 UTC.

-- From when until when the caller of a call waited in one queue, or, where a phone rang without one, in none. Of calls from before
-- there is nothing.
CREATE TABLE call_waits (
    call     TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    began    INTEGER NOT NULL,
    until    INTEGER,              -- absent while they wait
    since    INTEGER NOT NULL,     -- since when they had waited, in whatever queue
    queue    TEXT,
    PRIMARY KEY (call, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX call_waits_by_end ON call_waits (until);
