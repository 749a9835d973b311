//! From what was gathered of a text to the moment it means.

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Weekday};

use super::words::{Part, Unit};
use super::{Day, Reader, Step, WhenError};
use crate::config::Language;

/// The hour of a day that is named without one.
const MORNING: u32 = 9;

/// The hour of an afternoon that is named without one.
const AFTERNOON: u32 = 14;

/// The hour of an evening that is named without one.
const EVENING: u32 = 18;

/// Hours that stand for the afternoon where nothing else is said: nobody calls a customer back at three at night.
const AFTER_NOON: std::ops::RangeInclusive<u32> = 1..=6;

impl Reader<'_> {
    /// The moment that was gathered.
    pub(super) fn resolve(mut self, now: NaiveDateTime) -> Step<NaiveDateTime> {
        let past_hour = matches!(self.time, Some((_, 0)));
        if self.month.is_some() || (self.half_ahead && !past_hour) {
            return Err(WhenError::Nonsense);
        }
        if let Some((hour, _)) = self.time.filter(|_| self.half_ahead) {
            self.time = Some((hour, 30));
        }
        if let Some((count, unit)) = self.ahead {
            return self.resolve_ahead(now, count, unit);
        }
        let day = match self.day {
            Some(Day::Ahead(days)) => now.date().checked_add_days(Days::new(days)),
            Some(Day::Weekday(day)) => return self.resolve_weekday(now, day),
            Some(Day::Date(day, month, year)) => return self.resolve_date(now, day, month, year),
            None => None,
        };
        match day {
            Some(day) => Ok(day.and_time(self.hour(Some(now.time()).filter(|_| day == now.date()))?)),
            None if self.time.is_none() && self.part.is_none() => Err(WhenError::Nonsense),
            None => {
                let today = now.date().and_time(self.hour(Some(now.time()))?);
                Ok(if today > now {
                    today
                } else {
                    now.date().and_time(self.hour(None)?) + Days::new(1)
                })
            }
        }
    }

    fn resolve_ahead(&self, now: NaiveDateTime, count: u32, unit: Unit) -> Step<NaiveDateTime> {
        let days = |days: u64| now.checked_add_days(Days::new(days)).ok_or(WhenError::TooFar);
        let count64 = u64::from(count);
        let at = match unit {
            Unit::Minute | Unit::Hour => {
                let minutes = i64::from(count) * if unit == Unit::Hour { 60 } else { 1 };
                let at = now
                    .checked_add_signed(TimeDelta::minutes(minutes))
                    .ok_or(WhenError::TooFar)?;
                return if self.day.is_some() || self.time.is_some() {
                    Err(WhenError::Nonsense)
                } else {
                    whole_minute(at)
                };
            }
            Unit::Week => match self.day {
                // "next week on Friday"
                Some(Day::Weekday(day)) => {
                    monday(days(7 * count64)?.date()).and_time(now.time()) + until(Weekday::Mon, day)
                }
                None if !self.distance => monday(days(7 * count64)?.date()).and_time(now.time()),
                None => days(7 * count64)?,
                Some(_) => return Err(WhenError::Nonsense),
            },
            Unit::Day | Unit::Month if self.day.is_some() => return Err(WhenError::Nonsense),
            Unit::Day => days(count64)?,
            Unit::Month => now.checked_add_months(Months::new(count)).ok_or(WhenError::TooFar)?,
        };
        Ok(at.date().and_time(self.hour(None)?))
    }

    /// The next such day. With a word for "next", that of the week behind this one.
    fn resolve_weekday(&self, now: NaiveDateTime, day: Weekday) -> Step<NaiveDateTime> {
        // "el próximo viernes" is the coming one
        if self.next && self.language != Language::Es {
            return Ok((monday(now.date()) + Days::new(7) + until(Weekday::Mon, day)).and_time(self.hour(None)?));
        }
        let next = (now.date() + until(now.weekday(), day)).and_time(self.hour(None)?);
        Ok(if next > now { next } else { next + Days::new(7) })
    }

    /// The date in its year, or the next one with that day and month.
    fn resolve_date(&self, now: NaiveDateTime, day: u32, month: u32, year: Option<i32>) -> Step<NaiveDateTime> {
        let hour = self.hour(None)?;
        if let Some(year) = year {
            let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(WhenError::Nonsense)?;
            return Ok(date.and_time(hour));
        }
        let years = now.year()..=now.year() + 4;
        let dates = years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
        let mut times = dates.map(|date| date.and_time(hour));
        times.find(|at| *at > now).ok_or(WhenError::Nonsense)
    }

    /// The time of the day; `after`, when that is today and later than what a day without an hour means.
    fn hour(&self, after: Option<NaiveTime>) -> Step<NaiveTime> {
        let Some((hour, minute)) = self.time else {
            let usual = match self.part {
                Some(Part::Afternoon) => AFTERNOON,
                Some(Part::Evening) => EVENING,
                Some(Part::Morning) | None => MORNING,
            };
            let usual = NaiveTime::from_hms_opt(usual, 0, 0).ok_or(WhenError::Nonsense)?;
            return match after {
                // "today", said at eleven: in an hour
                Some(now) if now >= usual && self.part.is_none() => later(now),
                _ => Ok(usual),
            };
        };
        let hour = match self.part {
            Some(Part::Morning) if hour == 12 => 0,
            Some(Part::Morning) => hour,
            Some(Part::Afternoon | Part::Evening) if hour < 12 => hour + 12,
            Some(_) => hour,
            None if !self.plain && AFTER_NOON.contains(&hour) => hour + 12,
            None => hour,
        };
        let half = TimeDelta::minutes(if self.half_to { 30 } else { 0 });
        let time = NaiveTime::from_hms_opt(hour, minute, 0).ok_or(WhenError::Nonsense)?;
        if self.half_to && hour == 0 {
            return Err(WhenError::Nonsense);
        }
        Ok(time - half)
    }
}

/// An hour on, at the next quarter.
fn later(now: NaiveTime) -> Step<NaiveTime> {
    let quarters = now.hour() * 4 + now.minute() / 15 + 5;
    NaiveTime::from_hms_opt(quarters / 4, quarters % 4 * 15, 0).ok_or(WhenError::Past)
}

fn whole_minute(at: NaiveDateTime) -> Step<NaiveDateTime> {
    at.with_second(0)
        .and_then(|at| at.with_nanosecond(0))
        .ok_or(WhenError::Nonsense)
}

fn monday(date: NaiveDate) -> NaiveDate {
    date - Days::new(u64::from(date.weekday().num_days_from_monday()))
}

/// Days from one weekday to the next such one; none when they are the same.
fn until(from: Weekday, to: Weekday) -> Days {
    Days::new(u64::from(
        (7 + to.num_days_from_monday() - from.num_days_from_monday()) % 7,
    ))
}
