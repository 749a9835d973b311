-- A number that a page holds is given once: what was dropped leaves its number to nobody, so that an undo or a word that
-- comes late never meets another row. SQLite gives the highest number anew once its row is gone.

CREATE TABLE numbers_given (
    name    TEXT PRIMARY KEY,      -- the table
    highest INTEGER NOT NULL       -- that it ever gave
) STRICT, WITHOUT ROWID;

INSERT INTO numbers_given
SELECT 'tasks', coalesce(max(id), 0) FROM tasks
UNION ALL SELECT 'tickets', coalesce(max(id), 0) FROM tickets
UNION ALL SELECT 'contacts', coalesce(max(id), 0) FROM contacts
UNION ALL SELECT 'campaign_entries', coalesce(max(id), 0) FROM campaign_entries
UNION ALL SELECT 'outbox', coalesce(max(id), 0) FROM outbox;

-- Whoever adds a row asks for the next number; whoever forgets it is refused rather than given an old one.
CREATE TRIGGER tasks_numbered AFTER INSERT ON tasks BEGIN
    SELECT RAISE(ABORT, 'this number was given before') FROM numbers_given WHERE name = 'tasks' AND highest >= new.id;
    UPDATE numbers_given SET highest = new.id WHERE name = 'tasks';
END;

CREATE TRIGGER tickets_numbered AFTER INSERT ON tickets BEGIN
    SELECT RAISE(ABORT, 'this number was given before') FROM numbers_given WHERE name = 'tickets' AND highest >= new.id;
    UPDATE numbers_given SET highest = new.id WHERE name = 'tickets';
END;

CREATE TRIGGER contacts_numbered AFTER INSERT ON contacts BEGIN
    SELECT RAISE(ABORT, 'this number was given before') FROM numbers_given WHERE name = 'contacts' AND highest >= new.id;
    UPDATE numbers_given SET highest = new.id WHERE name = 'contacts';
END;

CREATE TRIGGER campaign_entries_numbered AFTER INSERT ON campaign_entries BEGIN
    SELECT RAISE(ABORT, 'this number was given before')
    FROM numbers_given WHERE name = 'campaign_entries' AND highest >= new.id;
    UPDATE numbers_given SET highest = new.id WHERE name = 'campaign_entries';
END;

CREATE TRIGGER outbox_numbered AFTER INSERT ON outbox BEGIN
    SELECT RAISE(ABORT, 'this number was given before') FROM numbers_given WHERE name = 'outbox' AND highest >= new.id;
    UPDATE numbers_given SET highest = new.id WHERE name = 'outbox';
END;
