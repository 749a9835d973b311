-- Lists of tickets are read by page, each where the one before it ended. Times are milliseconds since 1970-01-01 UTC.

-- The order of what is open: the gravest first, then the first due; 9223372036854775807 is never.
ALTER TABLE tickets ADD COLUMN urgency INTEGER GENERATED ALWAYS AS (
    CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END
) VIRTUAL;
ALTER TABLE tickets ADD COLUMN by_when INTEGER GENERATED ALWAYS AS (coalesce(due, 9223372036854775807)) VIRTUAL;

CREATE INDEX tickets_by_urgency ON tickets (urgency, by_when, id) WHERE closed IS NULL;
CREATE INDEX tickets_by_close ON tickets (closed, id) WHERE closed IS NOT NULL;

-- The list of what is open has its own order now.
DROP INDEX tickets_open;
