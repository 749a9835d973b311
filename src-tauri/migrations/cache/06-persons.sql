-- Records of several sources that are one person or company.

-- The row of the record that leads; NULL: there is no other record. Derived: see directory/persons.rs.
ALTER TABLE customers ADD COLUMN person INTEGER;
CREATE INDEX records_of_person ON customers (person) WHERE person IS NOT NULL;

-- What a source itself says: it has a column with the keys of another one.
CREATE TABLE same_as (
    customer_id INTEGER NOT NULL,
    reference   TEXT NOT NULL,       -- source/key
    PRIMARY KEY (customer_id, reference)
) WITHOUT ROWID;
