//! Local days: where they begin, also in a night in which the clock is changed.

use std::iter;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};

/// Seconds of a quarter of an hour.
const QUARTER: u32 = 900;

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

/// The local day a week before `now`, and the moment of it at which its clock stood as the clock of `now` does; `None` before there
/// were such days.
///
/// A time that the clock left out when it went forward is the moment at which it had gone; one that came twice when it went back is
/// the first of both.
#[must_use]
pub fn a_week_before<Z: TimeZone>(zone: &Z, now: DateTime<Utc>) -> Option<(Period, DateTime<Utc>)> {
    let clock = now.with_timezone(zone).naive_local().checked_sub_days(Days::new(7))?;
    let [day, _] = local_days(zone, clock.date(), 1);
    Some((day, moment(zone, clock)))
}

/// The first moment of a date. Where the clock goes forward at midnight, the day begins when it has gone.
fn begin<Z: TimeZone>(zone: &Z, date: NaiveDate) -> DateTime<Utc> {
    moment(zone, date.and_time(NaiveTime::MIN))
}

/// The first moment at which the clock shows `time`, or, where it never does, at which it has gone over it. Clocks are changed at full
/// quarters of an hour.
fn moment<Z: TimeZone>(zone: &Z, time: NaiveDateTime) -> DateTime<Utc> {
    let into_quarter = time.time().num_seconds_from_midnight() % QUARTER;
    let quarter = time.with_nanosecond(0).unwrap_or(time) - TimeDelta::seconds(into_quarter.into());
    let quarters = (1..=12).map(|after| quarter + TimeDelta::seconds((after * QUARTER).into()));
    let mut existing = iter::once(time)
        .chain(quarters)
        .filter_map(|time| zone.from_local_datetime(&time).earliest());
    existing.next().map_or(time.and_utc(), |moment| moment.to_utc())
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
    fn a_week_before_the_clock_stood_as_it_does_now() {
        let zone = Europe::Zagreb;
        let cases = [
            // summer time ended in between, and began in between
            ("2026-10-27T10:30:05.250Z", "2026-10-20T09:30:05.250Z"),
            ("2026-03-31T08:00:00Z", "2026-03-24T09:00:00Z"),
            // of a time that came twice the first; of one that never came the moment at which the clock had gone forward
            ("2026-11-01T01:37:00Z", "2026-10-25T00:37:00Z"),
            ("2026-04-05T00:37:00Z", "2026-03-29T01:00:00Z"),
            // both times of the hour that comes twice stand beside the same
            ("2026-10-25T00:37:00Z", "2026-10-18T00:37:00Z"),
            ("2026-10-25T01:37:00Z", "2026-10-18T00:37:00Z"),
        ];
        for (now, then) in cases {
            let read = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
            let (day, moment) = a_week_before(&zone, read(now)).expect("a week before");
            assert_eq!(moment, read(then), "{now}");
            assert!(day.has(moment), "{now}");
        }
    }

    #[test]
    fn a_day_without_a_midnight_begins_when_the_clock_has_gone_forward() {
        let [day, _] = local_days(&America::Santiago, "2026-09-06".parse().expect("a date"), 1);
        assert_eq!(day.from.to_rfc3339(), "2026-09-06T04:00:00+00:00");
        assert_eq!(hours(&America::Santiago, "2026-09-06"), 23);
    }
}
