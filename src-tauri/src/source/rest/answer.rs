//! What an answer means, and how long to wait before asking again.
//!
//! Pure: time and chance are arguments.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

use super::path::Place;
use super::system::{ErrorRule, Quota, ResetIs, Then};
use super::web::Reply;
use crate::words::Saying;

/// A good answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) body: Value,
    pub(super) headers: HeaderMap,
}

/// What an answer means. `why` is a clause that goes after the system's name.
#[derive(Debug)]
pub(super) enum Meaning {
    /// It has what was asked for.
    Good(Answer),
    /// There is nothing, and that is right.
    Nothing,
    /// It may work when it is asked again.
    Retry { why: Saying, after: Option<Duration> },
    /// Whoever asks is not known any more.
    LogIn { why: Saying },
    /// What changed since the mark is no longer known.
    Expired,
    /// It will not work until somebody changes something.
    Refused { why: Saying },
}

/// The longest wait between two tries of a run.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What `reply` means by `rules`, the first that fits, and else by its status.
pub(super) fn meaning<'r>(
    mut rules: impl Iterator<Item = &'r ErrorRule>,
    reply: &Reply,
    now: DateTime<Utc>,
) -> Meaning {
    let status = reply.status;
    let body: Result<Value, _> = match reply.body.trim_ascii() {
        [] => Ok(Value::Null),
        body => serde_json::from_slice(body),
    };
    let nothing = Value::Null;
    let read = body.as_ref().unwrap_or(&nothing);
    let after = retry_after(&reply.headers, now);
    if let Some(rule) = rules.find(|rule| fits(rule, status, read)) {
        let why = why(rule, status, read);
        return match rule.then {
            Then::Retry => Meaning::Retry { why, after },
            Then::RateLimited => Meaning::Retry {
                why: Saying::of("import.http_rate").with_said("why", why),
                after,
            },
            Then::Ignore => Meaning::Nothing,
            Then::ExpiredMark => Meaning::Expired,
            Then::LogIn => Meaning::LogIn { why },
            Then::Refuse => Meaning::Refused { why },
        };
    }
    if !status.is_success() {
        return by_status(status, read, after);
    }
    match body {
        Ok(body) => Meaning::Good(Answer {
            body,
            headers: reply.headers.clone(),
        }),
        Err(_) if is_page(reply) => Meaning::Refused {
            why: Saying::of("import.http_page"),
        },
        Err(error) => Meaning::Retry {
            why: Saying::of("import.http_cut")
                .with("line", error.line())
                .with("column", error.column()),
            after,
        },
    }
}

fn fits(rule: &ErrorRule, status: StatusCode, body: &Value) -> bool {
    rule.status
        .as_ref()
        .is_none_or(|wanted| wanted.iter().any(|wanted| *wanted == status.as_u16()))
        && rule
            .body
            .as_ref()
            .is_none_or(|condition| condition.holds(Place::alone(body)))
}

fn why(rule: &ErrorRule, status: StatusCode, body: &Value) -> Saying {
    let said = rule
        .message
        .as_ref()
        .and_then(|path| path.text_in(body))
        .or_else(|| usual_message(body));
    let why = match said {
        Some(said) => Saying::of("import.http_said").with("said", cut(&said)),
        None => Saying::of("import.http_code").with("code", status.as_u16()),
    };
    match &rule.say {
        // in the words of whoever wrote the file
        Some(say) => Saying::of("import.http_say").with_said("why", why).with("say", say),
        None => why,
    }
}

fn by_status(status: StatusCode, body: &Value, after: Option<Duration>) -> Meaning {
    let said = usual_message(body)
        .map(|said| format!(" ({})", cut(&said)))
        .unwrap_or_default();
    let code = status.as_u16();
    let why = |key: &'static str| Saying::of(key).with("code", code).with("said", &said);
    match code {
        401 => Meaning::LogIn {
            why: why("import.http_log_in"),
        },
        403 => Meaning::Refused {
            why: why("import.http_right"),
        },
        404 => Meaning::Refused {
            why: why("import.http_no_address"),
        },
        408 | 425 => Meaning::Retry {
            why: why("import.http_again"),
            after,
        },
        429 => Meaning::Retry {
            why: why("import.http_too_much"),
            after,
        },
        300..=399 => Meaning::Refused {
            why: why("import.http_elsewhere"),
        },
        500..=599 => Meaning::Retry {
            why: why("import.http_own_error"),
            after,
        },
        _ => Meaning::Refused {
            why: why("import.http_not_understood"),
        },
    }
}

/// Where services usually put what is wrong.
fn usual_message(body: &Value) -> Option<String> {
    let places = [
        "/error/message",
        "/error/data/message",
        "/error_description",
        "/message",
        "/error",
        "/0/message",
        "/errors/0/message",
        "/detail",
    ];
    let text = |place: &&str| {
        body.pointer(place)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
    };
    places.iter().find_map(text).map(str::to_owned)
}

fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(200).collect();
    if short.len() < line.len() {
        format!("{short}…")
    } else {
        short
    }
}

fn is_page(reply: &Reply) -> bool {
    let kind = reply
        .headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    kind.contains("html") || reply.body.trim_ascii_start().starts_with(b"<")
}

/// The server's own time, by the header `Date` (RFC 9110).
pub(super) fn server_time(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().map(|at| at.with_timezone(&Utc))
}

/// `Retry-After` in seconds or as a time (RFC 9110); a time is measured by the server's own clock, where it tells it.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(1e7)));
    }
    let at = http_date(text)?;
    Some((at - server_time(headers).unwrap_or(now)).to_std().unwrap_or_default())
}

/// How long to wait before the next request because an answer says that none is left.
pub(super) fn quota_wait(quota: &Quota, headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let number = |name: &str| {
        headers
            .get(name)?
            .to_str()
            .ok()?
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|n| n.is_finite())
    };
    if number(&quota.remaining)? >= 1.0 {
        return None;
    }
    let Some(reset) = quota.reset.as_deref().and_then(number) else {
        return Some(Duration::from_secs(1));
    };
    let seconds = match quota.reset_is {
        ResetIs::Seconds => reset,
        ResetIs::Milliseconds => reset / 1000.0,
        ResetIs::Unix => {
            #[allow(clippy::cast_possible_truncation, reason = "a time in seconds, bounded before")]
            let at = DateTime::from_timestamp(reset.clamp(0.0, 1e11) as i64, 0)?;
            let left: TimeDelta = at - server_time(headers).unwrap_or(now);
            left.to_std().unwrap_or_default().as_secs_f64()
        }
    };
    Some(Duration::from_secs_f64(seconds.clamp(0.0, 1e7)))
}

/// How long to wait before try `tries` + 1 where the server does not say: doubled each time, capped, and half of it by
/// chance (0 to 1), so that not everybody comes back at once.
pub(super) fn backoff(tries: u32, chance: f64) -> Duration {
    let whole = Duration::from_secs(1 << tries.min(6)).min(LONGEST_WAIT);
    whole.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).parse().expect("a name"), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_time_by_the_clock_of_the_server() {
        let now = at("2026-11-28T12:00:00Z");
        for (pairs, expected) in [
            (&[("retry-after", "7")][..], Some(7.0)),
            (&[("retry-after", "1.5")], Some(1.5)),
            (&[("retry-after", "Sat, 28 Nov 2026 12:00:30 GMT")], Some(30.0)),
            // the server's clock is an hour ahead
            (
                &[
                    ("retry-after", "Sat, 28 Nov 2026 13:00:30 GMT"),
                    ("date", "Sat, 28 Nov 2026 13:00:00 GMT"),
                ],
                Some(30.0),
            ),
            (&[("retry-after", "Sat, 28 Nov 2026 11:00:00 GMT")], Some(0.0)),
            (&[("retry-after", "-5")], None),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "NaN")], None),
            (&[], None),
        ] {
            assert_eq!(
                retry_after(&headers(pairs), now).map(|wait| wait.as_secs_f64()),
                expected,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn nothing_left_of_a_quota_is_waited_for() {
        let now = at("2026-11-28T12:00:00Z");
        let quota = |reset_is| Quota {
            remaining: "x-left".to_owned(),
            reset: Some("x-reset".to_owned()),
            reset_is,
        };
        for (reset_is, pairs, expected) in [
            (ResetIs::Seconds, &[("x-left", "0"), ("x-reset", "9")][..], Some(9.0)),
            (
                ResetIs::Milliseconds,
                &[("x-left", "0"), ("x-reset", "1500")],
                Some(1.5),
            ),
            (ResetIs::Unix, &[("x-left", "0"), ("x-reset", "1795867205")], Some(5.0)),
            (ResetIs::Seconds, &[("x-left", "3"), ("x-reset", "9")], None),
            (ResetIs::Seconds, &[("x-left", "0")], Some(1.0)),
            (ResetIs::Seconds, &[], None),
        ] {
            assert_eq!(
                quota_wait(&quota(reset_is), &headers(pairs), now).map(|wait| wait.as_secs_f64()),
                expected,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn waits_double_up_to_a_minute_and_half_of_them_is_chance() {
        let waits: Vec<f64> = (0..8).map(|tries| backoff(tries, 1.0).as_secs_f64()).collect();
        assert_eq!(waits, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
        assert_eq!(backoff(3, 0.0), Duration::from_secs(4));
    }
}
