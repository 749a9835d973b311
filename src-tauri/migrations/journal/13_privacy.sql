-- Who did what with whose data, and how one person is taken out. Times are milliseconds since 1970-01-01 UTC.

-- Whom an entry of the trail is about stands here, so that the trail itself is never changed: erasing somebody forgets
-- what a row here stands for.
CREATE TABLE audit_about (
    id       INTEGER PRIMARY KEY,
    customer TEXT,               -- source/key
    call     TEXT,
    erased   TEXT                -- the pseudonym of somebody who was erased
) STRICT;

CREATE UNIQUE INDEX audit_about_what ON audit_about (coalesce(customer, ''), coalesce(call, '')) WHERE erased IS NULL;
CREATE INDEX audit_about_call ON audit_about (call) WHERE call IS NOT NULL;

DROP TRIGGER audit_stands;
ALTER TABLE audit RENAME TO audit_before;

CREATE TABLE audit (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    agent     TEXT NOT NULL,     -- the name in the settings, else empty
    extension TEXT NOT NULL,     -- where the agent sat
    act       TEXT NOT NULL,     -- a word, `uncovered` for example
    detail    TEXT NOT NULL,     -- what of it: keys of settings, the name of a report, counts, a colleague; never which customer
    about     INTEGER REFERENCES audit_about (id)
) STRICT;

INSERT INTO audit_about (customer, call)
SELECT DISTINCT customer, call FROM audit_before WHERE customer IS NOT NULL OR call IS NOT NULL;
INSERT INTO audit (id, at, agent, extension, act, detail, about)
SELECT b.id, b.at, b.agent, b.extension, b.act, '', a.id FROM audit_before b
LEFT JOIN audit_about a ON a.customer IS b.customer AND a.call IS b.call;
DROP TABLE audit_before;

CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_about ON audit (about) WHERE about IS NOT NULL;

-- Open only within the transaction of a retention that drops what is older than this.
CREATE TABLE audit_gate (
    before INTEGER NOT NULL
) STRICT;

CREATE TRIGGER audit_stands BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END;
CREATE TRIGGER audit_is_added BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
    WHEN old.at >= coalesce((SELECT max(before) FROM audit_gate), old.at)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END;
CREATE TRIGGER audit_about_stands BEFORE UPDATE ON audit_about
    WHEN NOT (new.id = old.id AND old.erased IS NULL AND new.erased IS NOT NULL AND new.customer IS NULL AND new.call IS NULL)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END;

-- Records and numbers of people who were erased, so that a source does not bring them back: HMAC-SHA256 of each.
CREATE TABLE left_out_key (
    key BLOB NOT NULL
) STRICT;
INSERT INTO left_out_key VALUES (randomblob(32));

CREATE TABLE left_out (
    hash   BLOB PRIMARY KEY,
    person TEXT NOT NULL,        -- their pseudonym
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Erasures under way. Whoever starts after a crash goes on with them.
CREATE TABLE erasures (
    person    TEXT PRIMARY KEY,  -- their pseudonym
    began     INTEGER NOT NULL,
    agent     TEXT NOT NULL,
    extension TEXT NOT NULL,
    subject   TEXT               -- who (JSON); NULL once the rows are gone and only their bytes are not
) STRICT, WITHOUT ROWID;

CREATE INDEX notes_by_age ON notes (written_at);
