//! `ringside source`: where customer data comes from, how old it is, and what the last runs did.

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, outbox, systems};
use crate::config::{Home, Source, SourceKind};
use crate::directory::{Kept, Run};
use crate::journal::Journal;
use crate::start::Sources;

/// Says where customer data comes from.
#[derive(Args, Debug)]
pub struct SourceArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// The sources of the settings: how much they gave, how old it is, what waits for your word
    List {
        /// Print one JSON document instead of text
        #[arg(long)]
        json: bool,
    },
    /// What the last runs of a source did
    Runs {
        /// The name of the source
        #[arg(value_name = "NAME")]
        name: String,
        /// How many runs, the newest first
        #[arg(long, default_value_t = 20)]
        limit: u32,
        /// Print one JSON document instead of text
        #[arg(long)]
        json: bool,
    },
    /// List the systems that Ringside has a file for, and what each was tested against
    Systems {
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Print the file of a system, to be saved and changed
    Show {
        /// The system's name, as `systems` has it
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Walk a system step by step and say what each step gave. Nothing is kept
    Test(systems::TestArgs),
    /// Calls that are to be written back into their source and are not there yet, and why
    Outbox(outbox::OutboxArgs),
}

/// Runs the command at `now`; `sources` and `journal` open the stores, which some of it does without.
///
/// # Errors
/// When the cache cannot be read, or a source is not in the settings.
pub fn run(
    args: &SourceArgs,
    home: &Home,
    sources: impl FnOnce(&Home) -> Result<Sources, Failure>,
    journal: impl FnOnce(&Home) -> Result<Journal, Failure>,
    now: DateTime<Utc>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    match &args.what {
        What::List { json } => list(&sources(home)?, now, *json, out),
        What::Runs { name, limit, json } => runs(&sources(home)?, (name, *limit), *json, out),
        What::Systems { json } => systems::list(*json, out),
        What::Show { name } => systems::show(name, out),
        What::Test(args) => systems::test(args, home, out),
        What::Outbox(args) => outbox::run(args, &mut journal(home)?, now, out),
    }
}

fn list(sources: &Sources, now: DateTime<Utc>, json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    if sources.all().is_empty() && !json {
        writeln!(
            out,
            "The settings name no source. docs/sources.md shows how to write one."
        )?;
        return Ok(());
    }
    let mut documents = Vec::new();
    for source in sources.all() {
        let kept = sources.place().kept(&source.name)?;
        if json {
            documents.push(document(source, &kept));
            continue;
        }
        let age = kept
            .checked
            .map_or("never read".to_owned(), |at| format!("as of {}", ago(now, at)));
        writeln!(
            out,
            "{} ({}): {} customers, {age}",
            source.name,
            kind(source),
            kept.customers
        )?;
        for held in &kept.held {
            let (records, stream, name) = (held.records, &held.stream, &source.name);
            writeln!(
                out,
                "  {records} of {stream} wait for `ringside sync --allow-deletes {name}`"
            )?;
        }
        if let Some(error) = kept.last.and_then(|run| run.error) {
            writeln!(out, "  last run: {error}")?;
        }
    }
    if json {
        writeln!(out, "{:#}", Value::Array(documents))?;
    }
    Ok(())
}

fn runs(sources: &Sources, (name, limit): (&str, u32), json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let runs = sources.place().runs(name, limit)?;
    if runs.is_empty() && !sources.all().iter().any(|source| source.name == name) {
        return Err(format!("there is no source `{name}`; `ringside source list` names them").into());
    }
    if json {
        let all: Vec<Value> = runs.iter().map(run_document).collect();
        writeln!(out, "{:#}", Value::Array(all))?;
        return Ok(());
    }
    for run in runs {
        let took = run.ended.map_or("not ended".to_owned(), |ended| {
            format!("{} s", (ended - run.began).num_seconds())
        });
        let tally = run.tally;
        writeln!(
            out,
            "{}  {took:>9}  {} added, {} changed, {} removed, {} refused{}",
            run.began.format("%Y-%m-%d %H:%M:%S UTC"),
            tally.added,
            tally.changed,
            tally.removed,
            tally.refused,
            run.error.map(|error| format!(": {error}")).unwrap_or_default()
        )?;
    }
    Ok(())
}

fn kind(source: &Source) -> &'static str {
    match source.kind {
        SourceKind::Files(_) => "files",
        SourceKind::Rest(_) => "rest",
        SourceKind::Sql(_) => "sql",
    }
}

/// How long ago something was, in the unit that says most.
fn ago(now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let minutes = (now - at).num_minutes();
    match minutes {
        ..1 => "now".to_owned(),
        1..120 => format!("{minutes} minutes ago"),
        120..2_880 => format!("{} hours ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1_440),
    }
}

fn document(source: &Source, kept: &Kept) -> Value {
    let held: Vec<Value> = kept
        .held
        .iter()
        .map(|held| json!({"stream": held.stream, "records": held.records}))
        .collect();
    json!({
        "name": source.name,
        "kind": kind(source),
        "every_minutes": source.every().map(|every| every.as_secs() / 60),
        "precedence": source.precedence,
        "customers": kept.customers,
        "checked": kept.checked,
        "held": held,
        "last": kept.last.as_ref().map(run_document),
    })
}

fn run_document(run: &Run) -> Value {
    json!({"began": run.began, "ended": run.ended, "tally": run.tally, "error": run.error})
}
