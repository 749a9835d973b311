//! Where a file goes that somebody asked for.

use std::path::{Path, PathBuf};

/// A file of this name among the downloads, or else beside `store`.
pub(super) fn among_downloads(store: &Path, name: &str) -> PathBuf {
    let user = directories::UserDirs::new();
    let downloads = user
        .as_ref()
        .and_then(|user| user.download_dir())
        .filter(|folder| folder.is_dir());
    downloads.or(store.parent()).unwrap_or(Path::new(".")).join(name)
}
