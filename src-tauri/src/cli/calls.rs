//! `ringside calls`: the call log, the newest call first, and the story of one call.

mod show;

use std::io::{self, Write};

use chrono::{DateTime, Local, NaiveDate, Utc};
use clap::{Args, Subcommand};

use super::choice::{one_of, yes_or_no};
use super::day::read_day;
use crate::call;
use crate::desk::log_row;
use crate::journal::{CallFilter, Journal, JournalError};
use crate::pop::view::{CallLogRow, Direction, Mark, Outcome};
use crate::review::local_days;

/// Lists calls with what happened and what was noted.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CallsArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// How many calls at most
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: u32,
    /// The first day, as in 2026-11-01, by the local clock
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    from: Option<NaiveDate>,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    until: Option<NaiveDate>,
    /// Calls from outside, to the outside, or between our own phones
    #[arg(long, value_name = "WAY", value_parser = one_of::<call::Direction>(&["in", "out", "internal"]))]
    direction: Option<call::Direction>,
    /// What happened
    #[arg(long, value_name = "OUTCOME", value_parser = one_of::<call::Outcome>(&["answered", "missed", "busy", "rejected", "failed"]))]
    outcome: Option<call::Outcome>,
    /// One of our extensions that took part
    #[arg(long, value_name = "EXT", default_value = "", hide_default_value = true)]
    extension: String,
    /// The queue that it waited in
    #[arg(long, value_name = "QUEUE", default_value = "", hide_default_value = true)]
    queue: String,
    /// The result that the agent chose
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
    result: String,
    /// The customer, as the sources name them: files/ALFKI
    #[arg(long, value_name = "REF", default_value = "", hide_default_value = true)]
    customer: String,
    /// Whether the number is that of one customer
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no(), ignore_case = true)]
    matched: Option<bool>,
    /// What a supervisor marked it as; coaching where it is not said
    #[arg(long, value_name = "MARK", value_parser = one_of::<Mark>(&["coaching", "reviewed"]), num_args = 0..=1, default_missing_value = "coaching")]
    marked: Option<Mark>,
    /// Words of the note, by their beginnings
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    words: String,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

/// What to do in place of listing.
#[derive(Subcommand, Debug)]
enum What {
    /// Say what happened in one call, and what was written about it
    Show(show::ShowArgs),
}

/// Why the log cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum CallsError {
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The output is closed.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// No call has that name.
    #[error("there is no call `{0}` in the log; `ringside calls` lists them, the name of each in brackets at its end")]
    NoSuchCall(String),
}

/// Lists the log of `journal` on `out`.
///
/// # Errors
/// When the journal cannot be read, or has no such call.
pub fn run(args: &CallsArgs, journal: &Journal, out: &mut dyn Write) -> Result<(), CallsError> {
    if let Some(What::Show(show)) = &args.what {
        return show::run(show, journal, out);
    }
    let calls = journal.calls_by(&args.filter(), None, args.limit)?;
    let rows: Vec<CallLogRow> = calls.into_iter().map(log_row).collect();
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &rows).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    for row in &rows {
        writeln!(out, "{}", line(row))?;
    }
    Ok(())
}

impl CallsArgs {
    fn filter(&self) -> CallFilter {
        let day = |date: NaiveDate| local_days(&Local, date, 1)[0];
        CallFilter {
            from: self.from.map(|date| day(date).from),
            until: self.until.map(|date| day(date).until),
            direction: self.direction,
            outcome: self.outcome,
            extension: self.extension.clone(),
            queue: self.queue.clone(),
            disposition: self.result.clone(),
            customer: self.customer.clone(),
            matched: self.matched,
            mark: self.marked,
            words: self.words.clone(),
        }
    }
}

fn line(row: &CallLogRow) -> String {
    let who = match &row.customer {
        Some(customer) => match &customer.company {
            Some(company) => format!("{}, {company}", customer.name),
            None => customer.name.clone(),
        },
        None => row.number.clone().unwrap_or_else(|| "number withheld".to_owned()),
    };
    let direction = match row.direction {
        Direction::In => "from",
        Direction::Out => "to",
        Direction::Internal => "internal",
    };
    let disposition = row
        .disposition
        .as_ref()
        .map(|code| format!(", {code}"))
        .unwrap_or_default();
    let note = if row.note.is_empty() {
        String::new()
    } else {
        format!("  \"{}\"", row.note.replace('\n', " "))
    };
    format!(
        "{}  {:<9} {direction} {who}{}{disposition}{note}  [{}]",
        local(row.at),
        outcome(row),
        talked(row),
        row.call
    )
}

fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

fn outcome(row: &CallLogRow) -> &'static str {
    match row.outcome {
        Some(Outcome::Answered) => "answered",
        Some(Outcome::Missed) => "missed",
        Some(Outcome::Busy) => "busy",
        Some(Outcome::Rejected) => "rejected",
        Some(Outcome::Failed) => "failed",
        None if row.on => "on",
        None => "unknown",
    }
}

fn talked(row: &CallLogRow) -> String {
    let by = row
        .answered_by
        .as_ref()
        .map(|line| format!(", answered by {line}"))
        .unwrap_or_default();
    let time = row
        .talked_seconds
        .map(|seconds| format!(", {}:{:02}", seconds / 60, seconds % 60))
        .unwrap_or_default();
    format!("{by}{time}")
}
