-- How tickets are worked: by when, by whom, and what was said and done. Times are milliseconds since 1970-01-01 UTC.

ALTER TABLE tickets ADD COLUMN due INTEGER;
ALTER TABLE tickets ADD COLUMN assignee TEXT NOT NULL DEFAULT '';    -- an extension; empty for nobody

CREATE INDEX tickets_open ON tickets (id) WHERE closed IS NULL;

-- Comments and changes, only ever added to.
CREATE TABLE ticket_entries (
    id     INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    line   TEXT NOT NULL,          -- who
    change TEXT NOT NULL           -- what, as the pages are told it (JSON)
) STRICT;

CREATE INDEX ticket_entries_of ON ticket_entries (ticket, id);

-- Filters of lists that somebody gave a name.
CREATE TABLE saved_filters (
    page   TEXT NOT NULL,          -- the list
    name   TEXT NOT NULL,
    filter TEXT NOT NULL,          -- as the page wrote it (JSON)
    PRIMARY KEY (page, name)
) STRICT, WITHOUT ROWID;
