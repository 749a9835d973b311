//! Where customer data comes from: files read into typed records, and what could not be read.
//!
//! `lines` turns a file's bytes into text and `table` into rows, `book` and `vcard` read other files into a `grid` of
//! rows, `mapping` guesses what each column means, `sheet` puts them together, `remarks` says what was guessed and `rows` makes records. `pull` says what
//! every source is, `files` is one, and `sync` runs one into the cache. It knows no SQL: what it yields, `directory`
//! stores.

mod book;
mod cells;
mod date;
pub mod demo;
mod error;
pub mod files;
mod grid;
mod lines;
mod look;
mod mapping;
mod money;
mod people;
pub mod pull;
pub mod record;
mod rejects;
mod remarks;
pub mod rest;
mod rows;
mod shape;
mod sheet;
pub mod sql;
pub mod sync;
mod synonyms;
mod table;
pub mod trial;
mod vcard;

pub(crate) use error::io_saying;
pub use error::{Reason, Rejected, SourceError};
pub use mapping::{Column, Field, Kind, Mapping, UnknownField};
pub use money::home_currency;
pub use people::phones_of;
pub use rejects::Rejects;
pub use rows::{Read, Rows};
pub use sheet::{Known, Looked, Settings, Sheet};
