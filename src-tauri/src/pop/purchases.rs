//! The purchases block: how much, how often, and twelve months beside the twelve before.
//!
//! Sums are made in one currency only, the one the customer buys in most; what was bought in another
//! is in the lines, and counts as an order.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeZone, Utc};

use super::money_view;
use super::view::{Origin, PurchaseLineView, PurchasesView};
use crate::customer::{Currency, Money, PurchaseLine};
use crate::directory::{Dossier, OrderTotal};

/// The twelve months shown and the twelve before.
const MONTHS: usize = 24;

/// The purchases of a customer; `None` when there are none.
///
/// The months are calendar months of somebody whose clock is `offset` from UTC; the last of them is the one `now` is in.
#[must_use]
pub fn view(dossier: Dossier, now: DateTime<Utc>, offset: FixedOffset) -> Option<PurchasesView> {
    let currency = main_currency(&dossier.orders)?;
    let orders = orders(&dossier.orders);
    let (newest, oldest) = (orders.first()?, orders.last()?);
    let months = months(&dossier.orders, currency, now, offset);
    let (before, latest) = months.split_at(MONTHS / 2);
    let value = |months: &[i64]| {
        money_view(Money {
            minor: months.iter().copied().fold(0, i64::saturating_add),
            currency,
        })
    };
    Some(PurchasesView {
        orders: u32::try_from(orders.len()).unwrap_or(u32::MAX),
        first: oldest[0].at,
        last: newest[0].at,
        last_order: newest[0].number.clone(),
        last_value: (newest.len() == 1).then(|| money_view(newest[0].amount)),
        year: value(latest),
        year_before: value(before),
        months: latest.to_vec(),
        months_before: before.to_vec(),
        until: first_of_month(now, offset),
        lines: dossier.lines.into_iter().map(line).collect(),
        origin: Origin {
            at: dossier.orders_seen.unwrap_or(dossier.customer.seen),
            source: dossier.customer.source,
        },
    })
}

/// The currency of most orders, the latest where two are equal.
#[must_use]
pub fn main_currency(orders: &[OrderTotal]) -> Option<Currency> {
    let mut uses: Vec<(Currency, usize)> = Vec::new();
    for order in orders {
        match uses.iter_mut().find(|(currency, _)| *currency == order.amount.currency) {
            Some((_, count)) => *count += 1,
            None => uses.push((order.amount.currency, 1)),
        }
    }
    let most = uses.iter().map(|(_, count)| *count).max()?;
    uses.into_iter()
        .find(|(_, count)| *count == most)
        .map(|(currency, _)| currency)
}

/// The orders, each with its parts in several currencies. Where there are orders, credit notes (which come to less
/// than nothing) are not counted among them.
fn orders(totals: &[OrderTotal]) -> Vec<&[OrderTotal]> {
    let all: Vec<_> = totals.chunk_by(|a, b| (a.at, &a.number) == (b.at, &b.number)).collect();
    let is_order = |parts: &&[OrderTotal]| parts.iter().any(|part| part.amount.minor >= 0);
    let bought: Vec<_> = all.iter().copied().filter(is_order).collect();
    if bought.is_empty() { all } else { bought }
}

/// Value of each calendar month, the oldest first, credit notes subtracted.
fn months(totals: &[OrderTotal], currency: Currency, now: DateTime<Utc>, offset: FixedOffset) -> Vec<i64> {
    let this = month(now, offset);
    let mut months = vec![0i64; MONTHS];
    for total in totals.iter().filter(|total| total.amount.currency == currency) {
        let age = this - month(total.at, offset);
        let slot = usize::try_from(age).ok().and_then(|age| (MONTHS - 1).checked_sub(age));
        if let Some(slot) = slot {
            months[slot] = months[slot].saturating_add(total.amount.minor);
        }
    }
    months
}

/// Months since year 0.
fn month(at: DateTime<Utc>, offset: FixedOffset) -> i32 {
    let local = at.with_timezone(&offset);
    local.year() * 12 + i32::try_from(local.month0()).unwrap_or(0)
}

/// Noon of the first of the month: an hour of daylight saving more or less does not leave that day.
fn first_of_month(now: DateTime<Utc>, offset: FixedOffset) -> DateTime<Utc> {
    let local = now.with_timezone(&offset);
    NaiveDate::from_ymd_opt(local.year(), local.month(), 1)
        .and_then(|day| day.and_hms_opt(12, 0, 0))
        .and_then(|noon| offset.from_local_datetime(&noon).single())
        .map_or(now, |noon| noon.with_timezone(&Utc))
}

fn line(line: PurchaseLine) -> PurchaseLineView {
    PurchaseLineView {
        at: line.at,
        order: line.order,
        product: line.product,
        name: line.product_name,
        quantity_milli: line.quantity_milli,
        amount: money_view(line.amount),
    }
}
