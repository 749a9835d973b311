//! Whether a file rests, or somebody is still writing it.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Whether a file has not changed for so long. A time that is ahead of the clock counts as long ago: a server's clock.
pub(super) fn is_settled(path: &Path, settles: Duration) -> io::Result<bool> {
    let changed = std::fs::metadata(path)?.modified()?;
    let rested = SystemTime::now().duration_since(changed);
    Ok(rested.map_or(true, |rested| rested >= settles))
}
