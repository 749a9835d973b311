-- What stands in a customer's timeline beside calls, and the words of notes. Times are milliseconds since 1970-01-01 UTC.

-- Contacts over other channels than the telephone, written down by hand.
CREATE TABLE contacts (
    id            INTEGER PRIMARY KEY,
    customer      TEXT NOT NULL,       -- source/key
    customer_name TEXT NOT NULL,
    channel       TEXT NOT NULL,
    direction     TEXT NOT NULL,
    at            INTEGER NOT NULL,
    text          TEXT NOT NULL,
    line          TEXT NOT NULL,       -- who wrote it down
    written       INTEGER NOT NULL
) STRICT;

CREATE INDEX contacts_by_customer ON contacts (customer, at);

-- Search as you type in notes. The text stays in `notes`; a row has the number of its note there, which only VACUUM
-- changes: whoever does that rebuilds this.
CREATE VIRTUAL TABLE note_words USING fts5 (
    text, content = 'notes', prefix = '2 3 4', tokenize = 'unicode61 remove_diacritics 2'
);

-- What is taken out of the index leaves no bytes behind.
INSERT INTO note_words (note_words, rank) VALUES ('secure-delete', 1);
INSERT INTO note_words (note_words) VALUES ('rebuild');

CREATE TRIGGER note_written AFTER INSERT ON notes BEGIN
    INSERT INTO note_words (rowid, text) VALUES (new.rowid, new.text);
END;

CREATE TRIGGER note_changed AFTER UPDATE OF text ON notes BEGIN
    INSERT INTO note_words (note_words, rowid, text) VALUES ('delete', old.rowid, old.text);
    INSERT INTO note_words (rowid, text) VALUES (new.rowid, new.text);
END;

CREATE TRIGGER note_gone AFTER DELETE ON notes BEGIN
    INSERT INTO note_words (note_words, rowid, text) VALUES ('delete', old.rowid, old.text);
END;
