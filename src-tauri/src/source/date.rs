//! Dates as exports write them. Times without a zone are taken as UTC.
//!
//! It does not know which column it reads; what day and month mean is judged over the whole column.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::number::Region;

/// Which comes first, where a text does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// `31/12/2026`
    DayFirst,
    /// `12/31/2026`
    MonthFirst,
}

/// What a column's dates say of their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    day_first: u32,
    month_first: u32,
    /// Dates that could be either.
    pub(super) open: u32,
    /// Dates that need no order.
    pub(super) plain: u32,
}

impl Evidence {
    /// Looks at one cell.
    pub(super) fn see(&mut self, text: &str) {
        let Some((first, second, sign)) = day_and_month(text) else {
            self.plain += u32::from(!text.trim().is_empty());
            return;
        };
        match (first, second, sign) {
            (13.., ..) | (_, _, '.') => self.day_first += 1,
            (_, 13.., _) => self.month_first += 1,
            (..) => self.open += 1,
        }
    }

    /// The order, and whether the column itself said it.
    pub(super) fn order(&self, region: Option<Region>) -> (Order, bool) {
        match (self.day_first, self.month_first) {
            (0, 0) => (habit(region), false),
            (day, month) if day >= month => (Order::DayFirst, true),
            _ => (Order::MonthFirst, true),
        }
    }
}

/// Reads a date, or a date and time: ISO 8601, RFC 3339, day and month with points, slashes or dashes, `31 Dec 2026`,
/// `20261231`, Unix seconds.
pub(super) fn read(text: &str, order: Order) -> Option<DateTime<Utc>> {
    let text = text.trim().trim_start_matches('\'');
    if let Ok(at) =
        DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z"))
    {
        return sensible(at.with_timezone(&Utc));
    }
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) if date.chars().any(|c| !c.is_ascii_digit()) || date.len() == 8 => (date, time.trim()),
        _ => (text, ""),
    };
    let read = numeric_date(date.trim_end_matches([',', '.']), order).zip(read_time(time));
    let (date, time) = read.or_else(|| Some((named_date(text)?, NaiveTime::MIN)))?;
    sensible(NaiveDateTime::new(date, time).and_utc())
}

/// No shop sold anything before 1900 or will after 2199: such dates are columns gone astray.
fn sensible(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    use chrono::Datelike as _;
    (1900..2200).contains(&at.year()).then_some(at)
}

fn habit(region: Option<Region>) -> Order {
    match region.as_ref().map(Region::code) {
        Some("US" | "PR" | "GU" | "AS" | "VI" | "MP" | "PH" | "FM" | "MH" | "PW") => Order::MonthFirst,
        _ => Order::DayFirst,
    }
}

fn numeric_date(date: &str, order: Order) -> Option<NaiveDate> {
    if date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(date, "%Y%m%d").ok();
    }
    let mut parts = date.split(['-', '/', '.']).map(str::trim);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match order {
        _ if a.len() == 4 => (a, b, c),
        Order::DayFirst => (c, b, a),
        Order::MonthFirst => (c, a, b),
    };
    NaiveDate::from_ymd_opt(full_year(year)?, month.parse().ok()?, day.parse().ok()?)
}

/// Two digits are a year of 1970 to 2069 (POSIX).
fn full_year(text: &str) -> Option<i32> {
    let year = text.parse().ok()?;
    Some(match (text.len(), year) {
        (2, 0..=69) => 2000 + year,
        (2, _) => 1900 + year,
        _ => year,
    })
}

fn read_time(time: &str) -> Option<NaiveTime> {
    if time.is_empty() {
        return Some(NaiveTime::MIN);
    }
    let time = time.strip_suffix('Z').unwrap_or(time).trim();
    [
        "%H:%M:%S%.f",
        "%H:%M",
        "%I:%M:%S %p",
        "%I:%M %p",
        "%I:%M:%S%p",
        "%I:%M%p",
    ]
    .into_iter()
    .find_map(|format| NaiveTime::parse_from_str(time, format).ok())
}

fn named_date(text: &str) -> Option<NaiveDate> {
    ["%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%y"]
        .into_iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
}

/// The first two numbers of a date that begins with day or month, and the sign between them.
fn day_and_month(text: &str) -> Option<(u32, u32, char)> {
    let text = text.trim();
    let sign = text
        .chars()
        .find(|c| !c.is_ascii_digit())
        .filter(|c| matches!(c, '.' | '/' | '-'))?;
    let mut parts = text.split(sign).map(|part| part.trim());
    let (first, second) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (first <= 31).then_some((first, second, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(text: &str, order: Order) -> Option<String> {
        read(text, order).map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    #[test]
    fn dates_are_read_as_exports_write_them() {
        for (text, expected) in [
            ("1996-07-04 00:00:00", "1996-07-04T00:00:00Z"),
            ("2010-12-01 08:26:00", "2010-12-01T08:26:00Z"),
            ("2026-11-22", "2026-11-22T00:00:00Z"),
            ("2026-11-22T10:00:00+01:00", "2026-11-22T09:00:00Z"),
            ("2026-11-22T10:00:00.123Z", "2026-11-22T10:00:00Z"),
            ("2026-11-22 10:00:00+01", "2026-11-22T09:00:00Z"),
            ("2026/11/22", "2026-11-22T00:00:00Z"),
            ("22.11.2026", "2026-11-22T00:00:00Z"),
            ("22.11.2026. ", "2026-11-22T00:00:00Z"),
            ("22.11.26 14:05", "2026-11-22T14:05:00Z"),
            ("22/11/2026", "2026-11-22T00:00:00Z"),
            ("22-11-1998", "1998-11-22T00:00:00Z"),
            ("20261122", "2026-11-22T00:00:00Z"),
            ("22 Nov 2026", "2026-11-22T00:00:00Z"),
        ] {
            assert_eq!(read_as(text, Order::DayFirst).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(
            read_as("12/1/2010 8:26", Order::MonthFirst).as_deref(),
            Some("2010-12-01T08:26:00Z")
        );
        assert_eq!(
            read_as("11/22/2026 2:05 PM", Order::MonthFirst).as_deref(),
            Some("2026-11-22T14:05:00Z")
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "yesterday",
            "31.02.2026",
            "22/22/2026",
            "0001-01-01",
            "9999-12-31",
            "12345",
            "1/2",
            "2026-11-22 25:00",
        ] {
            assert_eq!(read_as(text, Order::DayFirst), None, "{text}");
        }
    }

    #[test]
    fn the_column_says_whether_the_day_comes_first() {
        let order = |cells: &[&str], region: &str| {
            let mut evidence = Evidence::default();
            cells.iter().for_each(|cell| evidence.see(cell));
            evidence.order(Region::from_code(region))
        };
        assert_eq!(order(&["1/2/2026", "13/2/2026"], "US"), (Order::DayFirst, true));
        assert_eq!(order(&["1/2/2026", "2/13/2026"], "DE"), (Order::MonthFirst, true));
        assert_eq!(order(&["1.2.2026"], "US"), (Order::DayFirst, true));
        assert_eq!(order(&["1/2/2026"], "US"), (Order::MonthFirst, false));
        assert_eq!(order(&["1/2/2026"], "DE"), (Order::DayFirst, false));
    }
}
