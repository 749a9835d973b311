//! `ringside doctor numbers`: what is wrong with the telephone numbers in the customer data.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::directory::MANY;
use crate::pop::view::{FindingView, NumberHealthView, Problem, StoredView};
use crate::start::{NoReport, NumberReport, unreadable_word};

/// So many findings of each kind are printed.
const PRINTED: usize = 10;

/// Lists stored numbers that cannot be read, that many customers share, that are our own, or that changed hands.
#[derive(Args, Debug)]
pub struct NumbersArgs {
    /// Write every finding to a CSV file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// A number that so many customers have is shared by many
    #[arg(long, value_name = "N", default_value_t = MANY, value_parser = clap::value_parser!(u32).range(2..))]
    many: u32,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum NumbersError {
    /// It could not be made.
    #[error(transparent)]
    Report(#[from] NoReport),
    /// The output is closed.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

/// Prints the report on `out`.
///
/// # Errors
/// When the cache cannot be read, or the CSV not be written.
pub fn run(args: &NumbersArgs, report: &NumberReport, out: &mut dyn Write) -> Result<(), NumbersError> {
    let view = report.make(args.many, args.csv.as_deref())?;
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &view).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    out.write_all(page(&view).as_bytes())?;
    if let Some(path) = &args.csv {
        writeln!(out, "\nevery finding is in {}", path.display())?;
    }
    Ok(())
}

fn page(view: &NumberHealthView) -> String {
    let mut lines = vec![format!("{} customers, {} numbers", view.customers, view.numbers)];
    if view.customers == 0 {
        lines.push("the customer cache is empty: run `ringside import` first".to_owned());
    }
    let kinds = [
        (
            Problem::Unreadable,
            view.unreadable,
            "cannot be read: correct them in the source, then import again".to_owned(),
        ),
        (
            Problem::Shared,
            view.shared,
            format!(
                "are shared by {} customers or more: their callers have to be chosen each time",
                view.shared_from
            ),
        ),
        (
            Problem::Own,
            view.own,
            "are our own, stored as a customer's: they never pop; remove them in the source".to_owned(),
        ),
        (
            Problem::Recycled,
            view.recycled,
            "probably changed hands: ask who has the number, and remove it from the earlier customer".to_owned(),
        ),
    ];
    for (problem, count, says) in kinds {
        lines.push(format!("\n{count:>7} {says}"));
        let mut of_kind = view.findings.iter().filter(|finding| finding.problem == problem);
        lines.extend(of_kind.by_ref().take(PRINTED).map(line));
        if of_kind.next().is_some() {
            lines.push("        …and more; --csv FILE writes all of them".to_owned());
        }
    }
    lines.join("\n") + "\n"
}

fn line(finding: &FindingView) -> String {
    let first = finding.stored.first();
    match finding.problem {
        Problem::Unreadable => {
            let raw = first.map(|stored| stored.raw.as_str()).unwrap_or_default();
            let why = finding.unreadable.map(unreadable_word).unwrap_or_default();
            format!("        `{}`  {}  {why}", plain(raw), names(&finding.stored))
        }
        Problem::Shared | Problem::Own => {
            let number = finding.number.as_deref().unwrap_or_default();
            let more = (finding.holders as usize).saturating_sub(finding.stored.len());
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            format!("        {number}  {}{more}", names(&finding.stored))
        }
        Problem::Recycled => {
            let number = finding.number.as_deref().unwrap_or_default();
            let year = |stored: &StoredView| {
                stored
                    .last
                    .map(|last| last.format("%Y-%m-%d").to_string())
                    .unwrap_or_default()
            };
            let parts: Vec<String> = finding
                .stored
                .iter()
                .map(|stored| format!("{} (last {})", plain(&stored.customer.name), year(stored)))
                .collect();
            format!("        {number}  {}", parts.join(", now "))
        }
    }
}

fn names(stored: &[StoredView]) -> String {
    let names: Vec<String> = stored
        .iter()
        .map(|one| format!("{} ({})", plain(&one.customer.name), plain(&one.customer.reference)))
        .collect();
    names.join(", ")
}

/// What came from outside, without what would move the cursor of a terminal.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
