//! Who is it? The verdict on a caller, pure over what the directory holds for the number.
//!
//! It reads no clock, file or network, and never opens a record: what is shown for a verdict is `pop`'s to say.
//! Everybody who holds the number is named. People are told apart by what their own data says, never guessed from a
//! shared number.

use crate::customer::CustomerId;
use crate::number::{self, CallerId, DialContext, Given, Key, Number, Reading};
use crate::pop::view::Grade;
pub use crate::pop::view::MatchReason;

/// What the directory holds under the caller's number: one stored number of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Whose number it is.
    pub customer: CustomerId,
    /// What the stored text gave of it.
    pub given: Given,
    /// The extension stored with it.
    pub ext: Option<String>,
}

/// The answer to "who is it?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The caller's number is withheld or was not passed on.
    Withheld,
    /// One of our own outside numbers.
    Own,
    /// A colleague's extension.
    Internal(String),
    /// A number that nobody in the data has, or that cannot be read.
    Unknown,
    /// One customer.
    One(Candidate),
    /// Customers that share the number, by [`CustomerId`].
    Several(Vec<Candidate>),
}

/// A customer that the number may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub customer: CustomerId,
    /// How surely the number names them.
    pub grade: Grade,
    /// Why that grade.
    pub reason: MatchReason,
    /// The extension stored with the number: the caller came through a main number.
    pub ext: Option<String>,
}

/// What came of a caller's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The caller as the reading has it that somebody holds; as the first reading has it when nobody does.
    pub caller: CallerId,
    /// Who it is.
    pub verdict: Verdict,
    /// Every reading that was looked up, in order; the last one decided.
    pub tried: Vec<Tried>,
}

/// A reading that was looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What was read as what, and what was supplied.
    pub reading: Reading,
    /// How many stored numbers were found under its key.
    pub holders: usize,
}

/// Who calls with `raw`: the first reading under which `holders` holds anything decides. `own` are the numbers of our own
/// lines.
///
/// # Errors
/// Those of `holders`.
pub fn find<E>(
    raw: &str,
    context: &DialContext,
    own: &[Key],
    mut holders: impl FnMut(Key) -> Result<Vec<Holder>, E>,
) -> Result<Sought, E> {
    let caller = number::caller(raw, context);
    let mut tried = Vec::new();
    let mut others = None;
    let mut rest = || {
        others
            .get_or_insert_with(|| number::further(raw, context).into_iter())
            .next()
    };
    // Most callers are found under the first reading: the others are not worked out for them.
    let mut next = match &caller {
        CallerId::Number(first) => Some(Reading {
            text: raw.trim().to_owned(),
            number: first.clone(),
        }),
        CallerId::Withheld | CallerId::Extension(_) => None,
        CallerId::Unreadable(..) => rest(),
    };
    while let Some(reading) = next {
        let key = reading.number.key;
        let mut held = holders(key)?;
        if let Some(national) = key.without_country().filter(|_| context.is_abroad(key)) {
            held.extend(holders(national)?);
        }
        let this = CallerId::Number(reading.number.clone());
        tried.push(Tried {
            reading,
            holders: held.len(),
        });
        match verdict(&this, &held, own) {
            Verdict::Unknown => {}
            verdict => {
                return Ok(Sought {
                    caller: this,
                    verdict,
                    tried,
                });
            }
        }
        next = rest();
    }
    let verdict = verdict(&caller, &[], own);
    Ok(Sought { caller, verdict, tried })
}

/// The verdict on a caller. `holders` is what the directory holds under the caller's key, in any order; `own` are the
/// numbers of our own lines.
#[must_use]
pub fn verdict(caller: &CallerId, holders: &[Holder], own: &[Key]) -> Verdict {
    let number = match caller {
        CallerId::Withheld => return Verdict::Withheld,
        CallerId::Extension(ext) => return Verdict::Internal(ext.clone()),
        CallerId::Unreadable(..) => return Verdict::Unknown,
        CallerId::Number(number) if own.contains(&number.key) => return Verdict::Own,
        CallerId::Number(number) => number,
    };
    let mut found: Vec<Candidate> = holders.iter().map(|holder| candidate(number, holder)).collect();
    // A customer that holds the number twice stands for its best reason.
    found.sort_by(|a, b| (a.customer, a.reason, &a.ext).cmp(&(b.customer, b.reason, &b.ext)));
    found.dedup_by_key(|candidate| candidate.customer);
    match found.len() {
        0 => Verdict::Unknown,
        1 => found.pop().map_or(Verdict::Unknown, Verdict::One),
        _ => Verdict::Several(found),
    }
}

fn candidate(caller: &Number, holder: &Holder) -> Candidate {
    let reason = reason(caller.given, holder.given);
    Candidate {
        customer: holder.customer,
        grade: grade(reason),
        reason,
        ext: holder.ext.clone(),
    }
}

/// The weakest side speaks: lacking digits before repairs, repairs before a region.
fn reason(caller: Given, stored: Given) -> MatchReason {
    use MatchReason as M;
    let (weakest, of_caller) = if caller >= stored {
        (caller, true)
    } else {
        (stored, false)
    };
    match (weakest, of_caller) {
        (Given::International, _) => M::BothInternational,
        (Given::National, _) if caller == stored => M::BothNational,
        (Given::National, true) => M::CallerNational,
        (Given::National, false) => M::StoredNational,
        (Given::Repaired, true) => M::CallerRepaired,
        (Given::Repaired, false) => M::StoredRepaired,
        (Given::NoArea, true) => M::CallerNoArea,
        (Given::NoArea, false) => M::StoredNoArea,
        (Given::NoZero, true) => M::CallerNoZero,
        (Given::NoZero, false) => M::StoredNoZero,
        (Given::NoNinth, true) => M::CallerNoNinth,
        (Given::NoNinth, false) => M::StoredNoNinth,
        (Given::NoCountry, _) => M::StoredNoCountry,
        (Given::Outside, _) => M::CallerOutside,
    }
}

fn grade(reason: MatchReason) -> Grade {
    use MatchReason as M;
    match reason {
        M::BothInternational => Grade::Exact,
        M::StoredNational | M::CallerNational | M::BothNational | M::StoredRepaired | M::CallerRepaired => {
            Grade::National
        }
        M::StoredNoArea
        | M::CallerNoArea
        | M::StoredNoZero
        | M::CallerNoZero
        | M::StoredNoNinth
        | M::CallerNoNinth
        | M::StoredNoCountry
        | M::CallerOutside => Grade::Ambiguous,
    }
}

#[cfg(test)]
mod tests;
