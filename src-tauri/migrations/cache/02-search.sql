-- Search as you type. All of it is derived from the other tables.

-- The words of each customer's name, company and e-mail address, folded (see directory/words.rs). The row is the
-- customer's. No text, no positions, no sizes are kept; each beginning of one to six letters has a list of its own, so
-- that every key press reads a few neighbouring pages.
CREATE VIRTUAL TABLE found USING fts5 (
    words, content = '', detail = none, columnsize = 0, prefix = '1 2 3 4 5 6', tokenize = 'ascii'
);

-- Every such word once: what a mistyped word may have meant.
CREATE TABLE words (
    word TEXT PRIMARY KEY
) WITHOUT ROWID;

-- The country codes of the numbers in `phones`, so that a number typed without one can be looked for.
CREATE TABLE country_codes (
    code INTEGER PRIMARY KEY
);

CREATE TABLE order_numbers (
    number      TEXT NOT NULL COLLATE NOCASE,
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (number, customer_id)
) WITHOUT ROWID;
