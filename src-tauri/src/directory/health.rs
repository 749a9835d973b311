//! What is wrong with the stored telephone numbers: not readable, shared by many, our own, or in other hands by now.
//!
//! It goes through the numbers in the order of the table and holds one number's customers at a time, at most ten of
//! them, so that a million customers need no more memory than ten. It reports, and changes nothing.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Row, params};

use super::reading::customer;
use super::{Directory, DirectoryError};
use crate::customer::Customer;
use crate::number::{self, Key, Region, Unreadable};

/// So many customers with one number are many, when nobody says otherwise.
pub const MANY: u32 = 5;
/// So many holders of a number are named.
const NAMED: usize = 10;
/// A customer of whom nothing was heard for so long has probably gone.
const SILENT: TimeDelta = TimeDelta::days(730);

/// The columns of [`customer`].
const CUSTOMER: &str = "c.id, s.name, c.key, c.name, c.company, c.city, c.country, c.seen";

/// What is looked for.
#[derive(Clone, Debug)]
pub struct NumberCheck {
    /// Our own outside numbers.
    pub own: Vec<Key>,
    /// How many customers with one number are many; at least two.
    pub many: u32,
    /// Where a number without a country code is read, when the customer's country is not known.
    pub home: Option<Region>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberCounts {
    /// Customers.
    pub customers: u64,
    /// Different numbers that can be read.
    pub numbers: u64,
    /// Texts that cannot.
    pub unreadable: u64,
    /// Numbers that many have.
    pub shared: u64,
    /// Our own numbers, stored as a customer's.
    pub own: u64,
    /// Numbers that probably changed hands.
    pub recycled: u64,
}

/// One number with a problem.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// It cannot be read; `None` when it can by now.
    Unreadable(Stored, Option<Unreadable>),
    /// Many customers have it: how many, and the first ten.
    Shared(Key, u32, Vec<Stored>),
    /// It is one of our own.
    Own(Key, u32, Vec<Stored>),
    /// It probably changed hands: from the first to the second.
    Recycled(Key, u32, Box<[Stored; 2]>),
}

/// A number as one customer has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Whose.
    pub customer: Customer,
    /// What stands in the source.
    pub raw: String,
    /// What the source calls it.
    pub label: String,
    /// When this customer last ordered or opened a ticket that is still open.
    pub last: Option<DateTime<Utc>>,
}

/// The holders of one number, as the table gives them.
#[derive(Default)]
struct Group {
    key: i64,
    holders: u32,
    last: i64,
    named: Vec<(i64, String, String)>,
}

/// From when to when something was heard of a customer.
#[derive(Clone, Copy)]
struct Active {
    first: i64,
    last: i64,
}

impl Directory {
    /// Looks at every stored number as of one moment and hands each finding to `found`. Readers and imports go on
    /// meanwhile.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn check_numbers(
        &mut self,
        check: &NumberCheck,
        found: &mut dyn FnMut(Finding),
    ) -> Result<NumberCounts, DirectoryError> {
        let reading = self.connection.unchecked_transaction()?;
        let mut counts = NumberCounts {
            customers: reading
                .query_row("SELECT count(*) FROM customers", [], |row| row.get::<_, i64>(0))?
                .unsigned_abs(),
            ..NumberCounts::default()
        };
        unreadable(&reading, check, &mut counts, found)?;
        readable(&reading, check, &mut counts, found)?;
        Ok(counts)
    }
}

fn unreadable(
    reading: &Connection,
    check: &NumberCheck,
    counts: &mut NumberCounts,
    found: &mut dyn FnMut(Finding),
) -> Result<(), DirectoryError> {
    let sql = format!(
        "SELECT {CUSTOMER}, u.raw, u.label FROM unread_phones u
         JOIN customers c ON c.id = u.customer_id JOIN sources s ON s.id = c.source ORDER BY u.customer_id, u.raw, u.label"
    );
    let mut statement = reading.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        counts.unreadable += 1;
        let customer = customer(row)?;
        let raw: String = row.get(8)?;
        let region = customer.country.as_deref().and_then(Region::from_code).or(check.home);
        let why = number::read(&raw, region).err();
        let last = active(reading, customer.id.0)?.map(|active| moment(active.last));
        let stored = Stored {
            customer,
            raw,
            label: row.get(9)?,
            last,
        };
        found(Finding::Unreadable(stored, why));
    }
    Ok(())
}

fn readable(
    reading: &Connection,
    check: &NumberCheck,
    counts: &mut NumberCounts,
    found: &mut dyn FnMut(Finding),
) -> Result<(), DirectoryError> {
    let mut statement = reading.prepare("SELECT key, customer_id, raw, label FROM phones ORDER BY key, customer_id")?;
    let mut rows = statement.query([])?;
    let mut group = Group::default();
    while let Some(row) = rows.next()? {
        let key: i64 = row.get(0)?;
        if key != group.key {
            judge(reading, check, &group, counts, found)?;
            group = Group {
                key,
                ..Group::default()
            };
        }
        group.take(row)?;
    }
    judge(reading, check, &group, counts, found)
}

impl Group {
    /// Takes one row more; a customer who has the number twice, with two extensions, counts once.
    fn take(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let customer: i64 = row.get(1)?;
        if self.holders > 0 && customer == self.last {
            return Ok(());
        }
        self.holders += 1;
        self.last = customer;
        if self.named.len() < NAMED {
            self.named.push((customer, row.get(2)?, row.get(3)?));
        }
        Ok(())
    }

    fn stored(&self, reading: &Connection) -> Result<Vec<Stored>, DirectoryError> {
        self.named.iter().map(|named| stored(reading, named)).collect()
    }
}

/// A number of our own is that and nothing else; one that many have is not asked who had it before.
fn judge(
    reading: &Connection,
    check: &NumberCheck,
    group: &Group,
    counts: &mut NumberCounts,
    found: &mut dyn FnMut(Finding),
) -> Result<(), DirectoryError> {
    let Some(key) = u64::try_from(group.key).ok().and_then(Key::new) else {
        return Ok(());
    };
    counts.numbers += 1;
    if check.own.contains(&key) {
        counts.own += 1;
        found(Finding::Own(key, group.holders, group.stored(reading)?));
    } else if group.holders >= check.many.max(2) {
        counts.shared += 1;
        found(Finding::Shared(key, group.holders, group.stored(reading)?));
    } else if let Some(hands) = changed_hands(reading, check, group)? {
        counts.recycled += 1;
        found(Finding::Recycled(key, group.holders, Box::new(hands)));
    }
    Ok(())
}

/// A number probably changed hands when nothing was heard of one holder for two years, and another holder, of another
/// name and company, was first heard of after that one's last word and since then. A holder of whom nothing was ever
/// heard says nothing either way.
fn changed_hands(
    reading: &Connection,
    check: &NumberCheck,
    group: &Group,
) -> Result<Option<[Stored; 2]>, DirectoryError> {
    if group.holders < 2 {
        return Ok(None);
    }
    let mut heard = Vec::with_capacity(group.named.len());
    for named in &group.named {
        if let Some(active) = active(reading, named.0)? {
            heard.push((active, named));
        }
    }
    let silent = (check.now - SILENT).timestamp();
    heard.sort_by_key(|(active, named)| (active.last, named.0));
    let Some((old, earlier)) = heard.first().filter(|(active, _)| active.last < silent) else {
        return Ok(None);
    };
    let earlier = stored(reading, earlier)?;
    for (active, named) in heard.iter().rev() {
        if active.last < silent || active.first <= old.last {
            continue;
        }
        let later = stored(reading, named)?;
        if are_others(&earlier.customer, &later.customer) {
            return Ok(Some([earlier, later]));
        }
    }
    Ok(None)
}

fn are_others(one: &Customer, other: &Customer) -> bool {
    let differ = |one: &str, other: &str| one.is_empty() || number::plain(one) != number::plain(other);
    differ(&one.name, &other.name) && differ(&one.company, &other.company)
}

fn stored(reading: &Connection, (id, raw, label): &(i64, String, String)) -> Result<Stored, DirectoryError> {
    let sql = format!("SELECT {CUSTOMER} FROM customers c JOIN sources s ON s.id = c.source WHERE c.id = ?1");
    let customer = reading.prepare_cached(&sql)?.query_row([id], customer)?;
    Ok(Stored {
        customer,
        raw: raw.clone(),
        label: label.clone(),
        last: active(reading, *id)?.map(|active| moment(active.last)),
    })
}

/// Orders, and tickets that are open: closed ones are in no index.
fn active(reading: &Connection, customer: i64) -> Result<Option<Active>, DirectoryError> {
    let sql = "SELECT min(at), max(at) FROM (
                   SELECT at FROM order_totals WHERE customer_id = ?1
                   UNION ALL SELECT at FROM tickets WHERE customer_id = ?1 AND open)";
    let (first, last): (Option<i64>, Option<i64>) = reading
        .prepare_cached(sql)?
        .query_row(params![customer], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(first.zip(last).map(|(first, last)| Active { first, last }))
}

fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
