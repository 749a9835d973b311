//! From a verdict to the people in it: what is known of the one, and what ranks the several.
//!
//! It asks the directory and the journal, and decides nothing about a number.

use super::advise;
use super::identify::key_of;
use super::open;
use super::state::past_notes;
use super::words::{self, Words, told};
use crate::customer::Customer;
use crate::directory::{DirectoryError, Dossier, Reading};
use crate::journal::Journal;
use crate::matching::{self, Sought, Verdict};
use crate::number::{self, DialContext, Key};
use crate::pop::view::{Grade, ReasonView, WordView};
use crate::pop::{self, Known, Who};

/// How many of those who share a number are weighed against each other. A number of more people says nothing of any.
const MOST_WEIGHED: usize = 200;

/// Whom the caller's number names, by the sources and by what agents said, and what they said of it.
pub(super) fn seek<'j>(
    reading: &Reading<'_>,
    journal: Option<&'j Journal>,
    number: &str,
    context: &DialContext,
    own: &[Key],
) -> Result<(Sought, Words<'j>), DirectoryError> {
    let mut asked: Vec<(Key, Words<'j>)> = Vec::new();
    let sought = matching::find(number, context, own, |key| {
        let words = Words::of(journal, Some(key), reading)?;
        let mut holders = reading.holders(key)?;
        holders.extend(words.holders());
        asked.push((key, words));
        Ok::<_, DirectoryError>(holders)
    })?;
    let key = key_of(&sought.caller);
    let words = asked.into_iter().find(|(asked, _)| Some(*asked) == key);
    let words = match words {
        Some((_, words)) => words,
        None => Words::of(journal, key, reading)?,
    };
    Ok((sought, words))
}

/// Those whom the number may mean.
pub(super) fn candidates(verdict: &Verdict) -> &[matching::Candidate] {
    match verdict {
        Verdict::One(one) => std::slice::from_ref(one),
        Verdict::Several(several) => several,
        Verdict::Withheld | Verdict::Own | Verdict::Internal(_) | Verdict::Unknown => &[],
    }
}

/// The verdict with what is known of them, and the customer that a call is logged for.
pub(super) fn who(
    reading: &Reading<'_>,
    verdict: Verdict,
    key: Option<Key>,
    words: &Words<'_>,
    with: advise::Known<'_>,
) -> Result<(Who, Option<Customer>), DirectoryError> {
    Ok(match verdict {
        Verdict::Withheld => (Who::Withheld, None),
        Verdict::Own => (Who::Own, None),
        Verdict::Internal(_) => (Who::Internal, None),
        Verdict::Unknown => (Who::Unknown, None),
        Verdict::One(one) if one.grade == Grade::Ambiguous => {
            match weighed(reading, &[one], key, words, with.journal)?.pop() {
                Some(hint) => (Who::Perhaps(Box::new(hint)), None),
                None => (Who::Unknown, None),
            }
        }
        Verdict::One(one) => match words.dossier(one.customer, reading, with.now)? {
            Some(dossier) => {
                let customer = dossier.customer.clone();
                let word = words.of_customer(one.customer);
                let known = known(reading, dossier, (one.grade, Some(why(&one, key))), word, with);
                (Who::One(Box::new(known)), Some(customer))
            }
            None => (Who::Unknown, None),
        },
        Verdict::Several(several) => (
            Who::Several(weighed(reading, &several, key, words, with.journal)?),
            None,
        ),
    })
}

/// Those who may be calling, with what ranks them.
fn weighed(
    reading: &Reading<'_>,
    several: &[matching::Candidate],
    key: Option<Key>,
    words: &Words<'_>,
    journal: Option<&Journal>,
) -> Result<Vec<pop::Candidate>, DirectoryError> {
    let chosen = words.chosen();
    let mut candidates = Vec::with_capacity(several.len().min(MOST_WEIGHED));
    for one in several {
        if candidates.len() >= MOST_WEIGHED && chosen.is_empty() {
            break;
        }
        let Some(customer) = words.customer(one.customer, reading)? else {
            continue;
        };
        let place = chosen.iter().position(|chosen| chosen.customer == customer.reference);
        if candidates.len() >= MOST_WEIGHED && place.is_none() {
            continue;
        }
        let called = journal.and_then(|journal| told(journal.last_contact(&customer.reference)));
        candidates.push(pop::Candidate {
            last_contact: reading.last_bought(one.customer)?.max(called),
            open_tickets: reading.open_tickets(one.customer)?,
            chosen: place.map(|place| words::chosen_view(&chosen[place], place == 0)),
            customer,
            grade: one.grade,
            why: Some(why(one, key)),
        });
    }
    Ok(candidates)
}

/// The one customer with advice and notes.
pub(super) fn known(
    reading: &Reading<'_>,
    dossier: Dossier,
    (grade, why): (Grade, Option<ReasonView>),
    word: Option<WordView>,
    with: advise::Known<'_>,
) -> Known {
    let references = words::references(&dossier);
    let (advised, relation) = with.advise(reading, &dossier);
    let tier = with.tier(&dossier);
    Known {
        grade,
        why,
        open: with.journal.map_or_else(Vec::new, |journal| {
            let of_record = |reference| open::of_customer(journal, reference);
            references.iter().flat_map(of_record).collect()
        }),
        advised,
        relation,
        tier,
        notes: with.journal.map_or_else(Vec::new, |journal| {
            let of_record = |reference| past_notes(journal, reference);
            let mut notes: Vec<_> = references.iter().flat_map(of_record).collect();
            notes.sort_by_key(|note| std::cmp::Reverse(note.at));
            notes
        }),
        dossier,
        word,
    }
}

/// Why a number names a customer with its grade.
pub(super) fn why(one: &matching::Candidate, key: Option<Key>) -> ReasonView {
    ReasonView {
        code: one.reason,
        country: key.and_then(number::country).map(|region| region.code().to_owned()),
    }
}
