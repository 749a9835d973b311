//! The audit trail: what is done outside of a call is written there before it is done, and it is listed and written as a file.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, NaiveDate, Utc};

use super::downloads::among_downloads;
use super::person::doer;
use crate::config::Config;
use crate::customer::CustomerRef;
use crate::journal::{Act, AuditEntry, AuditFilter, AuditRow, Doer, Journal, JournalError};
use crate::pop::view::{AuditRequest, AuditRowView, AuditView};
use crate::review::{self, Sheet, Value, local_days};
use crate::store::OpenError;
use crate::vault::{MasterKey, Unlocked};
use crate::words::Saying;

/// Entries of one page.
const PAGE: u32 = 200;
/// Entries that are read at once for a file.
const AT_ONCE: u32 = 5_000;

/// The trail of one home folder.
#[derive(Clone)]
pub struct AuditTrail {
    journal: PathBuf,
    key: MasterKey,
    by: Doer,
    /// Where files go in place of the downloads.
    folder: Option<PathBuf>,
}

/// Why something was not done: it could not be written into the trail, or the trail not be read.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum NoTrail {
    /// The journal cannot be opened.
    Journal(#[from] OpenError),
    /// The journal cannot be used.
    Used(#[from] JournalError),
    /// The file cannot be written.
    NotWritten {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl NoTrail {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NoTrail::Journal(error) => Saying::quoted(error),
            NoTrail::Used(error) => Saying::quoted(error),
            NoTrail::NotWritten { path, source } => {
                let path = path.display();
                Saying::of("refused.report_file").with("path", path).with("why", source)
            }
        }
    }

    /// A stable code for the user interface to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            NoTrail::Journal(_) | NoTrail::Used(_) => "journal",
            NoTrail::NotWritten { .. } => "not_written",
        }
    }
}

impl AuditTrail {
    /// The trail of the journal that `unlocked` opens; who acts is the agent of `config`.
    #[must_use]
    pub fn new(config: &Config, unlocked: &Unlocked) -> Self {
        AuditTrail {
            journal: unlocked.journal_db(),
            key: unlocked.key.clone(),
            by: doer(config),
            folder: None,
        }
    }

    /// The same, with its files in `folder` in place of the downloads.
    #[must_use]
    pub fn writing_to(mut self, folder: PathBuf) -> Self {
        self.folder = Some(folder);
        self
    }

    /// The same, of what `by` does.
    #[must_use]
    pub fn by(mut self, by: Doer) -> Self {
        self.by = by;
        self
    }

    /// Writes down what is about to be done. Durable on return: only then it may be done.
    ///
    /// # Errors
    /// See [`NoTrail`]; then it must not be done.
    pub fn note(
        &self,
        act: Act,
        detail: &str,
        customer: Option<&CustomerRef>,
        now: DateTime<Utc>,
    ) -> Result<(), NoTrail> {
        let entry = AuditEntry {
            at: now,
            agent: self.by.agent.clone(),
            line: self.by.line.clone(),
            act,
            detail: detail.to_owned(),
            call: None,
            customer: customer.cloned(),
        };
        Ok(self.open()?.audit(&entry)?)
    }

    /// A page of the trail, the newest first: what comes before the entry `before`.
    ///
    /// # Errors
    /// See [`NoTrail`].
    pub fn page(&self, request: &AuditRequest, before: Option<i64>) -> Result<AuditView, NoTrail> {
        let journal = self.open()?;
        let rows = journal.audited(&filter(request), before, PAGE)?;
        Ok(AuditView {
            rows: rows.into_iter().map(view).collect(),
            agents: journal.audited_agents()?,
        })
    }

    /// Every entry that is asked for, at most `limit`, the newest first.
    ///
    /// # Errors
    /// See [`NoTrail`].
    pub fn entries(&self, request: &AuditRequest, limit: Option<u32>) -> Result<Vec<AuditRowView>, NoTrail> {
        let (journal, filter) = (self.open()?, filter(request));
        let mut all: Vec<AuditRowView> = Vec::new();
        loop {
            let had = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let wanted = limit.map_or(AT_ONCE, |limit| (limit - had.min(limit)).min(AT_ONCE));
            let rows = journal.audited(&filter, all.last().map(|row| row.id), wanted)?;
            let full = rows.len() == wanted as usize && wanted > 0;
            all.extend(rows.into_iter().map(view));
            if !full {
                return Ok(all);
            }
        }
    }

    /// Writes every entry that is asked for as CSV among the downloads; says where it is. That it was written stands in the
    /// trail first.
    ///
    /// # Errors
    /// See [`NoTrail`].
    pub fn write(&self, request: &AuditRequest, now: DateTime<Utc>) -> Result<PathBuf, NoTrail> {
        self.note(Act::AuditExported, "csv", None, now)?;
        let table = table(&self.entries(request, None)?);
        let name = format!("ringside-audit-{}.csv", now.format("%Y%m%dT%H%M%SZ"));
        let path = match &self.folder {
            Some(folder) => folder.join(name),
            None => among_downloads(&self.journal, &name),
        };
        let written = write_to(&path, &table);
        written
            .map(|()| path.clone())
            .map_err(|source| NoTrail::NotWritten { path, source })
    }

    fn open(&self) -> Result<Journal, OpenError> {
        Journal::open(&self.journal, &self.key)
    }
}

impl std::fmt::Debug for AuditTrail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuditTrail({})", self.journal.display())
    }
}

/// The word of an act in the journal, the JSON and a file.
#[must_use]
pub fn act_word(act: Act) -> String {
    serde_json::to_value(act)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Entries as a table of plain values.
#[must_use]
pub fn table(rows: &[AuditRowView]) -> Sheet {
    let text = |text: &str| Value::Text(text.to_owned());
    let row = |row: &AuditRowView| {
        vec![
            text(&row.at.to_rfc3339()),
            text(&row.agent),
            text(&row.line),
            text(&act_word(row.act)),
            text(&row.detail),
            text(row.customer.as_deref().or(row.erased.as_deref()).unwrap_or_default()),
            text(&row.name),
            text(row.call.as_deref().unwrap_or_default()),
        ]
    };
    Sheet {
        head: vec!["at", "agent", "extension", "act", "detail", "customer", "name", "call"],
        rows: rows.iter().map(row).collect(),
    }
}

fn write_to(path: &Path, table: &Sheet) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    // spreadsheets take a file without this mark for one of an old code page
    out.write_all("\u{feff}".as_bytes())?;
    review::csv(table, &mut out)?;
    out.flush()
}

fn filter(request: &AuditRequest) -> AuditFilter {
    let day = |date: NaiveDate| local_days(&Local, date, 1)[0];
    AuditFilter {
        agent: request.agent.clone(),
        act: request.act,
        customer: request.customer.trim().to_owned(),
        from: request.from.map(|date| day(date).from),
        until: request.until.map(|date| day(date).until),
    }
}

fn view(row: AuditRow) -> AuditRowView {
    let entry = row.entry;
    AuditRowView {
        id: row.id,
        at: entry.at,
        agent: entry.agent,
        line: entry.line.0,
        act: entry.act,
        detail: entry.detail,
        call: entry.call.map(|call| call.0),
        customer: entry.customer.map(|customer| customer.0),
        name: row.name,
        erased: row.erased,
    }
}
