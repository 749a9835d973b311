//! Opens, checks and copies an encrypted database file.
//!
//! Both stores, `cache.db` and `journal.db`, are SQLCipher files opened by one raw key: a raw key costs 0.2 ms
//! to open where a passphrase costs 440 ms. This room knows pragmas and knows no table: what stands in
//! a store is known by `directory` and `journal` alone.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, TransactionBehavior, ffi};
use rusqlite_migration::{MigrationDefinitionError, Migrations};
use zeroize::Zeroizing;

use crate::vault::MasterKey;

/// How long a statement waits for another process that is writing.
const BUSY: Duration = Duration::from_secs(10);

/// What every plain SQLite file begins with (<https://www.sqlite.org/fileformat2.html#magic_header_string>).
const PLAIN_MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The key does not open the file. SQLCipher cannot tell this from a damaged first page.
    #[error(
        "{path} cannot be opened with this home's key: it belongs to another home, or its first page is damaged; \
         put the right file back or run `ringside restore` with a backup"
    )]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// A plain SQLite file, which is never used, so that nothing is written in plain text unnoticed.
    #[error("{path} is not encrypted, so it is not a store of Ringside; move it away")]
    NotEncrypted {
        /// The file.
        path: PathBuf,
    },
    /// The file is cut short or its pages fail their checks.
    #[error("{path} is damaged ({what}); move it away, then run `ringside restore` with a backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A later version of Ringside wrote the file.
    #[error("{path} was written by a newer Ringside; install that version or a later one")]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder cannot be read or written.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// The database engine refused for another reason, for example a full disk or a lock held too long.
    #[error("{path}: the database refused")]
    Refused {
        /// The file.
        path: PathBuf,
        /// The engine's reason.
        #[source]
        source: rusqlite::Error,
    },
}

/// Opens the store at `path`, or makes an empty one: WAL, foreign keys, a busy timeout of ten seconds and
/// `synchronous=FULL`, so that what is committed is durable. The key is tried before this returns.
///
/// A new file gets its name only once it is a whole encrypted database, so an empty file under that name is damage
/// and never taken for a new store.
///
/// # Errors
/// See [`OpenError`]; the file is untouched then.
pub fn open_database(path: &Path, key: &MasterKey) -> Result<Connection, OpenError> {
    if !path.try_exists().map_err(|source| io_error(path, source))? {
        create(path, key)?;
    }
    look_at_head(path)?;
    let conn = open_keyed(path, key)?;
    // what is deleted is overwritten: a note that somebody took back must not lie on in the file
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
        .and_then(|()| conn.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)))
        .and_then(|_| conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())))
        .map_err(|source| refused(path, source))?;
    Ok(conn)
}

/// Brings the tables of an open store up to date.
///
/// # Errors
/// [`OpenError::Newer`] when the store is ahead of `migrations`.
pub fn migrate(conn: &mut Connection, migrations: &Migrations<'_>, path: &Path) -> Result<(), OpenError> {
    // Two first starts may run the same step at once. One waits for the other; whoever read before the other wrote fails
    // as a whole, and its second try finds the winner's tables.
    conn.set_transaction_behavior(TransactionBehavior::Immediate);
    let done = migrations.to_latest(conn).or_else(|_| migrations.to_latest(conn));
    match done {
        Ok(()) => Ok(()),
        Err(rusqlite_migration::Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead)) => {
            Err(OpenError::Newer { path: path.to_owned() })
        }
        Err(rusqlite_migration::Error::RusqliteError { err, .. }) => Err(refused(path, err)),
        Err(other) => Err(damaged(path, &other.to_string())),
    }
}

/// Reads every page of an open store and checks its authentication codes, its structure and its references.
///
/// # Errors
/// [`OpenError::Damaged`] with the first finding.
pub fn check(conn: &Connection, path: &Path) -> Result<(), OpenError> {
    for pragma in [
        "PRAGMA cipher_integrity_check",
        "PRAGMA integrity_check(1)",
        "PRAGMA foreign_key_check",
    ] {
        if let Some(what) = first_finding(conn, pragma).map_err(|source| refused(path, source))? {
            return Err(damaged(path, &what));
        }
    }
    Ok(())
}

/// Copies an open store as it is at this moment into a new file `to`, encrypted with `key`. Others may go on
/// writing: in WAL mode one step reads one snapshot and holds nobody up.
///
/// # Errors
/// When the copy cannot be written.
pub fn snapshot(conn: &Connection, to: &Path, key: &MasterKey) -> Result<(), OpenError> {
    let mut copy = open_keyed(to, key)?;
    Backup::new(conn, &mut copy)
        .and_then(|backup| backup.step(-1))
        .and_then(|_| copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())))
        .map_err(|source| refused(to, source))?;
    copy.close().map_err(|(_, source)| refused(to, source))
}

/// Folds the write-ahead log into the file, so that the file alone is the whole store, and closes it.
/// `false` when another process has the store open.
///
/// # Errors
/// When the store cannot be written.
pub fn fold(conn: Connection, path: &Path) -> Result<bool, OpenError> {
    match conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())) {
        Ok(()) => conn.close().map(|()| true).map_err(|(_, source)| refused(path, source)),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
        Err(source) => Err(refused(path, source)),
    }
}

/// Writes an open store anew, so that nothing is in it that no table refers to: free pages, and what lies free within pages,
/// may hold what was deleted before anything was overwritten. It takes as much memory as the store is large: a temporary
/// file would not be encrypted where SQLite sorts.
///
/// # Errors
/// When the store cannot be written, or another process is writing for long.
pub(crate) fn rewrite(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("PRAGMA temp_store = MEMORY; VACUUM;")
}

/// Folds the write-ahead log into the store and cuts it off. `false` when somebody else reads an older state, so that it has
/// to stay.
///
/// # Errors
/// When the store cannot be written.
pub(crate) fn cut_log(conn: &Connection) -> rusqlite::Result<bool> {
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

fn create(path: &Path, key: &MasterKey) -> Result<(), OpenError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let file = tempfile::Builder::new()
        .prefix(".new-store-")
        .tempfile_in(folder)
        .map_err(|e| io_error(path, e))?;
    // Any write makes SQLite lay out the first page; a change of the version number is the smallest.
    let conn = open_keyed(file.path(), key)?;
    // The mode stays with the file. Changing it later would fail at once, without waiting, while another start reads.
    conn.execute_batch("PRAGMA user_version = 1; PRAGMA user_version = 0;")
        .and_then(|()| conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())))
        .map_err(|e| refused(path, e))?;
    conn.close().map_err(|(_, source)| refused(path, source))?;
    match file.persist_noclobber(path) {
        Err(failed) if failed.error.kind() != io::ErrorKind::AlreadyExists => Err(io_error(path, failed.error)),
        Ok(_) | Err(_) => crate::config::sync_folder(folder).map_err(|e| io_error(path, e)),
    }
}

fn look_at_head(path: &Path) -> Result<(), OpenError> {
    let mut head = Vec::with_capacity(16);
    let size = fs::metadata(path).map_err(|source| io_error(path, source))?.len();
    File::open(path)
        .and_then(|file| file.take(16).read_to_end(&mut head))
        .map_err(|source| io_error(path, source))?;
    if head == PLAIN_MAGIC {
        Err(OpenError::NotEncrypted { path: path.to_owned() })
    } else if size < 512 {
        Err(damaged(path, "the file is cut short"))
    } else {
        Ok(())
    }
}

fn open_keyed(path: &Path, key: &MasterKey) -> Result<Connection, OpenError> {
    start_engine();
    let conn = Connection::open(path).map_err(|source| refused(path, source))?;
    unlock(&conn, &key.hex())
        .and_then(|()| conn.busy_timeout(BUSY))
        .map_err(|source| refused(path, source))?;
    Ok(conn)
}

/// Starts the database engine, once in a process; whoever comes meanwhile waits. Called before any connection is opened.
///
/// SQLite counts itself as started before SQLCipher has (`SQLITE_EXTRA_INIT` runs after `isInit` is set and its lock is
/// left, see `sqlite3_initialize`): a key that another thread gives in between is taken and ignored, and that file is
/// written in the clear.
pub(crate) fn start_engine() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| drop(Connection::open_in_memory()));
}

/// Gives a connection its raw key, 64 hexadecimal digits, and makes sure that it is one that encrypts. Its statements are
/// planned once, whatever is bound to them: else every statement with a bound `LIMIT` is planned again at each use, which took a
/// fifth of the time of a pop (SQLite's "query planner stability guarantee").
///
/// # Errors
/// When the engine does not encrypt. Nothing has been written then.
pub(crate) fn unlock(conn: &Connection, hex: &str) -> rusqlite::Result<()> {
    // The engine's own log would print a failed page check to stderr; the caller says it better.
    let pragma = Zeroizing::new(format!("PRAGMA cipher_log_level = NONE; PRAGMA key = \"x'{hex}'\";"));
    conn.execute_batch(&pragma)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let encrypts: String = conn.query_row("PRAGMA cipher_status", [], |row| row.get(0))?;
    if encrypts == "1" {
        return Ok(());
    }
    let refused = ffi::Error::new(ffi::SQLITE_MISUSE);
    Err(rusqlite::Error::SqliteFailure(
        refused,
        Some("the key was not taken, so nothing would be encrypted".to_owned()),
    ))
}

/// The first row of a checking pragma that is not its word for "nothing found".
fn first_finding(conn: &Connection, pragma: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = conn.prepare(pragma)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let found: String = row.get(0)?;
        if found != "ok" {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn refused(path: &Path, source: rusqlite::Error) -> OpenError {
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::WrongKey { path: path.to_owned() },
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, "its pages do not fit together"),
        _ => OpenError::Refused {
            path: path.to_owned(),
            source,
        },
    }
}

fn damaged(path: &Path, what: &str) -> OpenError {
    OpenError::Damaged {
        path: path.to_owned(),
        what: what.to_owned(),
    }
}

fn io_error(path: &Path, source: io::Error) -> OpenError {
    OpenError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `.cargo/config.toml` says how SQLite is built; a build that does not see it is slow when two connections work at once.
    #[test]
    fn connections_share_neither_their_pages_nor_a_count_of_memory() {
        let conn = Connection::open_in_memory().expect("a database in memory");
        let used = |option: &str| -> bool {
            conn.query_row("SELECT sqlite_compileoption_used(?1)", [option], |row| row.get(0))
                .expect("SQLite says how it was built")
        };
        assert!(!used("ENABLE_MEMORY_MANAGEMENT"));
        assert!(used("DEFAULT_MEMSTATUS=0"));
    }
}
