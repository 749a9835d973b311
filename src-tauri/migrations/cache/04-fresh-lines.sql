-- Lines that came since all purchases were learnt from last, in the order they came: what a running desk takes in.
CREATE TABLE fresh_lines (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL,
    day         INTEGER NOT NULL,    -- since 1970, UTC
    product_id  INTEGER NOT NULL
);
