//! The customer cache: copies of what the sources know, laid out for the moment a phone rings.
//!
//! `cache.db` may be deleted at any time and is filled again by an import. One of the rooms that know
//! SQL. It does not know calls, files or who is allowed to see what, and it decides nothing about a number:
//! it says who holds it.

mod accounts;
mod advice;
mod catalogue;
mod counts;
mod erase;
mod error;
mod everyone;
mod fingerprint;
mod follow;
mod forget;
mod goods;
mod health;
mod import;
mod index;
mod intake;
mod invoices;
mod linked;
mod order_tables;
mod orders;
mod person;
mod persons;
mod phones;
mod products;
mod reach;
mod reading;
mod related;
mod removal;
mod schema;
mod search;
mod sorter;
mod sums;
mod sync;
mod typos;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::advisor::ProductId;
use crate::customer::{Balance, Customer, Money, PurchaseLine};

pub use crate::matching::Holder;
pub use advice::{Offered, Snapshot};
pub use counts::{Counts, Outcome, Tally};
pub use erase::{WhoIsLeftOut, nobody_is_left_out};
pub use error::DirectoryError;
pub use health::{Finding, MANY, NumberCheck, NumberCounts, Stored};
pub use import::Import;
pub use persons::Hand;
pub use reach::Reach;
pub use reading::Reading;
pub use schema::Opened;
pub use search::{Hit, Matched};
pub use sync::{Ended, Held, Kept, Run, RunTally, Sync, Taken};
pub use words::fits;

/// Page cache of the connection that answers while phones ring: decrypting a page costs 15 µs.
const READER_CACHE_KIB: u32 = 64 * 1024;

/// Page cache of an import, so that a page is encrypted once and not at every change.
const WRITER_CACHE_KIB: u32 = 128 * 1024;

/// Everything the panel shows of one customer, as the sources gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    /// Who.
    pub customer: Customer,
    /// What they owe at the moment that was asked for, one for each currency.
    pub balances: Vec<Balance>,
    /// The source of each balance.
    pub balance_sources: Vec<String>,
    /// What other sources say that they owe in these currencies, where that is not the same; and which source.
    pub other_balances: Vec<(Balance, String)>,
    /// What every order came to, the newest first; an order in two currencies stands there twice, in a row.
    pub orders: Vec<OrderTotal>,
    /// When the source last gave orders.
    pub orders_seen: Option<DateTime<Utc>>,
    /// The last ten lines, the newest first.
    pub lines: Vec<PurchaseLine>,
    /// Every product they ever bought, the latest first. Returns do not count.
    pub bought: Vec<Bought>,
    /// Open tickets, the newest first.
    pub tickets: Vec<Ticket>,
    /// Whether they want no advertising; `None` where their source does not say.
    pub no_advertising: Option<bool>,
    /// Every record of them, the one that is believed first, where several sources have one; else empty.
    pub records: Vec<Customer>,
}

/// What an order came to in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTotal {
    /// When its last line was bought.
    pub at: DateTime<Utc>,
    /// Order number.
    pub number: String,
    /// The sum of its lines in this currency.
    pub amount: Money,
}

/// A product somebody bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// Which.
    pub product: ProductId,
    /// When last.
    pub last: DateTime<Utc>,
}

/// An open ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The source's number.
    pub number: String,
    /// What it is about.
    pub subject: String,
    /// When it was opened.
    pub at: DateTime<Utc>,
    /// The source that has it.
    pub source: String,
    /// When the source last gave it.
    pub seen: DateTime<Utc>,
}

/// Where a cache is, and its key.
#[derive(Clone)]
pub struct Place {
    path: PathBuf,
    key: Zeroizing<schema::RawKey>,
    left_out: WhoIsLeftOut,
}

/// The cache, open for reading.
pub struct Directory {
    connection: Connection,
    kept: catalogue::Kept,
    learnt: advice::Learnt,
    follow: follow::Follow,
    path: PathBuf,
    key: Zeroizing<schema::RawKey>,
    opened: Opened,
    left_out: WhoIsLeftOut,
}

impl Directory {
    /// Opens the cache at `path` with a raw 256-bit key, and makes an empty one when there is none.
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Self, DirectoryError> {
        let mut connection = schema::open(path, key, READER_CACHE_KIB)?;
        let follow = follow::Follow::new(path, key);
        let opened = schema::prepare(&mut connection, path)?;
        if opened == Opened::Rebuilt {
            tracing::warn!("the customer cache was written by a newer version and has been emptied: import again");
        }
        connection.pragma_update(None, "query_only", true)?;
        let (path, key, kept) = (path.to_owned(), Zeroizing::new(*key), catalogue::Kept::default());
        Ok(Directory {
            connection,
            kept,
            learnt: advice::Learnt::default(),
            follow,
            path,
            key,
            opened,
            left_out: nobody_is_left_out(),
        })
    }

    /// Takes nobody in from now on whom `left_out` names when an import or a sync begins.
    #[must_use]
    pub fn leaving_out(self, left_out: WhoIsLeftOut) -> Self {
        Directory { left_out, ..self }
    }

    /// What was found at opening: the caller tells the user when the cache had to be emptied.
    #[must_use]
    pub fn opened(&self) -> Opened {
        self.opened
    }

    /// Begins to read: all answers of one reading are of one moment. Where the file was deleted and made anew, the
    /// deleted one answers until the new one holds a whole import.
    pub fn read(&mut self) -> Result<Reading<'_>, DirectoryError> {
        if let Some(next) = self.follow.changed(READER_CACHE_KIB) {
            next.pragma_update(None, "query_only", true)?;
            (self.connection, self.kept) = (next, catalogue::Kept::default());
            self.learnt.forget();
        }
        self.connection.prepare_cached("BEGIN")?.execute([])?;
        if let Err(error) = self.kept.refresh(&self.connection) {
            self.connection.prepare_cached("ROLLBACK")?.execute([])?;
            return Err(error);
        }
        self.learnt.look(&self.connection, &self.path, &self.key);
        Ok(Reading::new(&self.connection, &self.kept, &self.learnt))
    }

    /// Heeds what was offered to customers, beside what was before: the purchases that it may have prompted teach nothing.
    pub fn heed(&mut self, offers: impl IntoIterator<Item = Offered>) {
        self.learnt.heed(offers);
    }

    /// Learns from all purchases on a thread of its own, now and after every import that changed enough of them; what was
    /// learnt before goes on serving.
    pub fn learn_in_background(&mut self) {
        self.learnt.in_background();
    }

    /// Learns from all purchases, and waits for it: seconds for ten million lines.
    pub fn learn(&mut self) -> Result<(), DirectoryError> {
        drop(self.read()?);
        self.learnt.now(&self.connection)
    }

    /// Learns from all purchases, and waits for at most `patience`: for one look at a customer, who may be one of very many.
    /// Whether it was enough.
    pub fn learn_within(&mut self, patience: Duration) -> Result<bool, DirectoryError> {
        drop(self.read()?);
        let place = (self.path.as_path(), &*self.key);
        self.learnt.within(&self.connection, place, patience)
    }

    /// Begins to take in what `source` gives, as of `at`, on a connection of its own. Readers go on meanwhile.
    pub fn begin_import(&self, source: &str, at: DateTime<Utc>) -> Result<Import, DirectoryError> {
        let turn = schema::take_turn(&self.path)?;
        let left_out = self.place().who_is_left_out()?;
        let mut connection = schema::open(&self.path, &self.key, WRITER_CACHE_KIB)?;
        schema::prepare(&mut connection, &self.path)?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        Import::begin(connection, turn, folder, (source, left_out), at)
    }

    /// Where the cache is, for those who open it elsewhere: another thread that syncs.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            path: self.path.clone(),
            key: self.key.clone(),
            left_out: self.left_out.clone(),
        }
    }
}
