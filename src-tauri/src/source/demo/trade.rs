//! Orders of the demo shop, and what of them is not paid.
//!
//! Everybody has a few baskets (see `goods`) that they come back for at their own rhythm; a basket's
//! goods go together far more often than chance. Balances are the sums of unpaid orders.

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::goods::{self, BASKETS, SINGLES};
use super::people::{Pays, Person};
use crate::customer::{Currency, Money};
use crate::source::record::{BalanceRow, OrderLineRow};

/// Days until an invoice is due.
const TERM: i64 = 30;

/// One order.
pub(super) struct Order {
    /// Index of the customer.
    pub(super) customer: usize,
    pub(super) at: DateTime<Utc>,
    /// Its age in days, Sundays not minded.
    ago: u32,
    pub(super) lines: Vec<Line>,
    /// Not paid.
    pub(super) open: bool,
}

/// One good of an order.
pub(super) struct Line {
    pub(super) good: usize,
    pub(super) quantity_milli: i64,
    /// Minor units of the customer's currency.
    pub(super) amount: i64,
}

impl Order {
    fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.amount).sum()
    }
}

/// All orders of customer `customer`, the oldest first. They lie before the day of `now`, at the same
/// distance from it whatever day that is, but for Sundays, on which nobody orders.
pub(super) fn orders(rng: &mut ChaCha8Rng, customer: usize, person: &Person, now: DateTime<Utc>) -> Vec<Order> {
    let mut tastes: Vec<usize> = (0..BASKETS.len()).collect();
    tastes.shuffle(rng);
    tastes.truncate(rng.random_range(2..=4));
    let habit = person.habit;
    let mut orders = Vec::new();
    let mut ago = habit.since;
    while ago > habit.until.max(1) {
        let at = moment(rng, ago, now);
        let lines = lines(rng, &tastes, person.currency.1);
        let open = rng.random_bool(unpaid(habit.pays, i64::from(ago)));
        orders.push(Order {
            customer,
            at,
            ago,
            lines,
            open,
        });
        ago = ago.saturating_sub(habit.rhythm * rng.random_range(70..=130) / 100 + 1);
    }
    orders
}

/// What the customer owes for its orders, aged at `now`. `None` for who pays at once.
pub(super) fn balance(person: &Person, orders: &[&Order], now: DateTime<Utc>) -> Option<BalanceRow> {
    if person.habit.pays == Pays::AtOnce {
        return None;
    }
    let mut row = BalanceRow {
        customer: person.row.key.clone(),
        currency: Currency::from_code(person.currency.0)?,
        open: 0,
        not_due: 0,
        overdue_30: 0,
        overdue_60: 0,
        overdue_more: 0,
        as_of: now,
    };
    for order in orders.iter().filter(|order| order.open) {
        let bucket = match i64::from(order.ago) - TERM {
            ..=0 => &mut row.not_due,
            1..=30 => &mut row.overdue_30,
            31..=60 => &mut row.overdue_60,
            _ => &mut row.overdue_more,
        };
        *bucket += order.total();
        row.open += order.total();
    }
    Some(row)
}

/// The lines of `order` as rows, under order number `number`.
pub(super) fn rows<'a>(
    person: &'a Person,
    order: &'a Order,
    number: usize,
) -> Option<impl Iterator<Item = OrderLineRow> + 'a> {
    let currency = Currency::from_code(person.currency.0)?;
    Some(order.lines.iter().map(move |line| OrderLineRow {
        customer: person.row.key.clone(),
        order: number.to_string(),
        at: order.at,
        product: goods::key(line.good),
        quantity_milli: line.quantity_milli,
        amount: Money {
            minor: line.amount,
            currency,
        },
    }))
}

fn moment(rng: &mut ChaCha8Rng, ago: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let (hour, minute) = (rng.random_range(6..17), rng.random_range(0..60));
    let day = now.date_naive() - TimeDelta::days(i64::from(ago));
    let sunday = TimeDelta::days(i64::from(day.weekday() == Weekday::Sun));
    (day - sunday).and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(hour * 60 + minute)
}

fn lines(rng: &mut ChaCha8Rng, tastes: &[usize], rate: i64) -> Vec<Line> {
    let mut wanted: Vec<usize> = Vec::new();
    for _ in 0..rng.random_range(1..=2) {
        let usual = tastes.choose(rng).filter(|_| rng.random_bool(0.85)).copied();
        let basket = usual.unwrap_or_else(|| rng.random_range(0..BASKETS.len()));
        let chance = |place| if place == 0 { 0.9 } else { 0.5 };
        wanted.extend(
            (0..4)
                .filter(|&place| rng.random_bool(chance(place)))
                .map(|place| basket * 4 + place),
        );
    }
    for _ in 0..rng.random_range(0..=2) {
        wanted.push(BASKETS.len() * 4 + rng.random_range(0..SINGLES.len()));
    }
    if wanted.is_empty() {
        wanted.push(tastes.first().copied().unwrap_or_default() * 4);
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted.into_iter().map(|good| line(rng, good, rate)).collect()
}

fn line(rng: &mut ChaCha8Rng, good: usize, rate: i64) -> Line {
    let quantity_milli = *[1000, 1000, 1000, 2000, 2000, 3000, 4000, 6000]
        .choose(rng)
        .unwrap_or(&1000);
    let (_, _, cents) = goods::good(good);
    Line {
        good,
        quantity_milli,
        amount: cents * rate / 1000 * quantity_milli / 1000,
    }
}

/// How likely an order of `ago` days ago is still open.
fn unpaid(pays: Pays, ago: i64) -> f64 {
    match (pays, ago - TERM) {
        (Pays::AtOnce, _) => 0.0,
        (Pays::InTime, ..=0) => 0.6,
        (Pays::InTime, _) => 0.0,
        (Pays::Late, ..=0) => 0.9,
        (Pays::Late, 1..=30) => 0.8,
        (Pays::Late, 31..=60) => 0.5,
        (Pays::Late, 61..=90) => 0.2,
        (Pays::Late, _) => 0.0,
    }
}
