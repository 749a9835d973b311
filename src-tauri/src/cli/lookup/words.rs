//! What readings, grades and reasons are called in the English of the command line. The windows have their own words.

use crate::matching::{MatchReason, Verdict};
use crate::number::Given;
use crate::pop::view::Grade;

/// What was supplied to read a number.
pub(crate) fn given(given: Given) -> &'static str {
    match given {
        Given::International => "its country code stood in it",
        Given::National => "its country was supplied",
        Given::Repaired => "an older way of writing in its country was levelled",
        Given::NoArea => "the home's area code was supplied",
        Given::NoZero => "Italy's leading 0 was supplied",
        Given::NoNinth => "the ninth digit of a Brazilian mobile was supplied",
        Given::NoCountry => "its country is not known",
        Given::Outside => "the first digit was taken for an outside-line prefix",
    }
}

/// A word for programs.
pub(crate) fn given_code(given: Given) -> &'static str {
    match given {
        Given::International => "international",
        Given::National => "national",
        Given::Repaired => "repaired",
        Given::NoArea => "no_area",
        Given::NoZero => "no_zero",
        Given::NoNinth => "no_ninth",
        Given::NoCountry => "no_country",
        Given::Outside => "outside",
    }
}

/// Why a number names a customer with its grade: the end of "because …".
pub(crate) fn reason(reason: MatchReason) -> &'static str {
    match reason {
        MatchReason::BothInternational => "the caller's number and the stored one both carry the country code",
        MatchReason::StoredNational => {
            "the stored number has no country code: its country was taken from the customer or the shop"
        }
        MatchReason::CallerNational => {
            "the caller's number came without the country code: it was taken from the line or the shop"
        }
        MatchReason::BothNational => {
            "neither number carries the country code: both were read as numbers of one country"
        }
        MatchReason::StoredRepaired => "the stored number is written in an older way of its country",
        MatchReason::CallerRepaired => "the caller's number is written in an older way of its country",
        MatchReason::StoredNoArea => "the stored number has no area code: the shop's own was supplied",
        MatchReason::CallerNoArea => "the caller's number came without an area code: the shop's own was supplied",
        MatchReason::StoredNoZero => "the stored number lacks Italy's leading 0",
        MatchReason::CallerNoZero => "the caller's number came without Italy's leading 0",
        MatchReason::StoredNoNinth => "the stored number lacks the ninth digit of a Brazilian mobile",
        MatchReason::CallerNoNinth => "the caller's number came without the ninth digit of a Brazilian mobile",
        MatchReason::StoredNoCountry => "the stored number is a foreign one, and nothing says of which country",
        MatchReason::CallerOutside => "the first digit was taken for an outside-line prefix that no setting names",
    }
}

/// A grade.
pub(crate) fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Exact => "exact",
        Grade::National => "national",
        Grade::Ambiguous => "ambiguous",
    }
}

/// A word for programs.
pub(crate) fn verdict_code(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Withheld => "withheld",
        Verdict::Own => "own",
        Verdict::Internal(_) => "internal",
        Verdict::Unknown => "unknown",
        Verdict::One(_) => "one",
        Verdict::Several(_) => "several",
    }
}

/// The answer to "who is it?".
pub(crate) fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Withheld => "the caller withheld the number".to_owned(),
        Verdict::Own => "one of our own numbers".to_owned(),
        Verdict::Internal(_) => "a colleague".to_owned(),
        Verdict::Unknown => "nobody in the data has it".to_owned(),
        Verdict::One(one) if one.grade == Grade::Ambiguous => {
            "one customer may have it: the agent has to say so".to_owned()
        }
        Verdict::One(_) => "one customer has it".to_owned(),
        Verdict::Several(several) => format!("{} customers share it", several.len()),
    }
}
