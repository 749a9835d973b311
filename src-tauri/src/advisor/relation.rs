//! What kind of relation a customer has with the shop, in words that came true for others, never as a verdict.
//!
//! Segments are cut from recency, frequency and money (RFM); the chance to come back is what was seen of customers who were as
//! silent and as frequent; small groups are not judged. Money is compared and expected in each currency for itself.

use std::collections::HashMap;

use super::baskets::Day;
use super::bgnbd::{BgNbd, Orders};
use super::evidence::wilson_lower;
use super::gamma_gamma::{GammaGamma, Spent};
pub use super::purse::{Paid, Purchases, Purse};
use crate::customer::Currency;

/// Fewer customers in a group say nothing of anybody.
pub const LEAST_GROUP: u32 = 10;
/// In how many days somebody came back or not.
pub const SOON: Day = 90;
/// How far ahead orders and value are expected, in days.
pub const AHEAD: Day = 365;
/// Customers that the models learn from.
const MOST_FITTED: usize = 3_000;

/// The segments, from the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// Recent, frequent and worth much.
    Champion,
    /// Frequent and recent.
    Loyal,
    /// One order, recent.
    New,
    /// None of the others: they come now and then.
    Regular,
    /// Frequent once, silent now.
    AtRisk,
    /// Among the best once, silent for longest.
    CannotLose,
    /// Silent.
    Dormant,
}

impl Segment {
    /// The word for it, for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Segment::Champion => "champion",
            Segment::Loyal => "loyal",
            Segment::New => "new",
            Segment::Regular => "regular",
            Segment::AtRisk => "at_risk",
            Segment::CannotLose => "cannot_lose",
            Segment::Dormant => "dormant",
        }
    }
}

/// What the shop's customers teach about relations.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    /// Upper ends of the first four fifths of days since the last order, of the baskets, of the money.
    recency: [i64; 4],
    frequency: [i64; 4],
    money: HashMap<Currency, [i64; 4]>,
    /// Of customers by how silent and how frequent: how many, and how many came back within 90 days.
    came_back: [[(u32, u32); SILENCES]; FREQUENCIES],
    orders: Option<BgNbd>,
    value: HashMap<Currency, GammaGamma>,
    customers: u32,
}

/// Bands of silence, in days: up to 30, 60, 90, 180, 365, more.
const SILENCES: usize = 6;
/// Bands of orders: one, two to four, five and more.
const FREQUENCIES: usize = 3;

/// A relation as it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relation {
    /// The segment; `None` in a shop too small to be cut.
    pub segment: Option<Segment>,
    /// Of customers as silent and as frequent, how many came back within 90 days, of how many.
    pub came_back: Option<(u32, u32)>,
    /// Orders to be expected within a year.
    pub orders: Option<f64>,
    /// What those in the currency they buy in most are worth, minor units.
    pub value: Option<(f64, Currency)>,
    /// Days between two orders, by half of their own gaps; `None` under three orders.
    pub rhythm: Option<Day>,
    /// Silent for more than twice that.
    pub overdue: bool,
}

impl Relations {
    /// Learns from all customers, as of `now`.
    #[must_use]
    pub fn learn(all: &[Purchases], now: Day) -> Self {
        let all: Vec<&Purchases> = all.iter().filter(|one| !one.days.is_empty()).collect();
        let last = |one: &Purchases| one.days.last().copied().unwrap_or(now);
        let fifths = |key: &dyn Fn(&Purchases) -> i64| quintiles(all.iter().map(|one| key(one)).collect());
        let once = all.iter().filter(|one| one.days.len() == 1).count();
        let frequency = if once * 5 > all.len() * 2 {
            [1, 2, 4, 9]
        } else {
            fifths(&|one| i64::try_from(one.days.len()).unwrap_or(i64::MAX))
        };
        let step = all.len().div_ceil(MOST_FITTED).max(1);
        let sample: Vec<&&Purchases> = all.iter().step_by(step).collect();
        let orders: Vec<Orders> = sample.iter().map(|one| counted(one, now)).collect();
        let mut paid: HashMap<Currency, Vec<Paid>> = HashMap::new();
        for one in all.iter().filter_map(|one| one.paid) {
            paid.entry(one.currency).or_default().push(one);
        }
        Relations {
            recency: fifths(&|one| i64::from(now - last(one))),
            frequency,
            money: paid
                .iter()
                .map(|(&currency, paid)| (currency, quintiles(paid.iter().map(|one| one.sum).collect())))
                .collect(),
            came_back: came_back(&all, now),
            orders: BgNbd::fit(&orders),
            value: paid
                .iter()
                .filter_map(|(&currency, paid)| Some((currency, worth(paid)?)))
                .collect(),
            customers: super::baskets::index(all.len()),
        }
    }

    /// The relation of a customer on `now`.
    #[must_use]
    pub fn of(&self, one: &Purchases, now: Day) -> Option<Relation> {
        let last = *one.days.last()?;
        let silent = (now - last).max(0);
        let (who, came) = self.came_back[often(one.days.len())][silence(silent)];
        let orders = self
            .orders
            .map(|model| model.expected(counted(one, now), f64::from(AHEAD) / 7.0));
        let worth = one.paid.and_then(|paid| {
            let model = self.value.get(&paid.currency)?;
            // those orders of a year that are in this currency
            let share = f64::from(paid.days) / one.days.len() as f64;
            Some((model.expected(spent(paid)) * share, paid.currency))
        });
        let rhythm = rhythm(&one.days);
        Some(Relation {
            segment: (self.customers >= LEAST_GROUP * 5).then(|| self.segment(one, silent)),
            came_back: (who >= LEAST_GROUP).then_some((came, who)),
            orders,
            value: orders
                .zip(worth)
                .map(|(orders, (worth, currency))| (orders * worth, currency)),
            rhythm,
            overdue: rhythm.is_some_and(|rhythm| silent > 2 * rhythm.max(1)),
        })
    }

    fn segment(&self, one: &Purchases, silent: Day) -> Segment {
        let orders = i64::try_from(one.days.len()).unwrap_or(i64::MAX);
        let r = 6 - fifth(&self.recency, i64::from(silent));
        let money = one
            .paid
            .and_then(|paid| Some(fifth(self.money.get(&paid.currency)?, paid.sum)));
        let (f, m) = (fifth(&self.frequency, orders), money.unwrap_or(1));
        match (r, f, m) {
            (4.., 4.., 4..) => Segment::Champion,
            (1, 4.., 4..) => Segment::CannotLose,
            (3.., 4.., _) => Segment::Loyal,
            (4.., _, _) if orders == 1 => Segment::New,
            (..=2, 3.., _) => Segment::AtRisk,
            (..=2, _, _) => Segment::Dormant,
            _ => Segment::Regular,
        }
    }
}

/// Orders in weeks, as the models take them.
fn counted(one: &Purchases, now: Day) -> Orders {
    let first = one.days.first().copied().unwrap_or(now);
    let last = one.days.last().copied().unwrap_or(now);
    Orders {
        repeats: one.days.len() as f64 - 1.0,
        recency: f64::from(last - first) / 7.0,
        age: f64::from((now - first).max(last - first)) / 7.0,
    }
}

fn spent(paid: Paid) -> Spent {
    let orders = f64::from(paid.days.max(1));
    Spent {
        orders,
        mean: paid.sum.max(0) as f64 / orders,
    }
}

/// What an order in one currency is worth, by those who came more than once.
fn worth(paid: &[Paid]) -> Option<GammaGamma> {
    let step = paid.len().div_ceil(MOST_FITTED).max(1);
    let again = paid.iter().step_by(step).filter(|one| one.days > 1);
    GammaGamma::fit(&again.map(|one| spent(*one)).collect::<Vec<_>>())
}

/// Half of the gaps are shorter; three orders are the least to speak of a rhythm.
fn rhythm(days: &[Day]) -> Option<Day> {
    if days.len() < 3 {
        return None;
    }
    let mut gaps: Vec<Day> = days.windows(2).map(|two| two[1] - two[0]).collect();
    gaps.sort_unstable();
    Some(gaps[gaps.len() / 2])
}

/// The upper ends of four fifths; equal values share a fifth.
fn quintiles(mut values: Vec<i64>) -> [i64; 4] {
    values.sort_unstable();
    let last = values.len().saturating_sub(1);
    std::array::from_fn(|fifth| {
        values
            .get((values.len() * (fifth + 1) / 5).saturating_sub(1).min(last))
            .copied()
            .unwrap_or(0)
    })
}

/// In which fifth a value is, 1 to 5.
fn fifth(ends: &[i64; 4], value: i64) -> u8 {
    1 + ends.iter().fold(0, |above, &end| above + u8::from(value > end))
}

fn silence(days: Day) -> usize {
    [30, 60, 90, 180, 365].iter().take_while(|&&end| days > end).count()
}

fn often(orders: usize) -> usize {
    match orders {
        0 | 1 => 0,
        2..=4 => 1,
        _ => 2,
    }
}

/// How those of each group did in the last 90 days, as they stood 90 days ago.
fn came_back(all: &[&Purchases], now: Day) -> [[(u32, u32); SILENCES]; FREQUENCIES] {
    let then = now - SOON;
    let mut groups = [[(0, 0); SILENCES]; FREQUENCIES];
    for one in all {
        let had = one.days.partition_point(|&day| day < then);
        if had == 0 {
            continue;
        }
        let group = &mut groups[often(had)][silence(then - one.days[had - 1])];
        group.0 += 1;
        group.1 += u32::from(had < one.days.len());
    }
    groups
}

/// The lower end of an observed rate, for a statement that should come true.
#[must_use]
pub fn at_least(came: u32, of: u32) -> f64 {
    wilson_lower(came, of)
}
