-- What is written back into the sources. Times are milliseconds since 1970-01-01 UTC.

-- The sources that want it, as the settings have them.
CREATE TABLE write_back (
    source TEXT PRIMARY KEY,
    since  INTEGER NOT NULL,            -- calls that began before are not written
    settle INTEGER NOT NULL,            -- how long nothing must change before it is written, in milliseconds
    rests  INTEGER NOT NULL DEFAULT 0   -- it is left alone until then
) STRICT, WITHOUT ROWID;

-- My extensions: what they talked is mine to write.
CREATE TABLE my_lines (
    extension TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- One entry for a call at a record of a source. What it says is put together from the call and its note when it is sent.
CREATE TABLE outbox (
    id      INTEGER PRIMARY KEY,
    call    TEXT NOT NULL,
    source  TEXT NOT NULL,
    record  TEXT NOT NULL,              -- the source's key of the customer
    changed INTEGER NOT NULL DEFAULT 1, -- counts what happened to the call and its note
    written INTEGER NOT NULL DEFAULT 0, -- up to where the source has it
    entry   TEXT,                       -- the source's key of the entry
    digest  TEXT,                       -- of the text that the source has
    begun   INTEGER,                    -- when an entry was sent of which no answer is known
    due     INTEGER NOT NULL,           -- not to be sent before
    tries   INTEGER NOT NULL DEFAULT 0, -- in a row that failed
    trouble TEXT,                       -- why the last one did
    refused INTEGER NOT NULL DEFAULT 0, -- 1: it waits for a person
    UNIQUE (call, source, record)
) STRICT;

CREATE INDEX outbox_due ON outbox (due) WHERE written < changed AND refused = 0;
