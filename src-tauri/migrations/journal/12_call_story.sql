-- What a supervisor reads of one call, and writes about it. Times are milliseconds since 1970-01-01 UTC; steps, causes and the
-- like are words.

-- What happened in a call, as the phone system told it. Of calls from before there are only their lines.
CREATE TABLE call_steps (
    call     TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    step     TEXT NOT NULL,
    line     TEXT,                 -- the extension of ours that it is about, or that did it
    other    TEXT,                 -- the queue, the number outside, or the phone that it went to
    why      TEXT,                 -- the cause, the way of a transfer, how it left a queue
    joined   TEXT,                 -- the call in which a transfer was talked over
    PRIMARY KEY (call, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX call_steps_joined ON call_steps (joined) WHERE joined IS NOT NULL;

-- What agents said of whom a call was with, beside who stood there until then. Only ever added to.
CREATE TABLE call_words (
    id            INTEGER PRIMARY KEY,
    call          TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    at            INTEGER NOT NULL,
    line          TEXT NOT NULL,   -- who
    word          TEXT NOT NULL,   -- chosen, linked, created, taken_back
    customer      TEXT,            -- source/key; absent when what was said was taken back
    customer_name TEXT NOT NULL,
    before        TEXT,            -- source/key
    before_name   TEXT NOT NULL
) STRICT;

CREATE INDEX call_words_of ON call_words (call, id);
CREATE TRIGGER call_words_stand BEFORE UPDATE ON call_words BEGIN SELECT RAISE(ABORT, 'what was said is not changed'); END;

INSERT INTO call_words (call, at, line, word, customer, customer_name, before, before_name)
    SELECT x.call, x.chosen, x.line, 'chosen', x.customer, iif(c.customer_name = '', c.customer_company, c.customer_name), NULL, ''
    FROM choices x JOIN calls c ON c.id = x.call AND c.customer = x.customer ORDER BY x.chosen;

-- Who wrote a note; empty where that was not written down.
ALTER TABLE notes ADD COLUMN line TEXT NOT NULL DEFAULT '';
ALTER TABLE note_revisions ADD COLUMN line TEXT NOT NULL DEFAULT '';

-- What a supervisor wrote about a call. Only ever added to.
CREATE TABLE call_comments (
    id    INTEGER PRIMARY KEY,
    call  TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    at    INTEGER NOT NULL,
    line  TEXT NOT NULL,           -- where they sat; empty where there was none
    agent TEXT NOT NULL,           -- the name in the settings, else empty
    text  TEXT NOT NULL
) STRICT;

CREATE INDEX call_comments_of ON call_comments (call, id);
CREATE TRIGGER call_comments_stand BEFORE UPDATE ON call_comments BEGIN SELECT RAISE(ABORT, 'a comment is not changed'); END;

-- Every mark that a call was given. Only ever added to; the last one also stands at the call, for the log to filter by.
CREATE TABLE call_marks (
    id    INTEGER PRIMARY KEY,
    call  TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    at    INTEGER NOT NULL,
    line  TEXT NOT NULL,
    agent TEXT NOT NULL,
    mark  TEXT                     -- coaching, reviewed; absent: the mark was taken away
) STRICT;

CREATE INDEX call_marks_of ON call_marks (call, id);
CREATE TRIGGER call_marks_stand BEFORE UPDATE ON call_marks BEGIN SELECT RAISE(ABORT, 'a mark is not changed'); END;

ALTER TABLE calls ADD COLUMN mark TEXT;

-- For the filters of the log: a rare value is found without reading every call.
CREATE INDEX calls_marked ON calls (mark, started, id) WHERE mark IS NOT NULL;
CREATE INDEX calls_by_queue ON calls (queue, started, id) WHERE queue IS NOT NULL;
CREATE INDEX calls_by_outcome ON calls (outcome, started, id);
CREATE INDEX call_lines_by_extension ON call_lines (extension, call);
