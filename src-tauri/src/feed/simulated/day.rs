//! How much more or less an office is called at each hour of the week.
//!
//! Pure: the day begins where it is told to. The figures are those of a small office that is open from 8 to 18: two
//! peaks with lunch between them, a Monday with what came together over the weekend, next to nothing at night.

use std::time::Duration;

use chrono::{Datelike as _, NaiveDateTime, TimeDelta, Timelike as _, Weekday};

/// Calls in each hour of a Wednesday, 1 for the average of the opening hours.
const HOURS: [f64; 24] = [
    0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.03, 0.15, 0.7, 1.2, 1.45, 1.35, 0.65, 0.55, 1.15, 1.3, 1.05, 0.6, 0.25, 0.1,
    0.05, 0.03, 0.02, 0.01,
];

/// The office's time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The local time at which the traffic begins.
    pub start: NaiveDateTime,
}

impl Day {
    /// The moment at which the next call comes that, at an even pace, would come `share` gaps of `gap` seconds after
    /// the moment `at`, both counted from the start.
    #[must_use]
    pub fn after(&self, at: Duration, share: f64, gap: f64) -> Duration {
        let mut left = share * gap;
        let mut at = at;
        loop {
            let now = self.start + TimeDelta::from_std(at).unwrap_or_default();
            let rate = rate(now);
            let hour_left =
                3600.0 - f64::from(now.num_seconds_from_midnight() % 3600) - f64::from(now.nanosecond()) / 1e9;
            if hour_left * rate >= left {
                return at + Duration::from_secs_f64(left / rate);
            }
            left -= hour_left * rate;
            at += Duration::from_secs_f64(hour_left.max(1e-6));
        }
    }
}

/// How many times as often as on average it rings at `now`; never 0.
fn rate(now: NaiveDateTime) -> f64 {
    let of_day = match now.weekday() {
        Weekday::Mon => 1.35,
        Weekday::Tue => 1.05,
        Weekday::Wed => 1.0,
        Weekday::Thu => 0.95,
        Weekday::Fri => 0.8,
        Weekday::Sat => 0.15,
        Weekday::Sun => 0.04,
    };
    let hour = usize::try_from(now.hour()).unwrap_or_default();
    HOURS.get(hour).copied().unwrap_or(1.0) * of_day
}
