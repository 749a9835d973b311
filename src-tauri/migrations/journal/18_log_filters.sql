-- The log and the reports are asked for rare calls among millions: each filter finds its own by an index that is in the order of
-- the log. Times are milliseconds since 1970-01-01 UTC.

-- The result of a call, as `dispositions` has it, where the log can be in its order.
ALTER TABLE calls ADD COLUMN disposition TEXT;
UPDATE calls SET disposition = (SELECT code FROM dispositions d WHERE d.call = calls.id);

CREATE TRIGGER disposition_set AFTER INSERT ON dispositions BEGIN
    UPDATE calls SET disposition = new.code WHERE id = new.call;
END;

CREATE TRIGGER disposition_changed AFTER UPDATE OF code ON dispositions BEGIN
    UPDATE calls SET disposition = new.code WHERE id = new.call;
END;

CREATE TRIGGER disposition_gone AFTER DELETE ON dispositions BEGIN
    UPDATE calls SET disposition = NULL WHERE id = old.call;
END;

-- A result may be chosen before its call could be written.
CREATE TRIGGER disposition_met AFTER INSERT ON calls
    WHEN EXISTS (SELECT 1 FROM dispositions WHERE call = new.id) BEGIN
    UPDATE calls SET disposition = (SELECT code FROM dispositions WHERE call = new.id) WHERE id = new.id;
END;

-- What a report reads of a call stands in one place: that somebody said of whom it was with, as `choices` has it, and which
-- extension dialled.
ALTER TABLE calls ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;
UPDATE calls SET corrected = 1 WHERE id IN (SELECT call FROM choices);

CREATE TRIGGER choice_made AFTER INSERT ON choices BEGIN
    UPDATE calls SET corrected = 1 WHERE id = new.call;
END;

CREATE TRIGGER choice_gone AFTER DELETE ON choices BEGIN
    UPDATE calls SET corrected = 0 WHERE id = old.call;
END;

CREATE TRIGGER choice_met AFTER INSERT ON calls
    WHEN EXISTS (SELECT 1 FROM choices WHERE call = new.id) BEGIN
    UPDATE calls SET corrected = 1 WHERE id = new.id;
END;

ALTER TABLE calls ADD COLUMN dialled TEXT;
UPDATE calls SET dialled = (SELECT extension FROM call_lines l WHERE l.call = calls.id AND l.position = 0)
    WHERE direction <> 'in';

-- All that a report reads, in the order of time.
CREATE INDEX calls_reviewed ON calls (started, direction, answered, answered_by, ended, outcome, ended_by, queue, queue_outcome,
    wrapped, verdict, popped, disposition, corrected, dialled);

-- When the call of a line began.
ALTER TABLE call_lines ADD COLUMN started INTEGER NOT NULL DEFAULT 0;
UPDATE call_lines SET started = (SELECT started FROM calls c WHERE c.id = call_lines.call);

DROP INDEX call_lines_by_extension;
CREATE INDEX call_lines_by_extension ON call_lines (extension, started, call);

CREATE INDEX calls_by_disposition ON calls (disposition, started, id) WHERE disposition IS NOT NULL;
CREATE INDEX calls_by_direction ON calls (direction, started, id);
CREATE INDEX calls_by_match ON calls ((verdict = 'one'), started, id) WHERE verdict IS NOT NULL;

DROP INDEX calls_by_customer;
CREATE INDEX calls_by_customer ON calls (customer, started, id) WHERE customer IS NOT NULL;
