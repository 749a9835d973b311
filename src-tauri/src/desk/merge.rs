//! Two records are one customer, or not after all. It writes the word of whoever says so; the cache is linked elsewhere.

use chrono::{DateTime, Utc};

use super::error::DeskError;
use super::state::Desk;
use crate::customer::CustomerRef;
use crate::journal::{Act, AuditEntry, Doer, is_created};

impl Desk {
    /// Two records are one from now on. Gives those of them that stood apart from all others before, for taking it back.
    pub(super) fn link_records(
        &mut self,
        one: &CustomerRef,
        other: &CustomerRef,
        now: DateTime<Utc>,
    ) -> Result<Vec<CustomerRef>, DeskError> {
        if one == other {
            return Err(DeskError::SameRecord);
        }
        for record in [one, other] {
            // what an agent made stands in no source, so nothing of a source can be linked to it
            if is_created(record) {
                return Err(DeskError::MadeHere);
            }
            self.logged_customer(record)?;
        }
        let apart = self.journal.records_apart().map_err(DeskError::Journal)?;
        let apart = apart
            .into_iter()
            .filter(|record| record == one || record == other)
            .collect();
        self.note_said(Act::RecordsLinked, one, now)?;
        self.journal.link_records(one, other, now).map_err(DeskError::Journal)?;
        Ok(apart)
    }

    /// Takes that back: everything is as before. `apart` stood apart from all others.
    pub(super) fn undo_link(
        &mut self,
        one: &CustomerRef,
        other: &CustomerRef,
        apart: &[CustomerRef],
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        self.note_said(Act::RecordsParted, one, now)?;
        self.journal
            .undo_link(one, other, apart, now)
            .map_err(DeskError::Journal)
    }

    /// A record is nobody else from now on.
    pub(super) fn part_record(&mut self, record: &CustomerRef, now: DateTime<Utc>) -> Result<(), DeskError> {
        self.note_said(Act::RecordsParted, record, now)?;
        self.journal.part_record(record, now).map_err(DeskError::Journal)
    }

    /// What is about to be said of a record stands in the audit trail first.
    fn note_said(&mut self, act: Act, customer: &CustomerRef, now: DateTime<Utc>) -> Result<(), DeskError> {
        let Doer { agent, line } = self.doer();
        let entry = AuditEntry {
            at: now,
            agent,
            line,
            act,
            detail: String::new(),
            call: None,
            customer: Some(customer.clone()),
        };
        self.journal.audit(&entry).map_err(DeskError::Journal)
    }
}
