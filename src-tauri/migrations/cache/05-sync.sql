-- Sources that are asked again and again: where each was left, what its runs did, and what it says is gone.

ALTER TABLE sources ADD COLUMN checked    INTEGER;                     -- when a run last came to its end
ALTER TABLE sources ADD COLUMN unfinished INTEGER NOT NULL DEFAULT 0;  -- 1: no run ever came to its end
ALTER TABLE sources ADD COLUMN precedence INTEGER NOT NULL DEFAULT 1000;  -- of two sources the smaller one is believed; 1000: it was imported

-- The stream that gives a record (marks.id); NULL: an import gave it. `hash` is of the whole record as it was given.
ALTER TABLE customers ADD COLUMN stream INTEGER;
ALTER TABLE customers ADD COLUMN hash   INTEGER;
ALTER TABLE products  ADD COLUMN stream INTEGER;
ALTER TABLE tickets   ADD COLUMN stream INTEGER;

CREATE TABLE invoices (
    id          INTEGER PRIMARY KEY,
    source      INTEGER NOT NULL REFERENCES sources (id),
    stream      INTEGER,
    number      TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    currency    TEXT NOT NULL,
    total       INTEGER NOT NULL,
    open        INTEGER NOT NULL,
    issued      INTEGER,
    due         INTEGER NOT NULL,
    seen        INTEGER NOT NULL,
    UNIQUE (source, number)
);

CREATE INDEX open_invoices_of_customer ON invoices (customer_id) WHERE open <> 0;
CREATE INDEX invoices_of_customer ON invoices (customer_id);

CREATE INDEX tickets_of_customer ON tickets (customer_id);

-- Where each stream of each source was left. The mark is written with the records that it stands behind.
CREATE TABLE marks (
    id      INTEGER PRIMARY KEY,
    source  INTEGER NOT NULL REFERENCES sources (id),
    stream  TEXT NOT NULL,
    kind    INTEGER NOT NULL,            -- what its records are: see directory/sync/gone.rs
    mark    TEXT,                        -- NULL: it is read whole
    dropped INTEGER NOT NULL DEFAULT 0,  -- how many records this reading of it has dropped
    read    INTEGER,                     -- when it last came to its end
    UNIQUE (source, stream)
);

-- What a stream has given since it last came to its end: row ids, or for what has none a hash of its key.
CREATE TABLE given (
    stream INTEGER NOT NULL,
    id     INTEGER NOT NULL,
    PRIMARY KEY (stream, id)
) WITHOUT ROWID;

-- What a stream says is gone, and is so much that a person is asked first.
CREATE TABLE held (
    stream INTEGER NOT NULL,
    key    TEXT NOT NULL,
    PRIMARY KEY (stream, key)
) WITHOUT ROWID;

-- What each run did. By the name of the source, since it outlives what the source gave.
CREATE TABLE runs (
    id        INTEGER PRIMARY KEY,
    source    TEXT NOT NULL,
    began     INTEGER NOT NULL,
    ended     INTEGER,                   -- NULL: under way, or killed
    added     INTEGER NOT NULL DEFAULT 0,
    changed   INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    removed   INTEGER NOT NULL DEFAULT 0,
    held      INTEGER NOT NULL DEFAULT 0,
    refused   INTEGER NOT NULL DEFAULT 0,
    error     TEXT                       -- NULL: it came to its end
);

CREATE INDEX runs_of_source ON runs (source, id DESC);
