//! Campaigns in the journal: who is to be called, what came of it, and who wants no such calls.
//!
//! It does not know why somebody is in a list, and calls nobody.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::calls::{optional_time, time};
use super::record::Word;
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::note;
use crate::pop::view::{
    CampaignCounts, CampaignEntryView, CampaignView, EntryState, NewCampaign, PickedView, TryRequest, TryResult,
    TryView,
};

/// The number of a campaign; lasting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CampaignId(pub i64);

/// The number of a customer's place in a campaign; lasting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EntryId(pub i64);

const CAMPAIGN: &str = "SELECT c.id, c.name, c.goal, c.target, c.made, c.closed,
    count(e.id), sum(e.state = 'open'), sum(e.state IN ('accepted', 'declined', 'reached')), sum(e.state = 'accepted'),
    sum(e.state = 'declined'), sum(e.state = 'skipped'), sum(e.state = 'opted_out'), sum(e.tries),
    min(CASE WHEN e.state = 'open' THEN coalesce(e.next, 0) END)
    FROM campaigns c LEFT JOIN campaign_entries e ON e.campaign = c.id";
const ENTRY: &str = "SELECT id, customer, name, number, why, state, next, tries FROM campaign_entries";

impl Journal {
    /// Makes a campaign of those who were picked, each once. Who wants no advertising by a source, or said so in an earlier
    /// campaign, stands in it as that. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing of it is there then.
    pub fn make_campaign(
        &mut self,
        new: &NewCampaign,
        picked: &[PickedView],
        line: &Line,
        at: DateTime<Utc>,
    ) -> Result<CampaignId, JournalError> {
        let mut made = 0;
        self.write(|conn| {
            let row = params![
                new.name,
                new.goal,
                new.target,
                at.trunc_subsecs(3).timestamp_millis(),
                line.0
            ];
            conn.prepare_cached("INSERT INTO campaigns (name, goal, target, made, line) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(row)?;
            made = conn.last_insert_rowid();
            let mut insert = conn.prepare_cached(
                "INSERT OR IGNORE INTO campaign_entries (id, campaign, customer, name, number, why, state)
                 VALUES ((SELECT highest + 1 FROM numbers_given WHERE name = 'campaign_entries'), ?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for one in picked {
                let out = one.opted_out || said_no(conn, &one.customer)?;
                let state = if out { EntryState::OptedOut } else { EntryState::Open };
                insert.execute(params![made, one.customer, one.name, one.number, one.why, Word(state)])?;
            }
            Ok(())
        })?;
        Ok(CampaignId(made))
    }

    /// All campaigns, those that are open first, the newest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn campaigns(&self) -> Result<Vec<CampaignView>, JournalError> {
        let sql = [CAMPAIGN, " GROUP BY c.id ORDER BY c.closed IS NOT NULL, c.id DESC"].concat();
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut select| select.query_map([], campaign)?.collect())
            .map_err(JournalError::NotRead)
    }

    /// One campaign.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn campaign(&self, id: CampaignId) -> Result<Option<CampaignView>, JournalError> {
        let sql = [CAMPAIGN, " WHERE c.id = ?1 GROUP BY c.id"].concat();
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut select| select.query_row([id.0], campaign).optional())
            .map_err(JournalError::NotRead)
    }

    /// At most `limit` customers of a campaign behind the first `offset`, in their order.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn campaign_entries(
        &self,
        id: CampaignId,
        state: Option<EntryState>,
        (offset, limit): (u32, u32),
    ) -> Result<Vec<CampaignEntryView>, JournalError> {
        let sql = [
            ENTRY,
            " WHERE campaign = ?1 AND (?2 IS NULL OR state = ?2) ORDER BY id LIMIT ?3 OFFSET ?4",
        ]
        .concat();
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut select| {
                select
                    .query_map(params![id.0, state.map(Word), limit, offset], entry)?
                    .collect()
            })
            .map_err(JournalError::NotRead)
    }

    /// Whom to call now: who asked to be called at a time that has come, the longest waiting first, then who was not called
    /// yet, then who was called in vain.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn next_entry(&self, id: CampaignId, now: DateTime<Utc>) -> Result<Option<CampaignEntryView>, JournalError> {
        let sql = [
            ENTRY,
            " WHERE campaign = ?1 AND state = 'open' AND coalesce(next, 0) <= ?2
              ORDER BY next IS NULL, next, tries, id LIMIT 1",
        ]
        .concat();
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut select| select.query_row([id.0, now.timestamp_millis()], entry).optional())
            .map_err(JournalError::NotRead)
    }

    /// One customer of a campaign, with the campaign.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn campaign_entry(&self, id: EntryId) -> Result<Option<(CampaignId, CampaignEntryView)>, JournalError> {
        let sql =
            "SELECT id, customer, name, number, why, state, next, tries, campaign FROM campaign_entries WHERE id = ?1";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| {
                select
                    .query_row([id.0], |row| Ok((CampaignId(row.get(8)?), entry(row)?)))
                    .optional()
            })
            .map_err(JournalError::NotRead)
    }

    /// The attempts at a customer of a campaign, the newest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn campaign_tries(&self, id: EntryId) -> Result<Vec<TryView>, JournalError> {
        self.conn
            .prepare_cached(
                "SELECT at, line, result, note, next, call FROM campaign_tries WHERE entry = ?1 ORDER BY id DESC",
            )
            .and_then(|mut select| select.query_map([id.0], attempt)?.collect())
            .map_err(JournalError::NotRead)
    }

    /// Writes down what came of an attempt. Card numbers are struck out of what was written. Durable on return; `false` when
    /// there is no such customer in a campaign.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing of it is there then.
    pub fn put_try(
        &mut self,
        id: EntryId,
        request: &TryRequest,
        call: Option<&CallId>,
        line: &Line,
        at: DateTime<Utc>,
    ) -> Result<bool, JournalError> {
        let next = request.next.filter(|_| request.result == TryResult::Again);
        let next = next.map(|next| next.trunc_subsecs(3).timestamp_millis());
        let counts = i64::from(request.result != TryResult::Skipped);
        let mut changed = 0;
        self.write(|conn| {
            changed = conn
                .prepare_cached("UPDATE campaign_entries SET state = ?2, next = ?3, tries = tries + ?4 WHERE id = ?1")?
                .execute(params![id.0, Word(state_after(request.result)), next, counts])?;
            if changed == 0 {
                return Ok(());
            }
            conn.prepare_cached(
                "INSERT INTO campaign_tries (entry, at, line, result, note, next, call) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                id.0,
                at.trunc_subsecs(3).timestamp_millis(),
                line.0,
                Word(request.result),
                note::struck(&request.note),
                next,
                call.map(|call| call.0.as_str()),
            ])?;
            if request.result == TryResult::OptedOut {
                // whoever says it once is left out of every list
                conn.prepare_cached(
                    "UPDATE campaign_entries SET state = 'opted_out', next = NULL WHERE state = 'open'
                     AND customer = (SELECT customer FROM campaign_entries WHERE id = ?1)",
                )?
                .execute([id.0])?;
            }
            Ok(())
        })?;
        Ok(changed > 0)
    }

    /// Closes a campaign, or opens it again. Durable on return; `false` when there is none.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn close_campaign(&mut self, id: CampaignId, closed: Option<DateTime<Utc>>) -> Result<bool, JournalError> {
        self.conn
            .execute(
                "UPDATE campaigns SET closed = ?2 WHERE id = ?1",
                params![id.0, closed.map(|at| at.timestamp_millis())],
            )
            .map(|changed| changed > 0)
            .map_err(JournalError::NotWritten)
    }

    /// The last call to a number or with a customer that began at `since` or later.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn call_since(
        &self,
        customer: &str,
        number: &str,
        since: DateTime<Utc>,
    ) -> Result<Option<CallId>, JournalError> {
        self.conn
            .prepare_cached(
                "SELECT id FROM calls WHERE started >= ?3 AND (customer = ?1 OR (?2 <> '' AND number_display = ?2))
                 ORDER BY started DESC, id DESC LIMIT 1",
            )
            .and_then(|mut select| {
                select
                    .query_row(params![customer, number, since.timestamp_millis()], |row| row.get(0))
                    .optional()
            })
            .map(|call: Option<String>| call.map(CallId))
            .map_err(JournalError::NotRead)
    }
}

/// How somebody stands after an attempt.
fn state_after(result: TryResult) -> EntryState {
    match result {
        TryResult::Accepted => EntryState::Accepted,
        TryResult::Declined => EntryState::Declined,
        TryResult::Reached => EntryState::Reached,
        TryResult::Again => EntryState::Open,
        TryResult::OptedOut => EntryState::OptedOut,
        TryResult::Skipped => EntryState::Skipped,
    }
}

/// Whether somebody said in a campaign that they want no such calls.
fn said_no(conn: &Connection, customer: &str) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM campaign_tries t JOIN campaign_entries e ON e.id = t.entry
         WHERE e.customer = ?1 AND t.result = 'opted_out')",
    )?
    .query_row([customer], |row| row.get(0))
}

fn campaign(row: &Row<'_>) -> rusqlite::Result<CampaignView> {
    let count = |column| row.get::<_, Option<u32>>(column).map(Option::unwrap_or_default);
    let next = optional_time(row, 14)?.filter(|next| next.timestamp_millis() > 0);
    Ok(CampaignView {
        id: row.get(0)?,
        name: row.get(1)?,
        goal: row.get(2)?,
        target: row.get(3)?,
        made: time(row, 4)?,
        closed: optional_time(row, 5)?,
        counts: CampaignCounts {
            all: count(6)?,
            open: count(7)?,
            reached: count(8)?,
            accepted: count(9)?,
            declined: count(10)?,
            skipped: count(11)?,
            opted_out: count(12)?,
            tries: count(13)?,
        },
        next,
    })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<CampaignEntryView> {
    Ok(CampaignEntryView {
        id: row.get(0)?,
        customer: row.get(1)?,
        name: row.get(2)?,
        number: row.get(3)?,
        why: row.get(4)?,
        state: row.get::<_, Word<EntryState>>(5)?.0,
        next: optional_time(row, 6)?,
        tries: row.get(7)?,
    })
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<TryView> {
    Ok(TryView {
        at: time(row, 0)?,
        line: row.get(1)?,
        result: row.get::<_, Word<TryResult>>(2)?.0,
        note: row.get(3)?,
        next: optional_time(row, 4)?,
        call: row.get(5)?,
    })
}
