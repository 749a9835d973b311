//! The cache file: opening, keying, and bringing its tables to today's layout.
//!
//! It does not know what the tables are for.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use rusqlite_migration::{HookError, M, Migrations};

use zeroize::Zeroizing;

use super::{DirectoryError, index};
use crate::store;

/// Marks a file as ours, in SQLite's header field for it: `RSdc` in ASCII.
const APPLICATION_ID: i32 = 0x5253_6463;

/// How long a connection waits for another one's lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// Only ever added to: a file in the field is at one of these steps.
fn steps() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("../../migrations/cache/01-first.sql")),
        M::up_with_hook(include_str!("../../migrations/cache/02-search.sql"), |transaction| {
            index::fill(transaction).map_err(|error| HookError::Hook(error.to_string()))
        }),
        M::up(include_str!("../../migrations/cache/03-restrictions.sql")),
        M::up(include_str!("../../migrations/cache/04-fresh-lines.sql")),
        M::up(include_str!("../../migrations/cache/05-sync.sql")),
        M::up(include_str!("../../migrations/cache/06-persons.sql")),
        M::up(include_str!("../../migrations/cache/07-left-out.sql")),
    ])
}

/// 256 bits, used as they are (no key derivation: that takes 440 ms where a raw key takes 0.2).
pub(super) type RawKey = [u8; 32];

/// What was found when the file was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// There was no cache, or an empty file.
    New,
    /// The cache as it was.
    Existing,
    /// The cache was written by a newer Ringside. Its copies were dropped: import again.
    Rebuilt,
}

/// A keyed connection with at most `cache_kib` KiB of pages in memory. The file is made when it is missing.
pub(super) fn open(path: &Path, key: &RawKey, cache_kib: u32) -> Result<Connection, DirectoryError> {
    make(path);
    let connection = open_keyed(path, key, PATIENCE)?;
    tune(&connection, cache_kib)?;
    Ok(connection)
}

/// A connection to a file that somebody else may be making: nothing is made, changed or waited for.
pub(super) fn peek(path: &Path, key: &RawKey) -> Result<Connection, DirectoryError> {
    open_keyed(path, key, Duration::ZERO)
}

/// Whether a peeked file has today's tables and something in it, and all that is in it was taken in to its end.
pub(super) fn is_whole(connection: &Connection) -> bool {
    let sql = "SELECT count(*) > 0 AND total(unfinished) = 0 FROM sources";
    let imported = || connection.query_row(sql, [], |row| row.get(0));
    steps().pending_migrations(connection).is_ok_and(|steps| steps == 0) && imported().unwrap_or(false)
}

/// Makes an empty file where there is none, and takes away what SQLite kept beside a file that was deleted: whoever
/// still has that one open shares its lock table under this name. One at a time, so that nobody takes away the new
/// one's. What cannot be done here fails with a reason when the file is opened.
fn make(path: &Path) {
    if path.exists() {
        return;
    }
    let folder = path.parent().and_then(|folder| File::open(folder).ok());
    let locked = folder.as_ref().map(File::lock);
    if !path.exists() {
        for end in ["-wal", "-shm"] {
            let mut beside = path.as_os_str().to_owned();
            beside.push(end);
            let _not_there = std::fs::remove_file(beside);
        }
        let _said_at_opening = File::create_new(path);
    }
    drop(locked);
}

/// The turn to write. It ends when this is dropped, also where a process that is being started has inherited the file for a
/// moment: the lock belongs to the open file, not to who has it.
#[derive(Debug)]
pub(super) struct Turn(File);

impl Drop for Turn {
    fn drop(&mut self) {
        // where it fails, closing the file ends it
        let _closed_then = self.0.unlock();
    }
}

/// Takes the turn to write; refused at once while somebody else has it.
pub(super) fn take_turn(path: &Path) -> Result<Turn, DirectoryError> {
    let path = path.with_extension("lock");
    let failed = |source| DirectoryError::Turn {
        path: path.clone(),
        source,
    };
    let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Turn(file)),
        Err(TryLockError::WouldBlock) => Err(DirectoryError::Taken),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn open_keyed(path: &Path, key: &RawKey, patience: Duration) -> Result<Connection, DirectoryError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opening = |source| DirectoryError::Open {
        path: path.to_owned(),
        source,
    };
    store::start_engine();
    let connection = Connection::open_with_flags(path, flags).map_err(opening)?;
    let hex: Zeroizing<String> = Zeroizing::new(key.iter().map(|byte| format!("{byte:02x}")).collect());
    store::unlock(&connection, &hex).map_err(opening)?;
    connection.busy_timeout(patience)?;
    match connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => Ok(connection),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(DirectoryError::WrongKey { path: path.to_owned() })
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => Err(opening(error)),
        Err(error) => Err(error.into()),
    }
}

/// No memory map: a cold pop read 80 MB through read-ahead. `NORMAL` loses at most the last import
/// when the power fails, never the file, and an import can be repeated. Foreign keys are not checked
/// again: the one writer resolves every id before it writes.
pub(super) fn tune(connection: &Connection, cache_kib: u32) -> Result<(), DirectoryError> {
    connection.busy_timeout(PATIENCE)?;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -{cache_kib}"
    ))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Brings the tables to today's layout, dropping the copies of a layout that is newer than this program.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<Opened, DirectoryError> {
    let steps = steps();
    let empty: bool = connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
    let ours = connection.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0))? == APPLICATION_ID;
    if !empty && !ours {
        return Err(DirectoryError::Foreign { path: path.to_owned() });
    }
    let pending = steps
        .pending_migrations(connection)
        .map_err(DirectoryError::Migration)?;
    if pending < 0 {
        drop_everything(connection)?;
    }
    if pending != 0 {
        // Another process may be doing the same at this moment: what counts is where the file stands afterwards.
        let outcome = connection
            .pragma_update(None, "application_id", APPLICATION_ID)
            .map_err(DirectoryError::from)
            .and_then(|()| steps.to_latest(connection).map_err(DirectoryError::Migration));
        if steps
            .pending_migrations(connection)
            .map_err(DirectoryError::Migration)?
            != 0
        {
            outcome?;
        }
    }
    Ok(match (empty, pending < 0) {
        (true, _) => Opened::New,
        (false, true) => Opened::Rebuilt,
        (false, false) => Opened::Existing,
    })
}

/// In place and in one transaction, because another process may have the file open.
fn drop_everything(connection: &mut Connection) -> Result<(), DirectoryError> {
    let transaction = connection.transaction()?;
    let tables: Vec<String> = transaction
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // A search index takes its own tables with it, and is therefore dropped first.
    for table in tables {
        transaction.execute_batch(&format!("DROP TABLE IF EXISTS \"{}\"", table.replace('"', "\"\"")))?;
    }
    transaction.pragma_update(None, "user_version", 0)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_that_is_over_is_free_also_while_a_starting_process_has_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cache.db");
        let turn = take_turn(&path).expect("nobody else writes");
        let inherited = turn.0.try_clone().expect("the same file");
        assert!(matches!(take_turn(&path), Err(DirectoryError::Taken)));
        drop(turn);
        let _next = take_turn(&path).expect("the turn is over");
        drop(inherited);
    }

    #[test]
    fn every_migration_can_be_applied() {
        assert!(steps().validate().is_ok());
    }
}
