-- What people said of the records of the sources. It is theirs and no copy: it outlives the cache. Times are milliseconds
-- since 1970-01-01 UTC, records are source/key.

-- Two records are one person or company.
CREATE TABLE record_links (
    one    TEXT NOT NULL,
    other  TEXT NOT NULL,              -- the later of the two by its text
    linked INTEGER NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

-- This record is nobody else, whatever it has in common with others.
CREATE TABLE records_apart (
    record TEXT PRIMARY KEY,
    parted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person wrote in the place of what the sources say.
CREATE TABLE edits (
    record TEXT NOT NULL,
    field  TEXT NOT NULL,              -- name, company, city
    value  TEXT NOT NULL,
    edited INTEGER NOT NULL,
    PRIMARY KEY (record, field)
) STRICT, WITHOUT ROWID;
