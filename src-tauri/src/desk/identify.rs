//! From what the phone system says of a caller to what the panel shows: number, verdict, dossier, advice.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};

use super::advise::{self, AdviceRules};
use super::numbers::{FeedNumbers, Via};
use super::who::{candidates, known, seek, who, why};
use super::words;
use crate::advisor::Catalogue;
use crate::advisor::answers::Answers;
use crate::call::{Party, Presentation};
use crate::config::Language;
use crate::customer::{Customer, CustomerRef};
use crate::directory::{Directory, DirectoryError, Reading};
use crate::journal::{self, Choice, Journal, Offer};
use crate::matching::{self, Candidate, MatchReason, Sought, Tried};
use crate::number::{self, CallerId, DialContext, Key, Number, Region, Unreadable};
use crate::pop::view::{Grade, GuardView, PopView, SilencedView};
use crate::pop::{self, CallerLine, Who};

/// Of so many candidates the trace says why they have their grade.
const TRACED: usize = 20;

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
    /// Every reading of it that was looked up, in order.
    pub tried: Vec<Tried>,
    /// Where a number without a country code was read.
    pub region: Option<Region>,
    /// How many customers have it.
    pub holders: usize,
    /// Why those that are shown have their grade, and the extension stored with the number.
    pub reasons: Vec<(CustomerRef, MatchReason, Option<String>)>,
    /// The agent said who it is.
    pub chosen: bool,
    /// What was thought of and not suggested, with its guard.
    pub silenced: Vec<SilencedView>,
    /// Guards that nothing is known for.
    pub guards_off: Vec<GuardView>,
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
    pub(super) directory: Directory,
    home: DialContext,
    feeds: HashMap<String, FeedNumbers>,
    own: Vec<Key>,
    advice: AdviceRules,
    pub(super) offers: Vec<Offer>,
    pub(super) answers: Answers,
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
            advice: AdviceRules::default(),
            offers: Vec::new(),
            answers: Answers::default(),
        }
    }

    /// Advises by what the settings say.
    #[must_use]
    pub fn advising(mut self, rules: AdviceRules) -> Self {
        self.advice = rules;
        self
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

    /// The number of a caller who came this way, when it can be read and is not withheld.
    #[must_use]
    pub fn number_of(&self, via: Via<'_>, party: &Party) -> Option<Key> {
        key_of(&self.read(via, party))
    }

    /// How a number that a person typed is read: with a country code, or as one of the home region.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn typed(&self, text: &str) -> Result<Number, Unreadable> {
        number::read(text, self.home.region)
    }

    /// Whether the number is one of our own outside numbers.
    #[must_use]
    pub fn is_own(&self, number: Key) -> bool {
        self.own.contains(&number)
    }

    /// The customer that `reference` names, of a source or made by an agent.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn customer(
        &mut self,
        reference: &CustomerRef,
        journal: Option<&Journal>,
    ) -> Result<Option<Customer>, DirectoryError> {
        words::customer(journal, reference, &self.directory.read()?)
    }

    /// Who `party` is; with a journal, also by what agents said at earlier calls, and with their notes.
    ///
    /// # Errors
    /// When the cache cannot be read; [`Identify::nobody`] still says what the phone system told.
    pub fn find(
        &mut self,
        via: Via<'_>,
        party: &Party,
        journal: Option<&Journal>,
        moment: Moment,
    ) -> Result<Found, DirectoryError> {
        let found = self.find_caller(via, party, journal, moment)?;
        Ok(self.with_called(found, via))
    }

    fn find_caller(
        &mut self,
        via: Via<'_>,
        party: &Party,
        journal: Option<&Journal>,
        moment: Moment,
    ) -> Result<Found, DirectoryError> {
        let context = context_of(&self.feeds, &self.home, via, party);
        let with = advise::Known {
            journal,
            rules: &self.advice,
            answers: &self.answers,
            now: moment.now,
        };
        let reading = self.directory.read()?;
        let (sought, words) = seek(&reading, journal, &party.number, &context, &self.own)?;
        let sharing = candidates(&sought.verdict).to_vec();
        let mut how = How::of(sought.caller, sought.tried, context.region);
        let key = key_of(&how.caller);
        let (who, customer) = who(&reading, sought.verdict, key, &words, with)?;
        how.explain(&sharing, &who, reading.catalogue());
        Ok(found(how, party, who, customer, &reading, moment).shared(sharing.len()))
    }

    /// The same for the customer that an agent says it is.
    ///
    /// # Errors
    /// When the cache cannot be read. `Ok(None)` when the customer is not in it.
    pub fn find_chosen(
        &mut self,
        via: Via<'_>,
        party: &Party,
        word: &Choice,
        journal: Option<&Journal>,
        moment: Moment,
    ) -> Result<Option<Found>, DirectoryError> {
        let context = context_of(&self.feeds, &self.home, via, party);
        let with = advise::Known {
            journal,
            rules: &self.advice,
            answers: &self.answers,
            now: moment.now,
        };
        let reading = self.directory.read()?;
        let (sought, words) = seek(&reading, journal, &party.number, &context, &self.own)?;
        let Some(customer) = words::customer(journal, &word.customer, &reading)? else {
            return Ok(None);
        };
        let mut how = How::of(sought.caller, sought.tried, context.region);
        how.chosen = true;
        let caller = &how.caller;
        let sharing = candidates(&sought.verdict);
        let named = sharing.iter().find(|one| one.customer == customer.id);
        let grade = named.map_or(Grade::Ambiguous, |one| one.grade);
        let said = Some(words.of_call(word, &customer));
        let dossier = match journal::is_created(&customer.reference) {
            true => Some(words::bare(customer.clone())),
            false => {
                let dossier = reading.dossier(customer.id, moment.now)?;
                dossier.map(|dossier| words::pinned(journal, dossier))
            }
        };
        let why = named.map(|one| why(one, key_of(caller)));
        let Some(known) = dossier.map(|dossier| known(&reading, dossier, (grade, why), said, with)) else {
            return Ok(None);
        };
        let who = Who::One(Box::new(known));
        how.explain(sharing, &who, reading.catalogue());
        let found = found(how, party, who, Some(customer), &reading, moment).shared(sharing.len());
        drop(reading);
        Ok(Some(self.with_called(found, via)))
    }

    /// What is shown when nobody can be looked up: only what the phone system told.
    #[must_use]
    pub fn nobody(&self, via: Via<'_>, party: &Party, moment: Moment) -> Found {
        let context = context_of(&self.feeds, &self.home, via, party);
        let how = How::of(number::caller(&party.number, &context), Vec::new(), context.region);
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

impl Found {
    /// What was thought of and is not shown, with its guard: silenced, or paused until the agent wants it.
    #[must_use]
    pub fn silenced(&self) -> Vec<SilencedView> {
        let silenced = self.how.silenced.iter().cloned();
        silenced.chain(pop::paused_view(&self.pop)).collect()
    }

    fn shared(mut self, by: usize) -> Self {
        self.pop.shared_by = u32::try_from(by).unwrap_or(u32::MAX);
        self
    }
}

/// How the number of a caller who came this way is written.
fn context_of(feeds: &HashMap<String, FeedNumbers>, home: &DialContext, via: Via<'_>, party: &Party) -> DialContext {
    let of_feed = feeds.get(via.feed).map(|numbers| numbers.context(via));
    let mut context = of_feed.unwrap_or_else(|| home.clone());
    context.restricted |= party.presentation == Presentation::Restricted;
    context
}

impl How {
    fn of(caller: CallerId, tried: Vec<Tried>, region: Option<Region>) -> Self {
        How {
            caller,
            tried,
            region,
            holders: 0,
            reasons: Vec::new(),
            chosen: false,
            silenced: Vec::new(),
            guards_off: Vec::new(),
        }
    }

    /// Notes how many share the number, and why those whom the panel names have their grade.
    fn explain(&mut self, sharing: &[Candidate], who: &Who, catalogue: &Catalogue) {
        if let Who::One(known) = who {
            self.silenced = pop::silenced_view(&known.advised, catalogue);
            self.guards_off = known.advised.off.iter().copied().map(pop::guard_view).collect();
        }
        let customers: Vec<&Customer> = match who {
            Who::Withheld | Who::Own | Who::Internal | Who::Unknown => Vec::new(),
            Who::One(known) => vec![&known.dossier.customer],
            Who::Perhaps(hint) => vec![&hint.customer],
            Who::Several(several) => several.iter().map(|one| &one.customer).collect(),
        };
        self.holders = sharing.len();
        let named = customers.into_iter().take(TRACED);
        self.reasons = named
            .filter_map(|customer| {
                let one = sharing.iter().find(|one| one.customer == customer.id)?;
                Some((customer.reference.clone(), one.reason, one.ext.clone()))
            })
            .collect();
    }
}

/// The caller's number, when it can be read.
pub(super) fn key_of(caller: &CallerId) -> Option<Key> {
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
