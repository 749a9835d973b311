//! From what the phone system says of a caller to what the panel shows: number, verdict, dossier, advice.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};

use super::numbers::{FeedNumbers, Via};
use crate::advisor::cross_sell;
use crate::call::{Party, Presentation};
use crate::config::Language;
use crate::customer::{Customer, CustomerId, CustomerRef};
use crate::directory::{Directory, DirectoryError, Reading};
use crate::matching::{self, Reason, Verdict};
use crate::number::{self, CallerId, DialContext, Key, Region};
use crate::pop::view::{Grade, PastNoteView, PopView};
use crate::pop::{self, CallerLine, Known, Who};

/// Of so many candidates the trace says why they have their grade.
const TRACED: usize = 20;

/// Gives the last notes of a customer, the newest first.
pub(super) type Notes<'a> = &'a mut dyn FnMut(&CustomerRef) -> Vec<PastNoteView>;

/// Who a call is with, as far as it was looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The other side's key, when its number can be read and is not withheld.
    pub number: Option<Key>,
    /// The one customer, by a sure number or by the agent's word. Only then is a call logged for somebody.
    pub customer: Option<Customer>,
    /// What the number that was called is for.
    pub label: Option<String>,
    /// The language that callers of that number are spoken to in.
    pub language: Option<Language>,
    /// What the panel shows.
    pub pop: PopView,
    /// How that was found out.
    pub how: How,
}

/// How a caller was found, for the trace.
#[derive(Clone, Debug, PartialEq)]
pub struct How {
    /// The number as it was read.
    pub caller: CallerId,
    /// Where a number without a country code was read.
    pub region: Option<Region>,
    /// How many customers have it.
    pub holders: usize,
    /// Why those that are shown have their grade, and the extension stored with the number.
    pub reasons: Vec<(CustomerRef, Reason, Option<String>)>,
    /// The agent said who it is.
    pub chosen: bool,
}

/// When and where it is asked: the panel counts months as the agent's calendar does.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Now.
    pub now: DateTime<Utc>,
    /// How far the agent's clock is from UTC.
    pub offset: FixedOffset,
}

/// Looks callers up.
pub struct Identify {
    directory: Directory,
    home: DialContext,
    feeds: HashMap<String, FeedNumbers>,
    own: Vec<Key>,
}

impl Identify {
    /// Looks up in `directory`. Numbers are read as `feeds` says for their feed, else as `home` says; those in `own`,
    /// and those that `feeds` name as ours, are our own outside numbers.
    #[must_use]
    pub fn new(directory: Directory, home: DialContext, feeds: HashMap<String, FeedNumbers>, own: Vec<Key>) -> Self {
        let own = own
            .into_iter()
            .chain(feeds.values().flat_map(FeedNumbers::keys))
            .collect();
        Identify {
            directory,
            home,
            feeds,
            own,
        }
    }

    /// How the number of a caller who came this way is read.
    #[must_use]
    pub fn read(&self, via: Via<'_>, party: &Party) -> CallerId {
        self.read_how(via, party).caller
    }

    fn read_how(&self, via: Via<'_>, party: &Party) -> How {
        let of_feed = self.feeds.get(via.feed).map(|numbers| numbers.context(via));
        let mut context = of_feed.unwrap_or_else(|| self.home.clone());
        context.restricted |= party.presentation == Presentation::Restricted;
        How {
            caller: number::caller(&party.number, &context),
            region: context.region,
            holders: 0,
            reasons: Vec::new(),
            chosen: false,
        }
    }

    /// Who `party` is.
    ///
    /// # Errors
    /// When the cache cannot be read; [`Identify::nobody`] still says what the phone system told.
    pub fn find(
        &mut self,
        via: Via<'_>,
        party: &Party,
        notes: Notes<'_>,
        moment: Moment,
    ) -> Result<Found, DirectoryError> {
        let found = self.find_caller(via, party, notes, moment)?;
        Ok(self.with_called(found, via))
    }

    fn find_caller(
        &mut self,
        via: Via<'_>,
        party: &Party,
        notes: Notes<'_>,
        moment: Moment,
    ) -> Result<Found, DirectoryError> {
        let mut how = self.read_how(via, party);
        let reading = self.directory.read()?;
        let holders = match &how.caller {
            CallerId::Number(number) => reading.holders(number.key)?,
            CallerId::Withheld | CallerId::Extension(_) | CallerId::Unreadable(..) => Vec::new(),
        };
        how.holders = holders.len();
        let verdict = matching::verdict(&how.caller, &holders, &self.own);
        let (who, customer) = who(&reading, verdict, notes, &mut how)?;
        Ok(found(how, party, who, customer, &reading, moment))
    }

    /// The same for one customer of several, by the agent's word.
    ///
    /// # Errors
    /// When the cache cannot be read. `Ok(None)` when the customer is not in it.
    pub fn find_chosen(
        &mut self,
        via: Via<'_>,
        party: &Party,
        chosen: &CustomerRef,
        notes: Notes<'_>,
        moment: Moment,
    ) -> Result<Option<Found>, DirectoryError> {
        let mut how = self.read_how(via, party);
        how.chosen = true;
        let caller = &how.caller;
        let reading = self.directory.read()?;
        let Some(customer) = reading.by_reference(chosen)? else {
            return Ok(None);
        };
        let grade = match (caller, party.number.is_empty()) {
            (CallerId::Number(number), false) => grade_of(&reading, number.key, caller, customer.id, &self.own)?,
            _ => Grade::Ambiguous,
        };
        let Some(known) = known(&reading, customer.id, grade, notes)? else {
            return Ok(None);
        };
        let who = Who::One(Box::new(known));
        let found = found(how, party, who, Some(customer), &reading, moment);
        drop(reading);
        Ok(Some(self.with_called(found, via)))
    }

    /// What is shown when nobody can be looked up: only what the phone system told.
    #[must_use]
    pub fn nobody(&self, via: Via<'_>, party: &Party, moment: Moment) -> Found {
        let how = self.read_how(via, party);
        let who = match &how.caller {
            CallerId::Withheld => Who::Withheld,
            CallerId::Extension(_) => Who::Internal,
            CallerId::Number(_) | CallerId::Unreadable(..) => Who::Unknown,
        };
        let pop = pop::view_of(
            line(&how.caller, party),
            who,
            &Default::default(),
            moment.now,
            moment.offset,
        );
        let found = Found {
            number: key_of(&how.caller),
            customer: None,
            label: None,
            language: None,
            pop,
            how,
        };
        self.with_called(found, via)
    }

    fn with_called(&self, found: Found, via: Via<'_>) -> Found {
        let numbers = self.feeds.get(via.feed);
        Found {
            label: numbers.and_then(|numbers| numbers.label(via.called)).map(str::to_owned),
            language: numbers.and_then(|numbers| numbers.language(via.called)),
            ..found
        }
    }
}

fn found(
    how: How,
    party: &Party,
    who: Who,
    customer: Option<Customer>,
    reading: &Reading<'_>,
    moment: Moment,
) -> Found {
    let pop = pop::view_of(
        line(&how.caller, party),
        who,
        reading.catalogue(),
        moment.now,
        moment.offset,
    );
    Found {
        number: key_of(&how.caller),
        customer,
        label: None,
        language: None,
        pop,
        how,
    }
}

fn who(
    reading: &Reading<'_>,
    verdict: Verdict,
    notes: Notes<'_>,
    how: &mut How,
) -> Result<(Who, Option<Customer>), DirectoryError> {
    Ok(match verdict {
        Verdict::Withheld => (Who::Withheld, None),
        Verdict::Own => (Who::Own, None),
        Verdict::Internal(_) => (Who::Internal, None),
        Verdict::Unknown => (Who::Unknown, None),
        Verdict::One(one) => match known(reading, one.customer, one.grade, notes)? {
            Some(known) => {
                how.holders = 1;
                how.reasons
                    .push((known.dossier.customer.reference.clone(), one.reason, one.ext));
                let sure = (one.grade != Grade::Ambiguous).then(|| known.dossier.customer.clone());
                (Who::One(Box::new(known)), sure)
            }
            None => (Who::Unknown, None),
        },
        Verdict::Several(several) => {
            let mut candidates = Vec::with_capacity(several.len());
            how.holders = several.len();
            for one in several {
                let Some(customer) = reading.customer(one.customer)? else {
                    continue;
                };
                let last_contact = reading.last_bought(one.customer)?;
                if how.reasons.len() < TRACED {
                    how.reasons.push((customer.reference.clone(), one.reason, one.ext));
                }
                candidates.push(pop::Candidate {
                    customer,
                    grade: one.grade,
                    last_contact,
                });
            }
            (Who::Several(candidates), None)
        }
    })
}

fn known(
    reading: &Reading<'_>,
    customer: CustomerId,
    grade: Grade,
    notes: Notes<'_>,
) -> Result<Option<Known>, DirectoryError> {
    let Some(dossier) = reading.dossier(customer)? else {
        return Ok(None);
    };
    let bought: Vec<_> = dossier.bought.iter().map(|bought| bought.product).collect();
    let suggestions = cross_sell(&bought, reading.catalogue());
    let notes = notes(&dossier.customer.reference);
    Ok(Some(Known {
        grade,
        dossier,
        suggestions,
        notes,
    }))
}

fn grade_of(
    reading: &Reading<'_>,
    key: Key,
    caller: &CallerId,
    customer: CustomerId,
    own: &[Key],
) -> Result<Grade, DirectoryError> {
    let holders = reading.holders(key)?;
    let candidates = match matching::verdict(caller, &holders, own) {
        Verdict::One(one) => vec![one],
        Verdict::Several(several) => several,
        Verdict::Withheld | Verdict::Own | Verdict::Internal(_) | Verdict::Unknown => Vec::new(),
    };
    Ok(candidates
        .iter()
        .find(|one| one.customer == customer)
        .map_or(Grade::Ambiguous, |one| one.grade))
}

fn key_of(caller: &CallerId) -> Option<Key> {
    match caller {
        CallerId::Number(number) => Some(number.key),
        CallerId::Withheld | CallerId::Extension(_) | CallerId::Unreadable(..) => None,
    }
}

/// What the phone system told, as people write it.
fn line(caller: &CallerId, party: &Party) -> CallerLine {
    let number = match caller {
        CallerId::Withheld => None,
        CallerId::Extension(text) | CallerId::Unreadable(text, _) => Some(text.clone()),
        CallerId::Number(number) => Some(number::display(number.key)),
    };
    let country = key_of(caller)
        .and_then(number::country)
        .map(|region| region.code().to_owned());
    let name = (!party.name.is_empty() && number.is_some()).then(|| party.name.clone());
    CallerLine {
        number,
        name,
        country,
        trust: party.trust,
    }
}
