//! Those who share a desk, with role, extensions and what is kept of their PIN.
//!
//! It knows no PIN and hashes nothing. What would leave nobody who can set things up is refused here, in the transaction that
//! would do it.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

use super::calls::{optional_time, time};
use super::record::Word;
use super::{Journal, JournalError};
use crate::call::Line;
use crate::role::{Role, pause_after};

const COLUMNS: &str = "SELECT id, name, role, pin, wrong, not_before, created FROM users";
const MOST_NAME: usize = 40;

/// The number of somebody who shares the desk; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub i64);

/// Somebody as an admin writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The name that they choose at the sign-in, and that stands beside what they do.
    pub name: String,
    /// What they are here.
    pub role: Role,
    /// Where they sit; empty: where the settings say.
    pub lines: Vec<Line>,
}

/// Somebody who shares the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The number.
    pub id: UserId,
    /// Who.
    pub who: NewUser,
    /// What is kept of the PIN.
    pub pin: String,
    /// How many tries there were since the last right PIN.
    pub wrong: u32,
    /// No PIN is looked at before.
    pub not_before: Option<DateTime<Utc>>,
    /// When they were added.
    pub created: DateTime<Utc>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// There is nobody of that number or name.
    #[error("there is nobody of that name; `ringside users list` has them all")]
    NoSuchUser,
    /// Somebody else has the name.
    #[error("somebody has that name already; choose another")]
    Taken,
    /// No name, or one that is too long or cannot be written in one line.
    #[error("a name is one line of 1 to {MOST_NAME} characters")]
    BadName,
    /// Nobody could set anything up any more.
    #[error("this is the last admin; make somebody else an admin first")]
    LastAdmin,
    /// Whoever comes first has to be able to add the others.
    #[error("the first one has to be an admin, who can add the others")]
    FirstIsAdmin,
    /// Too many wrong PINs.
    #[error("too many wrong PINs; try again in {seconds} s")]
    TooSoon {
        /// For how long none is looked at.
        seconds: i64,
    },
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<rusqlite::Error> for UserError {
    fn from(error: rusqlite::Error) -> Self {
        UserError::Journal(JournalError::NotWritten(error))
    }
}

impl Journal {
    /// Everybody, by name.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn users(&self) -> Result<Vec<User>, JournalError> {
        let read = || {
            let mut select = self.conn.prepare_cached(&[COLUMNS, " ORDER BY name"].concat())?;
            let mut users: Vec<User> = select.query_map([], user)?.collect::<rusqlite::Result<_>>()?;
            for one in &mut users {
                one.who.lines = lines_of(&self.conn, one.id)?;
            }
            Ok(users)
        };
        read().map_err(JournalError::NotRead)
    }

    /// Somebody by the number.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn user(&self, id: UserId) -> Result<Option<User>, JournalError> {
        find(&self.conn, id).map_err(JournalError::NotRead)
    }

    /// Whether several people share the desk.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn is_shared(&self) -> Result<bool, JournalError> {
        self.conn
            .prepare_cached("SELECT 1 FROM users LIMIT 1")
            .and_then(|mut select| select.exists([]))
            .map_err(JournalError::NotRead)
    }

    /// Adds somebody with what is kept of their PIN. Durable on return.
    ///
    /// # Errors
    /// See [`UserError`].
    pub fn add_user(&mut self, new: &NewUser, pin: &str, at: DateTime<Utc>) -> Result<UserId, UserError> {
        let name = clean(&new.name)?;
        self.change_users(|conn| {
            if new.role != Role::Admin && admins(conn, None)? == 0 {
                return Err(UserError::FirstIsAdmin);
            }
            free(conn, &name, None)?;
            let sql = "INSERT INTO users (name, role, pin, created) VALUES (?1, ?2, ?3, ?4)";
            conn.execute(sql, params![name, Word(new.role), pin, at.timestamp_millis()])?;
            let id = UserId(conn.last_insert_rowid());
            put_lines(conn, id, &new.lines)?;
            Ok(id)
        })
    }

    /// Writes somebody anew; the PIN stays. Durable on return.
    ///
    /// # Errors
    /// See [`UserError`].
    pub fn change_user(&mut self, id: UserId, new: &NewUser) -> Result<(), UserError> {
        let name = clean(&new.name)?;
        self.change_users(|conn| {
            find(conn, id)?.ok_or(UserError::NoSuchUser)?;
            if new.role != Role::Admin && admins(conn, Some(id))? == 0 {
                return Err(UserError::LastAdmin);
            }
            free(conn, &name, Some(id))?;
            let sql = "UPDATE users SET name = ?2, role = ?3 WHERE id = ?1";
            conn.execute(sql, params![id.0, name, Word(new.role)])?;
            put_lines(conn, id, &new.lines)
        })
    }

    /// Gives somebody another PIN; wrong ones before it are forgotten. Durable on return.
    ///
    /// # Errors
    /// See [`UserError`].
    pub fn set_pin(&mut self, id: UserId, pin: &str) -> Result<(), UserError> {
        self.change_users(|conn| {
            let sql = "UPDATE users SET pin = ?2, wrong = 0, not_before = NULL WHERE id = ?1";
            let changed = conn.execute(sql, params![id.0, pin])?;
            if changed == 0 {
                Err(UserError::NoSuchUser)
            } else {
                Ok(())
            }
        })
    }

    /// Removes somebody; what they did stays under their name. Durable on return.
    ///
    /// # Errors
    /// See [`UserError`].
    pub fn remove_user(&mut self, id: UserId) -> Result<(), UserError> {
        self.change_users(|conn| {
            find(conn, id)?.ok_or(UserError::NoSuchUser)?;
            if admins(conn, Some(id))? == 0 {
                return Err(UserError::LastAdmin);
            }
            conn.execute("DELETE FROM users WHERE id = ?1", [id.0])?;
            Ok(())
        })
    }

    /// Counts a try at somebody's PIN as wrong before it is looked at, so that neither a crash nor many tries at once escape the
    /// pause. Durable on return.
    ///
    /// # Errors
    /// [`UserError::TooSoon`] while a pause lasts; nothing is counted then.
    pub fn begin_sign_in(&mut self, name: &str, now: DateTime<Utc>) -> Result<User, UserError> {
        self.change_users(|conn| {
            let sql = [COLUMNS, " WHERE name = ?1"].concat();
            let mut user = conn
                .query_row(&sql, [name], user)
                .optional()?
                .ok_or(UserError::NoSuchUser)?;
            if let Some(until) = user.not_before.filter(|until| *until > now) {
                let seconds = (until - now).num_seconds() + 1;
                return Err(UserError::TooSoon { seconds });
            }
            user.wrong = user.wrong.saturating_add(1);
            user.not_before = pause_after(user.wrong).map(|pause| now + pause);
            user.who.lines = lines_of(conn, user.id)?;
            let until = user.not_before.map(|until| until.timestamp_millis());
            let sql = "UPDATE users SET wrong = ?2, not_before = ?3 WHERE id = ?1";
            conn.execute(sql, params![user.id.0, user.wrong, until])?;
            Ok(user)
        })
    }

    /// The PIN was right: wrong ones before it are forgotten. Durable on return.
    ///
    /// # Errors
    /// See [`UserError`].
    pub fn signed_in(&mut self, id: UserId) -> Result<(), UserError> {
        self.change_users(|conn| {
            let sql = "UPDATE users SET wrong = 0, not_before = NULL WHERE id = ?1";
            conn.execute(sql, [id.0])?;
            Ok(())
        })
    }

    /// Everything that `change` does, or nothing.
    fn change_users<T>(&mut self, change: impl FnOnce(&Connection) -> Result<T, UserError>) -> Result<T, UserError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = change(&tx)?;
        tx.commit()?;
        Ok(done)
    }
}

/// The name in one line, without space around it.
fn clean(name: &str) -> Result<String, UserError> {
    let name = name.trim();
    let fits = (1..=MOST_NAME).contains(&name.chars().count()) && !name.chars().any(is_unseen);
    if fits {
        Ok(name.to_owned())
    } else {
        Err(UserError::BadName)
    }
}

/// What would make two names look the same, or one look like another.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether nobody else has the name, however it is capitalised.
fn free(conn: &Connection, name: &str, but: Option<UserId>) -> Result<(), UserError> {
    let mut select = conn.prepare_cached("SELECT id, name FROM users")?;
    let known: Vec<(i64, String)> = select
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let same = |other: &String| other.to_lowercase() == name.to_lowercase();
    let taken = known.iter().any(|(id, other)| Some(UserId(*id)) != but && same(other));
    if taken { Err(UserError::Taken) } else { Ok(()) }
}

/// How many admins there are beside `but`.
fn admins(conn: &Connection, but: Option<UserId>) -> rusqlite::Result<u32> {
    let sql = "SELECT count(*) FROM users WHERE role = 'admin' AND id IS NOT ?1";
    conn.prepare_cached(sql)?
        .query_row([but.map(|but| but.0)], |row| row.get(0))
}

fn find(conn: &Connection, id: UserId) -> rusqlite::Result<Option<User>> {
    let mut select = conn.prepare_cached(&[COLUMNS, " WHERE id = ?1"].concat())?;
    let Some(mut user) = select.query_row([id.0], user).optional()? else {
        return Ok(None);
    };
    user.who.lines = lines_of(conn, id)?;
    Ok(Some(user))
}

fn lines_of(conn: &Connection, id: UserId) -> rusqlite::Result<Vec<Line>> {
    conn.prepare_cached("SELECT extension FROM user_lines WHERE user = ?1 ORDER BY position")?
        .query_map([id.0], |row| row.get(0).map(Line))?
        .collect()
}

fn put_lines(conn: &Connection, id: UserId, lines: &[Line]) -> Result<(), UserError> {
    conn.execute("DELETE FROM user_lines WHERE user = ?1", [id.0])?;
    let mut insert = conn.prepare_cached("INSERT INTO user_lines VALUES (?1, ?2, ?3)")?;
    for (position, line) in (0i64..).zip(lines) {
        insert.execute(params![id.0, position, line.0])?;
    }
    Ok(())
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: UserId(row.get(0)?),
        who: NewUser {
            name: row.get(1)?,
            role: row.get::<_, Word<Role>>(2)?.0,
            lines: Vec::new(),
        },
        pin: row.get(3)?,
        wrong: row.get(4)?,
        not_before: optional_time(row, 5)?,
        created: time(row, 6)?,
    })
}
