//! Databases of one's own: a query for each kind of record, in one TOML file.
//!
//! `file` is that file, `guard` sees that a query only reads, `database` sends it where nothing can be written, and
//! `pulled` makes records of the rows. It knows no table: what is asked is what the file says.

mod database;
mod file;
mod guard;
mod pulled;
mod trial;

pub use file::{Connection, DatabaseKind, Query, SqlFile, Tls, parse};
pub use pulled::SqlSource;
pub use trial::trial;
