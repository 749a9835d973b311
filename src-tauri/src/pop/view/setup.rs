//! What the first start shows: what a phone system says, what a file holds, and where files may lie.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SentenceView;

/// What was heard of a phone system that is tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeardView {
    /// It is connected and logged in.
    pub up: bool,
    /// It refuses, and somebody has to change something.
    pub refused: bool,
    /// What it said, or why there is no connection; empty when there is nothing to say.
    pub said: Vec<SentenceView>,
    /// How long it took to be connected, in milliseconds.
    #[ts(type = "number | null")]
    pub after_ms: Option<u64>,
    /// The phones that rang or talked, the latest first.
    pub lines: Vec<String>,
    /// How many calls were heard of.
    pub calls: u32,
    /// When it was heard last.
    #[ts(type = "string | null")]
    pub at: Option<DateTime<Utc>>,
}

/// A file that may hold customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DataFileView {
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// When it was changed.
    #[ts(type = "string")]
    pub changed: DateTime<Utc>,
}

/// A table, as it would be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TableView {
    /// The file's name, and the sheet's where it has several.
    pub name: String,
    /// What it holds, for example `customers`.
    pub holds: String,
    /// How it is written.
    pub written: Vec<SentenceView>,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// What the importer remarks, one saying each.
    pub remarks: Vec<Vec<SentenceView>>,
    /// Why it cannot be read as it is; empty when it can.
    pub lacks: Vec<SentenceView>,
}

/// A column, as it would be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnView {
    /// What stands above it.
    pub header: String,
    /// What it means, by the name that settings use; absent when it is left out.
    pub field: Option<String>,
    /// The first cells that say something.
    pub examples: Vec<String>,
}

/// What a file would give, before anything is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FilePreviewView {
    /// Its tables.
    pub tables: Vec<TableView>,
    /// What a column can mean, by name.
    pub fields: Vec<String>,
    /// It can be read in: at least one table can, and none is left out that was meant.
    pub ready: bool,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportedView {
    /// Records that were taken in or changed.
    #[ts(type = "number")]
    pub records: u64,
    /// Rows that could not be used.
    #[ts(type = "number")]
    pub refused: u64,
    /// The first few of them.
    pub examples: Vec<RefusedView>,
    /// Why it did not come to its end; empty when it did.
    pub trouble: Vec<SentenceView>,
}

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RefusedView {
    /// The key of its record; empty when that cannot be told.
    pub key: String,
    /// Where it stands and why it could not be used.
    pub said: Vec<SentenceView>,
}

/// What a pretend call does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PretendStep {
    /// It rings at my phone.
    Ring,
    /// It is answered.
    Answer,
    /// It ends.
    HangUp,
}
