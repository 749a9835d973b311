//! What a value of an answer says, as the text that a cell of a file would have.
//!
//! Pure. It knows the usual ways of writing amounts, dates and yes or no in JSON, Tryton's typed objects among them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::source::Field;

/// How a value is written, where that does not show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum As {
    /// As it looks.
    #[default]
    Plain,
    /// A whole number of the smallest unit of the currency (cents).
    MinorUnits,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// `/Date(1700000000000+0000)/`.
    DotNet,
    /// Yes or no, and the other is meant.
    Not,
    /// The first run of digits in it, for example the last part of an address.
    Digits,
}

/// The text of `value` for `field`; what is wrong otherwise. `digits`: how many the currency has behind its point.
pub(super) fn text(value: &Value, written: As, field: Field, digits: u32) -> Result<String, String> {
    let plain = plain(value, is_yes_or_no(field))?;
    if plain.is_empty() {
        return Ok(plain);
    }
    let wrong = |what: &str| format!("`{}` is no {what} ({field})", cut(&plain));
    match written {
        As::Plain => Ok(plain),
        As::MinorUnits => minor(&plain, digits).ok_or_else(|| wrong("whole number of the smallest unit")),
        As::Unix => unix(&plain, 1000).ok_or_else(|| wrong("time in seconds since 1970")),
        As::UnixMs => unix(&plain, 1).ok_or_else(|| wrong("time in milliseconds since 1970")),
        As::DotNet => {
            let number: String = plain
                .chars()
                .skip_while(|c| !(c.is_ascii_digit() || *c == '-'))
                .collect();
            let end = number[1.min(number.len())..]
                .find(|c: char| !c.is_ascii_digit())
                .map_or(number.len(), |at| at + 1);
            unix(&number[..end], 1).ok_or_else(|| wrong("date of the form /Date(…)/"))
        }
        As::Not => match plain.as_str() {
            "yes" | "true" | "1" => Ok("no".to_owned()),
            "no" | "false" | "0" => Ok("yes".to_owned()),
            _ => Err(wrong("yes or no")),
        },
        As::Digits => {
            let run: String = plain
                .chars()
                .skip_while(|c| !c.is_ascii_digit())
                .take_while(char::is_ascii_digit)
                .collect();
            if run.is_empty() {
                Err(wrong("text with a number in it"))
            } else {
                Ok(run)
            }
        }
    }
}

/// A time in any of the ways that an answer writes it.
pub(super) fn time(value: &Value) -> Option<DateTime<Utc>> {
    let text = match value {
        Value::Number(number) => {
            let number = number.as_i64()?;
            // no record is from before 1973 in milliseconds, or from after 5138 in seconds
            let ms = if number.abs() < 100_000_000_000 {
                number.checked_mul(1000)?
            } else {
                number
            };
            return DateTime::from_timestamp_millis(ms);
        }
        other => plain(other, false).ok()?,
    };
    if let Some(ms) = text
        .strip_prefix("/Date(")
        .and_then(|rest| rest.split(['+', ')', '-']).next())
    {
        return DateTime::from_timestamp_millis(ms.parse().ok()?);
    }
    if let Ok(at) = DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(at.with_timezone(&Utc));
    }
    crate::source::date::read(&text, crate::source::date::Order::DayFirst)
}

fn plain(value: &Value, yes_or_no: bool) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        // Odoo writes false for what is not there
        Value::Bool(false) if !yes_or_no => Ok(String::new()),
        Value::Bool(yes) => Ok(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Ok(decimal(&number.to_string())),
        Value::String(text) => Ok(text.trim().to_owned()),
        Value::Array(items) => match items.as_slice() {
            [] => Ok(String::new()),
            [one] => plain(one, yes_or_no),
            _ => Err("there is a list where one value was expected: say which, as in $.list[0]".to_owned()),
        },
        Value::Object(_) => {
            typed(value).ok_or_else(|| "there is an object where a value was expected: name the field in it".to_owned())
        }
    }
}

/// `{"__class__": "Decimal", "decimal": "12.50"}` and the like.
fn typed(value: &Value) -> Option<String> {
    let number = |name: &str| value.get(name).and_then(Value::as_u64);
    match value.get("__class__")?.as_str()? {
        "Decimal" => Some(decimal(value.get("decimal")?.as_str()?)),
        "date" => Some(date(&number)?.format("%Y-%m-%d").to_string()),
        "datetime" => {
            let part = |name: &str| number(name).and_then(|n| u32::try_from(n).ok());
            let time = date(&number)?.and_hms_micro_opt(
                part("hour")?,
                part("minute")?,
                part("second")?,
                part("microsecond")?,
            )?;
            Some(time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
        }
        _ => None,
    }
}

fn date(number: &impl Fn(&str) -> Option<u64>) -> Option<NaiveDate> {
    let part = |name: &str| number(name).and_then(|n| u32::try_from(n).ok());
    NaiveDate::from_ymd_opt(i32::try_from(number("year")?).ok()?, part("month")?, part("day")?)
}

/// A number that is written with an exponent (`1E+2`, `5e-7`), without it.
fn decimal(text: &str) -> String {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return text.to_owned();
    };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.parse::<i32>().ok().filter(|e| e.abs() <= 40);
    let Some(exponent) = exponent.filter(|_| numeric(whole) && numeric(fraction)) else {
        return text.to_owned();
    };
    let point = i32::try_from(whole.len()).unwrap_or(0) + exponent;
    let digits = format!("{whole}{fraction}");
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    let length = i32::try_from(digits.len()).unwrap_or(0);
    if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else if point >= length {
        format!("{sign}{digits}{}", zeros(point - length))
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{sign}{whole}.{fraction}")
    }
}

fn minor(text: &str, digits: u32) -> Option<String> {
    let number: i64 = text.parse().ok()?;
    let unit = 10_u64.pow(digits);
    let (sign, size) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
    if digits == 0 {
        return Some(number.to_string());
    }
    let width = digits as usize;
    Some(format!("{sign}{}.{:0width$}", size / unit, size % unit))
}

fn unix(text: &str, to_ms: i64) -> Option<String> {
    let whole = text.split('.').next().unwrap_or(text);
    let ms = whole.parse::<i64>().ok()?.checked_mul(to_ms)?;
    Some(
        DateTime::from_timestamp_millis(ms)?
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
    )
}

fn is_yes_or_no(field: Field) -> bool {
    use Field::{Discontinued, Durable, OptOut, Sensitive, Status, Stock};
    matches!(field, OptOut | Discontinued | Durable | Sensitive | Stock | Status)
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_read_as_services_write_them() {
        for (value, written, field, expected) in [
            (
                json!({"__class__": "Decimal", "decimal": "12.50"}),
                As::Plain,
                Field::Amount,
                "12.50",
            ),
            (
                json!({"__class__": "Decimal", "decimal": "1E+2"}),
                As::Plain,
                Field::Amount,
                "100",
            ),
            (
                json!({"__class__": "Decimal", "decimal": "-1.25E-3"}),
                As::Plain,
                Field::Amount,
                "-0.00125",
            ),
            (
                json!({"__class__": "date", "year": 2026, "month": 3, "day": 9}),
                As::Plain,
                Field::Date,
                "2026-03-09",
            ),
            (
                json!({"__class__": "datetime", "year": 2026, "month": 3, "day": 9, "hour": 1, "minute": 2, "second": 3, "microsecond": 4}),
                As::Plain,
                Field::Date,
                "2026-03-09T01:02:03.000004Z",
            ),
            (json!("12.50"), As::Plain, Field::Amount, "12.50"),
            (json!(1250), As::MinorUnits, Field::Amount, "12.50"),
            (json!(-5), As::MinorUnits, Field::Amount, "-0.05"),
            (json!(1_700_000_000), As::Unix, Field::Date, "2023-11-14T22:13:20Z"),
            (json!("1700000000000"), As::UnixMs, Field::Date, "2023-11-14T22:13:20Z"),
            (
                json!("/Date(1700000000000+0000)/"),
                As::DotNet,
                Field::Date,
                "2023-11-14T22:13:20Z",
            ),
            (json!(false), As::Plain, Field::Phone, ""),
            (json!(false), As::Plain, Field::OptOut, "no"),
            (json!(true), As::Not, Field::Discontinued, "no"),
            (json!("gid://shopify/Customer/544"), As::Digits, Field::Customer, "544"),
            (json!(["one"]), As::Plain, Field::Name, "one"),
            (json!(null), As::Plain, Field::Name, ""),
        ] {
            assert_eq!(text(&value, written, field, 2).as_deref(), Ok(expected), "{value}");
        }
        assert_eq!(
            text(&json!(1250), As::MinorUnits, Field::Amount, 0).as_deref(),
            Ok("1250")
        );
    }

    #[test]
    fn what_is_no_value_is_refused_with_what_to_do() {
        for (value, written, part) in [
            (json!({"a": 1}), As::Plain, "name the field in it"),
            (json!(["a", "b"]), As::Plain, "$.list[0]"),
            (json!("12.5"), As::MinorUnits, "smallest unit"),
            (json!("soon"), As::Unix, "seconds since 1970"),
            (json!("/Date()/"), As::DotNet, "/Date("),
            (json!("perhaps"), As::Not, "yes or no"),
        ] {
            let error = text(&value, written, Field::Amount, 2).expect_err("refused");
            assert!(error.contains(part), "{value}: {error}");
        }
    }

    #[test]
    fn times_are_read_from_texts_numbers_and_objects() {
        for value in [
            json!("2026-03-09T01:02:03Z"),
            json!("2026-03-09T02:02:03+0100"),
            json!("2026-03-09 01:02:03"),
            json!(1_773_018_123),
            json!(1_773_018_123_000_i64),
            json!("/Date(1773018123000+0000)/"),
            json!({"__class__": "datetime", "year": 2026, "month": 3, "day": 9, "hour": 1, "minute": 2, "second": 3, "microsecond": 0}),
        ] {
            let read = time(&value).map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
            assert_eq!(read.as_deref(), Some("2026-03-09T01:02:03Z"), "{value}");
        }
        assert_eq!(time(&json!("soon")), None);
    }
}
