//! `ringside calls`: the call log, the newest call first.

use std::io::{self, Write};

use chrono::{DateTime, Local, Utc};
use clap::Args;

use crate::desk::log_row;
use crate::journal::{Journal, JournalError};
use crate::pop::view::{CallLogRow, Direction, Outcome};

/// Lists calls with what happened and what was noted.
#[derive(Args, Debug)]
pub struct CallsArgs {
    /// How many calls at most
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: u32,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
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
}

/// Lists the log of `journal` on `out`.
///
/// # Errors
/// When the journal cannot be read.
pub fn run(args: &CallsArgs, journal: &Journal, out: &mut dyn Write) -> Result<(), CallsError> {
    let rows: Vec<CallLogRow> = journal.calls(None, args.limit)?.into_iter().map(log_row).collect();
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
