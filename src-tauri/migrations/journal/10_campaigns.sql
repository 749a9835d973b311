-- Campaigns: lists of customers to call, worked one after the other. Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE campaigns (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    goal   TEXT NOT NULL,
    target INTEGER NOT NULL,       -- how many are to accept; 0 for no number
    made   INTEGER NOT NULL,
    line   TEXT NOT NULL,          -- who made it
    closed INTEGER
) STRICT;

-- One row a customer. What was said last stands here too, so that a list of thousands is read without their calls.
CREATE TABLE campaign_entries (
    id       INTEGER PRIMARY KEY,
    campaign INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    customer TEXT NOT NULL,        -- source/key
    name     TEXT NOT NULL,        -- stays readable when the cache is gone
    number   TEXT NOT NULL,        -- as people write it; empty where there is none
    why      TEXT NOT NULL,        -- what put them into the list
    state    TEXT NOT NULL,
    next     INTEGER,              -- not before
    tries    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (campaign, customer)
) STRICT;

CREATE INDEX campaign_entries_of ON campaign_entries (campaign, state, id);

-- Every attempt, only ever added to.
CREATE TABLE campaign_tries (
    id     INTEGER PRIMARY KEY,
    entry  INTEGER NOT NULL REFERENCES campaign_entries (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    line   TEXT NOT NULL,
    result TEXT NOT NULL,
    note   TEXT NOT NULL,
    next   INTEGER,
    call   TEXT                    -- the call that was made
) STRICT;

CREATE INDEX campaign_tries_of ON campaign_tries (entry, id);
