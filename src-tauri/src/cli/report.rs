//! `ringside report`: what a period of calls came to, beside the period before.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{Days, Local, NaiveDate};
use clap::{Args, ValueEnum};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::journal::{Journal, JournalError};
use crate::review::{Part, Report, Reporter, Sheet, Target, Value, local_days, sheet};

/// Says what a period of calls came to.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// What to list
    #[arg(value_enum, default_value_t = Name::Summary)]
    name: Name,
    /// The first day, as in 2026-11-01; else so many days until today
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// How many days
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    days: u32,
    /// Within how many seconds a call should be answered
    #[arg(long, value_name = "SECONDS", default_value_t = Target::default().seconds)]
    target: u32,
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

/// The lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Every figure, beside the period before
    Summary,
    /// By weekday and hour
    Hours,
    /// By day
    Days,
    /// By extension
    Agents,
    /// By queue
    Queues,
    /// By the result that agents chose
    Results,
    /// How many calls were handled in how long
    Handling,
}

impl Name {
    fn part(self) -> Part {
        match self {
            Name::Summary => Part::Summary,
            Name::Hours => Part::Hours,
            Name::Days => Part::Days,
            Name::Agents => Part::Agents,
            Name::Queues => Part::Queues,
            Name::Results => Part::Results,
            Name::Handling => Part::Handling,
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

/// Reports on the calls of `journal`, in days of the local clock.
///
/// # Errors
/// When the journal cannot be read, or the file not be written.
pub fn run(args: &ReportArgs, journal: &Journal, out: &mut dyn Write) -> Result<(), ReportError> {
    let today = Local::now().date_naive();
    let ago = Days::new(u64::from(args.days) - 1);
    let first = args
        .from
        .unwrap_or_else(|| today.checked_sub_days(ago).unwrap_or(today));
    let target = Target { seconds: args.target };
    let report = report(journal, first, args.days, target)?;
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
    let sheet = sheet(&report, args.name.part());
    if args.csv {
        csv(&sheet, out)?;
    } else {
        plain(&sheet, out)?;
    }
    Ok(())
}

fn report(journal: &Journal, first: NaiveDate, days: u32, target: Target) -> Result<Report, JournalError> {
    let periods = local_days(&Local, first, days);
    let mut reporter = Reporter::new(Local, periods, target);
    for period in periods {
        journal.review(period, |call| reporter.add(call))?;
    }
    Ok(reporter.report())
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
        Value::Share(share) => format!("{:.1} %", share * 100.0),
        Value::Nothing => "-".to_owned(),
    }
}

/// Plain numbers, shares from 0 to 1 and times in seconds.
fn csv(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&sheet.head)?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|value| match value {
            Value::Text(text) => inert(text),
            Value::Count(count) => count.to_string(),
            Value::Seconds(seconds) => format!("{seconds:.1}"),
            Value::Share(share) => format!("{share:.4}"),
            Value::Nothing => String::new(),
        }))?;
    }
    writer.flush()
}

/// A cell may hold a formula: behind an apostrophe a spreadsheet shows it and does not run it.
fn inert(text: &str) -> String {
    let runs = ['=', '+', '-', '@', '\t', '\r', '\n', '|', '%'];
    match text.trim_start().starts_with(runs) || text.starts_with(char::is_whitespace) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// A sheet for each list. Texts are written as texts, which no spreadsheet runs.
fn workbook(report: &Report) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let (share, seconds) = (
        Format::new().set_num_format("0.0%"),
        Format::new().set_num_format("[m]:ss"),
    );
    for name in Name::value_variants() {
        let table = sheet(report, name.part());
        let title = name
            .to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned());
        let page = book.add_worksheet().set_name(title)?;
        for (column, name) in (0..).zip(&table.head) {
            page.write_string_with_format(0, column, *name, &bold)?;
        }
        for (row, values) in (1..).zip(&table.rows) {
            for (column, value) in (0..).zip(values) {
                match value {
                    Value::Text(text) => page.write_string(row, column, text)?,
                    Value::Count(count) => page.write_number(row, column, *count as f64)?,
                    Value::Seconds(value) => page.write_number_with_format(row, column, value / 86_400.0, &seconds)?,
                    Value::Share(value) => page.write_number_with_format(row, column, *value, &share)?,
                    Value::Nothing => page,
                };
            }
        }
        page.autofit();
    }
    Ok(book)
}
