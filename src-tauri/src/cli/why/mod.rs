//! `ringside why`: why a call did or did not pop, and what to do first.

pub(super) mod print;
mod words;

use std::io::{self, Write};

use chrono::{DateTime, Local, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use clap::Args;

use crate::call::{CallId, CallKey, Line};
use crate::desk::{self, Asked};
use crate::journal::{Journal, JournalError, Traces};
use crate::number::{self, Region};
use crate::pop::view::WhyView;

/// No telephone number is written with more bytes.
const LONGEST_NUMBER: usize = 100;

/// Says why a call did or did not pop, and what to do first.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ringside why --last\n  ringside why \"030 23125101\"\n  ringside why \"030 23125101\" --at 14:05\n  \
                        ringside why pbx:1795305759.59 --json"
)]
pub struct WhyArgs {
    /// A call as `ringside calls` names it, or a telephone number: then the last call with it
    #[arg(required_unless_present_any = ["last", "at"])]
    call: Option<String>,
    /// The last call
    #[arg(long, conflicts_with = "call")]
    last: bool,
    /// When a call should have come that is not in the log: 14:05, or 2026-03-02 14:05
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Print the answer and every step as JSON
    #[arg(long)]
    json: bool,
}

/// Where the command looks.
#[derive(Debug)]
pub struct Surroundings {
    /// The call log.
    pub journal: Journal,
    /// The traces.
    pub traces: Traces,
    /// My extensions.
    pub lines: Vec<Line>,
    /// The names of the feeds.
    pub feeds: Vec<String>,
    /// Where a number without a country code is read.
    pub home: Option<Region>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WhyError {
    /// The journal or the traces cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The time is none.
    #[error("`{0}` is no time; write 14:05 for today, or 2026-03-02 14:05")]
    NoTime(String),
    /// There is no call at all.
    #[error(
        "no call was heard so far: start Ringside, then call one of your phones; `ringside doctor` says whether the phone \
         system is connected"
    )]
    NoCalls,
    /// The output is closed.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

/// Answers on `out`.
///
/// # Errors
/// When nothing can be read, or the arguments say nothing.
pub fn run(args: &WhyArgs, around: &Surroundings, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), WhyError> {
    let at = match &args.at {
        Some(text) => Some(moment(text, now).ok_or_else(|| WhyError::NoTime(text.clone()))?),
        None => None,
    };
    let call = match (&args.call, at) {
        (Some(text), at) => find(text, at, around)?,
        (None, Some(_)) => None,
        (None, None) => Some(around.last()?.ok_or(WhyError::NoCalls)?),
    };
    let logged = match &call {
        Some(call) => around.journal.call(call)?,
        None => None,
    };
    let asked = Asked {
        call,
        logged,
        lines: around.lines.clone(),
        at: at.unwrap_or(now),
    };
    let view = desk::why(&around.traces, asked)?;
    say(args, &view, out)
}

fn say(args: &WhyArgs, view: &WhyView, out: &mut dyn Write) -> Result<(), WhyError> {
    if args.json {
        serde_json::to_writer_pretty(&mut *out, view).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    let asked = args.call.as_deref().filter(|_| view.call.is_none());
    out.write_all(print::page(view, asked).as_bytes())?;
    Ok(())
}

impl Surroundings {
    fn last(&self) -> Result<Option<CallId>, JournalError> {
        if let Some(call) = self.traces.last()? {
            return Ok(Some(call));
        }
        let newest = self.journal.calls(None, 1)?;
        Ok(newest.into_iter().next().map(|logged| logged.call.id))
    }

    fn knows(&self, call: &CallId) -> Result<bool, JournalError> {
        Ok(self.journal.call(call)?.is_some() || self.traces.of_call(call)?.is_some())
    }
}

/// The call that `text` names: by its id, by the phone system's own name for it, or by the other side's number. With
/// `at`, a number means the call that began within an hour of it.
fn find(text: &str, at: Option<DateTime<Utc>>, around: &Surroundings) -> Result<Option<CallId>, JournalError> {
    let text = text.trim();
    let key = CallKey(text.to_owned());
    let of_feeds = around.feeds.iter().map(|feed| CallId::new(feed, &key));
    for id in std::iter::once(CallId(text.to_owned())).chain(of_feeds) {
        if around.knows(&id)? {
            return Ok(Some(id));
        }
    }
    let is_short = text.len() <= LONGEST_NUMBER;
    let key = is_short.then(|| number::read(text, around.home).ok()).flatten();
    let key = key.map(|number| number.key);
    around.journal.last_with(key, text, at)
}

/// A time of today or of another day, by the clock of this computer; a time of day still to come is yesterday's.
fn moment(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.with_timezone(&Utc));
    }
    let formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M"];
    let whole = formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let local = whole.or_else(|| {
        let time = ["%H:%M", "%H:%M:%S"]
            .iter()
            .find_map(|format| NaiveTime::parse_from_str(text, format).ok())?;
        let here = now.with_timezone(&Local).naive_local();
        let today = here.date().and_time(time);
        Some(if today > here {
            today - chrono::TimeDelta::days(1)
        } else {
            today
        })
    })?;
    Some(Local.from_local_datetime(&local).earliest()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it_and_nonsense_is_none() {
        let now = Utc::now();
        for text in [
            "14:05",
            "09:00:30",
            "2026-03-02 14:05",
            "2026-03-02T14:05",
            "2026-03-02T14:05:00Z",
        ] {
            let at = moment(text, now);
            assert!(at.is_some_and(|at| at <= now + chrono::TimeDelta::days(3650)), "{text}");
        }
        assert!(moment("14:05", now).is_some_and(|at| at <= now), "never in the future");
        for text in [
            "",
            "25:00",
            "yesterday",
            "14.05",
            "2026-13-02 14:05",
            "\0",
            "9999999999999999999",
        ] {
            assert_eq!(moment(text, now), None, "{text:?}");
        }
    }
}
