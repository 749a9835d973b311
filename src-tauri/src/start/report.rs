//! What a period of calls came to: read over a connection of its own, so that no call waits for it, and written as files.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Days, Local, NaiveDate, Utc};

use super::downloads::among_downloads;
use crate::config::Config;
use crate::desk::{call_report, day_so_far, report_view};
use crate::journal::{Journal, JournalError};
use crate::pop::view::{PeriodView, ReportRequest, ReportView};
use crate::review::{self, Only, PARTS, Part, Report, Target, local_days};
use crate::store::OpenError;
use crate::vault::{MasterKey, Unlocked};
use crate::words::Saying;

/// The most days of a report: ten years.
const MOST_DAYS: u32 = 3_660;

/// Reports on the calls of one home folder.
#[derive(Clone)]
pub struct CallReport {
    pub(super) journal: PathBuf,
    pub(super) key: MasterKey,
    pub(super) target: Target,
    /// Where files go in place of the downloads.
    folder: Option<PathBuf>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum NoCallReport {
    /// The last day is before the first.
    BackToFront,
    /// More days than a report can have, or none.
    NotSoMany,
    /// The journal cannot be opened.
    Journal(#[from] OpenError),
    /// The journal cannot be read.
    Read(#[from] JournalError),
    /// The file cannot be written.
    NotWritten {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl NoCallReport {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NoCallReport::BackToFront => Saying::of("refused.report_back_to_front"),
            NoCallReport::NotSoMany => Saying::of("refused.report_days").with("most", MOST_DAYS),
            NoCallReport::Journal(error) => Saying::quoted(error),
            NoCallReport::Read(_) => Saying::of("refused.journal_not_read"),
            NoCallReport::NotWritten { path, why } => {
                let path = path.display();
                Saying::of("refused.report_file").with("path", path).with("why", why)
            }
        }
    }

    /// A stable code for the user interface to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            NoCallReport::BackToFront => "back_to_front",
            NoCallReport::NotSoMany => "not_so_many",
            NoCallReport::Journal(_) | NoCallReport::Read(_) => "journal",
            NoCallReport::NotWritten { .. } => "not_written",
        }
    }
}

impl CallReport {
    /// For the journal that `unlocked` opens.
    #[must_use]
    pub fn new(unlocked: &Unlocked) -> Self {
        CallReport {
            journal: unlocked.journal_db(),
            key: unlocked.key.clone(),
            target: Target::default(),
            folder: None,
        }
    }

    /// The same, by the target of `config`.
    #[must_use]
    pub fn of_settings(self, config: &Config) -> Self {
        CallReport {
            target: target_of(config),
            ..self
        }
    }

    /// The same, with its files in `folder` in place of the downloads.
    #[must_use]
    pub fn writing_to(mut self, folder: PathBuf) -> Self {
        self.folder = Some(folder);
        self
    }

    pub(super) fn journal(&self) -> Result<Journal, NoCallReport> {
        Ok(Journal::open(&self.journal, &self.key)?.roomy()?)
    }

    /// The report; takes seconds where there are millions of calls.
    ///
    /// # Errors
    /// See [`NoCallReport`].
    pub fn make(&self, request: &ReportRequest, now: DateTime<Utc>) -> Result<ReportView, NoCallReport> {
        let (first, days) = days(&request.period, now)?;
        let report = self.report(request, first, days, now)?;
        Ok(report_view(report, first, days, self.target(request), now))
    }

    /// Today so far, of one queue, or, where `queue` is empty, of all calls, beside the same weekday a week before until the same
    /// time of the local clock; see [`day_so_far`].
    ///
    /// # Errors
    /// See [`NoCallReport`].
    pub fn today(&self, queue: String, now: DateTime<Utc>) -> Result<ReportView, NoCallReport> {
        let agent = String::new();
        let only = Only { queue, agent };
        let journal = Journal::open(&self.journal, &self.key)?;
        Ok(day_so_far(&journal, &Local, self.target, &only, now)?)
    }

    /// Writes one list of the report as CSV, or, without a list, all as a workbook, among the downloads; says where it is.
    ///
    /// # Errors
    /// See [`NoCallReport`].
    pub fn write(
        &self,
        request: &ReportRequest,
        part: Option<Part>,
        now: DateTime<Utc>,
    ) -> Result<PathBuf, NoCallReport> {
        let (first, days) = days(&request.period, now)?;
        let report = self.report(request, first, days, now)?;
        let name = PARTS.iter().find(|(one, _)| Some(*one) == part).map(|(_, name)| *name);
        let ending = name.map_or("xlsx", |_| "csv");
        let at = now.format("%Y%m%dT%H%M%SZ");
        let file = format!("ringside-{}-{first}-{days}d-{at}.{ending}", name.unwrap_or("report"));
        let path = match &self.folder {
            Some(folder) => folder.join(file),
            None => among_downloads(&self.journal, &file),
        };
        write_to(&path, &report, part).map_err(|why| NoCallReport::NotWritten {
            path: path.clone(),
            why,
        })?;
        Ok(path)
    }

    fn target(&self, request: &ReportRequest) -> Target {
        request.target_seconds.map_or(self.target, |seconds| Target { seconds })
    }

    fn report(
        &self,
        request: &ReportRequest,
        first: NaiveDate,
        days: u32,
        now: DateTime<Utc>,
    ) -> Result<Report, NoCallReport> {
        let journal = self.journal()?;
        let only = Only {
            queue: request.queue.clone(),
            agent: request.agent.clone(),
        };
        let periods = local_days(&Local, first, days);
        Ok(call_report(&journal, Local, periods, self.target(request), &only, now)?)
    }
}

impl std::fmt::Debug for CallReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallReport({})", self.journal.display())
    }
}

/// Within how long a call should be answered, as the settings have it.
#[must_use]
pub fn target_of(config: &Config) -> Target {
    Target {
        seconds: config.service_level.within_seconds(),
    }
}

/// The first day, and how many there are.
pub(super) fn days(period: &PeriodView, now: DateTime<Utc>) -> Result<(NaiveDate, u32), NoCallReport> {
    let counted = |days: i64| {
        let days = u32::try_from(days).unwrap_or(u32::MAX);
        match days {
            1..=MOST_DAYS => Ok(days),
            _ => Err(NoCallReport::NotSoMany),
        }
    };
    match *period {
        PeriodView::Days { days } => {
            let days = counted(i64::from(days))?;
            let today = now.with_timezone(&Local).date_naive();
            let first = today.checked_sub_days(Days::new(u64::from(days) - 1));
            Ok((first.ok_or(NoCallReport::NotSoMany)?, days))
        }
        PeriodView::Between { from, until } if until < from => Err(NoCallReport::BackToFront),
        PeriodView::Between { from, until } => Ok((from, counted((until - from).num_days() + 1)?)),
    }
}

fn write_to(path: &Path, report: &Report, part: Option<Part>) -> Result<(), String> {
    match part {
        None => {
            let mut book = review::workbook(report).map_err(|error| error.to_string())?;
            book.save(path).map_err(|error| error.to_string())
        }
        Some(part) => {
            let csv = || {
                let mut out = BufWriter::new(File::create(path)?);
                // spreadsheets take a file without this mark for one of an old code page
                io::Write::write_all(&mut out, "\u{feff}".as_bytes())?;
                review::csv(&review::sheet(report, part), &mut out)?;
                io::Write::flush(&mut out)
            };
            csv().map_err(|error: io::Error| error.to_string())
        }
    }
}
