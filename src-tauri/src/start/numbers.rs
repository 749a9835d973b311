//! The number-health report of a home: read on a connection of its own, and written as CSV.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::downloads::among_downloads;
use super::feeds::Feeds;
use crate::directory::{Directory, DirectoryError, NumberCheck};
use crate::number::{Key, Region};
use crate::pop::view::{FindingView, NumberHealthView, Problem, StoredView, UnreadableView};
use crate::pop::{self, NumberHealth};
use crate::vault::Unlocked;
use crate::words::Saying;

/// Looks at the numbers of a customer cache.
#[derive(Clone)]
pub struct NumberReport {
    cache: PathBuf,
    key: Zeroizing<[u8; 32]>,
    own: Vec<Key>,
    home: Option<Region>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum NoReport {
    /// The cache cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The CSV cannot be written.
    #[error("{path} cannot be written ({source}); name another file")]
    Csv {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl NoReport {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NoReport::Directory(error) => error.saying(),
            NoReport::Csv { path, source } => Saying::of("refused.report_file")
                .with("path", path.display())
                .with("why", source),
        }
    }

    /// A stable code for the user interface to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            NoReport::Directory(_) => "directory",
            NoReport::Csv { .. } => "not_written",
        }
    }
}

impl NumberReport {
    /// For the cache that `unlocked` opens, with our own numbers as the settings of `feeds` have them.
    #[must_use]
    pub fn new(unlocked: &Unlocked, feeds: &Feeds<'_>) -> Self {
        NumberReport {
            cache: unlocked.cache_db(),
            key: Zeroizing::new(*unlocked.key.bytes()),
            own: feeds.own_numbers(),
            home: feeds.config.region(),
        }
    }

    /// A new file among the downloads, or else beside the cache.
    #[must_use]
    pub fn download(&self, now: DateTime<Utc>) -> PathBuf {
        let name = format!("ringside-numbers-{}.csv", now.format("%Y%m%dT%H%M%SZ"));
        among_downloads(&self.cache, &name)
    }

    /// The report; `many` customers with one number are many. With `csv`, every finding is written to that file too.
    ///
    /// # Errors
    /// When the cache cannot be read, or the file not be written.
    pub fn make(&self, many: u32, csv: Option<&Path>) -> Result<NumberHealthView, NoReport> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            |source| NoReport::Csv { path, source }
        };
        let mut sheet = match csv {
            Some(path) => Some(Sheet::new(File::create(path).map_err(failed(path))?).map_err(failed(path))?),
            None => None,
        };
        let check = NumberCheck {
            own: self.own.clone(),
            many,
            home: self.home,
            now: Utc::now(),
        };
        let mut report = NumberHealth::default();
        let mut written = Ok(());
        let mut directory = Directory::open(&self.cache, &self.key)?;
        let counts = directory.check_numbers(&check, &mut |finding| {
            let finding = pop::finding_view(finding);
            if let (Some(sheet), Ok(())) = (&mut sheet, &written) {
                written = sheet.write(&finding);
            }
            report.add(finding);
        })?;
        if let (Some(sheet), Some(path)) = (sheet, csv) {
            written.and_then(|()| sheet.finish()).map_err(failed(path))?;
        }
        Ok(report.finish(counts, many))
    }
}

impl std::fmt::Debug for NumberReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NumberReport({})", self.cache.display())
    }
}

/// The findings as CSV: UTF-8 with the mark that spreadsheets want, one line for each customer of a number.
pub struct Sheet<W: Write>(csv::Writer<W>);

impl<W: Write> Sheet<W> {
    /// Writes the head.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record([
            "problem",
            "number",
            "stored as",
            "label",
            "customer",
            "name",
            "company",
            "customers with it",
            "last heard of",
            "why",
        ])?;
        Ok(Sheet(writer))
    }

    /// Writes a finding, a line for each customer that it names.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, finding: &FindingView) -> io::Result<()> {
        for stored in &finding.stored {
            let StoredView {
                customer, raw, label, ..
            } = stored;
            let last = stored.last.map(|last| last.format("%Y-%m-%d").to_string());
            let cells = [
                problem_word(finding.problem),
                finding.number.as_deref().unwrap_or_default(),
                raw,
                label,
                &customer.reference,
                &customer.name,
                customer.company.as_deref().unwrap_or_default(),
                &finding.holders.to_string(),
                last.as_deref().unwrap_or_default(),
                finding.unreadable.map(unreadable_word).unwrap_or_default(),
            ]
            .map(inert);
            self.0.write_record(&cells)?;
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A cell may hold a formula: behind an apostrophe a spreadsheet shows it and does not run it. So it also keeps the plus
/// of a number.
fn inert(text: &str) -> String {
    if text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%'])
        || text.starts_with(char::is_whitespace)
    {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The problem in a word, for files and JSON.
#[must_use]
pub fn problem_word(problem: Problem) -> &'static str {
    match problem {
        Problem::Unreadable => "unreadable",
        Problem::Shared => "shared",
        Problem::Own => "own",
        Problem::Recycled => "recycled",
    }
}

/// Why a text is no number, in English.
#[must_use]
pub fn unreadable_word(why: UnreadableView) -> &'static str {
    match why {
        UnreadableView::Empty => "empty",
        UnreadableView::NotANumber => "no telephone number in it",
        UnreadableView::TooShort => "too few digits",
        UnreadableView::TooLong => "too many digits",
        UnreadableView::NoRegion => "no country code, and the country is not known",
        UnreadableView::UnknownCountry => "no country has this code",
        UnreadableView::Rounded => "rounded by a spreadsheet, digits are lost",
        UnreadableView::ReadableNow => "can be read by now: import it again",
    }
}
