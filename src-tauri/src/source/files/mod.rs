//! A source that is a file or a folder of files: read whole whenever something in it changed.
//!
//! It gives a stream for each kind of table. Rows that are as they were cost a comparison; what a table no longer has is
//! gone. It never reads a file that somebody is still writing, and does not know where records are kept.

mod orders;
mod saved;
mod settled;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::io_saying;
use super::pull::{Batch, Extent, Keyed, Mark, PullError, Refused, Sink, Source, Stream};
use super::record::Record;
use super::{Kind, Read, Rejected, Settings, Sheet, SourceError};
use crate::words::Saying;
use orders::Orders;
pub use saved::{MapError, load, store};
use settled::is_settled;

/// Records of one batch.
const AT_ONCE: usize = 2_000;
/// A file that changed since so short a time may still be written.
const SETTLES: Duration = Duration::from_secs(2);
/// What is read, each also packed as .gz where it is text.
const ENDINGS: [&str; 8] = [".csv", ".tsv", ".txt", ".vcf", ".vcard", ".xlsx", ".xlsm", ".ods"];

/// Files of customers, orders and the like.
pub struct Files {
    path: PathBuf,
    settings: Settings,
    /// Where the meaning of the columns is kept.
    memory: Option<PathBuf>,
    /// How long a file must have rested before it is read.
    settles: Duration,
    /// Records of one batch.
    at_once: usize,
    /// The tables that were found in the files as they were then: every stream of a run asks for them.
    looked: Option<(Vec<Seen>, Vec<Sheet>)>,
}

/// One file as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    name: String,
    size: u64,
    /// Nanoseconds since 1970.
    changed: u128,
}

/// Where a stream was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    files: Vec<Seen>,
    /// How many records were handed over; `None`: all.
    records: Option<u64>,
}

impl Files {
    /// The file or folder at `path`. What its columns were found to mean is kept in the file `memory`.
    #[must_use]
    pub fn new(path: PathBuf, settings: Settings, memory: Option<PathBuf>) -> Self {
        Files {
            path,
            settings,
            memory,
            settles: SETTLES,
            at_once: AT_ONCE,
            looked: None,
        }
    }

    /// Reads files that were written a moment ago, for whoever knows that they are whole.
    #[must_use]
    pub fn at_once(self) -> Self {
        Files {
            settles: Duration::ZERO,
            ..self
        }
    }

    /// Hands over so many records at once.
    #[must_use]
    pub fn in_batches_of(self, records: usize) -> Self {
        Files {
            at_once: records,
            ..self
        }
    }

    /// Every table, in the order in which they are read.
    fn sheets(&self) -> Result<Vec<Sheet>, PullError> {
        let known = match &self.memory {
            Some(memory) => load(memory).map_err(|error| refused(Saying::quoted(error)))?,
            None => Vec::new(),
        };
        let (mut sheets, mut unclear) = (Vec::new(), None);
        let single = !self.path.is_dir();
        for file in self.files()? {
            match Sheet::inspect_all(&file, &self.settings, &known) {
                Ok(found) => sheets.extend(found),
                // A folder may hold tables that are none of ours.
                Err(error @ (SourceError::Unclear { .. } | SourceError::Empty { .. })) if !single => {
                    unclear.get_or_insert(error);
                }
                Err(error) => return Err(of_file(&error)),
            }
        }
        match (sheets.is_empty(), unclear) {
            (true, Some(error)) => Err(of_file(&error)),
            (true, None) => Err(refused(
                Saying::of("import.no_tables").with("path", self.path.display()),
            )),
            (false, _) => {
                if let Some(memory) = &self.memory {
                    store(memory, &known, &sheets).map_err(|error| refused(Saying::quoted(error)))?;
                }
                sheets.sort_by_key(|sheet| (sheet.kind(), sheet.path().to_owned(), sheet.name().to_owned()));
                Ok(sheets)
            }
        }
    }

    fn files(&self) -> Result<Vec<PathBuf>, PullError> {
        let unreadable = |error: &io::Error| refused(io_saying(&self.path, error).and(Saying::of("import.data_stays")));
        if !self.path.is_dir() {
            std::fs::metadata(&self.path).map_err(|error| unreadable(&error))?;
            return Ok(vec![self.path.clone()]);
        }
        files_in(&self.path).map_err(|error| unreadable(&error))
    }

    /// The files as they are now; those that somebody may still be writing are waited for.
    fn seen(&self, files: &[PathBuf]) -> Result<Vec<Seen>, PullError> {
        let mut seen = Vec::with_capacity(files.len());
        for file in files {
            if !is_settled(file, self.settles).map_err(|error| of_io(file, &error))? {
                return Err(PullError::Later {
                    said: Saying::of("import.still_written").with("path", file.display()),
                    after: Some(self.settles),
                });
            }
            let about = std::fs::metadata(file).map_err(|error| of_io(file, &error))?;
            let changed = about.modified().map_err(|error| of_io(file, &error))?;
            seen.push(Seen {
                name: file.to_string_lossy().into_owned(),
                size: about.len(),
                changed: changed
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default()
                    .as_nanos(),
            });
        }
        Ok(seen)
    }
}

impl Source for Files {
    fn streams(&self) -> Vec<Stream> {
        Kind::ALL
            .into_iter()
            .map(|kind| Stream {
                name: kind.to_string(),
                kind: keyed(kind),
            })
            .collect()
    }

    fn pull(&mut self, stream: &Stream, mark: Option<&Mark>, sink: &mut Sink<'_>) -> Result<Extent, PullError> {
        let now = self.seen(&self.files()?)?;
        let before: Option<Place> = mark.and_then(|mark| serde_json::from_str(&mark.0).ok());
        let same = before.filter(|place| place.files == now);
        let done = match same {
            Some(Place { records: None, .. }) => return Ok(Extent::Changes),
            Some(Place {
                records: Some(done), ..
            }) => done,
            None => 0,
        };
        let known = self.looked.take().filter(|(files, _)| *files == now);
        let (_, tables) = match known {
            Some(known) => self.looked.insert(known),
            None => {
                let sheets = self.sheets()?;
                self.looked.insert((now.clone(), sheets))
            }
        };
        let of_stream = tables.iter().filter(|sheet| is_of(sheet.kind(), stream));
        let sheets: Vec<Sheet> = of_stream.cloned().collect();
        if sheets.is_empty() {
            // A file that is missing says nothing of what was in it.
            return Ok(Extent::Changes);
        }
        let mut handing = Handing {
            sink,
            files: now,
            at_once: self.at_once,
            skip: done,
            done: 0,
            batch: Batch::default(),
        };
        match stream.kind {
            Keyed::Order => handing.orders(&sheets)?,
            _ => handing.rows(&sheets)?,
        }
        handing.end()?;
        // A file that was replaced while it was read is half the old and half the new.
        let after = self.seen(&self.files()?);
        match after {
            Ok(after) if after == handing.files => Ok(Extent::Whole),
            _ => Err(PullError::Later {
                said: Saying::of("import.changed_meanwhile").with("path", self.path.display()),
                after: None,
            }),
        }
    }
}

/// Hands records over, batch by batch.
struct Handing<'s, 'k> {
    sink: &'s mut Sink<'k>,
    files: Vec<Seen>,
    at_once: usize,
    /// So many records were handed over by a run before.
    skip: u64,
    done: u64,
    batch: Batch,
}

impl Handing<'_, '_> {
    fn rows(&mut self, sheets: &[Sheet]) -> Result<(), PullError> {
        for sheet in sheets {
            let mut rows = sheet.rows().map_err(|error| of_file(&error))?;
            while let Some(row) = rows.read().map_err(|error| of_file(&error))? {
                self.row(row)?;
            }
        }
        Ok(())
    }

    /// The lines of an order may stand anywhere, and are handed over together.
    fn orders(&mut self, sheets: &[Sheet]) -> Result<(), PullError> {
        let mut orders = Orders::look(sheets).map_err(|error| of_file(&error))?;
        for sheet in sheets {
            let mut rows = sheet.rows().map_err(|error| of_file(&error))?;
            while let Some(row) = rows.read().map_err(|error| of_file(&error))? {
                match row {
                    Ok(Read {
                        record: Record::OrderLine(line),
                        ..
                    }) => {
                        if let Some(order) = orders.line(line) {
                            self.order(order)?;
                        }
                    }
                    Ok(_) => {}
                    Err(rejected) => self.batch.refused.push(refusal(rejected)),
                }
            }
        }
        for order in orders.rest() {
            self.order(order)?;
        }
        Ok(())
    }

    fn order(&mut self, lines: Vec<Record>) -> Result<(), PullError> {
        let before = self.done;
        self.done += lines.len() as u64;
        if before >= self.skip {
            self.batch.records.extend(lines);
        }
        self.hand_over_when_full()
    }

    fn row(&mut self, row: Result<Read, Rejected>) -> Result<(), PullError> {
        self.done += 1;
        match row {
            _ if self.done <= self.skip => return Ok(()),
            Ok(read) => self.batch.records.push(read.record),
            Err(rejected) => self.batch.refused.push(refusal(rejected)),
        }
        self.hand_over_when_full()
    }

    fn hand_over_when_full(&mut self) -> Result<(), PullError> {
        if self.batch.records.len() + self.batch.refused.len() < self.at_once {
            return Ok(());
        }
        self.hand_over(Some(self.done))
    }

    fn end(&mut self) -> Result<(), PullError> {
        self.hand_over(None)
    }

    fn hand_over(&mut self, records: Option<u64>) -> Result<(), PullError> {
        let place = Place {
            files: self.files.clone(),
            records,
        };
        let mut batch = std::mem::take(&mut self.batch);
        batch.mark = serde_json::to_string(&place).ok().map(Mark);
        (self.sink)(batch)?;
        Ok(())
    }
}

/// The tables in a folder, by name.
///
/// # Errors
/// When the folder cannot be read.
pub fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
        if name.is_some_and(|name| is_table(&name)) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file of that name, in lower case, is one that is read. Spreadsheet programs keep `~$` and `.~lock` files
/// beside an open one.
fn is_table(name: &str) -> bool {
    let table = name.strip_suffix(".gz").unwrap_or(name);
    let ours = name.starts_with("import-rejected-") || name.starts_with('.') || name.starts_with("~$");
    !ours && ENDINGS.iter().any(|ending| table.ends_with(ending))
}

fn is_of(kind: Kind, stream: &Stream) -> bool {
    // Customers may have what they owe beside them.
    keyed(kind) == stream.kind
}

fn keyed(kind: Kind) -> Keyed {
    match kind {
        Kind::Products => Keyed::Product,
        Kind::Customers => Keyed::Customer,
        Kind::Balances => Keyed::Balance,
        Kind::Invoices => Keyed::Invoice,
        Kind::Orders => Keyed::Order,
        Kind::Tickets => Keyed::Ticket,
    }
}

fn refusal(
    Rejected {
        file,
        line,
        reason,
        key,
        ..
    }: Rejected,
) -> Refused {
    Refused {
        key,
        reason: Saying::of("import.row")
            .with("file", file.display())
            .with("line", line)
            .with_said("why", reason.saying()),
    }
}

fn refused(said: Saying) -> PullError {
    PullError::Refused { said }
}

fn of_file(error: &SourceError) -> PullError {
    match error {
        SourceError::Io { path, error } => of_io(path, error),
        other => refused(other.saying()),
    }
}

/// A share that is away or a file that another program holds comes back; a file that is gone does not.
fn of_io(path: &Path, error: &io::Error) -> PullError {
    let said = io_saying(path, error).and(Saying::of("import.data_stays"));
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => refused(said),
        _ => PullError::Later { said, after: None },
    }
}
