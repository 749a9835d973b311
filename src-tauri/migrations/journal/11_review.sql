-- What a supervisor asks of calls. Times are milliseconds since 1970-01-01 UTC.

ALTER TABLE calls ADD COLUMN queue TEXT;            -- that it last waited in
ALTER TABLE calls ADD COLUMN queue_outcome TEXT;    -- how it left that
ALTER TABLE calls ADD COLUMN verdict TEXT;          -- what the number said: one, several, unknown and so on
ALTER TABLE calls ADD COLUMN popped INTEGER;        -- microseconds from the phone system's word until the panel was told
ALTER TABLE calls ADD COLUMN wrapped INTEGER;       -- when whoever talked had done with it
