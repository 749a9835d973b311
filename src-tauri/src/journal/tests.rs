//! What only a look into the database shows: numbers are given once, and a journal of an earlier version goes on from its own.

use rusqlite::Connection;
use rusqlite_migration::Migrations;

use super::{Journal, STEPS};
use crate::store;
use crate::vault::MasterKey;

/// The version before numbers were given once.
const BEFORE: usize = 15;

/// A row of each table whose numbers pages hold, as its own room adds it.
const ROWS: [(&str, &str); 5] = [
    (
        "tasks",
        "kind, customer_name, number_display, text, line, created, due) VALUES (?1, 'callback', '', '', '', '', 0, 0)",
    ),
    (
        "tickets",
        "kind, priority, state, subject, customer_name, line, opened) VALUES (?1, 'question', 'low', 'open', '', '', '', 0)",
    ),
    (
        "contacts",
        "customer, customer_name, channel, direction, at, text, line, written) VALUES (?1, 'a/1', '', 'email', 'in', 0, '', '', 0)",
    ),
    (
        "campaign_entries",
        "campaign, customer, name, number, why, state) VALUES (?1, 1, 'a/' || random(), '', '', '', 'open')",
    ),
    (
        "outbox",
        "call, source, record, due) VALUES (?1, 'c' || random(), 'a', '1', 0)",
    ),
];

fn key() -> MasterKey {
    MasterKey::from_hex(&"07".repeat(32)).expect("a key")
}

fn add(conn: &Connection, table: &str, id: &str) -> rusqlite::Result<i64> {
    let (_, columns) = ROWS.iter().find(|(name, _)| *name == table).expect("a table");
    let sql = format!("INSERT INTO {table} (id, {columns}");
    conn.execute(&sql.replace("?1", id), [])?;
    Ok(conn.last_insert_rowid())
}

fn campaign(conn: &Connection) {
    let sql = "INSERT INTO campaigns (id, name, goal, target, made, line) VALUES (1, 'x', '', 0, 0, '')";
    conn.execute(sql, []).expect("a campaign");
}

#[test]
fn a_journal_of_before_goes_on_from_its_highest_numbers_and_gives_none_of_them_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    let mut old = store::open_database(&path, &key()).expect("opened");
    store::migrate(&mut old, &Migrations::from_slice(&STEPS[..BEFORE]), &path).expect("made");
    campaign(&old);
    for (table, _) in ROWS {
        add(&old, table, "6").expect("added");
        add(&old, table, "7").expect("added");
    }
    drop(old);
    let journal = Journal::open(&path, &key()).expect("opened");
    for (table, _) in ROWS {
        let next = format!("(SELECT highest + 1 FROM numbers_given WHERE name = '{table}')");
        journal
            .conn
            .execute(&format!("DELETE FROM {table} WHERE id = 7"), [])
            .expect("dropped");
        assert_eq!(add(&journal.conn, table, &next), Ok(8), "{table}");
        journal
            .conn
            .execute(&format!("DELETE FROM {table}"), [])
            .expect("dropped");
        assert_eq!(add(&journal.conn, table, &next), Ok(9), "{table}");
    }
    drop(journal);
    let journal = Journal::open(&path, &key()).expect("opened again");
    let task = "(SELECT highest + 1 FROM numbers_given WHERE name = 'tasks')";
    assert_eq!(add(&journal.conn, "tasks", task), Ok(10));
}

#[test]
fn whoever_does_not_ask_for_a_number_is_refused_where_it_would_be_an_old_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::open(&folder.path().join("journal.db"), &key()).expect("opened");
    campaign(&journal.conn);
    for (table, _) in ROWS {
        assert_eq!(add(&journal.conn, table, "NULL"), Ok(1), "{table}");
        journal
            .conn
            .execute(&format!("DELETE FROM {table}"), [])
            .expect("dropped");
        let again = add(&journal.conn, table, "NULL").expect_err("the number was given before");
        assert!(again.to_string().contains("given before"), "{table}: {again}");
        let none: i64 = journal
            .conn
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .expect("read");
        assert_eq!(none, 0, "{table}");
    }
}
