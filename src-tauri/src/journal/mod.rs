//! The journal: what happened on the phone and what was written about it. It must never be lost.
//!
//! Every write is on disk before its function returns. Knows SQL and its own records; knows neither the customer cache
//! nor the panel: a call carries the customer's lasting reference and name, so the log can be read
//! when the cache is gone.

mod audit;
mod calls;
mod campaigns;
mod contacts;
mod erase;
mod filters;
mod handed;
mod lines;
mod log_filter;
mod log_walk;
mod marks;
mod missed;
mod notes;
mod outbox;
mod people;
mod person;
mod person_tables;
mod record;
mod records;
mod results;
mod retention;
mod review;
mod story;
mod tasks;
#[cfg(test)]
mod tests;
mod ticket_list;
mod ticket_work;
mod tickets;
mod traces;
mod users;
mod waits;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::store::{self, OpenError};
use crate::vault::MasterKey;

pub use audit::{Act, AuditEntry, AuditFilter, AuditRow};
pub use campaigns::{CampaignId, EntryId};
pub use contacts::{Channel, ContactId, LoggedContact, NewContact, Way};
pub use erase::{Doer, Erasure, Removed};
pub use filters::SavedFilter;
pub use handed::HandedNote;
pub use lines::SeenLine;
pub use log_filter::CallFilter;
pub use marks::{Comment, LogEntry, Mark, Marked, Reviewer};
pub use missed::MissedPerson;
pub use outbox::{OutboxEntry, OutboxId};
pub use people::{DESK, is_created};
pub use person::{Subject, stays};
pub use record::{
    CallFacts, CallLine, CallRecord, Choice, Chosen, Created, Cursor, Link, LoggedCall, LoggedCustomer, NewCustomer,
    Note, NoteText, PastNote, Said, SavedNote,
};
pub use records::{Edit, Fact};
pub use results::{Disposed, Offer, OfferAnswer};
pub use retention::Kept as KeptKind;
pub use story::{CallStep, CallWord, Joined, Named, SaidKind, StepWord};
pub use tasks::{NewTask, Task, TaskId, TaskKind};
pub use ticket_list::{TicketFilter, TicketsOf, Whose};
pub use ticket_work::{TicketChange, TicketEntry};
pub use tickets::{LoggedTicket, NewTicket, Priority, TicketId, TicketKind, TicketState};
pub use traces::{FeedState, KEPT_CALLS, KEPT_DAYS, Kept, MOST_BYTES, Ran, StepRow, TraceHead, Traces};
pub use users::{NewUser, User, UserError, UserId};

/// Only ever added to: a journal that was written by any earlier version must open.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("../../migrations/journal/1_calls_and_notes.sql")),
    M::up(include_str!("../../migrations/journal/2_audit.sql")),
    M::up(include_str!("../../migrations/journal/3_people.sql")),
    M::up(include_str!("../../migrations/journal/4_after_the_call.sql")),
    M::up(include_str!("../../migrations/journal/5_missed.sql")),
    M::up(include_str!("../../migrations/journal/6_tickets.sql")),
    M::up(include_str!("../../migrations/journal/7_timeline.sql")),
    M::up(include_str!("../../migrations/journal/8_records.sql")),
    M::up(include_str!("../../migrations/journal/9_outbox.sql")),
    M::up(include_str!("../../migrations/journal/10_campaigns.sql")),
    M::up(include_str!("../../migrations/journal/11_review.sql")),
    M::up(include_str!("../../migrations/journal/12_call_story.sql")),
    M::up(include_str!("../../migrations/journal/13_privacy.sql")),
    M::up(include_str!("../../migrations/journal/14_users.sql")),
    M::up(include_str!("../../migrations/journal/15_ticket_pages.sql")),
    M::up(include_str!("../../migrations/journal/16_numbers.sql")),
    M::up(include_str!("../../migrations/journal/17_waits.sql")),
    M::up(include_str!("../../migrations/journal/18_log_filters.sql")),
    M::up(include_str!("../../migrations/journal/19_log_indexes.sql")),
];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// An open `journal.db`. One thread uses it; others open their own.
#[derive(Debug)]
pub struct Journal {
    conn: Connection,
    path: PathBuf,
}

/// Why the journal did not take or give something.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It was not written, for example because the disk is full. Nothing of it is in the journal.
    #[error("the journal could not be written; free some disk space or check the home folder, then try again")]
    NotWritten(#[source] rusqlite::Error),
    /// It could not be read.
    #[error("the journal could not be read; run `ringside doctor`")]
    NotRead(#[source] rusqlite::Error),
}

/// How much a journal holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Calls.
    pub calls: i64,
    /// Notes that say something.
    pub notes: i64,
}

impl Journal {
    /// Opens the journal at `path`, or makes an empty one, and brings its tables up to date.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, key: &MasterKey) -> Result<Self, OpenError> {
        let mut conn = store::open_database(path, key)?;
        store::migrate(&mut conn, &MIGRATIONS, path)?;
        Ok(Journal {
            conn,
            path: path.to_owned(),
        })
    }

    /// The same with the memory that searching and reading very many calls wants, up to 64 MB while it is open: a page that is read
    /// again is not decrypted again.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn roomy(self) -> Result<Self, JournalError> {
        let set = self.conn.pragma_update(None, "cache_size", -65_536);
        set.map(|()| self).map_err(JournalError::NotRead)
    }

    /// How much it holds.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn counts(&self) -> Result<Counts, JournalError> {
        let count = |sql| {
            self.conn
                .query_row(sql, [], |row| row.get(0))
                .map_err(JournalError::NotRead)
        };
        Ok(Counts {
            calls: count("SELECT count(*) FROM calls")?,
            notes: count("SELECT count(*) FROM notes WHERE text <> ''")?,
        })
    }

    /// Reads every page and checks it.
    ///
    /// # Errors
    /// [`OpenError::Damaged`] with the first finding.
    pub fn check(&self) -> Result<(), OpenError> {
        store::check(&self.conn, &self.path)
    }

    /// Copies the journal as it is at this moment into a new file `to`. Others may go on writing.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn snapshot(&self, to: &Path, key: &MasterKey) -> Result<(), OpenError> {
        store::snapshot(&self.conn, to, key)
    }

    /// Closes it with all of it in the one file. `false` when another process has it open.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn fold(self) -> Result<bool, OpenError> {
        store::fold(self.conn, &self.path)
    }

    /// What `read` gives, all of it of one state of the journal, whoever writes meanwhile.
    fn in_one_state<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, JournalError> {
        let state = self.conn.unchecked_transaction();
        let read = state.and_then(|state| read(&state).and_then(|read| state.commit().map(|()| read)));
        read.map_err(JournalError::NotRead)
    }

    /// Everything that `change` does, or nothing.
    fn write(&mut self, change: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<(), JournalError> {
        self.conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .and_then(|tx| change(&tx).and_then(|()| tx.commit()))
            .map_err(JournalError::NotWritten)
    }
}
