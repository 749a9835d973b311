//! Follows the cache when its file is deleted and made anew while it is open.
//!
//! What was open goes on to answer from the deleted file, until the new one holds a whole import. Where a file that is
//! open cannot be deleted (Windows), there is nothing to follow.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use zeroize::Zeroizing;

use super::schema;

/// Which file stands under a name.
type Identity = (u64, u64);

/// The file that answers, and the one that may come after it.
pub(super) struct Follow {
    path: PathBuf,
    key: Zeroizing<schema::RawKey>,
    answering: Option<Identity>,
    next: Option<(Identity, Connection)>,
}

impl Follow {
    /// The file at `path` is open.
    pub(super) fn new(path: &Path, key: &schema::RawKey) -> Self {
        Follow {
            path: path.to_owned(),
            key: Zeroizing::new(*key),
            answering: identity(path),
            next: None,
        }
    }

    /// A connection to another file under the name, once that is whole. What is wrong with it meanwhile is the business
    /// of whoever makes it.
    pub(super) fn changed(&mut self, cache_kib: u32) -> Option<Connection> {
        let now = identity(&self.path)?;
        if self.answering == Some(now) {
            return None;
        }
        let known = self.next.take().filter(|(identity, _)| *identity == now);
        let next = known.or_else(|| Some((now, schema::peek(&self.path, &self.key).ok()?)))?;
        if !schema::is_whole(&next.1) || schema::tune(&next.1, cache_kib).is_err() {
            self.next = Some(next);
            return None;
        }
        self.answering = Some(now);
        Some(next.1)
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let file = std::fs::metadata(path).ok()?;
    Some((file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(_path: &Path) -> Option<Identity> {
    None
}
