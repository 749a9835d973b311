//! When a text that an agent typed means, on the agent's clock.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};

use crate::config::Language;
use crate::note::{self, WhenError};
use crate::pop::view::WhenView;

/// The moment that `text` means to somebody whose clock says `now`; see [`note::when`]. Of an hour that the clock shows
/// twice it is the first, and of one that it leaves out, what it shows in its place.
#[must_use]
pub fn read_when<Z: TimeZone>(text: &str, now: &DateTime<Z>, language: Language, month_first: bool) -> WhenView {
    match note::when(text, now.naive_local(), language, month_first) {
        Ok(at) => moment(&now.timezone(), at).map_or(WhenView::Nonsense, |at| WhenView::Understood { at }),
        Err(WhenError::Empty) => WhenView::Empty,
        Err(WhenError::Word(word)) => WhenView::Unknown { word },
        Err(WhenError::Nonsense) => WhenView::Nonsense,
        Err(WhenError::Past) => WhenView::Past,
        Err(WhenError::TooFar) => WhenView::TooFar,
    }
}

fn moment<Z: TimeZone>(zone: &Z, at: NaiveDateTime) -> Option<DateTime<Utc>> {
    let known = |at| match zone.from_local_datetime(&at) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc()),
        LocalResult::None => None,
    };
    known(at).or_else(|| known(at + TimeDelta::hours(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> WhenView {
        // Split is an hour before UTC in winter; FixedOffset is enough, the hours that a clock changes are the system's.
        let zone = chrono::FixedOffset::east_opt(3600).expect("an offset");
        let now = zone.with_ymd_and_hms(2026, 11, 24, 11, 0, 0).single().expect("a time");
        read_when(text, &now, Language::Hr, false)
    }

    #[test]
    fn a_time_is_understood_on_the_agents_clock() {
        let at = Utc.with_ymd_and_hms(2026, 11, 27, 9, 0, 0).single().expect("a time");
        for text in ["u petak u 10", "Fri 10:00", "el viernes a las 10"] {
            assert_eq!(split(text), WhenView::Understood { at }, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_says_why() {
        assert_eq!(split(" "), WhenView::Empty);
        assert_eq!(split("kad stigne"), WhenView::Unknown { word: "kad".to_owned() });
        assert_eq!(split("32.12."), WhenView::Nonsense);
        assert_eq!(split("danas u 9"), WhenView::Past);
    }
}
