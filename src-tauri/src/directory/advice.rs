//! The advice snapshot of a cache: learnt from all purchases, in the background, while the one before goes on serving.
//!
//! A snapshot is never stored: models are made anew, which takes seconds, and so no old one can be read wrongly.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a logarithm of a price needs no more than 24 bits"
)]

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, params};
use zeroize::Zeroizing;

use super::reading::{Reading, currency};
use super::{DirectoryError, related, schema};
use crate::advisor::Advice;
use crate::advisor::answers::{Prompted, is_prompted};
use crate::advisor::baskets::{Baskets, Day, Gather};
use crate::advisor::features::Scratch;
use crate::advisor::history::History;
use crate::advisor::relation::{Purchases, Purse, Relations};
use crate::advisor::up_sell::UpSell;
use crate::background;
use crate::customer::{Currency, CustomerId, CustomerRef};

/// Page cache of the connection that reads all purchases once.
const ONCE_KIB: u32 = 8 * 1024;

/// Lines of one customer that are looked at, the latest.
const MOST_LINES: u32 = 4_000;

pub(super) const DAY_SECONDS: i64 = 86_400;

/// A product that was offered to a customer: what they bought of it in the days after teaches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// To whom.
    pub customer: CustomerRef,
    /// The source's key of the product.
    pub product: String,
    /// When.
    pub day: Day,
}

/// Offers by customer, as products and days; of products only that the customer had not bought before.
type Offers = HashMap<i64, Vec<(u32, Day)>>;

/// What was learnt, and what is being learnt.
#[derive(Default)]
pub(super) struct Learnt {
    pub(super) snapshot: Option<Snapshot>,
    pub(super) scratch: RefCell<Scratch>,
    /// The state of the purchases that the snapshot, or the training under way, has seen.
    version: Option<u64>,
    training: Option<JoinHandle<Result<Snapshot, DirectoryError>>>,
    background: bool,
    offered: Vec<Offered>,
}

/// Everything that all purchases teach.
pub struct Snapshot {
    /// What suits whom.
    pub advice: Advice,
    /// What kind of relation customers have.
    pub relations: Relations,
    /// The last of the fresh lines that was learnt from or taken in.
    taken: i64,
    offers: Offers,
    /// How many of all offers these are.
    heeded: usize,
}

impl Snapshot {
    /// Looks up what was offered since.
    fn heed(&mut self, connection: &Connection, offered: &[Offered]) -> Result<(), DirectoryError> {
        for one in offered.get(self.heeded..).unwrap_or_default() {
            note(connection, one, &mut self.offers)?;
        }
        self.heeded = offered.len();
        Ok(())
    }

    /// Takes in what came since, basket by basket: the new lines of a customer's day. A day whose lines come in two
    /// imports is two baskets until all is learnt from again.
    fn take_in(&mut self, connection: &Connection) -> Result<(), DirectoryError> {
        let mut find = connection
            .prepare_cached("SELECT seq, customer_id, day, product_id FROM fresh_lines WHERE seq > ?1 ORDER BY seq")?;
        let mut rows = find.query([self.taken])?;
        let mut baskets: BTreeMap<(i64, i64), Vec<u32>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            self.taken = row.get(0)?;
            let (customer, day, product) = (row.get(1)?, row.get(2)?, row.get(3)?);
            if !prompted(self.offers.get(&customer), product, day) {
                baskets.entry((customer, i64::from(day))).or_default().push(product);
            }
        }
        for items in baskets.into_values() {
            self.advice.add(&items);
        }
        Ok(())
    }
}

impl Learnt {
    /// The file was made anew: nothing that was learnt is of it.
    pub(super) fn forget(&mut self) {
        (self.snapshot, self.version) = (None, None);
    }

    /// Heeds more offers, from the next line on that is learnt from or taken in.
    pub(super) fn heed(&mut self, offers: impl IntoIterator<Item = Offered>) {
        self.offered.extend(offers);
    }

    /// Learns in the background from now on.
    pub(super) fn in_background(&mut self) {
        self.background = true;
    }

    /// Takes over what has been learnt meanwhile, and begins to learn again where purchases changed since.
    pub(super) fn look(&mut self, connection: &Connection, path: &Path, key: &schema::RawKey) {
        if let Some(done) = self.training.take_if(|training| training.is_finished()) {
            match done.join() {
                Ok(Ok(snapshot)) => self.snapshot = Some(snapshot),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the purchases could not be learnt from; it is tried after the next import");
                }
                Err(_) => {
                    tracing::error!("learning from the purchases ended early; it is tried after the next import");
                }
            }
        }
        let offered = &self.offered;
        let taken = self.snapshot.as_mut().map(|snapshot| {
            snapshot.heed(connection, offered)?;
            snapshot.take_in(connection)
        });
        if let Some(Err(error)) = taken {
            tracing::warn!(%error, "new purchases could not be taken in; they are learnt from with all others");
        }
        if !self.background || self.training.is_some() {
            return;
        }
        let Ok(version) = related::learnt_version(connection) else {
            return;
        };
        if self.version != Some(version) {
            self.version = Some(version);
            self.begin(path, key);
        }
    }

    /// Learns on a thread of its own. Whoever listens on what is given back hears of its end, however that comes.
    fn begin(&mut self, path: &Path, key: &schema::RawKey) -> mpsc::Receiver<()> {
        let (path, key): (PathBuf, Zeroizing<schema::RawKey>) = (path.to_owned(), Zeroizing::new(*key));
        let (at_work, ended) = mpsc::channel();
        let offered = self.offered.clone();
        let learn = move || {
            let _at_work = at_work;
            schema::open(&path, &key, ONCE_KIB).and_then(|connection| learn(&connection, &offered))
        };
        self.training = background::spawn("learn", learn).ok();
        ended
    }

    /// Learns, and waits for at most `patience`. Whether it was enough; if not, it goes on.
    pub(super) fn within(
        &mut self,
        connection: &Connection,
        (path, key): (&Path, &schema::RawKey),
        patience: Duration,
    ) -> Result<bool, DirectoryError> {
        if patience.is_zero() {
            return Ok(false);
        }
        self.version = Some(related::learnt_version(connection)?);
        let ended = self.begin(path, key);
        if ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            return Ok(false);
        }
        if let Some(Ok(learnt)) = self.training.take().map(JoinHandle::join) {
            self.snapshot = Some(learnt?);
        }
        Ok(self.snapshot.is_some())
    }

    /// Learns now.
    pub(super) fn now(&mut self, connection: &Connection) -> Result<(), DirectoryError> {
        self.version = Some(related::learnt_version(connection)?);
        self.snapshot = Some(learn(connection, &self.offered)?);
        Ok(())
    }
}

/// Learns from all purchases of the cache; returns do not count.
fn learn(connection: &Connection, offered: &[Offered]) -> Result<Snapshot, DirectoryError> {
    connection.execute_batch("BEGIN")?;
    let last = "SELECT coalesce(max(seq), 0) FROM fresh_lines";
    let taken = connection.query_row(last, [], |row| row.get(0))?;
    let mut offers = Offers::new();
    for one in offered {
        note(connection, one, &mut offers)?;
    }
    let (baskets, relations, prompted) = purchases(connection, &offers)?;
    let (prices, categories) = products(connection, baskets.products() as usize)?;
    connection.execute_batch("ROLLBACK")?;
    let steps = UpSell::learn(&baskets, &categories, &prices);
    Ok(Snapshot {
        advice: Advice::learn(&baskets, prices)
            .with_steps(steps)
            .with_prompted(prompted),
        relations,
        taken,
        offers,
        heeded: offered.len(),
    })
}

/// Notes an offer of what the customer had not bought before; who buys again does so without being asked. An offer to
/// somebody, or of something, that the cache does not know is left out.
fn note(connection: &Connection, offered: &Offered, offers: &mut Offers) -> Result<(), DirectoryError> {
    let Some((source, key)) = offered.customer.0.split_once('/') else {
        return Ok(());
    };
    let sql = "SELECT c.id, p.id FROM sources s JOIN customers c ON c.source = s.id, products p
        WHERE s.name = ?1 AND c.key = ?2 AND p.key = ?3 AND NOT EXISTS (SELECT 1 FROM purchases
            WHERE customer_id = c.id AND product_id = p.id AND quantity > 0 AND at < ?4)";
    let mut find = connection.prepare_cached(sql)?;
    let midnight = i64::from(offered.day) * DAY_SECONDS;
    let found = find.query_map(params![source, key, offered.product, midnight], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    for pair in found {
        let (customer, product) = pair?;
        offers.entry(customer).or_default().push((product, offered.day));
    }
    Ok(())
}

/// Whether a purchase may come from one of the offers to its customer.
fn prompted(offers: Option<&Vec<(u32, Day)>>, product: u32, day: Day) -> bool {
    offers.is_some_and(|offers| {
        let mut of_product = offers.iter().filter(|one| one.0 == product);
        of_product.any(|one| is_prompted(one.1, day))
    })
}

/// All baskets but for what offers may have added, all customers, and what may have been added.
fn purchases(connection: &Connection, offers: &Offers) -> Result<(Baskets, Relations, Prompted), DirectoryError> {
    let mut statement =
        connection.prepare("SELECT customer_id, at, product_id, amount, currency FROM purchases WHERE quantity > 0")?;
    let mut rows = statement.query([])?;
    let (mut gather, mut all) = (Gather::default(), Vec::new());
    let (mut purse, mut paid) = (Purse::default(), Currency::EUR);
    let (mut customer, mut last_day) = (None, 0);
    let (mut offered, mut added) = (None, Vec::new());
    while let Some(row) = rows.next()? {
        let next = Some(row.get::<_, i64>(0)?);
        if next != customer {
            if customer.is_some() {
                all.push(purse.take());
            }
            customer = next;
            offered = customer.and_then(|customer| offers.get(&customer));
        }
        let day = day(row.get(1)?);
        if row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)? != paid.code() {
            paid = currency(row, 4)?;
        }
        purse.add(day, row.get(3)?, paid);
        last_day = last_day.max(day);
        let number = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let product = row.get(2)?;
        if prompted(offered, product, day) {
            added.push((number, product, day));
        } else {
            gather.add(number, product, day);
        }
    }
    all.push(purse.take());
    let relations = Relations::learn(&all, last_day + 1);
    let baskets = gather.baskets();
    let mut prompted = Prompted::default();
    for (customer, product, day) in added {
        let mut of = baskets.of_customer(customer).iter();
        if let Some(&basket) = of.find(|&&basket| baskets.day(basket) == day) {
            prompted.add(baskets.items(basket), product);
        }
    }
    Ok((baskets, relations, prompted))
}

/// Of each product the logarithm of its price, NaN where it is not known, and a number for its category.
fn products(connection: &Connection, products: usize) -> Result<(Vec<f32>, Vec<u32>), DirectoryError> {
    let (mut prices, mut categories) = (vec![f32::NAN; products], vec![0; products]);
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut statement = connection.prepare("SELECT id, price, category FROM products")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = row.get::<_, u32>(0)? as usize;
        if id >= products {
            continue;
        }
        if let Some(price) = row.get::<_, Option<i64>>(1)?.filter(|&price| price > 0) {
            prices[id] = (price as f64).ln() as f32;
        }
        let category: String = row.get(2)?;
        if !category.is_empty() {
            let next = u32::try_from(numbers.len() + 1).unwrap_or(u32::MAX);
            categories[id] = *numbers.entry(category).or_insert(next);
        }
    }
    Ok((prices, categories))
}

/// The day of a moment in seconds.
pub(super) fn day(at: i64) -> Day {
    Day::try_from(at.div_euclid(DAY_SECONDS)).unwrap_or(Day::MAX)
}

impl Reading<'_> {
    /// What a customer bought by all their records, basket by basket, and what they spent; returns do not count, nor does an
    /// order that a record which is believed more has as well.
    pub fn history(&self, id: CustomerId) -> Result<(History, Purchases), DirectoryError> {
        let mut bought: Vec<(i64, u32, i64, Currency)> = Vec::new();
        let records = self.record_ids(id)?;
        let mut known: HashSet<(i64, String)> = HashSet::new();
        for record in &records {
            let mut find = self.connection.prepare_cached(
                "SELECT at, product_id, amount, currency, number FROM purchases WHERE customer_id = ?1 AND quantity > 0
                 ORDER BY at DESC LIMIT ?2",
            )?;
            let mut rows = find.query(params![record.0, MOST_LINES])?;
            let mut orders = HashSet::new();
            while let Some(row) = rows.next()? {
                if records.len() > 1 {
                    let order = (row.get(0)?, row.get(4)?);
                    if known.contains(&order) {
                        continue;
                    }
                    orders.insert(order);
                }
                bought.push((row.get(0)?, row.get(1)?, row.get(2)?, currency(row, 3)?));
            }
            known.extend(orders);
        }
        if records.len() > 1 {
            bought.sort_by_key(|line| Reverse(line.0));
        }
        let (mut lines, mut purse): (Vec<(Day, u32)>, _) = (Vec::new(), Purse::default());
        for (at, product, amount, currency) in bought {
            lines.push((day(at), product));
            purse.add(day(at), amount, currency);
        }
        let mut history = History::default();
        for basket in lines.chunk_by(|a, b| a.0 == b.0).rev() {
            let items: Vec<u32> = basket.iter().map(|line| line.1).collect();
            history.push(basket[0].0, &items);
        }
        Ok((history, purse.take()))
    }
}
