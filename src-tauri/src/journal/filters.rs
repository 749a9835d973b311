//! Filters of lists that somebody gave a name. What a filter says is known by the list alone.

use rusqlite::params;

use super::{Journal, JournalError};

/// A filter with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFilter {
    /// Its name within the list.
    pub name: String,
    /// What it says.
    pub filter: String,
}

impl Journal {
    /// The filters of a list, by name.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn filters(&self, page: &str) -> Result<Vec<SavedFilter>, JournalError> {
        self.conn
            .prepare_cached("SELECT name, filter FROM saved_filters WHERE page = ?1 ORDER BY name")
            .and_then(|mut select| {
                let filter = |row: &rusqlite::Row<'_>| {
                    Ok(SavedFilter {
                        name: row.get(0)?,
                        filter: row.get(1)?,
                    })
                };
                select.query_map([page], filter)?.collect()
            })
            .map_err(JournalError::NotRead)
    }

    /// Keeps a filter under a name, in place of another of that name; without `filter` the name goes. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn keep_filter(&mut self, page: &str, name: &str, filter: Option<&str>) -> Result<(), JournalError> {
        let done = match filter {
            Some(filter) => self.conn.execute(
                "INSERT OR REPLACE INTO saved_filters VALUES (?1, ?2, ?3)",
                params![page, name, filter],
            ),
            None => self
                .conn
                .execute("DELETE FROM saved_filters WHERE page = ?1 AND name = ?2", [page, name]),
        };
        done.map(drop).map_err(JournalError::NotWritten)
    }
}
