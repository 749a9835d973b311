//! What customers answered to suggestions: it moves products gently up or down a list, and never changes what is said of them.
//!
//! Three things can go wrong when a recommender learns from its own effects, and each has its remedy here:
//! - What was accepted is bought, and what is bought is suggested: a product feeds itself (Chaney, A., Stewart, B. and Engelhardt,
//!   B. (2018), "How algorithmic confounding in recommendation systems increases homogeneity and decreases utility", RecSys '18,
//!   224-232). Purchases that an offer may have prompted teach nothing ([`is_prompted`], [`Prompted`]); what
//!   they say of the product is said once, by the answer.
//! - Who asks matters more than what is asked: one agent never gets a yes. Accepted offers are compared with what the same
//!   agents get on average, shrunk towards no difference where little is known (indirect standardisation with a gamma prior:
//!   Clayton, D. and Kaldor, J. (1987), Biometrics 43, 671-681), and of one agent only so many answers count.
//! - What is not suggested any more is never answered again. The factor is bounded, answers fade, and one look in so many goes by
//!   purchases alone (ε-greedy: Sutton, R. and Barto, A. (2018), Reinforcement learning, 2.2).

#![allow(
    clippy::cast_possible_truncation,
    reason = "a factor between one half and two needs no last digit"
)]

use std::collections::HashMap;

use super::baskets::Day;
use super::replay::mix;

/// For so many days after an offer a purchase of the product may come from it.
pub const PROMPTS_FOR: Day = 30;
/// Answers of so long ago count half.
const HALF_LIFE: f64 = 180.0;
/// Of one agent so many answers to a product count, at most.
const MOST_OF_AGENT: f64 = 10.0;
/// Pull of an agent's rate towards that of all, in answers.
const AGENT_PRIOR: f64 = 10.0;
/// Pull of a product's factor towards one, in accepted offers.
const PRIOR: f64 = 5.0;
/// The factor is between one by this and this.
const MOST: f64 = 1.5;
/// One look in so many raises what was declined to where purchases alone would have it.
const EXPLORES: u32 = 16;

/// What a customer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// Neither: it was named, or is to be asked again.
    Undecided,
}

/// An answer to a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The source's key of the product.
    pub product: String,
    /// Who asked.
    pub agent: String,
    /// What was said.
    pub said: Said,
    /// When.
    pub day: Day,
}

/// What all answers say of products, by the source's key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    factors: HashMap<String, f32>,
}

/// Decided answers, weighed by their age: how many, and how many were a yes.
#[derive(Clone, Copy, Default)]
struct Tally {
    all: f64,
    accepted: f64,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.all += other.all;
        self.accepted += other.accepted;
    }

    /// As many as of one agent count.
    fn capped(self) -> Tally {
        let share = (MOST_OF_AGENT / self.all).min(1.0);
        Tally {
            all: self.all * share,
            accepted: self.accepted * share,
        }
    }
}

impl Answers {
    /// What the answers say on `today`.
    #[must_use]
    pub fn learn<'a>(answers: impl IntoIterator<Item = &'a Answer>, today: Day) -> Self {
        let mut by_pair: HashMap<(&str, &str), Tally> = HashMap::new();
        for one in answers.into_iter().filter(|one| one.said != Said::Undecided) {
            let age = f64::from((today - one.day).max(0));
            let all = 0.5_f64.powf(age / HALF_LIFE);
            let accepted = if one.said == Said::Accepted { all } else { 0.0 };
            let pair = (one.agent.as_str(), one.product.as_str());
            by_pair.entry(pair).or_default().add(Tally { all, accepted });
        }
        let (mut everybody, mut agents) = (Tally::default(), HashMap::<&str, Tally>::new());
        for ((agent, _), tally) in &by_pair {
            everybody.add(tally.capped());
            agents.entry(agent).or_default().add(tally.capped());
        }
        let usual = (everybody.accepted + 1.0) / (everybody.all + 2.0);
        let mut products: HashMap<&str, (f64, f64)> = HashMap::new();
        for ((agent, product), tally) in &by_pair {
            let (of_agent, counted) = (agents[agent], tally.capped());
            let rate = (of_agent.accepted + AGENT_PRIOR * usual) / (of_agent.all + AGENT_PRIOR);
            let (seen, expected) = products.entry(product).or_default();
            *seen += counted.accepted;
            *expected += counted.all * rate;
        }
        let factor = |(seen, expected): (f64, f64)| ((seen + PRIOR) / (expected + PRIOR)).clamp(1.0 / MOST, MOST);
        let factors = products
            .into_iter()
            .map(|(product, tally)| (product.to_owned(), factor(tally) as f32));
        Answers {
            factors: factors.collect(),
        }
    }

    /// Whether nothing was ever answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.factors.is_empty()
    }

    /// By what a product's chance is multiplied before products are ranked: 1 where nothing is known.
    #[must_use]
    pub fn factor(&self, product: &str) -> f32 {
        self.factors.get(product).copied().unwrap_or(1.0)
    }

    /// The same in a look of `number`, which has nothing to do with the customer: in one of so many nothing is put back.
    #[must_use]
    pub fn factor_in(&self, number: u32, product: &str) -> f32 {
        let factor = self.factor(product);
        if explores(number) { factor.max(1.0) } else { factor }
    }
}

/// Whether a look goes without what was declined.
#[must_use]
pub fn explores(number: u32) -> bool {
    mix(number).is_multiple_of(EXPLORES)
}

/// Whether a purchase on day `bought` may come from an offer on day `offered`.
#[must_use]
pub fn is_prompted(offered: Day, bought: Day) -> bool {
    (0..=PROMPTS_FOR).contains(&(bought - offered))
}

/// Baskets to which offers may have added a product: what of two products' company is not their own doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompted {
    pairs: HashMap<(u32, u32), u32>,
}

impl Prompted {
    /// Takes in a basket with `items`, to which an offer may have added `product`.
    pub fn add(&mut self, items: &[u32], product: u32) {
        for &item in items.iter().filter(|&&item| item != product) {
            *self.pairs.entry((item, product)).or_insert(0) += 1;
        }
    }

    /// In how many baskets with `item` an offer may have added `product`.
    #[must_use]
    pub fn of(&self, item: u32, product: u32) -> u32 {
        self.pairs.get(&(item, product)).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = 20_000;

    fn answers(all: &[(&str, &str, Said, usize)]) -> Vec<Answer> {
        let several = |&(agent, product, said, count): &(&str, &str, Said, usize)| {
            let one = Answer {
                product: product.to_owned(),
                agent: agent.to_owned(),
                said,
                day: TODAY,
            };
            vec![one; count]
        };
        all.iter().flat_map(several).collect()
    }

    fn learn(all: &[(&str, &str, Said, usize)]) -> Answers {
        Answers::learn(&answers(all), TODAY)
    }

    #[test]
    fn what_everybody_declines_sinks_and_what_everybody_takes_rises_but_only_so_far() {
        use Said::{Accepted, Declined};
        let mut all = Vec::new();
        for agent in ["1", "2", "3", "4", "5", "6", "7", "8"] {
            all.extend([(agent, "bad", Declined, 9), (agent, "good", Accepted, 9)]);
            all.extend([(agent, "usual", Declined, 5), (agent, "usual", Accepted, 5)]);
        }
        let learnt = learn(&all);
        assert!((learnt.factor("bad") - 1.0 / 1.5).abs() < 1e-6, "{learnt:?}");
        assert!((learnt.factor("good") - 1.5).abs() < 1e-6, "{learnt:?}");
        assert!((learnt.factor("usual") - 1.0).abs() < 0.05, "{learnt:?}");
        assert!((learnt.factor("never offered") - 1.0).abs() < f32::EPSILON);
    }

    #[test]
    fn two_who_decline_change_hardly_anything() {
        use Said::{Accepted, Declined};
        let learnt = learn(&[
            ("1", "new", Declined, 2),
            ("1", "usual", Accepted, 10),
            ("1", "usual", Declined, 20),
        ]);
        assert!(learnt.factor("new") > 0.85, "{learnt:?}");
    }

    #[test]
    fn an_agent_who_never_gets_a_yes_starves_nothing() {
        use Said::{Accepted, Declined};
        let mut all = vec![("grump", "pot", Declined, 500), ("grump", "jam", Declined, 500)];
        for agent in ["1", "2", "3"] {
            all.extend([(agent, "pot", Accepted, 4), (agent, "pot", Declined, 6)]);
            all.extend([(agent, "tea", Accepted, 4), (agent, "tea", Declined, 6)]);
        }
        let learnt = learn(&all);
        assert!((learnt.factor("pot") - learnt.factor("tea")).abs() < 0.15, "{learnt:?}");
        assert!(learnt.factor("pot") > 0.85, "{learnt:?}");
        assert!(learnt.factor("jam") > 0.75, "{learnt:?}");
    }

    #[test]
    fn what_was_said_long_ago_fades() {
        let old = answers(&[("1", "pot", Said::Declined, 20), ("2", "tea", Said::Accepted, 20)]);
        let now = Answers::learn(&old, TODAY).factor("pot");
        let later = Answers::learn(&old, TODAY + 720).factor("pot");
        assert!(now < 0.7 && later > 0.85, "{now} {later}");
    }

    #[test]
    fn one_look_in_sixteen_goes_without_what_was_declined() {
        let learnt = learn(&[("1", "pot", Said::Declined, 20), ("2", "tea", Said::Accepted, 20)]);
        let raised = (0..16_000)
            .filter(|&number| learnt.factor_in(number, "pot") >= 1.0)
            .count();
        assert!((900..1_100).contains(&raised), "{raised}");
        assert!((0..16_000).all(|number| learnt.factor_in(number, "tea") > 1.0));
    }

    #[test]
    fn a_purchase_on_the_day_of_the_offer_and_thirty_days_on_may_come_from_it() {
        let days = [-1, 0, 30, 31].map(|after| is_prompted(TODAY, TODAY + after));
        assert_eq!(days, [false, true, true, false]);
    }
}
