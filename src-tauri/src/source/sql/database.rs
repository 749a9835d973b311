//! The connection to a database: opened so that nothing can be written, and rows streamed from it as texts.

use std::path::Path;

use futures_util::TryStreamExt as _;
use rusqlite::types::ValueRef;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Row as _};
use tokio::runtime::Runtime;

use super::file::{Connection, DatabaseKind, Tls};
use crate::words::Saying;

/// A row: a text for each column, `None` for NULL.
pub(super) type Texts = Vec<Option<String>>;

/// What takes rows: the names of the columns first (with each row), and whether more are wanted.
pub(super) type EachRow<'r> = dyn FnMut(&[String], Texts) -> bool + 'r;

/// An open database.
pub(super) enum Database {
    Postgres(Runtime, Box<PgConnection>),
    Mysql(Runtime, Box<MySqlConnection>),
    Sqlite(rusqlite::Connection),
}

/// Why a database cannot be read.
#[derive(Debug)]
pub(super) enum Failure {
    /// It may work later.
    Later(Saying),
    /// Somebody must change something.
    Refused(Saying),
}

impl Database {
    /// Connects. Everything that is asked from then on stands in one transaction that can only read and sees one moment.
    pub(super) fn open(place: &Connection, password: Option<&str>, folder: &Path) -> Result<Self, Failure> {
        match place.kind {
            DatabaseKind::Sqlite => sqlite(place, folder),
            DatabaseKind::Postgresql => {
                let runtime = runtime()?;
                let connected = runtime.block_on(async {
                    let mut connection = PgConnection::connect_with(&postgres(place, password)).await?;
                    for statement in [
                        "SET default_transaction_read_only = on",
                        "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                    ] {
                        sqlx::raw_sql(statement).execute(&mut connection).await?;
                    }
                    Ok(connection)
                });
                Ok(Database::Postgres(runtime, Box::new(connected.map_err(failure)?)))
            }
            DatabaseKind::Mysql => {
                let runtime = runtime()?;
                let connected = runtime.block_on(async {
                    let mut connection = MySqlConnection::connect_with(&mysql(place, password)).await?;
                    for statement in [
                        "SET SESSION TRANSACTION READ ONLY",
                        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
                    ] {
                        sqlx::raw_sql(statement).execute(&mut connection).await?;
                    }
                    Ok(connection)
                });
                Ok(Database::Mysql(runtime, Box::new(connected.map_err(failure)?)))
            }
        }
    }

    /// Sends `sql`, which `guard` let through, and gives its rows one by one: no more of them are in memory than the
    /// network holds.
    pub(super) fn rows(&mut self, sql: &str, each: &mut EachRow<'_>) -> Result<(), Failure> {
        match self {
            Database::Sqlite(connection) => sqlite_rows(connection, sql, each),
            Database::Postgres(runtime, connection) => runtime.block_on(async {
                let mut rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch(&mut **connection);
                let mut names: Vec<String> = Vec::new();
                while let Some(row) = rows.try_next().await.map_err(failure)? {
                    if names.is_empty() {
                        names.extend(row.columns().iter().map(|column| column.name().to_owned()));
                    }
                    let text = |at: usize| row.try_get_unchecked::<Option<String>, _>(at).map_err(failure);
                    let texts = (0..names.len()).map(text).collect::<Result<Texts, Failure>>()?;
                    if !each(&names, texts) {
                        break;
                    }
                }
                Ok(())
            }),
            Database::Mysql(runtime, connection) => runtime.block_on(async {
                let mut rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch(&mut **connection);
                let mut names: Vec<String> = Vec::new();
                while let Some(row) = rows.try_next().await.map_err(failure)? {
                    if names.is_empty() {
                        names.extend(row.columns().iter().map(|column| column.name().to_owned()));
                    }
                    let text = |at: usize| row.try_get_unchecked::<Option<String>, _>(at).map_err(failure);
                    let texts = (0..names.len()).map(text).collect::<Result<Texts, Failure>>()?;
                    if !each(&names, texts) {
                        break;
                    }
                }
                Ok(())
            }),
        }
    }

    /// May whoever asks also write? Then one mistake elsewhere is enough for it to happen.
    pub(super) fn may_write(&mut self) -> bool {
        let mut writes = false;
        let question = match self {
            Database::Sqlite(_) => return false,
            Database::Postgres(..) => {
                "SELECT 'INSERT ' WHERE EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
                 AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE'))"
            }
            Database::Mysql(..) => "SHOW GRANTS",
        };
        let words = ["INSERT ", "INSERT,", "UPDATE", "DELETE", "ALL PRIVILEGES"];
        let asked = self.rows(question, &mut |_, texts| {
            let grants = texts
                .into_iter()
                .flatten()
                .any(|text| words.iter().any(|word| text.contains(word)));
            writes |= grants;
            true
        });
        asked.is_ok() && writes
    }
}

fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Later(Saying::quoted(format!("cannot begin to ask ({error})"))))
}

/// Is the way there encrypted?
fn encrypted(place: &Connection) -> bool {
    let here = matches!(place.host.as_deref(), None | Some("localhost" | "127.0.0.1" | "::1"));
    match place.tls {
        Tls::On => true,
        Tls::Off => false,
        Tls::Usual => !here,
    }
}

fn postgres(place: &Connection, password: Option<&str>) -> PgConnectOptions {
    let mode = if encrypted(place) {
        PgSslMode::VerifyFull
    } else {
        PgSslMode::Disable
    };
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(place.host.as_deref().unwrap_or("localhost"))
        .port(place.port.unwrap_or(5432))
        .database(&place.database)
        .username(&place.user)
        .application_name("Ringside")
        .ssl_mode(mode);
    if let Some(password) = password {
        options = options.password(password);
    }
    options
}

fn mysql(place: &Connection, password: Option<&str>) -> MySqlConnectOptions {
    let mode = if encrypted(place) {
        MySqlSslMode::VerifyIdentity
    } else {
        MySqlSslMode::Disabled
    };
    let mut options = MySqlConnectOptions::new()
        .host(place.host.as_deref().unwrap_or("127.0.0.1"))
        .port(place.port.unwrap_or(3306))
        .database(&place.database)
        .username(&place.user)
        .ssl_mode(mode);
    if let Some(password) = password {
        options = options.password(password);
    }
    options
}

fn sqlite(place: &Connection, folder: &Path) -> Result<Database, Failure> {
    let path = folder.join(place.file.clone().unwrap_or_default());
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let refused = |error: rusqlite::Error| {
        Failure::Refused(
            Saying::of("import.sql_no_sqlite")
                .with("path", path.display())
                .with("why", error),
        )
    };
    let connection = rusqlite::Connection::open_with_flags(&path, flags).map_err(refused)?;
    connection
        .busy_timeout(std::time::Duration::from_secs(10))
        .map_err(refused)?;
    connection.pragma_update(None, "query_only", true).map_err(refused)?;
    connection
        .execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;")
        .map_err(refused)?;
    Ok(Database::Sqlite(connection))
}

fn sqlite_rows(connection: &rusqlite::Connection, sql: &str, each: &mut EachRow<'_>) -> Result<(), Failure> {
    let refused = |error: rusqlite::Error| Failure::Refused(Saying::quoted(error));
    let mut statement = connection.prepare(sql).map_err(refused)?;
    if !statement.readonly() {
        return Err(Failure::Refused(Saying::of("import.sql_writes")));
    }
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = statement.query([]).map_err(refused)?;
    while let Some(row) = rows.next().map_err(refused)? {
        let mut texts = Texts::with_capacity(names.len());
        for at in 0..names.len() {
            texts.push(match row.get_ref(at).map_err(refused)? {
                ValueRef::Null => None,
                ValueRef::Integer(number) => Some(number.to_string()),
                ValueRef::Real(number) => Some(number.to_string()),
                ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(_) => None,
            });
        }
        if !each(&names, texts) {
            break;
        }
    }
    Ok(())
}

/// What a driver's error means, in words that say what to do.
fn failure(error: sqlx::Error) -> Failure {
    match error {
        sqlx::Error::Database(said) => {
            let code = said.code().unwrap_or_default().into_owned();
            let message = said.message();
            let why = |key: &'static str| Saying::of(key).with("says", message);
            match code.as_str() {
                // PostgreSQL: wrong password, unknown user; MySQL: access denied
                "28P01" | "28000" => Failure::Refused(why("import.sql_user")),
                "3D000" | "42000" if message.contains("database") => Failure::Refused(why("import.sql_name")),
                "42703" | "42S22" | "42P01" | "42S02" | "42601" | "42000" => Failure::Refused(why("import.sql_text")),
                "42501" => Failure::Refused(why("import.sql_right")),
                code if code.starts_with("08") || code.starts_with("57") || code.starts_with("53") => {
                    Failure::Later(Saying::quoted(message))
                }
                _ => Failure::Refused(Saying::quoted(message)),
            }
        }
        sqlx::Error::Io(error) => Failure::Later(Saying::of("import.sql_unreachable").with("why", error)),
        sqlx::Error::Tls(error) => Failure::Refused(Saying::of("import.sql_not_encrypted").with("why", error)),
        sqlx::Error::ColumnDecode { index, .. } => {
            Failure::Refused(Saying::of("import.sql_no_text").with("column", index))
        }
        other => Failure::Later(Saying::quoted(other)),
    }
}
