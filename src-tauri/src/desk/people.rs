//! What an agent says of who is calling: this one of several, an existing customer, a new one; and that it was wrong.
//!
//! Every word is in the journal before the panel shows it, beside what the number said: what is to be written of the call goes
//! first. Our own numbers and those of colleagues never become a customer's.

use chrono::{DateTime, Utc};

use super::error::DeskError;
use super::pretend::PRETEND;
use super::record;
use super::state::Desk;
use super::words::made_customer;
use crate::call::{Call, CallId};
use crate::customer::{Customer, CustomerRef};
use crate::journal::{CallRecord, Choice, Created, NewCustomer, Said};
use crate::number::Key;
use crate::pop::view::VerdictKind;

/// The most characters of a name or an address (RFC 5321 allows 254 for the longest address).
const MOST_TEXT: usize = 254;

impl Desk {
    pub(super) fn choose(&mut self, id: &CallId, customer: &CustomerRef, now: DateTime<Utc>) -> Result<(), DeskError> {
        self.keep(now);
        let (call, word) = self.word(id, customer.clone(), now)?;
        self.refuse_ours(id, word.number)?;
        let record = self.record_for(&call, customer)?;
        self.journal.choose(&word, &record).map_err(DeskError::Journal)?;
        self.look_again(&call, now);
        Ok(())
    }

    /// A caller without a number is that customer in this call alone.
    pub(super) fn link(&mut self, id: &CallId, customer: &CustomerRef, now: DateTime<Utc>) -> Result<(), DeskError> {
        self.keep(now);
        let (call, word) = self.word(id, customer.clone(), now)?;
        self.refuse_ours(id, word.number)?;
        let record = self.record_for(&call, customer)?;
        self.journal.link(&word, &record).map_err(DeskError::Journal)?;
        self.look_again(&call, now);
        Ok(())
    }

    pub(super) fn create(
        &mut self,
        id: &CallId,
        new: &NewCustomer,
        number: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        let card = checked(new)?;
        let number = self.typed(number)?;
        self.keep(now);
        let reference = self.journal.new_reference().map_err(DeskError::Journal)?;
        let (call, word) = self.word(id, reference.clone(), now)?;
        self.refuse_ours(id, word.number)?;
        self.refuse_ours(id, number)?;
        let created = Created {
            id: 0,
            reference,
            card: card.clone(),
            said: word.said.clone(),
        };
        let record = self.record(&call, made_customer(created))?;
        self.journal
            .create(&card, number, &word, &record)
            .map_err(DeskError::Journal)?;
        self.look_again(&call, now);
        Ok(())
    }

    /// What was said in this call goes; else, where an earlier word linked the number, that link.
    pub(super) fn take_back(&mut self, id: &CallId, now: DateTime<Utc>) -> Result<(), DeskError> {
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        let call = card.call.clone();
        let word = card.found.pop.word.clone().ok_or(DeskError::NothingSaid)?;
        let shown = card.found.customer.as_ref().map(|customer| customer.reference.clone());
        let number = card.found.number;
        let said = Said {
            call: id.clone(),
            line: card.seat.line.clone(),
            at: now,
        };
        self.keep(now);
        match (word.in_this_call, number, shown) {
            (false, Some(number), Some(customer)) => self.journal.unlink(number, &customer, &said),
            (true, _, _) | (false, None, _) | (false, _, None) => self.journal.take_back(&said),
        }
        .map_err(DeskError::Journal)?;
        self.look_again(&call, now);
        // the number alone may still name somebody
        if let Some(card) = self.board.card(id)
            && card.found.customer.is_some()
        {
            let record = record::of(&card.call, &card.found);
            self.journal.put_call(&record).map_err(DeskError::Journal)?;
        }
        Ok(())
    }

    /// The call, and the word that it is with `customer`.
    fn word(&mut self, id: &CallId, customer: CustomerRef, now: DateTime<Utc>) -> Result<(Call, Choice), DeskError> {
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        let said = Said {
            call: id.clone(),
            line: card.seat.line.clone(),
            at: now,
        };
        let word = Choice {
            customer,
            number: card.found.number,
            said,
        };
        Ok((card.call.clone(), word))
    }

    /// How the call is logged for this customer.
    fn record_for(&mut self, call: &Call, customer: &CustomerRef) -> Result<CallRecord, DeskError> {
        let customer = self
            .identify
            .customer(customer, Some(&self.journal))
            .map_err(DeskError::Directory)?
            .ok_or(DeskError::NoSuchCustomer)?;
        self.record(call, customer)
    }

    fn record(&mut self, call: &Call, customer: Customer) -> Result<CallRecord, DeskError> {
        let card = self.board.card(&call.id).ok_or(DeskError::NoSuchCall)?;
        let mut found = card.found.clone();
        found.customer = Some(customer);
        Ok(record::of(call, &found))
    }

    /// Shows who this call is with now, and every other call on the board with the same number.
    fn look_again(&mut self, call: &Call, now: DateTime<Utc>) {
        let number = self.board.card(&call.id).and_then(|card| card.found.number);
        let calls = self.board.calls_with(&call.id, number);
        let ids: Vec<CallId> = calls.iter().map(|call| call.id.clone()).collect();
        for call in calls {
            let found = self.look_up(&call, now);
            if let Some(card) = self.board.card(&call.id) {
                card.found = found;
            }
            if call.feed != PRETEND {
                self.unlogged.insert(call.id.clone(), call);
            }
        }
        self.panel.log_changed();
        self.tell_panel();
        for id in &ids {
            self.trace_choice(id, now);
        }
    }

    /// The number that was typed; none for an empty text.
    fn typed(&self, text: &str) -> Result<Option<Key>, DeskError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let read = self.identify.typed(text);
        read.map(|number| Some(number.key))
            .map_err(|why| DeskError::BadNumber(text.chars().take(MOST_TEXT).collect(), why))
    }

    fn refuse_ours(&mut self, id: &CallId, number: Option<Key>) -> Result<(), DeskError> {
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        let with_us = matches!(card.found.pop.verdict, VerdictKind::Own | VerdictKind::Internal);
        let ours = number.is_some_and(|number| {
            let mut lines = self.lines.iter().map(|line| self.identify.typed(&line.0));
            self.identify.is_own(number) || lines.any(|line| line.is_ok_and(|line| line.key == number))
        });
        if with_us || ours {
            return Err(DeskError::OurNumber);
        }
        Ok(())
    }
}

/// What an agent wrote, without what cannot be seen, or what is wrong with it.
fn checked(new: &NewCustomer) -> Result<NewCustomer, DeskError> {
    let card = NewCustomer {
        name: clean(&new.name)?,
        company: clean(&new.company)?,
        email: clean(&new.email)?,
    };
    if card.name.is_empty() && card.company.is_empty() {
        return Err(DeskError::NoName);
    }
    if !card.email.is_empty() && !is_address(&card.email) {
        return Err(DeskError::BadEmail(card.email));
    }
    Ok(card)
}

/// One line: control characters and runs of space become one space.
fn clean(text: &str) -> Result<String, DeskError> {
    let visible = text.replace(char::is_control, " ");
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > MOST_TEXT {
        return Err(DeskError::TooLong(MOST_TEXT));
    }
    Ok(line)
}

/// Something, one `@`, and a host with a dot that does not stand at an end. More is known only by writing to it.
fn is_address(text: &str) -> bool {
    let Some((mailbox, host)) = text.rsplit_once('@') else {
        return false;
    };
    let dotted = host.split('.').count() > 1 && host.split('.').all(|label| !label.is_empty());
    !mailbox.is_empty() && dotted && !text.contains(char::is_whitespace) && !mailbox.contains('@')
}
