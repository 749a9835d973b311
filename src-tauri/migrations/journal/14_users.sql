-- Those who share this desk. Nobody here: the desk is one person's, and no PIN is asked. Times are milliseconds since 1970-01-01 UTC.
CREATE TABLE users (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL UNIQUE,
    role       TEXT NOT NULL,               -- agent, supervisor or admin
    pin        TEXT NOT NULL,               -- Argon2id, in the PHC string form
    wrong      INTEGER NOT NULL DEFAULT 0,  -- tries since the last right PIN
    not_before INTEGER,                     -- no PIN is looked at before
    created    INTEGER NOT NULL
) STRICT;

CREATE TABLE user_lines (
    user      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    extension TEXT NOT NULL,
    PRIMARY KEY (user, position)
) STRICT, WITHOUT ROWID;
