-- What follows from a call. Times are milliseconds since 1970-01-01 UTC; kinds, states and the like are words.
-- None of it refers to `calls` by the database: it is kept even when its call could not be written.

-- What the agent chose as the result of a call; the shop's own list.
CREATE TABLE dispositions (
    call   TEXT PRIMARY KEY,
    code   TEXT NOT NULL,
    line   TEXT NOT NULL,
    chosen INTEGER NOT NULL
) STRICT;

-- Follow-ups and callbacks.
CREATE TABLE tasks (
    id             INTEGER PRIMARY KEY,
    kind           TEXT NOT NULL,
    call           TEXT,                -- that it came from
    customer       TEXT,                -- source/key
    customer_name  TEXT NOT NULL,
    number_display TEXT NOT NULL,       -- to ring back; empty when withheld
    text           TEXT NOT NULL,
    line           TEXT NOT NULL,       -- whose it is
    created        INTEGER NOT NULL,
    due            INTEGER NOT NULL,
    reminded       INTEGER,             -- the due time that somebody was reminded of
    done           INTEGER
) STRICT;

CREATE INDEX tasks_open ON tasks (due) WHERE done IS NULL;
CREATE INDEX tasks_by_call ON tasks (call) WHERE call IS NOT NULL;
CREATE INDEX tasks_by_customer ON tasks (customer) WHERE customer IS NOT NULL;

-- Service requests.
CREATE TABLE tickets (
    id            INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL,
    priority      TEXT NOT NULL,
    state         TEXT NOT NULL,
    subject       TEXT NOT NULL,
    call          TEXT,
    customer      TEXT,
    customer_name TEXT NOT NULL,
    line          TEXT NOT NULL,        -- who opened it
    opened        INTEGER NOT NULL,
    closed        INTEGER
) STRICT;

CREATE INDEX tickets_by_call ON tickets (call) WHERE call IS NOT NULL;
CREATE INDEX tickets_by_customer ON tickets (customer) WHERE customer IS NOT NULL;

-- What a customer said to a suggested product in a call.
CREATE TABLE offers (
    call         TEXT NOT NULL,
    product      TEXT NOT NULL,         -- the source's key
    product_name TEXT NOT NULL,
    customer     TEXT,
    answer       TEXT NOT NULL,
    line         TEXT NOT NULL,
    answered     INTEGER NOT NULL,
    PRIMARY KEY (call, product)
) STRICT, WITHOUT ROWID;

CREATE INDEX offers_by_customer ON offers (customer, answered) WHERE customer IS NOT NULL;
