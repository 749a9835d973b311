//! The audit trail: who was shown, gave out and changed what. Only ever added to.
//!
//! Whom an entry is about stands beside the trail, so that erasing somebody forgets who a pseudonym stands for and changes no
//! entry. Only a retention takes entries out, the oldest, through the one gate of `retention`.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{Connection, Row, named_params, params};

use super::calls::time;
use super::record::Word;
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;
pub use crate::pop::view::Act;

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
    /// What of it: keys of settings, the name of a report, counts; never whom it is about.
    pub detail: String,
    /// The call it was done in.
    pub call: Option<CallId>,
    /// Whom it was about.
    pub customer: Option<CustomerRef>,
}

/// Which entries are asked for. What is empty lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The agent's name, or the extension.
    pub agent: String,
    /// What was done.
    pub act: Option<Act>,
    /// Whom it was about, as source/key or a pseudonym.
    pub customer: String,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
}

/// An entry as it stands in the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number.
    pub id: i64,
    /// What was done.
    pub entry: AuditEntry,
    /// How the customer was called in their last call.
    pub name: String,
    /// The pseudonym of whom it was about, once they were erased.
    pub erased: Option<String>,
}

const TRAIL: &str = "
    SELECT a.id, a.at, a.agent, a.extension, a.act, a.detail, o.call, o.customer, o.erased,
        coalesce((SELECT coalesce(nullif(c.customer_name, ''), c.customer_company) FROM calls c
            WHERE c.customer = o.customer ORDER BY c.started DESC LIMIT 1), '')
    FROM audit a LEFT JOIN audit_about o ON o.id = a.about
    WHERE (:agent = '' OR a.agent = :agent OR a.extension = :agent)
      AND (:act IS NULL OR a.act = :act)
      AND (:customer = '' OR o.customer = :customer OR o.erased = :customer)
      AND (:from IS NULL OR a.at >= :from) AND (:until IS NULL OR a.at < :until)
      AND (:before IS NULL OR (a.at, a.id) < (SELECT at, id FROM audit WHERE id = :before))
    ORDER BY a.at DESC, a.id DESC LIMIT :limit";

impl Journal {
    /// Adds to the trail. Durable on return: only then may anything be shown.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; then nothing may be shown.
    pub fn audit(&mut self, entry: &AuditEntry) -> Result<(), JournalError> {
        self.write(|tx| {
            let about = about(tx, entry)?;
            add(tx, entry, about)
        })
    }

    /// The last `limit` entries, the newest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn audit_trail(&self, limit: u32) -> Result<Vec<AuditEntry>, JournalError> {
        let rows = self.audited(&AuditFilter::default(), None, limit)?;
        Ok(rows.into_iter().map(|row| row.entry).collect())
    }

    /// At most `limit` entries that the filter lets through, the newest first; those below the entry `before`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn audited(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, JournalError> {
        let millis = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
        let values = named_params! {
            ":agent": filter.agent, ":act": filter.act.map(Word), ":customer": filter.customer,
            ":from": millis(filter.from), ":until": millis(filter.until), ":before": before, ":limit": limit,
        };
        self.conn
            .prepare_cached(TRAIL)
            .and_then(|mut select| select.query_map(values, row)?.collect())
            .map_err(JournalError::NotRead)
    }

    /// Everybody who stands in the trail: the agents by name, and the extensions of those without one.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn audited_agents(&self) -> Result<Vec<String>, JournalError> {
        let sql = "SELECT DISTINCT coalesce(nullif(agent, ''), extension) FROM audit
                   WHERE agent <> '' OR extension <> '' ORDER BY 1";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| select.query_map([], |row| row.get(0))?.collect())
            .map_err(JournalError::NotRead)
    }
}

/// Adds an entry within the caller's transaction; `about` is a row of `audit_about`.
pub(super) fn add(tx: &Connection, entry: &AuditEntry, about: Option<i64>) -> rusqlite::Result<()> {
    let add = "INSERT INTO audit (at, agent, extension, act, detail, about) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.prepare_cached(add)?.execute(params![
        entry.at.trunc_subsecs(3).timestamp_millis(),
        entry.agent,
        entry.line.0,
        Word(entry.act),
        entry.detail,
        about,
    ])?;
    Ok(())
}

/// The row that stands for whom an entry is about.
fn about(tx: &Connection, entry: &AuditEntry) -> rusqlite::Result<Option<i64>> {
    let customer = entry.customer.as_ref().map(|customer| customer.0.as_str());
    let call = entry.call.as_ref().map(|call| call.0.as_str());
    if customer.is_none() && call.is_none() {
        return Ok(None);
    }
    tx.prepare_cached("INSERT OR IGNORE INTO audit_about (customer, call) VALUES (?1, ?2)")?
        .execute(params![customer, call])?;
    let find = "SELECT id FROM audit_about
                WHERE coalesce(customer, '') = coalesce(?1, '') AND coalesce(call, '') = coalesce(?2, '') AND erased IS NULL";
    tx.prepare_cached(find)?
        .query_row(params![customer, call], |row| row.get(0).map(Some))
}

fn row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    let Word(act) = row.get(4)?;
    Ok(AuditRow {
        id: row.get(0)?,
        entry: AuditEntry {
            at: time(row, 1)?,
            agent: row.get(2)?,
            line: Line(row.get(3)?),
            act,
            detail: row.get(5)?,
            call: row.get::<_, Option<String>>(6)?.map(CallId),
            customer: row.get::<_, Option<String>>(7)?.map(CustomerRef),
        },
        erased: row.get(8)?,
        name: row.get(9)?,
    })
}
