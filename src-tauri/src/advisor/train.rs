//! Learns a snapshot from all purchases: counts, weights, heads, and which way serves the shop.
//!
//! The heads learn from two days of the past, on each of which only what was known by then is looked at. How the ways do is
//! judged on the second day by heads that saw the first alone; what is put into use has seen both.

use super::advice::Advice;
use super::baskets::{Baskets, Day};
use super::champion::{Calibrated, Champion, Heads, Line, Marks, Task, Way, bands};
use super::company::Company;
use super::ease::Ease;
use super::features::{Candidate, Scratch};
use super::history::History;
use super::logistic::{Example, Head};
use super::market::Market;
use super::replay::{Case, Replay, cut, mix, returned};

/// Customers of each of the two days that the heads learn from.
const MOST_CASES: usize = 1_500;
/// Shares of all baskets that come after the two days; the first pair after which enough customers came back.
const AFTER: [[f64; 2]; 3] = [[0.2, 0.1], [0.4, 0.2], [0.6, 0.35]];
/// Customers that are enough to judge by.
const ENOUGH_CASES: usize = 300;
/// One of so many candidates that were not bought is learnt from, of those bought before and of the others.
const THINNED: [usize; 2] = [3, 8];
/// Places of a list by which chances are put right.
const CALIBRATED: usize = 10;

/// The purchases and what products cost.
#[derive(Clone, Copy)]
struct Shop<'s> {
    baskets: &'s Baskets,
    prices: &'s [f32],
}

/// Learns from all baskets. `prices` has of each product the logarithm of its price, NaN where it is not known.
#[must_use]
pub fn train(baskets: &Baskets, prices: Vec<f32>) -> Advice {
    let [(first, first_day), (second, second_day)] = days(baskets);
    let all = baskets.number();
    let [before, later, now] = Company::at(baskets, [first, second, all]);
    let shop = Shop {
        baskets,
        prices: &prices,
    };
    let paired = now.beyond_chance(baskets) >= LEAST_PAIRS;
    let mut learning = Learning::default();
    let early = Replay::at(baskets, before, (first, second), first_day, MOST_CASES);
    learning.examples(shop, &early);
    drop(early);
    let judged = learning.heads();
    let late = Replay::at(baskets, later, (second, all), second_day, MOST_CASES);
    let marks = learning.judge(shop, &late, &judged);
    let heads = learning.heads();
    let champions = Champion::choose(marks, paired);
    let (heads, champions) = learning.calibrate(shop, &late, heads, champions);
    let stated = late.stated_shares(baskets);
    drop(late);
    let day = baskets.last_day() + 1;
    let (ease, market) = (Ease::at(baskets, all, day), Market::at(baskets, all, day));
    Advice::new(now, ease, market, prices, heads, champions).checked(stated)
}

/// The two days, as the number of baskets before them.
fn days(baskets: &Baskets) -> [(u32, Day); 2] {
    let days = AFTER.map(|shares| shares.map(|share| cut(baskets, share)));
    let enough = |two: &&[(u32, Day); 2]| returned(baskets, two[1].0) >= ENOUGH_CASES;
    days.iter().find(enough).copied().unwrap_or(days[AFTER.len() - 1])
}

/// Pairs of products that chance does not explain, below which a shop's customers may buy at random.
const LEAST_PAIRS: usize = 3;

/// What is gathered on the way.
#[derive(Default)]
struct Learning {
    /// Repeat and new, without and with an anchor: `[kind][anchored]`.
    examples: [[Vec<Example>; 2]; 2],
    scratch: Scratch,
    history: History,
}

impl Learning {
    /// Learns from a day of the past.
    fn examples(&mut self, shop: Shop<'_>, replay: &Replay) {
        for anchored in [false, true] {
            for (nth, &case) in replay.cases.iter().enumerate() {
                self.look(shop, replay, case, anchored, nth);
            }
        }
    }

    /// Looks at a case, learns from it, and gives what was bought; `None` for one that has no anchor.
    fn look<'s>(
        &mut self,
        shop: Shop<'s>,
        replay: &Replay,
        case: Case,
        anchored: bool,
        nth: usize,
    ) -> Option<&'s [u32]> {
        if anchored && case.anchor.is_none() {
            return None;
        }
        let room = (&mut self.scratch, &mut self.history);
        let bought = replay.look((shop.baskets, shop.prices), case, anchored, room);
        for (place, candidate) in self.scratch.candidates.iter().enumerate() {
            let kind = usize::from(candidate.bought == 0);
            let hit = bought.binary_search(&candidate.product).is_ok();
            let chosen = mix(super::baskets::index(place) ^ mix(super::baskets::index(nth))) as usize;
            if hit || chosen.is_multiple_of(THINNED[kind]) {
                self.examples[kind][usize::from(anchored)].push(Example {
                    row: candidate.row,
                    bought: hit,
                    weight: if hit { 1.0 } else { THINNED[kind] as f32 },
                });
            }
        }
        Some(bought)
    }

    fn heads(&self) -> Heads {
        let learn = |examples: &Vec<Example>| Calibrated {
            head: Head::learn(examples),
            line: Line::default(),
        };
        let [repeat, new] = self.examples.each_ref().map(|kind| kind.each_ref().map(learn));
        Heads { repeat, new }
    }

    /// The marks of every way on the replayed cases, by task; learns from them too.
    fn judge(&mut self, shop: Shop<'_>, replay: &Replay, heads: &Heads) -> [Vec<Marks>; 3] {
        let mut marks = Task::ALL.map(|_| vec![Marks::default(); Way::ALL.len()]);
        for anchored in [false, true] {
            for (nth, &case) in replay.cases.iter().enumerate() {
                let Some(bought) = self.look(shop, replay, case, anchored, nth) else {
                    continue;
                };
                for (task, marks) in Task::ALL.into_iter().zip(&mut marks) {
                    if (task == Task::With) == anchored {
                        self.mark(shop, case, task, bought, heads, marks);
                    }
                }
            }
        }
        marks
    }

    fn mark(&self, shop: Shop<'_>, case: Case, task: Task, bought: &[u32], heads: &Heads, marks: &mut [Marks]) {
        let mut truth = bought.len();
        match task {
            Task::Any => {}
            Task::New => {
                let of = &shop.baskets.of_customer(case.customer)[..case.had];
                let owned = |product| {
                    of.iter()
                        .any(|&one| shop.baskets.items(one).binary_search(product).is_ok())
                };
                truth = bought.iter().filter(|product| !owned(product)).count();
            }
            Task::With => truth -= 1,
        }
        if truth == 0 {
            return;
        }
        for (way, marks) in Way::ALL.into_iter().zip(marks) {
            let best = best(&self.scratch.candidates, task, 5, |_, one| way.score(one, task, heads));
            let hit = |one: &(f32, usize)| bought.binary_search(&self.scratch.candidates[one.1].product).is_ok();
            marks.note(&best.iter().map(hit).collect::<Vec<_>>(), truth);
        }
    }

    /// Puts the chances of the best places right by what was bought.
    fn calibrate(
        &mut self,
        shop: Shop<'_>,
        replay: &Replay,
        mut heads: Heads,
        mut champions: [Champion; 3],
    ) -> (Heads, [Champion; 3]) {
        let mut of_heads: [[Vec<(f32, bool)>; 2]; 2] = Default::default();
        let mut of_ways: [Vec<(f32, u32, bool)>; 3] = Default::default();
        for (&case, anchored) in replay.cases.iter().flat_map(|case| [(case, false), (case, true)]) {
            if anchored && case.anchor.is_none() {
                continue;
            }
            let room = (&mut self.scratch, &mut self.history);
            let bought = replay.look((shop.baskets, shop.prices), case, anchored, room);
            let candidates = &self.scratch.candidates;
            let hit = |one: &Candidate| bought.binary_search(&one.product).is_ok();
            for (at, task) in Task::ALL.into_iter().enumerate() {
                if (task == Task::With) != anchored {
                    continue;
                }
                for (odds, place) in best(candidates, task, CALIBRATED, |_, one| {
                    Way::Heads.score(one, task, &heads)
                }) {
                    let one = &candidates[place];
                    of_heads[usize::from(one.bought == 0)][usize::from(anchored)].push((odds, hit(one)));
                }
                let way = champions[at].way;
                for (score, place) in best(candidates, task, CALIBRATED, |_, one| way.score(one, task, &heads)) {
                    of_ways[at].push((score, candidates[place].bought, hit(&candidates[place])));
                }
            }
        }
        for (heads, seen) in [&mut heads.repeat, &mut heads.new].into_iter().zip(&of_heads) {
            for (head, seen) in heads.iter_mut().zip(seen) {
                head.line = Line::default().fit(seen);
            }
        }
        for ((champion, seen), task) in champions.iter_mut().zip(&of_ways).zip(Task::ALL) {
            if champion.way != Way::Heads {
                let scores: Vec<(f32, bool)> = seen.iter().map(|one| (one.0, one.2)).collect();
                champion.line = Line::default().fit(&scores);
            }
            let chance = |&(score, bought, hit): &(f32, u32, bool)| match champion.way {
                Way::Heads => (heads.of(bought, task).line.chance(score), hit),
                _ => (champion.line.chance(score), hit),
            };
            champion.calibration = bands(seen.iter().map(chance).collect());
        }
        (heads, champions)
    }
}

/// The best candidates of a task with their scores and places, the best first; by product where the score is equal.
pub(super) fn best(
    candidates: &[Candidate],
    task: Task,
    most: usize,
    score: impl Fn(usize, &Candidate) -> f32,
) -> Vec<(f32, usize)> {
    let asked = candidates.iter().enumerate().filter(|one| task.asks_for(one.1.bought));
    let mut ranked: Vec<(f32, usize)> = asked.map(|(place, one)| (score(place, one), place)).collect();
    let better = |a: &(f32, usize), b: &(f32, usize)| {
        let product = |one: &(f32, usize)| candidates[one.1].product;
        b.0.total_cmp(&a.0).then(product(a).cmp(&product(b)))
    };
    if ranked.len() > most {
        ranked.select_nth_unstable_by(most, better);
        ranked.truncate(most);
    }
    ranked.sort_unstable_by(better);
    ranked
}
