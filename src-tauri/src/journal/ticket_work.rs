//! How tickets are worked: changed and commented. Every change stands beside the ticket with who made it.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::calls::time;
use super::record::Word;
use super::tickets::{COLUMNS, LoggedTicket, TicketId, ticket};
use super::{Journal, JournalError};
use crate::call::Line;
use crate::note;
pub use crate::pop::view::TicketChange;
use crate::pop::view::TicketState;

/// One thing that was said of a ticket or done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// At which extension.
    pub line: Line,
    /// What.
    pub change: TicketChange,
}

impl Journal {
    /// A ticket with all that was said and done, the oldest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn ticket(&self, id: TicketId) -> Result<Option<(LoggedTicket, Vec<TicketEntry>)>, JournalError> {
        let read = || {
            let mut select = self.conn.prepare_cached(&[COLUMNS, " WHERE id = ?1"].concat())?;
            let Some(found) = select.query_row([id.0], ticket).optional()? else {
                return Ok(None);
            };
            let mut entries = self
                .conn
                .prepare_cached("SELECT at, line, change FROM ticket_entries WHERE ticket = ?1 ORDER BY id")?;
            let entries: Vec<_> = entries.query_map([id.0], entry)?.collect::<rusqlite::Result<_>>()?;
            Ok(Some((found, entries)))
        };
        read().map_err(JournalError::NotRead)
    }

    /// Changes a ticket, or comments on it. Durable on return. Card numbers are struck out of what is written. `false` when
    /// there is no such ticket.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn change_ticket(
        &mut self,
        id: TicketId,
        change: &TicketChange,
        line: &Line,
        at: DateTime<Utc>,
    ) -> Result<bool, JournalError> {
        let change = struck(change);
        let at = at.trunc_subsecs(3).timestamp_millis();
        let mut changed = false;
        self.write(|conn| {
            changed = apply(conn, id, &change, at)? > 0;
            if changed {
                let told = serde_json::to_string(&change)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
                conn.prepare_cached("INSERT INTO ticket_entries (ticket, at, line, change) VALUES (?1, ?2, ?3, ?4)")?
                    .execute(params![id.0, at, line.0, told])?;
            }
            Ok(())
        })?;
        Ok(changed)
    }
}

fn apply(conn: &Connection, id: TicketId, change: &TicketChange, at: i64) -> rusqlite::Result<usize> {
    let set = |column: &str, value: &dyn rusqlite::ToSql| {
        // `column` is one of the constants below; the value is bound.
        conn.prepare_cached(&format!("UPDATE tickets SET {column} = ?2 WHERE id = ?1"))?
            .execute(params![id.0, value])
    };
    match change {
        TicketChange::Comment(_) => set("id", &id.0),
        TicketChange::State(state) => {
            let closed = (*state == TicketState::Closed).then_some(at);
            conn.prepare_cached("UPDATE tickets SET state = ?2, closed = ?3 WHERE id = ?1")?
                .execute(params![id.0, Word(*state), closed])
        }
        TicketChange::About(kind) => set("kind", &Word(*kind)),
        TicketChange::Priority(priority) => set("priority", &Word(*priority)),
        TicketChange::Subject(subject) => set("subject", subject),
        TicketChange::Due(due) => set("due", &due.map(|due| due.timestamp_millis())),
        TicketChange::Assignee(assignee) => set("assignee", assignee),
    }
}

fn struck(change: &TicketChange) -> TicketChange {
    match change {
        TicketChange::Comment(text) => TicketChange::Comment(note::struck(text).into_owned()),
        TicketChange::Subject(text) => TicketChange::Subject(note::struck(text).into_owned()),
        TicketChange::State(_)
        | TicketChange::About(_)
        | TicketChange::Priority(_)
        | TicketChange::Due(_)
        | TicketChange::Assignee(_) => change.clone(),
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<TicketEntry> {
    let told: String = row.get(2)?;
    let change = serde_json::from_str(&told)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, error.into()))?;
    Ok(TicketEntry {
        at: time(row, 0)?,
        line: Line(row.get(1)?),
        change,
    })
}
