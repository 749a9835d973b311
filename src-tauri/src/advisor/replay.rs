//! The past played again: at an earlier day, with what was known then, what did customers buy next?

#![allow(
    clippy::cast_possible_truncation,
    reason = "a share of a number of baskets is a number of baskets"
)]

use super::baskets::{Baskets, Day, index};
use super::check::{Stated, stated_shares};
use super::company::Company;
use super::ease::Ease;
use super::features::{Known, Scratch};
use super::history::History;
use super::market::Market;

/// A customer who came back after the day of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// Who.
    pub customer: u32,
    /// How many baskets they had by then; the next one is what is asked for.
    pub had: usize,
    /// One product of the next basket that the shop knew by then.
    pub anchor: Option<u32>,
}

/// What was known on a day, and who came back after it.
#[derive(Debug)]
pub struct Replay {
    company: Company,
    ease: Ease,
    market: Market,
    until: u32,
    /// Those who came back, in no order that means anything.
    pub cases: Vec<Case>,
}

impl Replay {
    /// The state of the first `until` baskets, the last of which are from the day before `day`, with at most `most` of
    /// those who came back before basket `end`.
    #[must_use]
    pub fn at(baskets: &Baskets, company: Company, (until, end): (u32, u32), day: Day, most: usize) -> Self {
        let cases = cases(baskets, until, end, most);
        Replay {
            company,
            ease: Ease::at(baskets, until, day),
            market: Market::at(baskets, until, day),
            until,
            cases,
        }
    }

    /// Looks at a case with what was known then: what is left in `scratch` are its candidates, and the answer is what
    /// was bought, ascending. `history` is filled anew.
    pub fn look<'b>(
        &self,
        (baskets, prices): (&'b Baskets, &[f32]),
        case: Case,
        anchored: bool,
        (scratch, history): (&mut Scratch, &mut History),
    ) -> &'b [u32] {
        let known = Known {
            company: &self.company,
            ease: &self.ease,
            market: &self.market,
            prices,
        };
        let of = baskets.of_customer(case.customer);
        history.clear();
        for &basket in &of[..case.had] {
            history.push(baskets.day(basket), baskets.items(basket));
        }
        let next = of[case.had];
        scratch.look(known, history, case.anchor.filter(|_| anchored), baskets.day(next));
        baskets.items(next)
    }

    /// What would have been stated then, against what came later.
    #[must_use]
    pub fn stated_shares(&self, baskets: &Baskets) -> Vec<Stated> {
        stated_shares(baskets, (&self.company, &self.market), self.until)
    }

    /// How many baskets were known.
    #[must_use]
    pub fn until(&self) -> u32 {
        self.until
    }
}

/// How many customers have baskets on both sides.
pub(super) fn returned(baskets: &Baskets, until: u32) -> usize {
    let both = |&customer: &u32| {
        let of = baskets.of_customer(customer);
        let had = of.partition_point(|&basket| basket < until);
        had > 0 && had < of.len()
    };
    (0..baskets.customers()).filter(both).count()
}

/// Those with baskets on both sides, thinned evenly by a number that has nothing to do with them.
fn cases(baskets: &Baskets, until: u32, end: u32, most: usize) -> Vec<Case> {
    let mut cases = Vec::new();
    for customer in 0..baskets.customers() {
        let of = baskets.of_customer(customer);
        let had = of.partition_point(|&basket| basket < until);
        if had == 0 || of.get(had).is_none_or(|&next| next >= end) {
            continue;
        }
        let known = |&&product: &&u32| baskets.of_product(product).first().is_some_and(|&first| first < until);
        let items = baskets.items(of[had]);
        let sold = items.iter().filter(known).count();
        let nth = mix(customer) as usize % sold.max(1);
        let anchor = items.iter().filter(known).nth(nth).copied();
        cases.push(Case { customer, had, anchor });
    }
    cases.sort_unstable_by_key(|case| (mix(case.customer ^ 0x5bd1), case.customer));
    cases.truncate(most);
    cases
}

/// Spreads numbers (the finalizer of Murmur3, A. Appleby, public domain).
pub(super) fn mix(number: u32) -> u32 {
    let mut mixed = number.wrapping_add(0x9e37_79b9);
    mixed ^= mixed >> 16;
    mixed = mixed.wrapping_mul(0x85eb_ca6b);
    mixed ^= mixed >> 13;
    mixed = mixed.wrapping_mul(0xc2b2_ae35);
    mixed ^ (mixed >> 16)
}

/// The basket with which the last `share` of all begins, moved to the beginning of its day.
pub(super) fn cut(baskets: &Baskets, share: f64) -> (u32, Day) {
    if baskets.number() == 0 {
        return (0, 0);
    }
    let nth = (f64::from(baskets.number()) * (1.0 - share)) as usize;
    let day = baskets.day(index(nth).min(baskets.number() - 1));
    (baskets.before(day), day)
}
