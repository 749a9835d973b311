-- The customer cache: copies of what the sources gave, laid out for the moment a phone rings.
--
-- What belongs to one customer stands together: the keys begin with the customer, and WITHOUT ROWID
-- keeps the rows in that order, so that a pop reads a handful of neighbouring pages. Times are
-- seconds since 1970 in UTC, amounts minor units, quantities thousandths.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

-- Where facts come from and how old they are.
CREATE TABLE sources (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    imported  INTEGER NOT NULL,      -- last import of anything
    orders    INTEGER                -- last import that had orders
);

CREATE TABLE customers (
    id      INTEGER PRIMARY KEY,
    source  INTEGER NOT NULL REFERENCES sources (id),
    key     TEXT NOT NULL,
    name    TEXT NOT NULL,
    company TEXT NOT NULL,
    city    TEXT NOT NULL,
    country TEXT,
    email   TEXT NOT NULL,
    vat     TEXT NOT NULL,
    seen    INTEGER NOT NULL,
    UNIQUE (source, key)
);

-- One row for each way to reach a customer. `key` is the E.164 number as an integer.
CREATE TABLE phones (
    key         INTEGER NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    ext         TEXT NOT NULL,       -- empty: no extension
    given       INTEGER NOT NULL,    -- 1: the text carried the country code
    label       TEXT NOT NULL,
    raw         TEXT NOT NULL,
    PRIMARY KEY (key, customer_id, ext)
) WITHOUT ROWID;

CREATE INDEX phones_of_customer ON phones (customer_id);

-- Numbers that nobody could read: shown and reported, never matched.
CREATE TABLE unread_phones (
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    raw         TEXT NOT NULL,
    label       TEXT NOT NULL,
    PRIMARY KEY (customer_id, raw, label)
) WITHOUT ROWID;

CREATE TABLE products (
    id           INTEGER PRIMARY KEY,
    source       INTEGER NOT NULL REFERENCES sources (id),
    key          TEXT NOT NULL,
    name         TEXT NOT NULL,
    category     TEXT NOT NULL,
    price        INTEGER,
    currency     TEXT,
    discontinued INTEGER NOT NULL,
    orders       INTEGER NOT NULL DEFAULT 0,  -- how many orders had it when relations were last learnt
    UNIQUE (source, key)
);

CREATE TABLE purchases (
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    at          INTEGER NOT NULL,
    number      TEXT NOT NULL,       -- of the order
    product_id  INTEGER NOT NULL REFERENCES products (id),
    nth         INTEGER NOT NULL,    -- 0 for the first line of this product in the order
    quantity    INTEGER NOT NULL,
    amount      INTEGER NOT NULL,
    currency    TEXT NOT NULL,
    PRIMARY KEY (customer_id, at DESC, number, product_id, nth)
) WITHOUT ROWID;

-- Derived from `purchases`: what each order came to. An order in two currencies has two rows.
CREATE TABLE order_totals (
    customer_id INTEGER NOT NULL,
    at          INTEGER NOT NULL,    -- of its last line
    number      TEXT NOT NULL,
    currency    TEXT NOT NULL,
    amount      INTEGER NOT NULL,
    PRIMARY KEY (customer_id, at DESC, number, currency)
) WITHOUT ROWID;

-- Derived from `purchases`: what each customer has bought and when last. Returns do not count.
CREATE TABLE bought (
    customer_id INTEGER NOT NULL,
    product_id  INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    PRIMARY KEY (customer_id, product_id)
) WITHOUT ROWID;

-- Derived from `purchases`: which products stand in the same orders more often than chance explains.
CREATE TABLE related (
    product_id INTEGER NOT NULL,
    other_id   INTEGER NOT NULL,
    together   INTEGER NOT NULL,
    PRIMARY KEY (product_id, other_id)
) WITHOUT ROWID;

CREATE TABLE balances (
    customer_id  INTEGER NOT NULL REFERENCES customers (id),
    currency     TEXT NOT NULL,
    open         INTEGER NOT NULL,
    not_due      INTEGER NOT NULL,
    overdue_30   INTEGER NOT NULL,
    overdue_60   INTEGER NOT NULL,
    overdue_more INTEGER NOT NULL,
    as_of        INTEGER NOT NULL,
    PRIMARY KEY (customer_id, currency)
) WITHOUT ROWID;

CREATE TABLE tickets (
    id          INTEGER PRIMARY KEY,
    source      INTEGER NOT NULL REFERENCES sources (id),
    number      TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    subject     TEXT NOT NULL,
    open        INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    seen        INTEGER NOT NULL,
    UNIQUE (source, number)
);

CREATE INDEX open_tickets_of_customer ON tickets (customer_id, at DESC) WHERE open;
