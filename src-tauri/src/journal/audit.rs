//! The audit trail: who was shown what. Only ever added to.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::calls::time;
use super::record::Word;
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;

/// One thing that somebody did and has to answer for. Times are kept to the millisecond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// The agent's name as the settings have it; empty without one.
    pub agent: String,
    /// The extension the agent sat at.
    pub line: Line,
    /// What was done.
    pub act: Act,
    /// The call it was done in.
    pub call: Option<CallId>,
    /// Whom it was about.
    pub customer: Option<CustomerRef>,
}

/// What is written down. A journal holds these words for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The agent said that the caller was verified, and was shown balance, address and tier.
    Uncovered,
    /// Somebody signed in.
    SignedIn,
    /// Somebody could not sign in: the PIN was wrong, or too many were.
    SignInRefused,
    /// Somebody was added to those who share the desk.
    UserAdded,
    /// Name, role, extensions or PIN of somebody were changed.
    UserChanged,
    /// Somebody was removed from those who share the desk.
    UserRemoved,
}

impl Journal {
    /// Adds to the trail. Durable on return: only then may anything be shown.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; then nothing may be shown.
    pub fn audit(&mut self, entry: &AuditEntry) -> Result<(), JournalError> {
        let add = "INSERT INTO audit (at, agent, extension, act, call, customer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let added = self.conn.prepare_cached(add).and_then(|mut add| {
            add.execute(params![
                entry.at.trunc_subsecs(3).timestamp_millis(),
                entry.agent,
                entry.line.0,
                Word(entry.act),
                entry.call.as_ref().map(|call| call.0.as_str()),
                entry.customer.as_ref().map(|customer| customer.0.as_str()),
            ])
        });
        added.map(drop).map_err(JournalError::NotWritten)
    }

    /// The last `limit` entries, the newest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn audit_trail(&self, limit: u32) -> Result<Vec<AuditEntry>, JournalError> {
        let sql = "SELECT at, agent, extension, act, call, customer FROM audit ORDER BY at DESC, id DESC LIMIT ?1";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| select.query_map([limit], entry)?.collect())
            .map_err(JournalError::NotRead)
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    let Word(act) = row.get(3)?;
    Ok(AuditEntry {
        at: time(row, 0)?,
        agent: row.get(1)?,
        line: Line(row.get(2)?),
        act,
        call: row.get::<_, Option<String>>(4)?.map(CallId),
        customer: row.get::<_, Option<String>>(5)?.map(CustomerRef),
    })
}
