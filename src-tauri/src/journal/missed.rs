//! Callers whom nobody reached: each person once, however often they called, until anybody talks to them.
//!
//! Who calls from the same number or is the same customer is the same person. A withheld number cannot be rung back and
//! is left out. It does not know who sits where.

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use rusqlite::{Row, params};

use super::calls::time;
use super::record::LoggedCustomer;
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;

/// Missed calls that are looked at, the latest.
const MOST_CALLS: u32 = 2_000;

/// A person whose calls were missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedPerson {
    /// Their last missed call.
    pub call: CallId,
    /// Who, when it is known.
    pub customer: Option<LoggedCustomer>,
    /// The number of that call as people write it.
    pub number_display: String,
    /// The queue that it last waited in.
    pub queue: Option<String>,
    /// When they called first.
    pub first: DateTime<Utc>,
    /// When they called last.
    pub last: DateTime<Utc>,
    /// How long they waited in the last call.
    pub waited: TimeDelta,
    /// How often they called.
    pub times: u32,
    /// How often somebody rang back since, without an answer.
    pub tried: u32,
    /// Whether somebody has talked to them since, or said that nobody need.
    pub settled: bool,
}

/// One missed call.
struct Missed {
    call: CallId,
    number: i64,
    number_display: String,
    queue: Option<String>,
    customer: Option<LoggedCustomer>,
    started: DateTime<Utc>,
    ended: DateTime<Utc>,
}

impl Journal {
    /// Everybody whose calls nobody answered since `since`, whoever called first at the beginning; also those who are
    /// settled.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn missed_people(&self, since: DateTime<Utc>) -> Result<Vec<MissedPerson>, JournalError> {
        let missed = self.missed_since(since).map_err(JournalError::NotRead)?;
        let mut people = Vec::new();
        for calls in by_person(missed) {
            people.extend(self.person(&calls).map_err(JournalError::NotRead)?);
        }
        people.sort_by_key(|person| person.first);
        Ok(people)
    }

    /// The caller of this missed call need not be rung back; without `line` they must be after all. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn close_missed(&mut self, call: &CallId, line: Option<&Line>, at: DateTime<Utc>) -> Result<(), JournalError> {
        let done = match line {
            Some(line) => self.conn.execute(
                "INSERT OR REPLACE INTO missed_closed VALUES (?1, ?2, ?3)",
                params![call.0, line.0, at.trunc_subsecs(3).timestamp_millis()],
            ),
            None => self
                .conn
                .execute("DELETE FROM missed_closed WHERE call = ?1", [&call.0]),
        };
        done.map(drop).map_err(JournalError::NotWritten)
    }

    fn missed_since(&self, since: DateTime<Utc>) -> rusqlite::Result<Vec<Missed>> {
        let mut select = self.conn.prepare_cached(
            "SELECT id, number, number_display, customer, customer_name, customer_company, started, ended, queue FROM calls
             WHERE direction = 'in' AND answered IS NULL AND ended IS NOT NULL AND started >= ?1
               AND unfinished = 0 AND number IS NOT NULL
             ORDER BY started DESC LIMIT ?2",
        )?;
        select
            .query_map(params![since.timestamp_millis(), MOST_CALLS], missed)?
            .collect()
    }

    /// What the missed calls of one person, the latest first, come to.
    fn person(&self, calls: &[Missed]) -> rusqlite::Result<Option<MissedPerson>> {
        let (Some(last), Some(first)) = (calls.first(), calls.last()) else {
            return Ok(None);
        };
        let customer = calls.iter().find_map(|call| call.customer.clone());
        let mut numbers: Vec<i64> = calls.iter().map(|call| call.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let (mut reached, mut tried) = (self.is_closed(&last.call)?, 0);
        for number in numbers {
            let since = self.since("number = ?1", number, last.started)?;
            reached |= since.0;
            tried += since.1;
        }
        if let Some(customer) = &customer {
            reached |= self.since("customer = ?1", &customer.reference.0, last.started)?.0;
        }
        Ok(Some(MissedPerson {
            call: last.call.clone(),
            customer,
            number_display: last.number_display.clone(),
            queue: last.queue.clone(),
            first: first.started,
            last: last.started,
            waited: last.ended - last.started,
            times: u32::try_from(calls.len()).unwrap_or(u32::MAX),
            tried,
            settled: reached,
        }))
    }

    fn is_closed(&self, call: &CallId) -> rusqlite::Result<bool> {
        self.conn
            .prepare_cached("SELECT 1 FROM missed_closed WHERE call = ?1")?
            .exists([&call.0])
    }

    /// Whether anybody talked to whoever `condition` names after `last` began, and how often somebody tried in vain.
    fn since(
        &self,
        condition: &str,
        value: impl rusqlite::ToSql,
        last: DateTime<Utc>,
    ) -> rusqlite::Result<(bool, u32)> {
        // `condition` is one of the constants above; every value is bound.
        let sql = format!(
            "SELECT count(answered) > 0, count(*) FILTER (WHERE direction = 'out' AND answered IS NULL AND ended IS NOT NULL)
             FROM calls WHERE {condition} AND started > ?2"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_row(params![value, last.timestamp_millis()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
    }
}

/// The calls of each person, the latest first. Two numbers are one person when a customer called from both.
fn by_person(calls: Vec<Missed>) -> Vec<Vec<Missed>> {
    let mut people: Vec<Vec<Missed>> = Vec::new();
    let (mut by_number, mut by_customer) = (HashMap::new(), HashMap::<CustomerRef, usize>::new());
    for call in calls {
        let reference = call.customer.as_ref().map(|customer| customer.reference.clone());
        let known = reference.as_ref().and_then(|reference| by_customer.get(reference));
        let place = known.or_else(|| by_number.get(&call.number)).copied();
        // a number that two customers share is two people
        let place = place.filter(|&place| {
            let other = people[place].iter().find_map(|call| call.customer.as_ref());
            other.is_none() || reference.is_none() || other.map(|other| &other.reference) == reference.as_ref()
        });
        let place = place.unwrap_or_else(|| {
            people.push(Vec::new());
            people.len() - 1
        });
        by_number.insert(call.number, place);
        if let Some(reference) = reference {
            by_customer.insert(reference, place);
        }
        people[place].push(call);
    }
    people
}

fn missed(row: &Row<'_>) -> rusqlite::Result<Missed> {
    let reference: Option<String> = row.get(3)?;
    let (name, company) = (row.get(4)?, row.get(5)?);
    Ok(Missed {
        call: CallId(row.get(0)?),
        number: row.get(1)?,
        number_display: row.get(2)?,
        queue: row.get(8)?,
        customer: reference.map(|reference| LoggedCustomer {
            reference: CustomerRef(reference),
            name,
            company,
        }),
        started: time(row, 6)?,
        ended: time(row, 7)?,
    })
}
