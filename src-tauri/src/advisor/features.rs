//! What is known of a product for one customer at one moment, as numbers for the heads.
//!
//! Two kinds of candidates: what the customer has bought (will they buy it again?) and what they never bought (does it
//! suit them?). Both have the same row of numbers; what does not apply is zero.

use super::baskets::Day;
use super::company::Company;
use super::ease::Ease;
use super::history::History;
use super::market::{Market, Product, band};

/// Numbers in a row.
pub const WIDTH: usize = 29;

/// A row of numbers.
pub type Row = [f32; WIDTH];

/// Latest lines of a history that are read: who bought more is known well enough by these.
const MOST_LINES: usize = 4_000;
/// Products of the latest basket that are asked for company.
const LATEST: usize = 40;
/// Products never bought that are weighed, by their company.
const BY_COMPANY: usize = 80;
/// Products never bought that are weighed, by popularity.
const BY_POPULARITY: usize = 40;

/// A product the customer may buy.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Which.
    pub product: u32,
    /// How often the customer bought it.
    pub bought: u32,
    /// What is known, as numbers.
    pub row: Row,
}

/// What is known of products by their number while one customer is looked at. Kept between customers for its room.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    slots: Vec<Slot>,
    stamp: u32,
    own: Vec<Own>,
    met: Vec<u32>,
    ranked: Vec<(f32, u32)>,
    weighed: Vec<Weighed>,
    /// The scores of the candidates, in their order.
    pub(super) scores: Vec<f32>,
    /// The candidates of the last look: what was bought first, in the order it was first bought.
    pub candidates: Vec<Candidate>,
}

/// Half a line of the processor's cache, so that to meet a product waits for one.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Slot {
    /// Below the scratch's: of an earlier look. One above it: it is weighed already.
    stamp: u32,
    /// One more than the place in `own`; zero for what was never bought.
    own: u32,
    latest: f32,
    surest: f32,
    whole: f32,
    aged: f32,
    anchor: f32,
    anchor_cosine: f32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Own {
    product: u32,
    count: u32,
    slow: f32,
    fast: f32,
    aged: f32,
    first: Day,
    last: Day,
    basket: usize,
}

/// A product that is weighed, with what is known of it for everybody.
#[derive(Clone, Copy, Debug)]
struct Weighed {
    product: u32,
    price: f32,
    market: Product,
}

/// What a look rests on.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    /// Which products go together.
    pub company: &'k Company,
    /// What else people have who have them.
    pub ease: &'k Ease,
    /// How they sell.
    pub market: &'k Market,
    /// Their price, logarithm; NaN where it is not known.
    pub prices: &'k [f32],
}

impl Scratch {
    /// Weighs what may be in the basket of a customer with this history on `day`, of which `anchor` is known to be
    /// in it. The anchor itself is no candidate.
    pub fn look(&mut self, known: Known<'_>, history: &History, anchor: Option<u32>, day: Day) {
        self.begin(known.market.products.len());
        self.gather_own(history, day);
        self.gather_company(known, history);
        if let Some(anchor) = anchor {
            self.gather_anchor(known, anchor);
        }
        self.choose_new(known, anchor);
        let customer = Customer::of(known, history, &self.own, day);
        self.fetch(known, anchor);
        self.candidates.clear();
        let of = self.weighed.iter().map(|weighed| {
            let slot = &self.slots[weighed.product as usize];
            let own = slot.own.checked_sub(1).map(|at| &self.own[at as usize]);
            Candidate {
                product: weighed.product,
                bought: own.map_or(0, |own| own.count),
                row: customer.row(weighed, slot, own),
            }
        });
        self.candidates.extend(of);
    }

    /// What is known of each candidate lies anywhere in memory: asked for in one go, the processor waits for all of it at once
    /// and not for one after the other.
    fn fetch(&mut self, known: Known<'_>, anchor: Option<u32>) {
        let own = self.own.iter().map(|one| one.product);
        let products = own.filter(|&one| Some(one) != anchor).chain(self.met.iter().copied());
        self.weighed.clear();
        self.weighed.extend(products.map(|product| Weighed {
            product,
            price: known.prices.get(product as usize).copied().unwrap_or(f32::NAN),
            market: known.market.products[product as usize],
        }));
    }

    fn begin(&mut self, products: usize) {
        if self.slots.len() < products || self.stamp >= u32::MAX - 3 {
            self.slots = vec![Slot::default(); products];
            self.stamp = 0;
        }
        self.stamp += 2;
        self.own.clear();
        self.met.clear();
    }

    fn slot(&mut self, product: u32) -> &mut Slot {
        let slot = &mut self.slots[product as usize];
        if slot.stamp < self.stamp {
            *slot = Slot {
                stamp: self.stamp,
                ..Slot::default()
            };
            self.met.push(product);
        }
        slot
    }

    fn gather_own(&mut self, history: &History, day: Day) {
        let baskets = history.len();
        let mut lines = 0;
        let first = (0..baskets)
            .rev()
            .find(|&basket| {
                lines += history.items(basket).len();
                lines > MOST_LINES
            })
            .map_or(0, |basket| (basket + 1).min(baskets.saturating_sub(1)));
        for basket in first..baskets {
            let ago = (baskets - 1 - basket) as f32;
            let at = history.days()[basket];
            let (slow, fast) = ((-ago / 8.0).exp(), (-ago / 2.0).exp());
            let aged = (-((day - at).max(0) as f32) / 90.0).exp();
            for &product in history.items(basket) {
                if product as usize >= self.slots.len() {
                    continue;
                }
                let own = self.own.len();
                let slot = self.slot(product);
                if slot.own == 0 {
                    slot.own = super::baskets::index(own + 1);
                    self.own.push(Own {
                        product,
                        first: at,
                        ..Own::default()
                    });
                }
                let place = self.slots[product as usize].own as usize - 1;
                let own = &mut self.own[place];
                own.count += 1;
                own.slow += slow;
                own.fast += fast;
                own.aged += aged;
                own.last = at;
                own.basket = basket;
            }
        }
        self.met.clear();
    }

    fn gather_company(&mut self, known: Known<'_>, history: &History) {
        let Some(latest) = history.len().checked_sub(1) else {
            return;
        };
        let items = history.items(latest);
        let size = (items.len().min(LATEST) as f32).sqrt();
        for &product in items.iter().take(LATEST) {
            let (count, root) = (known.company.count(product) as f32, known.company.root(product));
            for one in known.company.of(product) {
                let together = one.together as f32;
                let cosine = together / (root * known.company.root(one.other));
                let share = (together - 1.0) / (count + 10.0);
                let slot = self.slot(one.other);
                slot.latest += cosine / size;
                slot.surest = slot.surest.max(share);
            }
        }
        for at in 0..self.own.len() {
            let Own { product, aged, .. } = self.own[at];
            for one in known.ease.of_product(product) {
                let slot = self.slot(one.other);
                slot.whole += one.weight;
                slot.aged += aged.min(1.5) * one.weight;
            }
        }
    }

    fn gather_anchor(&mut self, known: Known<'_>, anchor: u32) {
        let count = known.company.count(anchor) as f32;
        for one in known.company.of(anchor) {
            let other = known.company.count(one.other) as f32;
            let together = one.together as f32;
            let slot = self.slot(one.other);
            slot.anchor = together / (count + 5.0);
            slot.anchor_cosine = together / (count * other).sqrt().max(1.0);
        }
    }

    /// Leaves in `met` what was never bought and is worth weighing.
    fn choose_new(&mut self, known: Known<'_>, anchor: Option<u32>) {
        self.ranked.clear();
        for &product in &self.met {
            let slot = &self.slots[product as usize];
            if slot.own == 0 && Some(product) != anchor {
                let weight = slot.latest + slot.surest + 2.0 * slot.whole + 10.0 * slot.anchor;
                self.ranked.push((weight, product));
            }
        }
        let better = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if self.ranked.len() > BY_COMPANY {
            self.ranked.select_nth_unstable_by(BY_COMPANY, better);
            self.ranked.truncate(BY_COMPANY);
        }
        self.met.clear();
        for &(_, product) in &self.ranked {
            self.slots[product as usize].stamp = self.stamp + 1;
            self.met.push(product);
        }
        for &product in known.market.popular.iter().take(BY_POPULARITY) {
            let slot = &self.slots[product as usize];
            let (met, chosen) = (slot.stamp >= self.stamp, slot.stamp > self.stamp);
            if Some(product) == anchor || chosen || (met && slot.own > 0) {
                continue;
            }
            if met {
                self.met.push(product);
            } else {
                self.slot(product);
            }
        }
    }
}

/// The logarithm of what is above nothing, as multiples of `least`, so that nothing is zero and costs no logarithm.
fn above(value: f32, least: f32) -> f32 {
    if value > 0.0 { (1.0 + value / least).ln() } else { 0.0 }
}

/// What is the same for all candidates of a customer.
struct Customer {
    baskets: f32,
    size: f32,
    new: f32,
    ln_gap: f32,
    silent: f32,
    latest: usize,
    day: Day,
    band: usize,
    price: f32,
    spread: f32,
    ln_baskets: f32,
}

impl Customer {
    fn of(known: Known<'_>, history: &History, own: &[Own], day: Day) -> Self {
        let baskets = history.len() as f32;
        let lines: u32 = own.iter().map(|one| one.count).sum();
        let first = history.days().first().copied().unwrap_or(day);
        let last = history.days().last().copied().unwrap_or(day);
        let recent: usize = (history.len().saturating_sub(3)..history.len())
            .map(|at| history.items(at).len())
            .sum();
        let recent_of = history.len().min(3) as f32;
        let size = (lines as f32 + recent as f32 + 2.0 * known.market.size) / (baskets + recent_of + 2.0);
        let later = lines as f32
            - if history.is_empty() {
                0.0
            } else {
                history.items(0).len() as f32
            };
        let newer = own.len() as f32
            - if history.is_empty() {
                0.0
            } else {
                history.items(0).len() as f32
            };
        let pseudo = known.market.size * 2.0;
        let (mut sum, mut squares, mut priced) = (0.0, 0.0, 0.0f32);
        for one in own {
            let price = known.prices.get(one.product as usize).copied().unwrap_or(f32::NAN);
            if !price.is_nan() {
                sum += price;
                squares += price * price;
                priced += 1.0;
            }
        }
        let mean = sum / priced.max(1.0);
        let gap = ((last - first) as f32 + known.market.gap * 1.5) / (baskets - 1.0 + 1.5);
        Customer {
            baskets,
            size: size.ln(),
            new: (newer.max(0.0) + pseudo * known.market.new) / (later.max(0.0) + pseudo),
            silent: ((day - last).max(0) as f32 + 1.0).ln(),
            latest: history.len().saturating_sub(1),
            day,
            band: band(history.len()),
            price: if priced > 0.0 { mean } else { f32::NAN },
            spread: ((squares / priced.max(1.0) - mean * mean).max(0.0) + 0.25).sqrt(),
            ln_baskets: (baskets + 1.0).ln(),
            ln_gap: gap.ln(),
        }
    }

    fn row(&self, weighed: &Weighed, slot: &Slot, own: Option<&Own>) -> Row {
        let market = &weighed.market;
        let mut row = [0.0; WIDTH];
        row[0] = market.month;
        row[1] = market.week - market.month;
        row[2] = market.month - market.season;
        row[3] = market.season - market.ever;
        row[4] = market.again;
        row[5] = market.band[self.band] - market.season;
        row[6] = above(slot.latest, 0.02);
        row[7] = above(slot.surest, 0.02);
        row[8] = above(slot.whole, 0.02);
        row[28] = above(slot.aged, 0.02);
        row[9] = self.size;
        row[10] = self.new;
        row[11] = self.ln_baskets;
        row[12] = self.silent;
        row[13] = self.silent - self.ln_gap;
        row[14] = above(slot.anchor, 0.005);
        row[15] = above(slot.anchor_cosine, 0.01);
        row[16] = self.fit(weighed.price);
        row[17] = market.age;
        row[26] = market.adopted;
        row[27] = market.adopted_week - market.adopted;
        if let Some(own) = own {
            let since = (self.day - own.last).max(0) as f32;
            row[18] = (own.slow + 0.05).ln();
            row[19] = (own.fast + 0.05).ln();
            row[20] = ((own.count as f32 + 0.3) / (self.baskets + 1.0)).ln();
            row[21] = (own.aged + 0.02).ln();
            row[22] = f32::from(u8::from(own.basket == self.latest));
            row[23] = f32::from(u8::from(own.count == 1));
            let gap = ((own.last - own.first) as f32 + market.gap) / own.count as f32;
            let due = ((since + 1.0) / gap.max(1.0)).ln().clamp(-3.0, 3.0);
            row[24] = due;
            row[25] = due * due;
        }
        row
    }

    /// How far the price is from what the customer pays, in their own spread; zero where a price is not known.
    fn fit(&self, price: f32) -> f32 {
        let off = (price - self.price).abs() / self.spread;
        if off.is_nan() { 0.0 } else { off.min(4.0) }
    }
}
