//! `ringside source outbox`: calls that are to be written back into their source and are not there yet.

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::Failure;
use crate::config::Language;
use crate::journal::{Journal, OutboxEntry, OutboxId};
use crate::start::{self, Word};
use crate::words::view_text;

/// Entries that are printed.
const MOST: u32 = 1_000;

/// Says what is not written yet, and lets you say what becomes of it.
#[derive(Args, Debug)]
pub struct OutboxArgs {
    /// Try an entry again now, by its number; repeatable
    #[arg(long, value_name = "NUMBER")]
    again: Vec<i64>,
    /// Try everything again that waits for your word
    #[arg(long)]
    all_again: bool,
    /// Do not write an entry, by its number; repeatable
    #[arg(long, value_name = "NUMBER")]
    drop: Vec<i64>,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
}

/// Runs the command at `now`.
///
/// # Errors
/// When the journal cannot be used, or there is no such entry.
pub fn run(args: &OutboxArgs, journal: &mut Journal, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), Failure> {
    let refused = journal
        .outbox(MOST)?
        .into_iter()
        .filter(|entry| args.all_again && entry.refused);
    let again = refused.map(|entry| entry.id.0).chain(args.again.iter().copied());
    let words = again
        .map(|id| (id, Word::Again))
        .chain(args.drop.iter().map(|id| (*id, Word::Drop)));
    for (id, word) in words {
        start::say(journal, OutboxId(id), word, now).map_err(|error| format!("{id}: {error}"))?;
    }
    let entries = journal.outbox(MOST)?;
    if args.json {
        let all: Vec<Value> = entries.iter().map(document).collect();
        writeln!(out, "{:#}", Value::Array(all))?;
        return Ok(());
    }
    if entries.is_empty() {
        writeln!(
            out,
            "Nothing waits: every call that is to be written back is in its source."
        )?;
    }
    for entry in &entries {
        let when = entry
            .started
            .map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M UTC").to_string());
        let state = match (entry.refused, entry.tries) {
            (true, _) => format!(
                "waits for `ringside source outbox --again {0}` or `--drop {0}`",
                entry.id.0
            ),
            (false, 0) => format!("is written from {}", entry.due.format("%H:%M:%S UTC")),
            (false, tries) => format!(
                "tried {tries} times, again at {}",
                entry.due.format("%Y-%m-%d %H:%M:%S UTC")
            ),
        };
        writeln!(
            out,
            "{:>6}  {when}  {} ({}): {state}",
            entry.id.0,
            entry.customer(),
            entry.name
        )?;
        if let Some(trouble) = trouble(entry) {
            writeln!(out, "        {trouble}")?;
        }
    }
    Ok(())
}

/// Why it was not written, in English.
fn trouble(entry: &OutboxEntry) -> Option<String> {
    let is_there = !entry.trouble.is_empty();
    is_there.then(|| view_text(&entry.trouble, Language::En))
}

fn document(entry: &OutboxEntry) -> Value {
    json!({
        "id": entry.id, "call": entry.call.0, "customer": entry.customer().0, "name": entry.name, "began": entry.started,
        "is_there": entry.entry.is_some(), "unsure_since": entry.begun, "due": entry.due, "tries": entry.tries,
        "trouble": trouble(entry), "waits_for_you": entry.refused,
    })
}
