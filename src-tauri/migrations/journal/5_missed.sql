-- Callers whom nobody reached. Times are milliseconds since 1970-01-01 UTC.

CREATE INDEX calls_unanswered ON calls (started) WHERE direction = 'in' AND answered IS NULL AND ended IS NOT NULL;

-- Somebody said that this caller need not be rung back; a later call of theirs is missed anew.
CREATE TABLE missed_closed (
    call   TEXT PRIMARY KEY,    -- their last missed call
    line   TEXT NOT NULL,       -- who said it
    closed INTEGER NOT NULL
) STRICT;
