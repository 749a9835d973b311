//! What phone systems and networks do wrong, on demand: told twice, out of order, or never told that it is over.
//!
//! Pure, as the traffic it is put around.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::call::{CallEvent, CallKey, Cause};

/// How likely each fault is, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// That something is told twice.
    pub duplicate: f64,
    /// That something comes up to [`LATE`] later than it happened, and so after what happened later.
    pub reorder: f64,
    /// That nobody tells how a call ends.
    pub lost_hangup: f64,
}

/// How late something may come.
pub const LATE: Duration = Duration::from_millis(50);

/// What is said of faults that cannot be.
pub const FAULTS: &str = "faults are probabilities from 0 to 1, for example duplicate=0.1,reorder=0.1,lost_hangup=0.05";

impl Faults {
    /// None at all.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Faults::default()
    }

    /// Whether every probability is one.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        [self.duplicate, self.reorder, self.lost_hangup]
            .iter()
            .all(|share| (0.0..=1.0).contains(share))
    }
}

impl FromStr for Faults {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut faults = Faults::default();
        for part in text.split(',') {
            let (name, share) = part.split_once('=').ok_or(FAULTS)?;
            let share: f64 = share.trim().parse().map_err(|_| FAULTS)?;
            match name.trim() {
                "duplicate" => faults.duplicate = share,
                "reorder" => faults.reorder = share,
                "lost_hangup" => faults.lost_hangup = share,
                other => return Err(format!("there is no fault `{other}`; {FAULTS}")),
            }
        }
        faults.is_possible().then_some(faults).ok_or_else(|| FAULTS.to_owned())
    }
}

/// What faults have to know of something told: its call, and what it says of the end.
pub type End<T> = fn(&T) -> (CallKey, Ends);

/// What something told says of the end of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Nothing.
    Nothing,
    /// A phone is out of the call.
    Leg,
    /// The call is over.
    Call,
}

/// What a call event says of the end of its call. A phone that stops ringing says nothing of it.
#[must_use]
pub fn ends(event: &CallEvent) -> (CallKey, Ends) {
    let ends = match event {
        CallEvent::Ended { .. } => Ends::Call,
        CallEvent::LegEnded {
            cause: Cause::Normal, ..
        } => Ends::Leg,
        _ => Ends::Nothing,
    };
    (event.call().clone(), ends)
}

/// Anything told, each with how long to wait for it after the one before, with faults put in.
pub struct Faulty<I, T> {
    source: I,
    faults: Faults,
    end: End<T>,
    rng: ChaCha8Rng,
    /// When the source told the last thing, and when this did.
    heard: Duration,
    told: Duration,
    done: bool,
    late: BTreeMap<(Duration, u64), T>,
    order: u64,
    lost: HashMap<CallKey, bool>,
}

impl<T: Clone, I: Iterator<Item = (Duration, T)>> Faulty<I, T> {
    /// Puts `faults` into what `source` tells, the same for the same `seed`.
    pub fn new(source: I, faults: Faults, seed: u64, end: End<T>) -> Self {
        Faulty {
            source,
            faults,
            end,
            rng: ChaCha8Rng::seed_from_u64(seed),
            heard: Duration::ZERO,
            told: Duration::ZERO,
            done: false,
            late: BTreeMap::new(),
            order: 0,
            lost: HashMap::new(),
        }
    }

    /// Takes one thing from the source.
    fn hear(&mut self) {
        let Some((delay, thing)) = self.source.next() else {
            self.done = true;
            return;
        };
        self.heard += delay;
        if self.is_lost(&thing) {
            return;
        }
        let late = self.rng.random_bool(self.faults.reorder);
        let at = self.heard + if late { self.some_time() } else { Duration::ZERO };
        if self.rng.random_bool(self.faults.duplicate) {
            let again = at + self.some_time();
            self.put(again, thing.clone());
        }
        self.put(at, thing);
    }

    fn is_lost(&mut self, thing: &T) -> bool {
        let (call, ends) = (self.end)(thing);
        if ends == Ends::Nothing {
            return false;
        }
        let chance = self.faults.lost_hangup;
        let rng = &mut self.rng;
        let lost = *self.lost.entry(call.clone()).or_insert_with(|| rng.random_bool(chance));
        if ends == Ends::Call {
            self.lost.remove(&call);
        }
        lost
    }

    fn some_time(&mut self) -> Duration {
        LATE.mul_f64(self.rng.random::<f64>())
    }

    fn put(&mut self, at: Duration, thing: T) {
        self.late.insert((at, self.order), thing);
        self.order += 1;
    }
}

impl<T: Clone, I: Iterator<Item = (Duration, T)>> Iterator for Faulty<I, T> {
    type Item = (Duration, T);

    fn next(&mut self) -> Option<Self::Item> {
        // what the source tells next may be due before what is late
        while !self.done && self.late.first_key_value().is_none_or(|((at, _), _)| *at >= self.heard) {
            self.hear();
        }
        let ((at, _), thing) = self.late.pop_first()?;
        let delay = at.saturating_sub(self.told);
        self.told = self.told.max(at);
        Some((delay, thing))
    }
}
