-- How many records a run left out because their customer was erased.
ALTER TABLE runs ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
