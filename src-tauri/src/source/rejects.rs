//! The report of rows that could not be used: a CSV beside the user's work, made when the first row fails.
//!
//! It does not judge rows.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::Rejected;

/// A report that is being written.
#[derive(Debug)]
pub struct Rejects {
    path: PathBuf,
    writer: Option<csv::Writer<File>>,
    count: u64,
}

impl Rejects {
    /// A report in `folder`, named by the time of the import: `import-rejected-20261122T101500Z.csv`.
    #[must_use]
    pub fn new(folder: &Path, at: DateTime<Utc>) -> Self {
        let name = format!("import-rejected-{}.csv", at.format("%Y%m%dT%H%M%SZ"));
        Rejects {
            path: folder.join(name),
            writer: None,
            count: 0,
        }
    }

    /// Writes a row down.
    ///
    /// # Errors
    /// When the report cannot be written; the import need not stop for that.
    pub fn note(&mut self, rejected: &Rejected) -> io::Result<()> {
        self.count += 1;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                // A report of the same second is another import's: both are kept.
                let file = OpenOptions::new().create(true).append(true).open(&self.path)?;
                let writer = self.writer.insert(csv::Writer::from_writer(file));
                writer.write_record(["file", "line", "reason", "row"])?;
                writer
            }
        };
        let line = rejected.line.to_string();
        let (file, reason) = (rejected.file.display().to_string(), rejected.reason.to_string());
        // A row may hold a formula: behind an apostrophe a spreadsheet shows it and does not run it.
        let inert = |text: &str| {
            if text.starts_with(['=', '+', '-', '@']) {
                format!("'{text}")
            } else {
                text.to_owned()
            }
        };
        writer.write_record([&inert(&file), &line, &reason, &inert(&rejected.raw)])?;
        Ok(())
    }

    /// Closes the report: how many rows it has and where it is, `None` when every row was used.
    ///
    /// # Errors
    /// When the last rows cannot be written.
    pub fn finish(mut self) -> io::Result<Option<(u64, PathBuf)>> {
        if let Some(writer) = &mut self.writer {
            writer.flush()?;
        }
        Ok((self.count > 0).then_some((self.count, self.path)))
    }

    /// How many rows could not be used so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}
