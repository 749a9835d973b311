//! The settings as a page shows them and changes them: each key with what may stand there, what stands there, and where
//! the file is wrong.
//!
//! One description ([`known`]) serves every key, so that a page knows none by name. It decides nothing of a value: what a
//! change leads to is read as the file is, and is written only when that succeeds.

mod change;
mod known;
mod look;
mod path;
mod place;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::words::SentenceView;

pub use change::{Change, Refused, change, preview};
pub use known::{Group, Input, Key, known};
pub use look::look;

/// All settings. A change names the revision that it was made on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Sheet {
    /// Where the file is.
    pub file: String,
    /// The text of the file in short; another one when anybody wrote it.
    pub revision: String,
    /// Every group, in the order of the page.
    pub groups: Vec<FilledGroup>,
    /// What is wrong in the file as it stands.
    pub wrong: Option<Wrong>,
    /// The file says something that counts only after a restart.
    pub restart: bool,
    /// Nothing was ever set: there is no file.
    pub absent: bool,
}

/// What is wrong, and at which setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Wrong {
    /// The address of the setting, such as `feed.0.port`; empty where it is of none.
    pub at: String,
    /// What is wrong and what would be right.
    pub said: Vec<SentenceView>,
    /// The line of the file, from 1; 0 where it is of none.
    pub line: u32,
}

/// A table, or a list of tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FilledGroup {
    /// Its name in the file; empty for what stands before the first table.
    pub name: String,
    /// There may be several.
    pub many: bool,
    /// What an entry may have, kind by kind; one without a kind where there are no kinds.
    pub kinds: Vec<Blank>,
    /// What stands in the file; one entry where there is no list.
    pub entries: Vec<Entry>,
}

/// What an entry of one kind may have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Blank {
    /// The kind, as `kind = …` has it.
    pub kind: Option<String>,
    /// Its keys.
    pub keys: Vec<Key>,
    /// Tables below it.
    pub groups: Vec<FilledGroup>,
}

/// One table that stands in the file, or could.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Entry {
    /// Its address, such as `feed.0`.
    pub at: String,
    /// Its kind.
    pub kind: Option<String>,
    /// What stands there, by key; what is not written is not here.
    pub values: Vec<(String, Value)>,
    /// Tables below it.
    pub groups: Vec<FilledGroup>,
}

/// What stands behind a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text; for what is written as TOML that too.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// Names with what they stand for.
    Pairs(Vec<(String, String)>),
}

/// What a change came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Changed {
    /// What is wrong with it; nothing was written then.
    pub wrong: Option<Wrong>,
    /// The settings as they are now.
    pub sheet: Sheet,
}
