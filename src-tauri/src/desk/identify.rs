//! From what the phone system says of a caller to what the panel shows: number, verdict, dossier, advice.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};

use super::numbers::{FeedNumbers, Via};
use crate::advisor::cross_sell;
use crate::call::{Party, Presentation};
use crate::config::Language;
use crate::customer::{Customer, CustomerId, CustomerRef};
use crate::directory::{Directory, DirectoryError, Reading};
use crate::matching::{self, Candidate, Sought, Verdict};
use crate::number::{self, CallerId, DialContext, Key};
use crate::pop::view::{Grade, PastNoteView, PopView, WhyView};
use crate::pop::{self, CallerLine, Known, Who};

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

    /// How the number of a caller who came this way is read, before anybody is looked up.
    #[must_use]
    pub fn read(&self, via: Via<'_>, party: &Party) -> CallerId {
        number::caller(&party.number, &context_of(&self.feeds, &self.home, via, party))
    }

    /// Every reading of the number that is looked up, and whom it names.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn seek(&mut self, via: Via<'_>, party: &Party) -> Result<Sought, DirectoryError> {
        let context = context_of(&self.feeds, &self.home, via, party);
        let reading = self.directory.read()?;
        matching::find(&party.number, &context, &self.own, |key| reading.holders(key))
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
        let context = context_of(&self.feeds, &self.home, via, party);
        let reading = self.directory.read()?;
        let sought = matching::find(&party.number, &context, &self.own, |key| reading.holders(key))?;
        let (who, customer) = who(&reading, sought.verdict, key_of(&sought.caller), notes)?;
        Ok(found(&sought.caller, party, who, customer, &reading, moment))
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
        let context = context_of(&self.feeds, &self.home, via, party);
        let reading = self.directory.read()?;
        let Some(customer) = reading.by_reference(chosen)? else {
            return Ok(None);
        };
        let sought = matching::find(&party.number, &context, &self.own, |key| reading.holders(key))?;
        let named = candidate_of(&sought.verdict, customer.id);
        let grade = named.map_or(Grade::Ambiguous, |one| one.grade);
        let Some(known) = known(&reading, customer.id, grade, notes)? else {
            return Ok(None);
        };
        let known = Known {
            why: named.map(|one| why(one, key_of(&sought.caller))),
            chosen: true,
            ..known
        };
        let who = Who::One(Box::new(known));
        let found = found(&sought.caller, party, who, Some(customer), &reading, moment);
        drop(reading);
        Ok(Some(self.with_called(found, via)))
    }

    /// What is shown when nobody can be looked up: only what the phone system told.
    #[must_use]
    pub fn nobody(&self, via: Via<'_>, party: &Party, moment: Moment) -> Found {
        let caller = self.read(via, party);
        let who = match &caller {
            CallerId::Withheld => Who::Withheld,
            CallerId::Extension(_) => Who::Internal,
            CallerId::Number(_) | CallerId::Unreadable(..) => Who::Unknown,
        };
        let pop = pop::view_of(
            line(&caller, party),
            who,
            &Default::default(),
            moment.now,
            moment.offset,
        );
        let found = Found {
            number: key_of(&caller),
            customer: None,
            label: None,
            language: None,
            pop,
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
    caller: &CallerId,
    party: &Party,
    who: Who,
    customer: Option<Customer>,
    reading: &Reading<'_>,
    moment: Moment,
) -> Found {
    let pop = pop::view_of(line(caller, party), who, reading.catalogue(), moment.now, moment.offset);
    Found {
        number: key_of(caller),
        customer,
        label: None,
        language: None,
        pop,
    }
}

fn who(
    reading: &Reading<'_>,
    verdict: Verdict,
    key: Option<Key>,
    notes: Notes<'_>,
) -> Result<(Who, Option<Customer>), DirectoryError> {
    Ok(match verdict {
        Verdict::Withheld => (Who::Withheld, None),
        Verdict::Own => (Who::Own, None),
        Verdict::Internal(_) => (Who::Internal, None),
        Verdict::Unknown => (Who::Unknown, None),
        Verdict::One(one) => match known(reading, one.customer, one.grade, notes)? {
            Some(known) => {
                let sure = (one.grade != Grade::Ambiguous).then(|| known.dossier.customer.clone());
                let why = Some(why(&one, key));
                (Who::One(Box::new(Known { why, ..known })), sure)
            }
            None => (Who::Unknown, None),
        },
        Verdict::Several(several) => {
            let mut candidates = Vec::with_capacity(several.len());
            for one in several {
                let Some(customer) = reading.customer(one.customer)? else {
                    continue;
                };
                let last_contact = reading.last_bought(one.customer)?;
                candidates.push(pop::Candidate {
                    customer,
                    grade: one.grade,
                    why: Some(why(&one, key)),
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
        why: None,
        chosen: false,
        dossier,
        suggestions,
        notes,
    }))
}

fn candidate_of(verdict: &Verdict, customer: CustomerId) -> Option<&Candidate> {
    let candidates = match verdict {
        Verdict::One(one) => std::slice::from_ref(one),
        Verdict::Several(several) => several,
        Verdict::Withheld | Verdict::Own | Verdict::Internal(_) | Verdict::Unknown => &[],
    };
    candidates.iter().find(|one| one.customer == customer)
}

fn why(one: &Candidate, key: Option<Key>) -> WhyView {
    WhyView {
        code: one.reason,
        country: key.and_then(number::country).map(|region| region.code().to_owned()),
    }
}

/// How the number of a caller who came this way is written.
fn context_of(feeds: &HashMap<String, FeedNumbers>, home: &DialContext, via: Via<'_>, party: &Party) -> DialContext {
    let of_feed = feeds.get(via.feed).map(|numbers| numbers.context(via));
    let mut context = of_feed.unwrap_or_else(|| home.clone());
    context.restricted |= party.presentation == Presentation::Restricted;
    context
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
