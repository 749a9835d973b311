//! What the log and the reports cost over a million calls, beside bare SQL on the same file. What that
//! costs where nothing is encrypted stands in the notes.
//!
//! `cargo bench --bench calls`; a tenth of the calls with `RINGSIDE_BENCH_QUICK=1` or `-- --quick`. The journal is made anew each time,
//! with the real tables and as shipped, encrypted. CPU times are those of the thread, so that a busy machine disturbs them little.

#[path = "../figures.rs"]
mod figures;
mod filters;
mod floor;
mod reports;
mod shop;

use std::path::{Path, PathBuf};

use cpu_time::ThreadTime;
use ringside::config::Home;
use ringside::journal::Journal;
use ringside::store;
use ringside::vault::{self, Unlocked, Ways};
use rusqlite::Connection;
use zeroize::Zeroizing;

use figures::Result;
use shop::Shop;

/// The journal as shipped, and the same in a plain file.
struct Ground {
    _folder: tempfile::TempDir,
    unlocked: Unlocked,
    plain: PathBuf,
    shop: Shop,
}

impl Ground {
    fn new(quick: bool) -> Result<Self> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let home = Home::find(Some(folder.path()))?;
        home.create()?;
        let ways = Ways {
            passphrase: Some(Zeroizing::new("a passphrase for benches alone".to_owned())),
            keyring: None,
        };
        let unlocked = vault::unlock(&home, &ways)?;
        let shop = Shop::new(if quick { 100_000 } else { 1_000_000 });
        shop.fill(&unlocked)?;
        let plain = folder.path().join("plain.db");
        copy_plain(&unlocked, &plain)?;
        Ok(Ground {
            _folder: folder,
            unlocked,
            plain,
            shop,
        })
    }

    /// The journal as Ringside reads it.
    fn journal(&self) -> Result<Journal> {
        Ok(Journal::open(&self.unlocked.journal_db(), &self.unlocked.key)?.roomy()?)
    }

    /// What bare SQL is given to: the same file, with the same memory.
    fn bare(&self) -> Result<Connection> {
        let conn = store::open_database(&self.unlocked.journal_db(), &self.unlocked.key)?;
        conn.execute_batch(MEMORY)?;
        Ok(conn)
    }

    /// The same tables in a file that is not encrypted.
    fn plain(&self) -> Result<Connection> {
        let conn = Connection::open(&self.plain)?;
        conn.execute_batch(MEMORY)?;
        Ok(conn)
    }
}

const MEMORY: &str = "PRAGMA cache_size = -65536";

fn copy_plain(unlocked: &Unlocked, plain: &Path) -> Result<()> {
    let journal = store::open_database(&unlocked.journal_db(), &unlocked.key)?;
    journal.execute("ATTACH ?1 AS plain KEY ''", [plain.to_string_lossy()])?;
    journal.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))?;
    Ok(())
}

/// Milliseconds of CPU that `work` takes, and what it gives.
fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let clock = ThreadTime::now();
    let done = work()?;
    Ok((clock.elapsed().as_secs_f64() * 1e3, done))
}

/// The value that so many in a hundred are at or below.
fn at(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() - 1) * percent / 100]
}

fn main() -> Result<()> {
    let ground = Ground::new(figures::quick())?;
    let mut figures = filters::figures(&ground)?;
    figures.extend(reports::figures(&ground)?);
    figures::publish(&figures)
}
