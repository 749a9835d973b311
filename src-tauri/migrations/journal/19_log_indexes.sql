-- Filters that hardly meet in a call let few calls through, or none: what the others are asked about stands in the index of the one
-- that is walked, so that a call that they refuse is not read. A page of `calls` holds ten of them and has to be decrypted.
DROP INDEX calls_by_direction;
CREATE INDEX calls_by_direction ON calls (direction, started, id, outcome, queue, disposition, verdict, mark);

DROP INDEX calls_by_outcome;
CREATE INDEX calls_by_outcome ON calls (outcome, started, id, direction, queue, disposition, verdict, mark);

DROP INDEX calls_by_queue;
CREATE INDEX calls_by_queue ON calls (queue, started, id, direction, outcome, disposition, verdict, mark) WHERE queue IS NOT NULL;

DROP INDEX calls_by_disposition;
CREATE INDEX calls_by_disposition ON calls (disposition, started, id, direction, outcome, queue, verdict, mark)
    WHERE disposition IS NOT NULL;

DROP INDEX calls_by_match;
CREATE INDEX calls_by_match ON calls ((verdict = 'one'), started, id, verdict, direction, outcome, queue, disposition, mark)
    WHERE verdict IS NOT NULL;

DROP INDEX calls_marked;
CREATE INDEX calls_marked ON calls (mark, started, id, direction, outcome, queue, disposition, verdict) WHERE mark IS NOT NULL;

-- A report reads the callbacks that came due and what was suggested in its time alone. Times are milliseconds since 1970-01-01 UTC.
CREATE INDEX tasks_by_due ON tasks (kind, due);
CREATE INDEX offers_by_time ON offers (answered);
