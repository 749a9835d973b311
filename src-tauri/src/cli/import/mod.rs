//! `ringside import`: customers, products, orders and balances from files into the cache.
//!
//! All files of one import become visible together, or none does. What it guesses it prints; it never asks.

mod print;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::customer::Currency;
use crate::directory::{Directory, DirectoryError, Import, Outcome};
use crate::number::{self, Region};
use crate::source::demo;
use crate::source::files::files_in;
use crate::source::record::Record;
use crate::source::{Field, Reason, Rejected, Rejects, Settings, Sheet, SourceError};

/// Reads customers, products, orders, balances, open invoices and tickets from CSV files, workbooks and address books.
///
/// What each column means is guessed from its name and contents, and printed. Records are added or changed by their
/// key, an order is replaced as a whole, and nothing is removed because a file lacks it: files may come one by one.
/// Importing the same files again changes nothing. Rows that cannot be used are written to a report in the current
/// folder; the import goes on without them. A row counts only when all files were read: until then, and if
/// the import is interrupted, the old data stays.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// Files (.csv, .tsv or .txt, each also packed as .gz; .xlsx, .xlsm, .ods, .vcf) and folders of such files
    #[arg(required = true, value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
    /// Say what a column means, for example phone=Telefon; repeatable. phone=- says that there are no numbers
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = field_and_column)]
    maps: Vec<(Field, String)>,
    /// Leave a column out, whatever it would be taken for; repeatable
    #[arg(long, value_name = "COLUMN")]
    leave_out: Vec<String>,
    /// Name of the source that the records belong to: keys are told apart by it
    #[arg(long, default_value = "files", value_name = "NAME")]
    source: String,
    /// Country of numbers without a country code, where the customer has no country; else that of the configuration
    #[arg(long, value_name = "CC")]
    region: Option<Region>,
    /// Currency of amounts without one, an ISO 4217 code; else that of the configuration
    #[arg(long, value_name = "CUR", value_parser = currency)]
    currency: Option<Currency>,
    /// Say what each column means, with the first rows under it, and import nothing
    #[arg(long)]
    preview: bool,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
}

impl ImportArgs {
    /// Whether nothing is to be imported.
    pub(super) fn is_preview(&self) -> bool {
        self.preview
    }
}

/// What holds where neither the files nor the arguments say anything.
#[derive(Clone, Debug)]
pub struct Home {
    /// The home region and its area code.
    pub place: number::Home,
    /// The home currency.
    pub currency: Currency,
}

/// Why an import failed. The cache is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be used.
    #[error("{0}")]
    Source(#[from] SourceError),
    /// A path cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Path {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// No file of a kind that is read.
    #[error("no table in {}: .csv, .tsv, .txt (each also packed as .gz), .xlsx, .xlsm, .ods or .vcf", .0.display())]
    NoFiles(PathBuf),
    /// An option names a column that no file has.
    #[error("{0}: no file has a column `{1}`. Columns: {columns}", columns = .2.join(", "))]
    NoSuchColumn(String, String, Vec<String>),
    /// No row could be used.
    #[error("nothing was imported: none of its rows ({rows}) could be used{}", .report.as_ref().map(|path| format!(". Each row and why: {}", path.display())).unwrap_or_default())]
    NothingUsable {
        /// How many rows there were.
        rows: u64,
        /// Where the report is.
        report: Option<PathBuf>,
    },
    /// The cache refused.
    #[error("the import was given up: {0}")]
    Directory(#[from] DirectoryError),
    /// The report of rows, or the result, cannot be written.
    #[error("cannot write {what}: {error}")]
    Write {
        /// What.
        what: &'static str,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

/// What became of one file.
struct Done {
    sheet: Sheet,
    used: u64,
    rejected: u64,
}

/// How the numbers of the customers read.
#[derive(Default)]
struct Numbers {
    read: u64,
    unreadable: u64,
}

/// Runs the command: the report of rows goes to `folder`, the result to `out`.
///
/// # Errors
/// When nothing was imported; the cache is then as it was.
pub fn run(
    args: &ImportArgs,
    directory: &Directory,
    home: Home,
    folder: &Path,
    at: DateTime<Utc>,
    out: &mut dyn Write,
) -> Result<(), ImportError> {
    let region = args.region.or(home.place.region);
    let currency = args
        .currency
        .or_else(|| args.region.and_then(crate::source::home_currency))
        .unwrap_or(home.currency);
    // an area code is of the home region alone
    let area = if region == home.place.region {
        home.place.area
    } else {
        String::new()
    };
    let settings = Settings {
        region,
        area,
        currency,
        maps: args.maps.clone(),
        leave_out: args.leave_out.clone(),
        at,
    };
    let sheets = inspect(args, &settings)?;
    let write = |what| move |error| ImportError::Write { what, error };
    if args.preview {
        let print = if args.json { print::preview_json } else { print::preview };
        return print(&sheets, out)?.map_err(write("the preview"));
    }
    if !args.json {
        sheets
            .iter()
            .try_for_each(|sheet| print::mapping(sheet, out))
            .map_err(write("the mapping"))?;
    }
    let bar = progress(&sheets);
    let mut import = directory.begin_import(&args.source, at)?;
    let mut rejects = Rejects::new(folder, at);
    let mut numbers = Numbers::default();
    let mut files = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        files.push(read(sheet, &mut import, &mut rejects, &mut numbers, &bar)?);
    }
    bar.set_message("writing");
    let rows = rejects.count() + files.iter().map(|file| file.used).sum::<u64>();
    let report = rejects.finish().map_err(write("the report of rows"))?;
    if files.iter().all(|file| file.used == 0) {
        return Err(ImportError::NothingUsable {
            rows,
            report: report.map(|(_, path)| path),
        });
    }
    if args.source != demo::NAME && import.forget(demo::NAME)? {
        bar.suspend(|| eprintln!("The made-up shop of the first start was taken out of the cache."));
    }
    let counts = import.finish()?;
    bar.finish_and_clear();
    let print = if args.json { print::json } else { print::summary };
    print(&files, &counts, &numbers, report.as_ref(), out).map_err(write("the result"))
}

/// Looks through every file before anything is written, in the order in which they are read.
fn inspect(args: &ImportArgs, settings: &Settings) -> Result<Vec<Sheet>, ImportError> {
    let mut sheets = Vec::new();
    let mut columns = Vec::new();
    for path in &args.paths {
        if !path.is_dir() {
            sheets.extend(Sheet::inspect_all(path, settings, &[])?);
            continue;
        }
        let files = files_in(path).map_err(|error| ImportError::Path {
            path: path.clone(),
            error,
        })?;
        if files.is_empty() {
            return Err(ImportError::NoFiles(path.clone()));
        }
        for file in files {
            match Sheet::inspect_all(&file, settings, &[]) {
                Ok(found) => sheets.extend(found),
                // A folder may hold tables that are none of ours.
                Err(SourceError::Unclear { .. }) if args.paths.len() == 1 => {
                    let _ = writeln!(
                        io::stderr(),
                        "{} is left out: nothing says what is in it",
                        file.display()
                    );
                }
                Err(error) => return Err(error.into()),
            }
        }
        if sheets.is_empty() {
            return Err(ImportError::NoFiles(path.clone()));
        }
    }
    columns.extend(
        sheets
            .iter()
            .flat_map(|sheet| &sheet.mapping().columns)
            .map(|column| column.header.clone()),
    );
    let maps = args.maps.iter().filter(|(_, name)| name != "-");
    let mut named = maps
        .map(|(field, name)| (format!("--map {field}={name}"), name))
        .chain(args.leave_out.iter().map(|name| (format!("--leave-out {name}"), name)));
    if let Some((option, name)) = named.find(|(_, name)| !sheets.iter().any(|sheet| sheet.has_column(name))) {
        return Err(ImportError::NoSuchColumn(option, name.clone(), columns));
    }
    sheets.sort_by_key(|sheet| (sheet.kind(), sheet.path().to_owned()));
    Ok(sheets)
}

/// Reads one file into the import.
fn read(
    sheet: Sheet,
    import: &mut Import,
    rejects: &mut Rejects,
    numbers: &mut Numbers,
    bar: &ProgressBar,
) -> Result<Done, ImportError> {
    let (mut used, mut rejected, start) = (0, 0, bar.position());
    bar.set_message(sheet.kind().to_string());
    let mut rows = sheet.rows()?;
    while let Some(row) = rows.read()? {
        bar.set_position(start + rows.position());
        let refused = match row {
            Ok(row) => {
                numbers.count(&row.record);
                let outcome = import.record(&row.record)?;
                let unknown = matches!(outcome, Outcome::UnknownCustomer).then(|| row.record.customer());
                unknown.map(|customer| Rejected {
                    file: sheet.path().to_owned(),
                    line: row.line,
                    reason: Reason::UnknownCustomer(customer.to_owned()),
                    key: String::new(),
                    raw: row.raw.clone(),
                })
            }
            Err(row) => Some(row),
        };
        match refused {
            None => used += 1,
            Some(row) => {
                rejected += 1;
                rejects.note(&row).map_err(|error| ImportError::Write {
                    what: "the report of rows",
                    error,
                })?;
            }
        }
    }
    bar.set_position(start + sheet.size());
    drop(rows);
    Ok(Done { sheet, used, rejected })
}

impl Numbers {
    fn count(&mut self, record: &Record) {
        let Record::Customer(row) = record else { return };
        let unreadable = row.phones.iter().filter(|phone| phone.key.is_none()).count() as u64;
        self.unreadable += unreadable;
        self.read += row.phones.len() as u64 - unreadable;
    }
}

/// By bytes of all files; hidden where standard error is no terminal.
fn progress(sheets: &[Sheet]) -> ProgressBar {
    let bar = ProgressBar::new(sheets.iter().map(Sheet::size).sum());
    let style = ProgressStyle::with_template("{msg:10} {bar:30} {bytes}/{total_bytes} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn field_and_column(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text
        .split_once('=')
        .ok_or("say FIELD=COLUMN, for example phone=Telefon")?;
    let field = field.parse::<Field>().map_err(|error| error.to_string())?;
    match column.trim() {
        "" => Err(format!("name the column: {field}=COLUMN")),
        column => Ok((field, column.to_owned())),
    }
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::try_from(text.to_owned())
}
