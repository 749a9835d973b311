//! Local days: where they begin, also in a night in which the clock is changed.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};

/// From a moment to another, the first in it and the last not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The first moment after it.
    pub until: DateTime<Utc>,
}

impl Period {
    /// Whether `at` is in it.
    #[must_use]
    pub fn has(&self, at: DateTime<Utc>) -> bool {
        (self.from..self.until).contains(&at)
    }
}

/// `count` days from `first` on, as they are in `zone`, and as many days before them. A day in which the clock goes forward has
/// 23 hours, one in which it goes back 25.
#[must_use]
pub fn local_days<Z: TimeZone>(zone: &Z, first: NaiveDate, count: u32) -> [Period; 2] {
    let days = Days::new(u64::from(count));
    let begins = |date: Option<NaiveDate>, beyond| date.map_or(beyond, |date| begin(zone, date));
    let from = begin(zone, first);
    let until = begins(first.checked_add_days(days), DateTime::<Utc>::MAX_UTC);
    let before = begins(first.checked_sub_days(days), DateTime::<Utc>::MIN_UTC);
    [
        Period { from, until },
        Period {
            from: before,
            until: from,
        },
    ]
}

/// The first moment of a date. Where the clock goes forward at midnight, the day begins when it has gone.
fn begin<Z: TimeZone>(zone: &Z, date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    let quarters = (0..=12).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
    let mut existing = quarters.filter_map(|time| zone.from_local_datetime(&time).earliest());
    existing.next().map_or(midnight.and_utc(), |begin| begin.to_utc())
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Europe};

    use super::*;

    fn hours<Z: TimeZone>(zone: &Z, date: &str) -> i64 {
        let [day, before] = local_days(zone, date.parse().expect("a date"), 1);
        assert_eq!(before.until, day.from);
        (day.until - day.from).num_hours()
    }

    #[test]
    fn the_days_of_a_clock_change_are_an_hour_shorter_and_longer() {
        assert_eq!(hours(&Europe::Zagreb, "2026-03-29"), 23);
        assert_eq!(hours(&Europe::Zagreb, "2026-10-25"), 25);
        assert_eq!(hours(&Europe::Zagreb, "2026-10-26"), 24);
    }

    #[test]
    fn a_day_without_a_midnight_begins_when_the_clock_has_gone_forward() {
        let [day, _] = local_days(&America::Santiago, "2026-09-06".parse().expect("a date"), 1);
        assert_eq!(day.from.to_rfc3339(), "2026-09-06T04:00:00+00:00");
        assert_eq!(hours(&America::Santiago, "2026-09-06"), 23);
    }
}
