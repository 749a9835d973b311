-- What agents said of who calls. It is theirs and no copy: it outlives the cache, which may be deleted at any time.
-- Times are milliseconds since 1970-01-01 UTC, numbers E.164 without the plus. `call` and `line`: in which call it was
-- said, and at which extension.

-- Customers that no source knows. Others refer to one as `desk/key`.
CREATE TABLE customers (
    id      INTEGER PRIMARY KEY,
    key     TEXT NOT NULL UNIQUE,      -- random, so that two desktops never make the same
    name    TEXT NOT NULL,
    company TEXT NOT NULL,
    email   TEXT NOT NULL,
    call    TEXT NOT NULL,
    line    TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE INDEX customers_by_call ON customers (call);

-- Numbers that no source has for their customer.
CREATE TABLE links (
    number   INTEGER NOT NULL,
    customer TEXT NOT NULL,            -- source/key
    call     TEXT NOT NULL,
    line     TEXT NOT NULL,
    linked   INTEGER NOT NULL,
    PRIMARY KEY (number, customer)
) STRICT, WITHOUT ROWID;

CREATE INDEX links_by_call ON links (call);
CREATE INDEX links_by_customer ON links (customer);

-- Whom a call was with, where the number alone does not say it.
CREATE TABLE choices (
    call     TEXT PRIMARY KEY,
    number   INTEGER,                  -- the caller's; absent when it is none
    customer TEXT NOT NULL,            -- source/key
    line     TEXT NOT NULL,
    chosen   INTEGER NOT NULL
) STRICT;

CREATE INDEX choices_by_number ON choices (number, customer, chosen) WHERE number IS NOT NULL;
CREATE INDEX choices_by_customer ON choices (customer);
