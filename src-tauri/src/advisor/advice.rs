//! The snapshot: what a shop's purchases teach, asked at every pop and told of every purchase.

use super::answers::Prompted;
use super::baskets::{Baskets, Day};
use super::champion::{Champion, Heads, Task, Voice, Way};
use super::check::Stated;
use super::company::Company;
use super::ease::Ease;
use super::features::{Known, Scratch};
use super::history::History;
use super::logistic::chance;
use super::market::Market;
use super::train;
use super::up_sell::UpSell;

/// What all purchases teach.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    company: Company,
    ease: Ease,
    market: Market,
    prices: Vec<f32>,
    heads: Heads,
    champions: [Champion; 3],
    up_sell: UpSell,
    prompted: Prompted,
    stated: Vec<Stated>,
}

/// A product that may be in the next basket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Which.
    pub product: u32,
    /// How often the customer bought it.
    pub bought: u32,
    /// Chance that it is in the next basket, 0 to 1.
    pub chance: f32,
}

impl Advice {
    pub(super) fn new(
        company: Company,
        ease: Ease,
        market: Market,
        prices: Vec<f32>,
        heads: Heads,
        champions: [Champion; 3],
    ) -> Self {
        Advice {
            company,
            ease,
            market,
            prices,
            heads,
            champions,
            up_sell: UpSell::default(),
            prompted: Prompted::default(),
            stated: Vec::new(),
        }
    }

    /// The same with the steps up of this shop.
    #[must_use]
    pub fn with_steps(mut self, up_sell: UpSell) -> Self {
        self.up_sell = up_sell;
        self
    }

    /// The same, told which baskets of the shop offers may have added a product to; they are not among those learnt from.
    #[must_use]
    pub fn with_prompted(mut self, prompted: Prompted) -> Self {
        self.prompted = prompted;
        self
    }

    /// The baskets to which offers may have added a product.
    #[must_use]
    pub fn prompted(&self) -> &Prompted {
        &self.prompted
    }

    /// The same with what its statements would have come to.
    #[must_use]
    pub(super) fn checked(mut self, stated: Vec<Stated>) -> Self {
        self.stated = stated;
        self
    }

    /// Stated shares, learnt before the later of the two days of the past, against the baskets from then on.
    #[must_use]
    pub fn stated(&self) -> &[Stated] {
        &self.stated
    }

    /// What people moved up to.
    #[must_use]
    pub fn up_sell(&self) -> &UpSell {
        &self.up_sell
    }

    /// In how many baskets with `one` the other stood too, and how many with `one` there are.
    #[must_use]
    pub fn together(&self, one: u32, other: u32) -> (u32, u32) {
        let of = self.company.of(one);
        let found = of.binary_search_by_key(&other, |neighbour| neighbour.other);
        (found.map_or(0, |at| of[at].together), self.company.count(one))
    }

    /// See [`Market::independence`].
    #[must_use]
    pub fn independence(&self, product: u32) -> f32 {
        self.market.independence(product)
    }

    /// Learns from all baskets; see [`train::train`].
    #[must_use]
    pub fn learn(baskets: &Baskets, prices: Vec<f32>) -> Self {
        train::train(baskets, prices)
    }

    /// Which way serves a task.
    #[must_use]
    pub fn champion(&self, task: Task) -> &Champion {
        &self.champions[task as usize]
    }

    /// What is in the next basket of a customer, the likeliest first, at most `most`. Nothing where nothing is known.
    pub fn rank(
        &self,
        scratch: &mut Scratch,
        history: &History,
        (task, anchor): (Task, Option<u32>),
        day: Day,
        most: usize,
    ) -> Vec<Ranked> {
        self.look(scratch, history, anchor.filter(|_| task == Task::With), day);
        self.score(scratch, task);
        self.listed(scratch, task, most)
    }

    fn look(&self, scratch: &mut Scratch, history: &History, anchor: Option<u32>, day: Day) {
        let known = Known {
            company: &self.company,
            ease: &self.ease,
            market: &self.market,
            prices: &self.prices,
        };
        scratch.look(known, history, anchor, day);
    }

    fn score(&self, scratch: &mut Scratch, task: Task) {
        let way = self.champion(task).way;
        let scores = scratch.candidates.iter().map(|one| way.score(one, task, &self.heads));
        scratch.scores.clear();
        scratch.scores.extend(scores);
    }

    fn listed(&self, scratch: &Scratch, task: Task, most: usize) -> Vec<Ranked> {
        let champion = self.champion(task);
        if champion.voice == Voice::Silent {
            return Vec::new();
        }
        let best = train::best(&scratch.candidates, task, most, |place, _| scratch.scores[place]);
        let ranked = best.into_iter().map(|(score, place)| Ranked {
            product: scratch.candidates[place].product,
            bought: scratch.candidates[place].bought,
            chance: match champion.way {
                Way::Heads => chance(score),
                _ => champion.line.chance(score),
            },
        });
        ranked.collect()
    }

    /// What is new to a customer and suits them, and all that may be in their next basket: two lists of one look.
    pub fn both(&self, scratch: &mut Scratch, history: &History, day: Day, most: usize) -> [Vec<Ranked>; 2] {
        self.look(scratch, history, None, day);
        self.score(scratch, Task::New);
        let new = self.listed(scratch, Task::New, most);
        // without a product of the basket, a way scores alike whatever the task
        if self.champion(Task::Any).way != self.champion(Task::New).way {
            self.score(scratch, Task::Any);
        }
        [new, self.listed(scratch, Task::Any, most)]
    }

    /// Takes in a new basket of a customer: what sells, and what stands together. Everything else waits for the next
    /// training, and so does a product that is new to the snapshot.
    pub fn add(&mut self, items: &[u32]) {
        let mut items: Vec<u32> = items
            .iter()
            .copied()
            .filter(|&one| (one as usize) < self.market.products.len())
            .collect();
        items.sort_unstable();
        items.dedup();
        self.market.add(&items);
        self.company.add(&items);
    }
}
