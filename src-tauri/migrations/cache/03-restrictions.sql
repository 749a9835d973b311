-- What a source says of products and customers that advice heeds; NULL where it says nothing.
ALTER TABLE products ADD COLUMN out_of_stock INTEGER;
ALTER TABLE products ADD COLUMN durable INTEGER;
ALTER TABLE products ADD COLUMN sensitive INTEGER;
ALTER TABLE customers ADD COLUMN no_advertising INTEGER;
