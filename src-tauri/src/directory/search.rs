//! Search as you type: customers by name, company, number, e-mail address or order number.
//!
//! It answers every key press, so it reads a few pages and stops at the limit; it neither scans nor sorts what is
//! found. What fits to the letter comes first. It decides nothing: the person chooses.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, params};

use super::reading::Reading;
use super::words::words;
use super::{DirectoryError, typos};
use crate::customer::{Customer, CustomerId};
use crate::number::{self, Key};

/// Words of the typed text that are looked for: more are no name.
const MOST_WORDS: usize = 6;
/// A beginning of an order number or an address longer than this is not looked for.
const MOST_TYPED: usize = 200;
/// How many country codes are tried for a number typed without one.
const MOST_CODES: u32 = 24;
/// The longest beginnings that the index has lists for: as `prefix` in 02-search.sql.
const LISTED_LETTERS: usize = 6;
/// How many known words are tried for a longer beginning.
const MOST_ENDINGS: u32 = 50;
/// The shortest and the longest keys in digits (E.164).
const KEY_DIGITS: std::ops::RangeInclusive<u32> = 6..=15;

/// A customer that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Who.
    pub customer: Customer,
    /// By what.
    pub matched: Matched,
    /// The text of it: the name, the company, the number as people write it, the address, the order number.
    pub text: String,
}

/// What of a customer fits what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matched {
    /// The person's name.
    Name,
    /// The company.
    Company,
    /// A telephone number.
    Number,
    /// The e-mail address.
    Email,
    /// The number of an order.
    Order,
}

impl Reading<'_> {
    /// Customers that fit what has been typed so far, at most `limit` and each once.
    ///
    /// Words fit by their beginning, all of them, in any order; accents do not matter, and where nothing fits, one
    /// mistake in a word of four letters or more is forgiven. Numbers fit by their beginning, with or without country
    /// code, order numbers too.
    ///
    /// # Errors
    /// When the cache cannot be read. Text that fits nothing gives nothing.
    pub fn search(&self, typed: &str, limit: usize) -> Result<Vec<Hit>, DirectoryError> {
        let typed = typed.trim();
        let mut hits = Hits {
            reading: self,
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
            seen: HashSet::new(),
            hits: Vec::new(),
        };
        if typed.len() <= MOST_TYPED && typed.bytes().any(|byte| byte.is_ascii_digit()) {
            hits.orders(typed, true)?;
            hits.numbers(typed)?;
            hits.orders(typed, false)?;
        }
        hits.words(typed)?;
        Ok(hits.hits)
    }

    fn country_codes(&self) -> Result<Vec<u16>, DirectoryError> {
        let mut all = self
            .connection
            .prepare_cached("SELECT code FROM country_codes LIMIT ?1")?;
        let codes = all.query_map([MOST_CODES], |row| row.get(0))?;
        Ok(codes.collect::<Result<_, _>>()?)
    }
}

/// What was found so far.
struct Hits<'r> {
    reading: &'r Reading<'r>,
    limit: u32,
    seen: HashSet<i64>,
    hits: Vec<Hit>,
}

impl Hits<'_> {
    fn is_full(&self) -> bool {
        self.hits.len() >= self.limit as usize
    }

    fn orders(&mut self, typed: &str, whole: bool) -> Result<(), DirectoryError> {
        // Behind every text that begins like this; an order number has no character behind the last.
        let end = if whole {
            typed.to_owned()
        } else {
            format!("{typed}\u{10ffff}")
        };
        let mut find = self.reading.connection.prepare_cached(
            "SELECT customer_id, number FROM order_numbers WHERE number >= ?1 AND number <= ?2 LIMIT ?3",
        )?;
        let mut rows = find.query(params![typed, end, self.limit])?;
        while let Some(row) = rows.next()? {
            self.keep(row.get(0)?, Matched::Order, || row.get(1))?;
        }
        Ok(())
    }

    fn numbers(&mut self, typed: &str) -> Result<(), DirectoryError> {
        let codes = self.reading.country_codes()?;
        for beginning in number::beginnings(typed, &codes) {
            for (first, last) in ranges(beginning) {
                if self.is_full() {
                    return Ok(());
                }
                self.numbers_between(first, last)?;
            }
        }
        Ok(())
    }

    fn numbers_between(&mut self, first: i64, last: i64) -> Result<(), DirectoryError> {
        let mut find = self
            .reading
            .connection
            .prepare_cached("SELECT customer_id, key FROM phones WHERE key BETWEEN ?1 AND ?2 LIMIT ?3")?;
        let mut rows = find.query(params![first, last, self.limit])?;
        while let Some(row) = rows.next()? {
            let key = u64::try_from(row.get::<_, i64>(1)?).ok().and_then(Key::new);
            self.keep(row.get(0)?, Matched::Number, || {
                Ok(key.map(number::display).unwrap_or_default())
            })?;
        }
        Ok(())
    }

    fn words(&mut self, typed: &str) -> Result<(), DirectoryError> {
        let typed: Vec<String> = words(typed).take(MOST_WORDS).collect();
        if typed.is_empty() || self.is_full() {
            return Ok(());
        }
        let first = self.hits.len();
        let begun: Vec<Vec<String>> = typed.iter().map(|word| self.begun(word)).collect::<Result<_, _>>()?;
        self.matching(&begun, &typed)?;
        if self.hits.len() == first {
            return self.forgiving(&typed, begun);
        }
        if self.is_full() {
            // There are more than were read: those that fit to the letter are asked for by themselves.
            let others = self.hits.split_off(first);
            for hit in &others {
                self.seen.remove(&hit.customer.id.0);
            }
            let whole: Vec<Vec<String>> = typed.iter().map(|word| vec![format!("\"{word}\"")]).collect();
            self.matching(&whole, &typed)?;
            let room = (self.limit as usize).saturating_sub(self.hits.len());
            let new = others.into_iter().filter(|hit| self.seen.insert(hit.customer.id.0));
            self.hits.extend(new.take(room));
        }
        self.hits[first..].sort_by_key(|hit| !fits_whole(hit, &typed));
        Ok(())
    }

    /// The same once more for words that may be mistyped: those that nobody has, else all of them.
    fn forgiving(&mut self, typed: &[String], mut meant: Vec<Vec<String>>) -> Result<(), DirectoryError> {
        let connection = self.reading.connection;
        let known = typed.iter().map(|word| typos::is_known(connection, word));
        let known: Vec<bool> = known.collect::<Result<_, _>>()?;
        let all_known = known.iter().all(|known| *known);
        let mut forgiven = typed.to_vec();
        for ((word, alternatives), known) in typed.iter().zip(&mut meant).zip(known) {
            if known && !all_known {
                continue;
            }
            let near = typos::near(connection, word)?;
            if near.is_empty() && !known {
                return Ok(());
            }
            for beginning in near {
                alternatives.extend(self.begun(&beginning)?);
                forgiven.push(beginning);
            }
        }
        if forgiven.len() == typed.len() {
            return Ok(());
        }
        self.matching(&meant, &forgiven)
    }

    /// What finds the words that begin like this. Only short beginnings have a list of their own: for a longer one the
    /// index would gather everybody who has any such word, a tenth of a second for one that all have, where the words
    /// themselves, which are few, are read no further than to the limit.
    fn begun(&self, beginning: &str) -> Result<Vec<String>, DirectoryError> {
        if beginning.chars().count() <= LISTED_LETTERS {
            return Ok(vec![format!("\"{beginning}\"*")]);
        }
        let words = typos::beginning_with(self.reading.connection, beginning, MOST_ENDINGS)?;
        let exact = |word: &String| format!("\"{word}\"");
        Ok(match words.is_empty() {
            true => vec![exact(&beginning.to_owned())],
            false => words.iter().map(exact).collect(),
        })
    }

    /// Customers that have, for each of `meant`, one of its alternatives.
    fn matching(&mut self, meant: &[Vec<String>], typed: &[String]) -> Result<(), DirectoryError> {
        let query: Vec<String> = meant.iter().map(|one| format!("({})", one.join(" OR "))).collect();
        let mut find = self
            .reading
            .connection
            .prepare_cached("SELECT rowid FROM found WHERE found MATCH ?1 LIMIT ?2")?;
        let mut rows = find.query(params![query.join(" AND "), self.limit])?;
        while let Some(row) = rows.next()? {
            if self.is_full() {
                break;
            }
            self.keep_named(row.get(0)?, typed)?;
        }
        Ok(())
    }

    fn keep(
        &mut self,
        customer: i64,
        matched: Matched,
        text: impl FnOnce() -> rusqlite::Result<String>,
    ) -> Result<(), DirectoryError> {
        let customer = self.reading.leader(CustomerId(customer))?.0;
        if self.is_full() || !self.seen.insert(customer) {
            return Ok(());
        }
        if let Some(customer) = self.reading.customer(CustomerId(customer))? {
            let text = text()?;
            self.hits.push(Hit {
                customer,
                matched,
                text,
            });
        }
        Ok(())
    }

    fn keep_named(&mut self, id: i64, typed: &[String]) -> Result<(), DirectoryError> {
        let id = self.reading.leader(CustomerId(id))?.0;
        if !self.seen.insert(id) {
            return Ok(());
        }
        let Some(customer) = self.reading.customer(CustomerId(id))? else {
            return Ok(());
        };
        let email = self.email(id)?;
        let fields = [
            (Matched::Name, customer.name.as_str()),
            (Matched::Company, customer.company.as_str()),
            (Matched::Email, email.as_str()),
        ];
        let fits = |text: &str| {
            let has: Vec<String> = words(text).collect();
            typed
                .iter()
                .filter(|word| has.iter().any(|one| one.starts_with(*word)))
                .count()
        };
        // The first of the best: a name before a company before an address.
        let best = fields.into_iter().rev().max_by_key(|(_, text)| fits(text));
        let (matched, text) = best.unwrap_or((Matched::Name, ""));
        let text = text.to_owned();
        self.hits.push(Hit {
            customer,
            matched,
            text,
        });
        Ok(())
    }

    fn email(&self, id: i64) -> Result<String, DirectoryError> {
        let mut find = self
            .reading
            .connection
            .prepare_cached("SELECT email FROM customers WHERE id = ?1")?;
        Ok(find.query_row([id], |row| row.get(0)).optional()?.unwrap_or_default())
    }
}

/// Whether the matched text has every typed word to the letter.
fn fits_whole(hit: &Hit, typed: &[String]) -> bool {
    let has: Vec<String> = words(&hit.text).collect();
    typed.iter().all(|word| has.contains(word))
}

/// The keys of each length that begin with these digits.
fn ranges(beginning: u64) -> impl Iterator<Item = (i64, i64)> {
    let digits = beginning.checked_ilog10().map_or(1, |log| log + 1);
    let lengths = (*KEY_DIGITS.start()).max(digits)..=*KEY_DIGITS.end();
    lengths.filter_map(move |length| {
        let scale = 10u64.pow(length - digits);
        let first = i64::try_from(beginning * scale).ok()?;
        let last = i64::try_from(beginning * scale + (scale - 1)).ok()?;
        Some((first, last))
    })
}
