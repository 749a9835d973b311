//! Who is it? The verdict on a caller, pure over what the directory holds for the number.
//!
//! It reads no clock, file or network, and never opens a record: what is shown for a verdict is `pop`'s to say.
//! Everybody who holds the number is named. People are told apart by what their own data says, never guessed from a
//! shared number.

use std::fmt;

use crate::customer::CustomerId;
use crate::number::{CallerId, Given, Key};
use crate::pop::view::Grade;

/// What the directory holds under the caller's number: one stored number of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Whose number it is.
    pub customer: CustomerId,
    /// Whether the stored text carried the country code.
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
    pub reason: Reason,
    /// The extension stored with the number: the caller came through a main number.
    pub ext: Option<String>,
}

/// Which sides carried the country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Both.
    BothInternational,
    /// The stored number needed a region.
    StoredNational,
    /// The caller's number needed a region.
    CallerNational,
    /// Both needed a region.
    BothNational,
}

impl Reason {
    fn of(caller: Given, stored: Given) -> Self {
        match (caller, stored) {
            (Given::International, Given::International) => Reason::BothInternational,
            (Given::International, Given::National) => Reason::StoredNational,
            (Given::National, Given::International) => Reason::CallerNational,
            (Given::National, Given::National) => Reason::BothNational,
        }
    }

    fn grade(self) -> Grade {
        match self {
            Reason::BothInternational => Grade::Exact,
            Reason::StoredNational | Reason::CallerNational | Reason::BothNational => Grade::National,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::BothInternational => "the caller's number and the stored one both carry the country code",
            Reason::StoredNational => {
                "the stored number has no country code: its country was taken from the customer or the shop"
            }
            Reason::CallerNational => {
                "the caller's number came without the country code: it was taken from the line or the shop"
            }
            Reason::BothNational => "neither number carries the country code: both were read as numbers of one country",
        })
    }
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
    let mut found: Vec<Candidate> = holders.iter().map(|holder| candidate(number.given, holder)).collect();
    // A customer that holds the number twice stands for its best reason.
    found.sort_by(|a, b| (a.customer, a.reason, &a.ext).cmp(&(b.customer, b.reason, &b.ext)));
    found.dedup_by_key(|candidate| candidate.customer);
    match found.len() {
        0 => Verdict::Unknown,
        1 => found.pop().map_or(Verdict::Unknown, Verdict::One),
        _ => Verdict::Several(found),
    }
}

fn candidate(caller: Given, holder: &Holder) -> Candidate {
    let reason = Reason::of(caller, holder.given);
    Candidate {
        customer: holder.customer,
        grade: reason.grade(),
        reason,
        ext: holder.ext.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::{DialContext, Region, Unreadable, caller};

    fn holder(customer: i64, given: Given, ext: Option<&str>) -> Holder {
        Holder {
            customer: CustomerId(customer),
            given,
            ext: ext.map(str::to_owned),
        }
    }

    fn calling(raw: &str) -> CallerId {
        caller(
            raw,
            &DialContext {
                region: Region::from_code("DE"),
                ..DialContext::default()
            },
        )
    }

    fn grade(raw: &str, stored: Given) -> Option<Grade> {
        match verdict(&calling(raw), &[holder(1, stored, None)], &[]) {
            Verdict::One(candidate) => Some(candidate.grade),
            Verdict::Withheld | Verdict::Own | Verdict::Internal(_) | Verdict::Unknown | Verdict::Several(_) => None,
        }
    }

    #[test]
    fn a_match_is_exact_only_where_both_sides_carry_the_country_code() {
        assert_eq!(grade("+493023125101", Given::International), Some(Grade::Exact));
        assert_eq!(grade("00493023125101", Given::International), Some(Grade::Exact));
        assert_eq!(grade("+493023125101", Given::National), Some(Grade::National));
        assert_eq!(grade("03023125101", Given::International), Some(Grade::National));
        assert_eq!(grade("03023125101", Given::National), Some(Grade::National));
    }

    #[test]
    fn nobody_is_named_for_a_caller_without_an_outside_number() {
        let holders = [holder(1, Given::International, None)];
        assert_eq!(verdict(&CallerId::Withheld, &holders, &[]), Verdict::Withheld);
        assert_eq!(
            verdict(&calling("101"), &holders, &[]),
            Verdict::Internal("101".to_owned())
        );
        let garbage = CallerId::Unreadable("(null)".to_owned(), Unreadable::NotANumber);
        assert_eq!(verdict(&garbage, &holders, &[]), Verdict::Unknown);
        assert_eq!(verdict(&calling("+493023125101"), &[], &[]), Verdict::Unknown);
    }

    #[test]
    fn an_own_number_is_own_even_when_a_customer_record_holds_it() {
        let own: Vec<Key> = Key::new(493_023_125_101).into_iter().collect();
        let holders = [holder(1, Given::International, None)];
        assert_eq!(verdict(&calling("+493023125101"), &holders, &own), Verdict::Own);
    }

    #[test]
    fn a_caller_on_a_main_number_may_be_anybody_stored_with_an_extension() {
        let holders = [
            holder(3, Given::National, Some("22")),
            holder(1, Given::International, None),
            holder(2, Given::International, Some("7")),
        ];
        let Verdict::Several(found) = verdict(&calling("+493023125101"), &holders, &[]) else {
            panic!("three share the number");
        };
        let ids: Vec<_> = found
            .iter()
            .map(|c| (c.customer.0, c.grade, c.ext.as_deref()))
            .collect();
        assert_eq!(
            ids,
            [
                (1, Grade::Exact, None),
                (2, Grade::Exact, Some("7")),
                (3, Grade::National, Some("22"))
            ]
        );
    }

    #[test]
    fn a_customer_that_holds_the_number_twice_is_one_with_the_best_grade() {
        let holders = [holder(1, Given::National, None), holder(1, Given::International, None)];
        let Verdict::One(one) = verdict(&calling("+493023125101"), &holders, &[]) else {
            panic!("one customer holds the number");
        };
        assert_eq!((one.grade, one.reason), (Grade::Exact, Reason::BothInternational));
    }
}
