//! Who is to be in a campaign: by segment, by tier, by a search, or by the filter of a list of tickets. Read on a connection of its own, since a list of all
//! customers may take seconds.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use crate::advisor::relation::Segment;
use crate::config::Config;
use crate::customer::{Customer, CustomerId, CustomerRef};
use crate::desk::{self, AdviceRules, DeskError, DeskHandle};
use crate::directory::{Directory, DirectoryError, Reading};
use crate::number;
use crate::pop::view::{Pick, PickedView};
use crate::vault::Unlocked;

/// Most customers of one list.
pub const MOST_PICKED: usize = 5_000;
/// Tickets of one page.
const TICKETS: u32 = 500;

/// Looks for customers in a cache.
#[derive(Clone)]
pub struct CallLists {
    cache: PathBuf,
    key: Zeroizing<[u8; 32]>,
    rules: AdviceRules,
}

impl CallLists {
    /// For the cache that `unlocked` opens, with the tiers of `config`.
    #[must_use]
    pub fn new(unlocked: &Unlocked, config: &Config) -> Self {
        CallLists {
            cache: unlocked.cache_db(),
            key: Zeroizing::new(*unlocked.key.bytes()),
            rules: AdviceRules::of_settings(config),
        }
    }

    /// The names of the tiers, the highest first.
    #[must_use]
    pub fn tiers(&self) -> Vec<String> {
        self.rules.tiers.iter().map(|tier| tier.name.clone()).collect()
    }

    /// At most `limit` customers, the worthiest first, or in the order of the search or of their tickets. Who wants no
    /// advertising is among them and marked. `with_tickets` is what [`with_tickets`] found, for a list of those.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn pick(
        &self,
        pick: &Pick,
        with_tickets: &[(CustomerRef, String)],
        limit: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<PickedView>, DirectoryError> {
        let limit = limit.min(MOST_PICKED);
        let mut directory = Directory::open(&self.cache, &self.key)?;
        if matches!(pick, Pick::Valuable | Pick::AtRisk) {
            directory.learn()?;
        }
        let reading = directory.read()?;
        let found = match pick {
            Pick::Search { text } => searched(&reading, text, limit)?,
            Pick::Tier { name } => self.of_tier(&reading, name, now)?,
            Pick::Valuable => of_segments(&reading, &[Segment::Champion, Segment::Loyal], now)?,
            Pick::AtRisk => of_segments(&reading, &[Segment::AtRisk, Segment::CannotLose], now)?,
            Pick::Tickets { .. } => named(&reading, with_tickets)?,
        };
        let mut seen = HashSet::new();
        let mut picked = Vec::new();
        for (id, why) in found {
            if picked.len() == limit {
                break;
            }
            let Some(customer) = reading.customer(id)? else {
                continue;
            };
            if seen.insert(customer.id) {
                picked.push(shown(&reading, &customer, why)?);
            }
        }
        Ok(picked)
    }

    fn of_tier(
        &self,
        reading: &Reading<'_>,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<(CustomerId, String)>, DirectoryError> {
        let mut all = Vec::new();
        reading.everyone(|id, purchases| all.push((id, purchases.days.len())))?;
        all.sort_by_key(|&(id, orders)| (Reverse(orders), id));
        let mut found = Vec::new();
        for (id, _) in all {
            let tier = self.rules.tier(&reading.orders(id)?, now);
            if tier.is_some_and(|tier| tier.name == name) {
                found.push((id, name.to_owned()));
            }
            if found.len() == MOST_PICKED {
                break;
            }
        }
        Ok(found)
    }
}

/// At most `limit` customers who have tickets that the filter of a list lets through, in the order of the tickets, each with
/// what their first one is about. The desk is asked page by page, so that nobody waits for a long list; of any other list
/// there are none.
///
/// # Errors
/// When the journal cannot be read.
pub async fn with_tickets(
    desk: &DeskHandle,
    pick: &Pick,
    limit: usize,
) -> Result<Vec<(CustomerRef, String)>, DeskError> {
    let Pick::Tickets { filter } = pick else {
        return Ok(Vec::new());
    };
    let (limit, mut seen, mut found, mut behind) = (limit.min(MOST_PICKED), HashSet::new(), Vec::new(), None);
    loop {
        let page = desk.tickets(filter.clone(), behind, TICKETS).await?;
        for row in page.rows {
            let customer = row.customer.map(|customer| customer.reference);
            if let Some(customer) = customer.filter(|customer| seen.insert(customer.clone())) {
                found.push((CustomerRef(customer), format!("#{} {}", row.id, row.subject)));
            }
        }
        behind = page.next;
        if behind.is_none() || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

/// The rows of those who are in the cache.
fn named(
    reading: &Reading<'_>,
    customers: &[(CustomerRef, String)],
) -> Result<Vec<(CustomerId, String)>, DirectoryError> {
    let mut found = Vec::with_capacity(customers.len());
    for (reference, why) in customers {
        if let Some(customer) = reading.by_reference(reference)? {
            found.push((customer.id, why.clone()));
        }
    }
    Ok(found)
}

fn searched(reading: &Reading<'_>, text: &str, limit: usize) -> Result<Vec<(CustomerId, String)>, DirectoryError> {
    let text = text.trim();
    let hits = reading.search(text, limit)?.into_iter();
    Ok(hits.map(|hit| (hit.customer.id, text.to_owned())).collect())
}

fn of_segments(
    reading: &Reading<'_>,
    segments: &[Segment],
    now: DateTime<Utc>,
) -> Result<Vec<(CustomerId, String)>, DirectoryError> {
    let Some(learnt) = reading.snapshot() else {
        return Ok(Vec::new());
    };
    let (day, mut found) = (desk::day(now), Vec::new());
    reading.everyone(|id, purchases| {
        let relation = learnt.relations.of(&purchases, day);
        if let Some(relation) = relation
            && let Some(segment) = relation.segment.filter(|segment| segments.contains(segment))
        {
            let value = relation.value.map(|(minor, currency)| (currency, minor));
            found.push((id, segment.name(), value));
        }
    })?;
    found.sort_by(|(a, _, one), (b, _, other)| {
        let currency = |value: &Option<(_, f64)>| value.map(|(currency, _)| currency);
        let minor = |value: &Option<(_, f64)>| value.map_or(0.0, |(_, minor)| minor);
        let known = one
            .is_none()
            .cmp(&other.is_none())
            .then(currency(one).cmp(&currency(other)));
        known.then(minor(other).total_cmp(&minor(one))).then(a.cmp(b))
    });
    Ok(found
        .into_iter()
        .map(|(id, segment, _)| (id, segment.to_owned()))
        .collect())
}

fn shown(reading: &Reading<'_>, customer: &Customer, why: String) -> Result<PickedView, DirectoryError> {
    let mut records: Vec<CustomerId> = reading
        .records(customer.id)?
        .into_iter()
        .map(|record| record.id)
        .collect();
    if records.is_empty() {
        records.push(customer.id);
    }
    let (mut number, mut opted_out) = (String::new(), false);
    for id in records {
        opted_out |= reading.no_advertising(id)? == Some(true);
        if number.is_empty() {
            let key = reading.reach(id)?.into_iter().find_map(|reach| reach.key);
            number = key.map(number::display).unwrap_or_default();
        }
    }
    let name = match customer.name.as_str() {
        "" => customer.company.clone(),
        name => name.to_owned(),
    };
    Ok(PickedView {
        customer: customer.reference.0.clone(),
        name,
        number,
        why,
        opted_out,
    })
}
