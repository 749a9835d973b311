//! Which way of advising serves this shop: the heads, or one simple signal, or none.
//!
//! In some shops nothing beats what everybody buys. The heads must win on the replayed past by more than one standard
//! error over the best simple way, and something must clearly beat popularity, or nothing is said.

#![allow(
    clippy::cast_possible_truncation,
    reason = "chances and logarithms need no more than 24 bits"
)]

use super::features::Candidate;
use super::logistic::{Head, chance};

/// The three questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// What is in the next basket?
    Any,
    /// What of it was never bought before?
    New,
    /// What is in the basket beside a product that is known to be?
    With,
}

impl Task {
    /// All of them.
    pub const ALL: [Task; 3] = [Task::Any, Task::New, Task::With];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Task::Any => "any",
            Task::New => "new",
            Task::With => "with",
        }
    }

    /// Whether a product that was bought so often before is an answer.
    #[must_use]
    pub fn asks_for(self, bought: u32) -> bool {
        self != Task::New || bought == 0
    }
}

/// One way of ranking candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// What sold most in 30 days.
    Popular,
    /// What sold most in 7 days.
    Recent,
    /// What the customer bought most, the latest counting most, then what sells.
    Personal,
    /// What stands beside the products of the latest basket, or of the anchor: cosine.
    Beside,
    /// The surest rule from a product of the latest basket, or from the anchor: confidence.
    Rule,
    /// EASE over all that was bought.
    Ease,
    /// The two heads.
    Heads,
}

impl Way {
    /// All of them, the simplest first.
    pub const ALL: [Way; 7] = [
        Way::Popular,
        Way::Recent,
        Way::Personal,
        Way::Beside,
        Way::Rule,
        Way::Ease,
        Way::Heads,
    ];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Way::Popular => "popularity",
            Way::Recent => "recent popularity",
            Way::Personal => "personal frequency",
            Way::Beside => "item-item cosine",
            Way::Rule => "rule confidence",
            Way::Ease => "EASE",
            Way::Heads => "two heads",
        }
    }

    /// Whether it knows nothing of the customer.
    #[must_use]
    pub fn is_popularity(self) -> bool {
        matches!(self, Way::Popular | Way::Recent)
    }

    /// The higher, the likelier. Equal signals are told apart by what sells.
    #[must_use]
    pub fn score(self, candidate: &Candidate, task: Task, heads: &Heads) -> f32 {
        let row = &candidate.row;
        let sells = 1e-3 * row[0];
        match self {
            Way::Popular => row[0],
            Way::Recent => row[0] + row[1],
            Way::Personal if candidate.bought == 0 => row[0] - 20.0,
            Way::Personal => row[21] + 1e-2 * row[0],
            Way::Beside if task == Task::With => row[15] + sells,
            Way::Beside => row[6] + sells,
            Way::Rule if task == Task::With => row[14] + sells,
            Way::Rule => row[7] + sells,
            Way::Ease => row[8] + sells,
            Way::Heads => heads.odds(candidate, task),
        }
    }
}

/// Two heads, and two more for when a product of the basket is known, with their calibration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heads {
    /// For what was bought before: without, with an anchor.
    pub repeat: [Calibrated; 2],
    /// For what was not.
    pub new: [Calibrated; 2],
}

impl Heads {
    /// The one for a candidate.
    #[must_use]
    pub fn of(&self, bought: u32, task: Task) -> &Calibrated {
        let heads = if bought > 0 { &self.repeat } else { &self.new };
        &heads[usize::from(task == Task::With)]
    }

    fn odds(&self, candidate: &Candidate, task: Task) -> f32 {
        let head = self.of(candidate.bought, task);
        head.line.odds(head.head.odds(&candidate.row))
    }
}

/// A head and the line that puts its odds right where it matters, among the best.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibrated {
    /// The head.
    pub head: Head,
    /// The line.
    pub line: Line,
}

/// Odds from a score: Platt, J. (1999), "Probabilistic outputs for support vector machines".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Factor of the score.
    pub slope: f32,
    /// What is added.
    pub shift: f32,
}

impl Default for Line {
    fn default() -> Self {
        Line { slope: 1.0, shift: 0.0 }
    }
}

impl Line {
    /// The odds of a score, logarithm.
    #[must_use]
    pub fn odds(self, score: f32) -> f32 {
        self.slope * score + self.shift
    }

    /// The chance of a score.
    #[must_use]
    pub fn chance(self, score: f32) -> f32 {
        chance(self.odds(score))
    }

    /// The likeliest line for scores that came true or not, pulled towards `self` by ten observations.
    #[must_use]
    pub fn fit(self, seen: &[(f32, bool)]) -> Line {
        if seen.is_empty() {
            return self;
        }
        let pull = 10.0f64;
        let (start_slope, start_shift) = (f64::from(self.slope), f64::from(self.shift));
        let mean = seen.iter().map(|one| f64::from(one.0)).sum::<f64>() / seen.len() as f64;
        // around the mean the two unknowns hardly depend on each other
        let (mut slope, mut level) = (start_slope, start_shift + start_slope * mean);
        let start_level = level;
        for _ in 0..25 {
            let (mut g, mut h) = ([0.0f64; 2], [pull * 0.1, pull * 0.1, 0.0]);
            g[0] -= pull * 0.1 * (slope - start_slope);
            g[1] -= pull * 0.1 * (level - start_level);
            for &(score, hit) in seen {
                let x = f64::from(score) - mean;
                let p = 1.0 / (1.0 + (-(slope * x + level)).exp());
                let off = f64::from(u8::from(hit)) - p;
                let bend = p * (1.0 - p);
                g[0] += off * x;
                g[1] += off;
                h[0] += bend * x * x;
                h[1] += bend;
                h[2] += bend * x;
            }
            let det = h[0] * h[1] - h[2] * h[2];
            let step = [(g[0] * h[1] - g[1] * h[2]) / det, (g[1] * h[0] - g[0] * h[2]) / det];
            slope += step[0].clamp(-1.0, 1.0);
            level += step[1].clamp(-2.0, 2.0);
            if step[0].abs() + step[1].abs() < 1e-6 {
                break;
            }
        }
        // a ranking is never turned round
        let slope = slope.max(0.05);
        Line {
            slope: slope as f32,
            shift: (level - slope * mean) as f32,
        }
    }
}

/// How a way did on the replayed past.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Of each case, whether one of the first five came true.
    pub hits: Vec<bool>,
    /// Of each case, the discounted gain of the first five.
    pub gains: Vec<f32>,
}

impl Marks {
    /// Notes the first five of a case, of which `truth` could have come true.
    pub fn note(&mut self, came_true: &[bool], truth: usize) {
        let discount = |rank: usize| 1.0 / ((rank + 2) as f32).log2();
        let gain: f32 = came_true
            .iter()
            .take(5)
            .enumerate()
            .filter(|one| *one.1)
            .map(|one| discount(one.0))
            .sum();
        let best: f32 = (0..truth.clamp(1, 5)).map(discount).sum();
        self.hits.push(came_true.iter().take(5).any(|&hit| hit));
        self.gains.push(gain / best);
    }

    /// Share of the cases with a hit.
    #[must_use]
    pub fn hit_rate(&self) -> f64 {
        self.hits.iter().filter(|&&hit| hit).count() as f64 / self.hits.len().max(1) as f64
    }

    /// Mean gain.
    #[must_use]
    pub fn ndcg(&self) -> f64 {
        self.gains.iter().map(|&gain| f64::from(gain)).sum::<f64>() / self.gains.len().max(1) as f64
    }

    /// By how many standard errors of the paired difference this gains more than `other`.
    #[must_use]
    pub fn ahead_of(&self, other: &Marks) -> f64 {
        let differences: Vec<f64> = self
            .gains
            .iter()
            .zip(&other.gains)
            .map(|(a, b)| f64::from(a - b))
            .collect();
        let n = differences.len().max(2) as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let spread = differences.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let error = (spread / n).sqrt();
        if error < 1e-12 { 0.0 } else { mean / error }
    }
}

/// What is said of a shop for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Something knows more than what everybody buys.
    Speaks,
    /// Nothing knows more, though people do not buy at random: a list of what sells is all there is.
    Popular,
    /// Nothing is known.
    Silent,
}

/// The chosen way.
#[derive(Clone, Debug, PartialEq)]
pub struct Champion {
    /// Which.
    pub way: Way,
    /// What it may say.
    pub voice: Voice,
    /// Chances of its scores; the heads' own are right already.
    pub line: Line,
    /// How every way did, as in [`Way::ALL`].
    pub marks: Vec<Marks>,
    /// What was said of the best places and what came true, by fifths.
    pub calibration: Vec<Band>,
}

/// Chances of one size, and what came of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Mean of what was said.
    pub said: f64,
    /// Share that came true.
    pub seen: f64,
    /// Of how many.
    pub of: usize,
}

/// Sorts what was said into five bands of one size.
#[must_use]
pub fn bands(mut seen: Vec<(f32, bool)>) -> Vec<Band> {
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = seen.len().div_ceil(5).max(1);
    let band = |part: &[(f32, bool)]| Band {
        said: part.iter().map(|one| f64::from(one.0)).sum::<f64>() / part.len() as f64,
        seen: part.iter().filter(|one| one.1).count() as f64 / part.len() as f64,
        of: part.len(),
    };
    seen.chunks(size).map(band).collect()
}

impl Default for Champion {
    /// Nothing is known.
    fn default() -> Self {
        Champion {
            way: Way::Popular,
            voice: Voice::Silent,
            line: Line::default(),
            marks: vec![Marks::default(); Way::ALL.len()],
            calibration: Vec::new(),
        }
    }
}

/// By how many standard errors popularity must be beaten: six ways are tried, and chance must not speak.
const CLEARLY: f64 = 3.0;
/// Fewer cases say nothing.
const LEAST_CASES: usize = 30;

impl Champion {
    /// Chooses for each task by the marks of every way. `paired` tells whether products stand together more often than chance
    /// explains: if they do, or if something clearly beats popularity for one task, people do not buy at random.
    #[must_use]
    pub fn choose(marks: [Vec<Marks>; 3], paired: bool) -> [Self; 3] {
        let clear = marks.each_ref().map(|marks| is_clear(marks));
        let structured = paired || clear.contains(&true);
        let mut clear = clear.into_iter();
        marks.map(|marks| Champion {
            way: best_way(&marks),
            voice: match clear.next() {
                Some(true) => Voice::Speaks,
                _ if structured => Voice::Popular,
                _ => Voice::Silent,
            },
            line: Line::default(),
            marks,
            calibration: Vec::new(),
        })
    }
}

/// The heads where they win, else the best simple way.
fn best_way(marks: &[Marks]) -> Way {
    let heads = Way::ALL.len() - 1;
    let gain = |at: usize| marks[at].ndcg();
    let best = (0..heads)
        .max_by(|&a, &b| gain(a).total_cmp(&gain(b)).then(b.cmp(&a)))
        .unwrap_or(0);
    Way::ALL[if marks[heads].ahead_of(&marks[best]) > 1.0 {
        heads
    } else {
        best
    }]
}

/// Whether something that knows the customer clearly beats what everybody buys.
fn is_clear(marks: &[Marks]) -> bool {
    let popular = usize::from(marks[1].ndcg() > marks[0].ndcg());
    let enough = marks[popular].gains.len() >= LEAST_CASES;
    enough && (2..marks.len()).any(|at| marks[at].ahead_of(&marks[popular]) > CLEARLY)
}
