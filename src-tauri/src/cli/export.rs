//! `ringside export`: all that is known of one person, as one JSON document.

use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;

use super::Failure;
use crate::start::{People, Person};

/// Gives out all that is known of one person, for a request of theirs.
///
/// All of it is one JSON document: what the sources gave, every call with its notes and what they said before, what followed,
/// what the audit trail has of it, and the traces of the calls. That it was given out stands in the audit trail.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// Whom: source/key, a telephone number, or a name that only they have
    #[arg(value_name = "PERSON")]
    person: String,
    /// Write it into this file, readable by its owner alone, instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Gives out a person of `people` at `now`.
///
/// # Errors
/// When nobody or several may be meant, or a store or the file cannot be used.
pub fn run(args: &ExportArgs, people: &People, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), Failure> {
    let person = people.find(&args.person)?;
    match &args.out {
        None => writeln!(out, "{:#}", people.export(&person, now)?)?,
        Some(path) => {
            people.write(&person, path, now)?;
            writeln!(out, "all that is known of {} is in {}", person.name, path.display())?;
        }
    }
    Ok(())
}

/// Says of whose numbers others have too.
pub(super) fn shared(person: &Person, out: &mut dyn Write) -> std::io::Result<()> {
    for (number, others) in &person.shared {
        let names: Vec<String> = others.iter().map(ToString::to_string).collect();
        writeln!(
            out,
            "{number} is a number of {} too: only calls that are logged for {} are theirs. Calls of the others stay, and so do \
             those from it that are logged for nobody",
            names.join(", "),
            person.name
        )?;
    }
    Ok(())
}
