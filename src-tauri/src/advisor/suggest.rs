//! What is suggested to one customer: what goes with what they have, what they will want again, and what others moved up to.
//!
//! Each has its counts and a chance, and whatever was thought of and not said has the guard that silenced it.

use super::advice::{Advice, Ranked};
use super::answers::Answers;
use super::baskets::Day;
use super::champion::{Task, Voice};
use super::cross_sell::{Suggestion, cross_sell, stated, strongest};
use super::evidence::{Catalogue, ProductId};
use super::features::Scratch;
use super::guard::{Guard, Guards};
use super::history::History;
use super::replay::mix;

/// At most so many that go with what they have, that they will want again, and that others moved up to.
const SHOWN: [usize; 3] = [3, 2, 1];
/// How far down a list is looked for what no guard silences.
const LOOKED: usize = 20;
/// Bought at least so often is a rhythm.
const LEAST_AGAIN: u32 = 3;
/// A chance below this is not worth a sentence.
const LEAST_CHANCE: f32 = 0.05;

/// What kind of suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It goes with what they have.
    CrossSell,
    /// They will want it again.
    Again {
        /// About every so many days.
        every: Day,
        /// The day when it is due.
        due: Day,
    },
    /// Others who had the one moved up to it.
    UpSell,
}

/// A product that was thought of and not suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silenced {
    /// Which.
    pub product: ProductId,
    /// Why.
    pub guard: Guard,
}

/// What is said to an agent, and what is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advised {
    /// The suggestions, of each kind the likeliest first.
    pub suggestions: Vec<Suggestion>,
    /// What a guard silenced, each product once.
    pub silenced: Vec<Silenced>,
    /// Guards that nothing is known for.
    pub off: Vec<Guard>,
}

/// Whom it is for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Every product they bought, the latest first.
    pub bought: &'a [ProductId],
    /// All of their baskets.
    pub history: &'a History,
    /// What the guards go by.
    pub guards: &'a Guards,
    /// What customers answered to suggestions.
    pub answers: &'a Answers,
    /// Today.
    pub day: Day,
}

/// What suits a customer. Without a snapshot, and where the shop's snapshot is silent, only rules that chance does not explain
/// speak.
#[must_use]
pub fn suggest(catalogue: &Catalogue, snapshot: Option<(&Advice, &mut Scratch)>, asked: Asked<'_>) -> Advised {
    let mut chosen = Chosen::new(catalogue, asked);
    match snapshot {
        Some((advice, scratch)) => {
            let [new, any] = advice.both(scratch, asked.history, asked.day, LOOKED);
            let [new, any] =
                [new, any].map(|ranked| chosen.by_answers(ranked, |one| (ProductId(one.product), one.chance)));
            chosen.with(advice, &new);
            chosen.again(advice, &any);
            chosen.up(advice);
        }
        None => chosen.by_rules(None),
    }
    chosen.advised
}

/// What a customer has.
#[derive(Clone, Debug)]
pub(super) struct Has(Vec<ProductId>);

impl Has {
    /// These, in any order.
    pub(super) fn of(bought: &[ProductId]) -> Self {
        let mut has = bought.to_vec();
        has.sort_unstable();
        Has(has)
    }

    /// Whether it is among them.
    pub(super) fn contains(&self, id: ProductId) -> bool {
        self.0.binary_search(&id).is_ok()
    }
}

struct Chosen<'a> {
    catalogue: &'a Catalogue,
    asked: Asked<'a>,
    has: Has,
    /// What the customer has that may be named.
    nameable: Vec<ProductId>,
    /// Has nothing to do with the customer, and is another one every day.
    look: u32,
    advised: Advised,
}

impl<'a> Chosen<'a> {
    fn new(catalogue: &'a Catalogue, asked: Asked<'a>) -> Self {
        let named = |id: &&ProductId| {
            catalogue
                .products
                .get(id)
                .is_some_and(|one| asked.guards.may_be_named(one))
        };
        Chosen {
            catalogue,
            asked,
            has: Has::of(asked.bought),
            look: look(asked),
            nameable: asked.bought.iter().filter(named).copied().collect(),
            advised: Advised {
                off: asked.guards.off(catalogue.restricts),
                ..Advised::default()
            },
        }
    }

    /// Whether a product may be said; what may not is noted.
    fn may(&mut self, id: ProductId) -> bool {
        let Some(product) = self.catalogue.products.get(&id) else {
            return false;
        };
        match self
            .asked
            .guards
            .forbids(id, product, self.has.contains(id), self.asked.day)
        {
            Some(guard) => self.silence(id, guard),
            None => true,
        }
    }

    fn silence(&mut self, product: ProductId, guard: Guard) -> bool {
        if self.advised.silenced.iter().all(|one| one.product != product) {
            self.advised.silenced.push(Silenced { product, guard });
        }
        false
    }

    /// Puts a list into the order of its chances as the answers move them; what is said of each stays.
    fn by_answers<T>(&self, ranked: Vec<T>, of: impl Fn(&T) -> (ProductId, f32)) -> Vec<T> {
        if self.asked.answers.is_empty() {
            return ranked;
        }
        let weight = |one: &T| {
            let (id, chance) = of(one);
            let key = self
                .catalogue
                .products
                .get(&id)
                .map_or("", |product| product.key.as_str());
            chance * self.asked.answers.factor_in(self.look, key)
        };
        let mut weighed: Vec<(f32, T)> = ranked.into_iter().map(|one| (weight(&one), one)).collect();
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
        weighed.into_iter().map(|(_, one)| one).collect()
    }

    fn by_rules(&mut self, advice: Option<&Advice>) {
        let found = cross_sell(&self.nameable, &self.has, self.catalogue, advice);
        let found = self.by_answers(found, |one| (one.product, bound(one.bound)));
        let mut shown = 0;
        for suggestion in found {
            if shown < SHOWN[0] && self.may(suggestion.product) {
                self.advised.suggestions.push(suggestion);
                shown += 1;
            }
        }
    }

    fn with(&mut self, advice: &Advice, ranked: &[Ranked]) {
        if advice.champion(Task::New).voice != Voice::Speaks {
            return self.by_rules(Some(advice));
        }
        let mut shown = 0;
        for one in ranked {
            let id = ProductId(one.product);
            if shown == SHOWN[0] || self.has.contains(id) || !self.may(id) {
                continue;
            }
            match strongest(id, &self.nameable, advice) {
                Some(rule) => {
                    self.advised.suggestions.push(Suggestion {
                        chance: Some(one.chance),
                        ..rule
                    });
                    shown += 1;
                }
                None => {
                    self.silence(id, Guard::Evidence);
                }
            }
        }
    }

    fn again(&mut self, advice: &Advice, ranked: &[Ranked]) {
        if advice.champion(Task::Any).voice != Voice::Speaks {
            return;
        }
        let mut shown = 0;
        for one in ranked
            .iter()
            .filter(|one| one.bought >= LEAST_AGAIN && one.chance >= LEAST_CHANCE)
        {
            let id = ProductId(one.product);
            if shown < SHOWN[1] && self.may(id) {
                let (kind, of) = rhythm(self.asked.history, one.product);
                self.advised.suggestions.push(Suggestion {
                    kind,
                    product: id,
                    with: id,
                    together: one.bought,
                    of,
                    bound: 0.0,
                    stated: None,
                    chance: Some(one.chance),
                });
                shown += 1;
            }
        }
    }

    fn up(&mut self, advice: &Advice) {
        let from = self.nameable.iter().take(LOOKED);
        let mut steps: Vec<_> = from.flat_map(|id| advice.up_sell().from(id.0)).collect();
        steps.sort_by(|a, b| b.bound.total_cmp(&a.bound).then(a.to.cmp(&b.to)));
        let steps = self.by_answers(steps, |step| (ProductId(step.to), bound(step.bound)));
        let mut shown = 0;
        for step in steps {
            let id = ProductId(step.to);
            let said = self.advised.suggestions.iter().any(|one| one.product == id);
            if shown < SHOWN[2] && !said && !self.has.contains(id) && self.may(id) {
                self.advised.suggestions.push(Suggestion {
                    kind: Kind::UpSell,
                    product: id,
                    with: ProductId(step.from),
                    together: step.moved,
                    of: step.of,
                    bound: step.bound,
                    stated: stated(step.bound, step.of),
                    chance: None,
                });
                shown += 1;
            }
        }
    }
}

/// As many digits as a rank needs.
#[expect(clippy::cast_possible_truncation, reason = "a rank needs no last digit")]
fn bound(bound: f64) -> f32 {
    bound as f32
}

/// A number for this look: the same for the same history on the same day.
fn look(asked: Asked<'_>) -> u32 {
    let latest = asked
        .bought
        .iter()
        .take(4)
        .fold(asked.day.cast_unsigned(), |mixed, id| mix(mixed ^ id.0));
    mix(latest ^ super::baskets::index(asked.bought.len()))
}

/// The customer's own rhythm of a product: half of their gaps are shorter. And how many baskets there are.
fn rhythm(history: &History, product: u32) -> (Kind, u32) {
    let days: Vec<Day> = (0..history.len())
        .filter(|&basket| history.items(basket).contains(&product))
        .map(|basket| history.days()[basket])
        .collect();
    let mut gaps: Vec<Day> = days.windows(2).map(|two| two[1] - two[0]).collect();
    gaps.sort_unstable();
    let every = gaps.get(gaps.len() / 2).copied().unwrap_or(0).max(1);
    let due = days.last().copied().unwrap_or(0) + every;
    (Kind::Again { every, due }, super::baskets::index(history.len()))
}
