//! `ringside report`: what a period of calls came to, beside the period before.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{Days, Local, NaiveDate};
use clap::Args;
use rust_xlsxwriter::XlsxError;

use super::day::read_day;
use crate::config::ServiceLevel;
use crate::desk::call_report;
use crate::journal::{Journal, JournalError};
use crate::review::{Only, PARTS, Part, Sheet, Target, Value, csv, local_days, sheet, workbook};

/// Says what a period of calls came to.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// What to list
    #[arg(value_enum, default_value_t = Part::Summary)]
    name: Part,
    /// The first day, as in 2026-11-01; else so many days until today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    from: Option<NaiveDate>,
    /// How many days
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    days: u32,
    /// Within how many seconds a call should be answered; else as the settings have it
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=i64::from(ServiceLevel::MOST_SECONDS)))]
    target: Option<u32>,
    /// Only calls that waited in this queue
    #[arg(long, value_name = "QUEUE", default_value = "", hide_default_value = true)]
    queue: String,
    /// Only calls in which this extension of ours talked
    #[arg(long, value_name = "EXT", default_value = "", hide_default_value = true)]
    extension: String,
    /// Print all of it as one JSON object
    #[arg(long, conflicts_with_all = ["csv", "xlsx"])]
    json: bool,
    /// Print CSV
    #[arg(long, conflicts_with = "xlsx")]
    csv: bool,
    /// Write a workbook with a sheet for each list
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
}

impl ReportArgs {
    /// What is written for other programs, where anything is.
    pub(super) fn exports(&self) -> Option<String> {
        let name = PARTS.iter().find(|(part, _)| *part == self.name);
        let name = name.map_or("report", |(_, name)| name);
        match (self.csv, self.json, self.xlsx.is_some()) {
            (true, _, _) => Some(format!("{name}.csv")),
            (_, true, _) => Some("report.json".to_owned()),
            (_, _, true) => Some("report.xlsx".to_owned()),
            _ => None,
        }
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The output is closed.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// The workbook cannot be written.
    #[error("cannot write {path}: {source}; name another file")]
    Workbook {
        /// The file.
        path: PathBuf,
        /// Why.
        source: XlsxError,
    },
}

/// Reports on the calls of `journal`, in days of the local clock, by `target` where the command line names none.
///
/// # Errors
/// When the journal cannot be read, or the file not be written.
pub fn run(args: &ReportArgs, journal: &Journal, target: Target, out: &mut dyn Write) -> Result<(), ReportError> {
    let now = Local::now();
    let today = now.date_naive();
    let ago = Days::new(u64::from(args.days) - 1);
    let first = args
        .from
        .unwrap_or_else(|| today.checked_sub_days(ago).unwrap_or(today));
    let target = args.target.map_or(target, |seconds| Target { seconds });
    let periods = local_days(&Local, first, args.days);
    let only = Only {
        queue: args.queue.clone(),
        agent: args.extension.clone(),
    };
    let report = call_report(journal, Local, periods, target, &only, now.to_utc())?;
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &report).map_err(io::Error::from)?;
        return Ok(writeln!(out)?);
    }
    if let Some(path) = &args.xlsx {
        return workbook(&report)
            .and_then(|mut book| book.save(path))
            .map_err(|source| {
                let path = path.clone();
                ReportError::Workbook { path, source }
            });
    }
    let sheet = sheet(&report, args.name);
    if args.csv {
        csv(&sheet, out)?;
    } else {
        plain(&sheet, out)?;
    }
    Ok(())
}

fn plain(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let head = sheet.head.iter().map(|&name| name.to_owned()).collect();
    let rows = sheet.rows.iter().map(|row| row.iter().map(shown).collect());
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..sheet.head.len()).map(width).collect();
    for row in &rows {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(nth, (cell, &width))| match nth {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    if sheet.rows.is_empty() {
        writeln!(out, "no calls in that time")?;
    }
    Ok(())
}

/// As a person reads it.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.replace(char::is_control, " "),
        Value::Count(count) => count.to_string(),
        Value::Seconds(seconds) => {
            let seconds = seconds.round();
            format!("{}:{:02}", (seconds / 60.0).floor(), seconds % 60.0)
        }
        Value::Millis(millis) => format!("{millis:.2} ms"),
        Value::Share(share) => format!("{:.1} %", share * 100.0),
        Value::Nothing => "-".to_owned(),
    }
}
