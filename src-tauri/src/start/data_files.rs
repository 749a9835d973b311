//! Files of customer data at the first start: where they may lie, what their columns mean, and reading them in.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::schedule::Schedule;
use super::settings::Settings;
use super::sources::{Follower, Wish};
use crate::config::{Config, ConfigError, load};
use crate::directory::DirectoryError;
use crate::pop::said_view;
use crate::pop::view::{ColumnView, DataFileView, FilePreviewView, ImportedView, RefusedView, TableView};
use crate::source::files::files_in;
use crate::source::pull::Refused;
use crate::source::sync::Progress;
use crate::source::{Field, Looked, Settings as Reading, Sheet, SourceError};
use crate::words::Saying;

/// Most files that are offered.
const MOST_FILES: usize = 12;
/// Rows that are looked at for examples, and examples of a column.
const ROWS: usize = 12;
const EXAMPLES: usize = 3;
/// Rows that could not be used, as far as they are shown.
const REFUSED: usize = 5;

/// Why a file cannot be read in.
#[derive(Debug, thiserror::Error)]
pub enum NoImport {
    /// The file.
    #[error("{}", .0.saying())]
    File(#[from] SourceError),
    /// The settings.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// They name no such source.
    #[error("{}", Saying::of("import.no_source").with("name", .0))]
    NoSource(String),
    /// No field of that name.
    #[error("{}", Saying::of("import.no_field").with("name", .0))]
    NoField(String),
    /// The cache.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// No file and no folder.
    #[error("{}", Saying::of("import.no_path"))]
    NoPath,
    /// A folder without tables.
    #[error("{}", Saying::of("import.no_tables").with("path", .0.display()))]
    NoTables(PathBuf),
}

impl NoImport {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NoImport::File(error) => error.saying(),
            NoImport::Settings(error) => error.saying(),
            NoImport::NoSource(name) => Saying::of("import.no_source").with("name", name),
            NoImport::NoField(name) => Saying::of("import.no_field").with("name", name),
            NoImport::Directory(error) => error.saying(),
            NoImport::NoPath => Saying::of("import.no_path"),
            NoImport::NoTables(path) => Saying::of("import.no_tables").with("path", path.display()),
        }
    }
}

impl Settings {
    /// Tables and address books in the folders where people keep them, the newest first.
    #[must_use]
    pub fn data_files(&self) -> Vec<DataFileView> {
        let Some(user) = directories::UserDirs::new() else {
            return Vec::new();
        };
        let folders = [user.download_dir(), user.document_dir(), user.desktop_dir()];
        let files = folders
            .into_iter()
            .flatten()
            .flat_map(|folder| files_in(folder).unwrap_or_default());
        let mut files: Vec<DataFileView> = files.filter_map(|path| data_file(&path)).collect();
        files.sort_by(|a, b| b.changed.cmp(&a.changed).then_with(|| a.path.cmp(&b.path)));
        files.truncate(MOST_FILES);
        files
    }

    /// What the columns of a file, or of the files of a folder, mean; `maps` says it of some, by field, and those of `leave_out`
    /// are not read.
    ///
    /// # Errors
    /// When it cannot be read, or nothing says what is in it.
    pub fn preview_file(
        &self,
        path: &str,
        maps: &[(String, String)],
        leave_out: &[String],
        now: DateTime<Utc>,
    ) -> Result<FilePreviewView, NoImport> {
        if path.trim().is_empty() {
            return Err(NoImport::NoPath);
        }
        let config = load(self.home())?;
        let maps = maps.iter().map(|(field, column)| -> Result<(Field, String), NoImport> {
            let known = field.parse::<Field>().map_err(|_| NoImport::NoField(field.clone()))?;
            Ok((known, column.clone()))
        });
        let reading = Reading {
            region: config.region(),
            area: config.home_area.clone(),
            currency: config.currency(),
            maps: maps.collect::<Result<_, NoImport>>()?,
            leave_out: leave_out.to_vec(),
            at: now,
        };
        let path = self.home().folder().join(path.trim());
        let looked = look_at(&path, &reading)?;
        // What lacks a column ends an import; what nobody can tell is left out where there is more.
        let meant = |one: &&Looked| matches!(one.lacks, Some(SourceError::Missing { .. }));
        let ready = looked.iter().any(|one| one.lacks.is_none()) && !looked.iter().any(|one| meant(&one));
        let fields = Field::ALL.iter().map(|field| field.name().to_owned());
        Ok(FilePreviewView {
            tables: looked.iter().map(table).collect::<Result<_, SourceError>>()?,
            fields: fields.collect(),
            ready,
        })
    }

    /// Reads the source `name` of the settings as they are in the file now, once and whole. Its columns mean what the preview of
    /// these settings shows, and not what they were found to mean before.
    ///
    /// # Errors
    /// When there is no such source, or the cache cannot be written.
    pub fn import_source(&self, name: &str, schedule: &Schedule) -> Result<ImportedView, NoImport> {
        let config: Config = load(self.home())?;
        let sources = schedule.sources().of(&config);
        let source = sources.all().iter().find(|source| source.name == name);
        let source = source.ok_or_else(|| NoImport::NoSource(name.to_owned()))?;
        sources.judge_anew(source)?;
        let wish = Wish {
            whole: true,
            ..Wish::default()
        };
        let report = sources.run(source, wish, &mut Patient)?;
        let examples = report.refused.iter().take(REFUSED);
        let tally = report.tally;
        Ok(ImportedView {
            records: tally.added + tally.changed + tally.unchanged,
            refused: tally.refused,
            examples: examples.map(refused_view).collect(),
            trouble: report
                .failed
                .map_or_else(Vec::new, |failed| said_view(&failed.saying())),
        })
    }
}

/// Waits as long as it takes.
struct Patient;

impl Follower for Patient {
    fn progress(&mut self, _: &Progress) {}

    fn wait(&mut self, time: Duration) -> bool {
        std::thread::sleep(time);
        true
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

fn data_file(path: &Path) -> Option<DataFileView> {
    let changed = path.metadata().and_then(|about| about.modified()).ok()?;
    Some(DataFileView {
        path: path.display().to_string(),
        name: path.file_name()?.to_string_lossy().into_owned(),
        changed: changed.into(),
    })
}

/// The tables of a file, or of the files of a folder, where those that are empty say nothing.
fn look_at(path: &Path, reading: &Reading) -> Result<Vec<Looked>, NoImport> {
    if !path.is_dir() {
        return Ok(Sheet::look_at(path, reading, &[])?);
    }
    let mut looked = Vec::new();
    for file in files_in(path).unwrap_or_default() {
        match Sheet::look_at(&file, reading, &[]) {
            Ok(tables) => looked.extend(tables),
            Err(SourceError::Empty { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if looked.is_empty() {
        return Err(NoImport::NoTables(path.to_owned()));
    }
    Ok(looked)
}

fn refused_view(refused: &Refused) -> RefusedView {
    RefusedView {
        key: refused.key.clone(),
        said: said_view(&refused.reason),
    }
}

fn table(Looked { sheet, lacks }: &Looked) -> Result<TableView, SourceError> {
    let rows = sheet.first_rows(ROWS)?;
    let column = |(at, column): (usize, &crate::source::Column)| ColumnView {
        header: column.header.clone(),
        field: column.field.map(|field| field.name().to_owned()),
        examples: examples(&rows, at),
    };
    let file = sheet.path().file_name().map(|name| name.to_string_lossy().into_owned());
    let name = [file.unwrap_or_default(), sheet.name().to_owned()];
    Ok(TableView {
        name: name
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        holds: sheet.kind().to_string(),
        written: said_view(&sheet.written()),
        columns: sheet.mapping().columns.iter().enumerate().map(column).collect(),
        remarks: sheet.remarks().iter().map(said_view).collect(),
        lacks: lacks.as_ref().map_or_else(Vec::new, |error| said_view(&error.saying())),
    })
}

fn examples(rows: &[Vec<String>], column: usize) -> Vec<String> {
    let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.trim());
    cells
        .filter(|cell| !cell.is_empty())
        .take(EXAMPLES)
        .map(str::to_owned)
        .collect()
}
