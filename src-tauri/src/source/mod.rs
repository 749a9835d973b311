//! Where customer data comes from: files read into typed records, and what could not be read.
//!
//! `lines` turns a file's bytes into text, `table` into rows, `mapping` guesses what each column means, `sheet` puts
//! them together and `rows` makes records. It knows neither SQL nor the cache: what it yields, `directory` stores.

mod cells;
mod date;
pub mod demo;
mod error;
mod lines;
mod mapping;
mod money;
mod people;
pub mod pull;
pub mod record;
mod rejects;
mod rows;
mod sheet;
mod synonyms;
mod table;

pub use error::{Reason, Rejected, SourceError};
pub use mapping::{Column, Field, Kind, Mapping, UnknownField};
pub use money::home_currency;
pub use people::phones_of;
pub use rejects::Rejects;
pub use rows::{Read, Rows};
pub use sheet::{Settings, Sheet};
