//! A report: the figures of a period and of the one before, over hours, weekdays, days, agents and queues.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Timelike, Utc};
use serde::Serialize;

use super::after::{Promise, Reaction, Suggested};
use super::days::Period;
use super::figures::{Counting, Fate, Figures, Reviewed, Target};
use crate::call::Direction;

/// Bounds of the bands of handle times, in seconds.
pub const HANDLE_BANDS: [u32; 11] = [60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 720];
/// Bounds of the bands of waits, in seconds.
pub const WAIT_BANDS: [u32; 11] = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300];

/// Calls from outside that fall together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// All that are over.
    pub offered: u32,
    /// Of these, those that somebody answered.
    pub answered: u32,
    /// Those that rang in vain: missed, or given up by the caller.
    pub in_vain: u32,
    /// Answered within the target.
    pub in_target: u32,
    /// Those whose caller gave up within it.
    pub gone_in_target: u32,
}

/// What one of our extensions did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentFigures {
    /// Calls answered.
    pub answered: u32,
    /// Calls to the outside that were answered there.
    pub dialled: u32,
    /// Seconds talked.
    pub talked: u64,
}

/// What was said to a product that was suggested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reactions {
    /// How often it was suggested.
    pub suggested: u32,
    /// Accepted.
    pub accepted: u32,
    /// Declined.
    pub declined: u32,
    /// Not now.
    pub not_now: u32,
}

/// Which calls a report is of. What is left empty asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only {
    /// That last waited in this queue.
    pub queue: String,
    /// In which this extension talked, and nobody but it: calls that nobody answered are nobody's.
    pub agent: String,
}

impl Only {
    fn lets(&self, queue: Option<&str>, agent: Option<&str>) -> bool {
        let fits = |wanted: &str, is: Option<&str>| wanted.is_empty() || is == Some(wanted);
        fits(&self.queue, queue) && fits(&self.agent, agent)
    }
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The period.
    pub now: Figures,
    /// The period of the same length before it.
    pub before: Figures,
    /// Calls from outside by weekday, Monday first, and hour of the local clock. The hour that comes twice when the clock goes back
    /// has the calls of both.
    pub hours: [[Cell; 24]; 7],
    /// By local day; days without a call are absent.
    pub days: BTreeMap<NaiveDate, Cell>,
    /// By extension.
    pub agents: BTreeMap<String, AgentFigures>,
    /// By queue; calls that waited in none are absent.
    pub queues: BTreeMap<String, Cell>,
    /// How many calls have each result.
    pub dispositions: BTreeMap<String, u32>,
    /// How many were handled below each of [`HANDLE_BANDS`]' bounds, and above all.
    pub handle_bands: Vec<u32>,
    /// How many waited below each of [`WAIT_BANDS`]' bounds until somebody answered, and above all.
    pub wait_bands: Vec<u32>,
    /// What was said to each product that was suggested.
    pub products: BTreeMap<String, Reactions>,
    /// Every extension that took part in a call of one of both periods, whatever the report is of.
    #[serde(skip)]
    pub all_agents: BTreeSet<String>,
    /// Every queue of both periods, whatever the report is of.
    #[serde(skip)]
    pub all_queues: BTreeSet<String>,
}

/// Takes in calls, one by one and in any order.
#[derive(Clone, Debug)]
pub struct Reporter<Z> {
    zone: Z,
    periods: [Period; 2],
    target: Target,
    only: Only,
    counting: [Counting; 2],
    report: Report,
}

impl<Z: TimeZone> Reporter<Z> {
    /// For a period and the one before, as [`local_days`](super::local_days) gives them, in the clock of `zone`.
    #[must_use]
    pub fn new(zone: Z, periods: [Period; 2], target: Target) -> Self {
        Reporter {
            zone,
            periods,
            target,
            only: Only::default(),
            counting: Default::default(),
            report: Report::default(),
        }
    }

    /// Of these calls alone.
    #[must_use]
    pub fn only(mut self, only: Only) -> Self {
        self.only = only;
        self
    }

    /// Takes a call in; one of neither period changes nothing. A call belongs to the period that it began in.
    pub fn add(&mut self, call: &Reviewed<'_>) {
        let Some(period) = self.period(call.started) else {
            return;
        };
        if !self.only.lets(call.queue, call.agent) {
            return;
        }
        self.counting[period].add(call, self.target);
        if period > 0 || call.ended.is_none() {
            return;
        }
        if let Some(code) = call.disposition {
            with(&mut self.report.dispositions, code, |calls| *calls += 1);
        }
        self.agent(call);
        if call.direction == Direction::In {
            self.place(call);
        }
    }

    /// Takes in a callback, as it stands at `now`. It belongs to the period that it came due in.
    pub fn promise(&mut self, promise: &Promise, now: DateTime<Utc>) {
        let lets = self.only.lets(promise.queue.as_deref(), Some(&promise.agent));
        if let Some(period) = self.period(promise.due)
            && lets
            && promise.is_judged(now)
        {
            self.counting[period].promise(promise.is_kept());
        }
    }

    /// Takes in a product that was suggested.
    pub fn suggested(&mut self, one: &Suggested) {
        let lets = self.only.lets(one.queue.as_deref(), Some(&one.agent));
        let Some(period) = self.period(one.at).filter(|_| lets) else {
            return;
        };
        self.counting[period].suggested(one.reaction);
        if period == 0 {
            with(&mut self.report.products, &one.product, |reactions| {
                reactions.suggested += 1;
                match one.reaction {
                    Reaction::Open => {}
                    Reaction::Accepted => reactions.accepted += 1,
                    Reaction::Declined => reactions.declined += 1,
                    Reaction::NotNow => reactions.not_now += 1,
                }
            });
        }
    }

    /// Takes in what a report of these periods can be narrowed to.
    pub fn choices(&mut self, agents: impl IntoIterator<Item = String>, queues: impl IntoIterator<Item = String>) {
        self.report.all_agents.extend(agents);
        self.report.all_queues.extend(queues);
    }

    fn period(&self, at: DateTime<Utc>) -> Option<usize> {
        self.periods.iter().position(|period| period.has(at))
    }

    fn place(&mut self, call: &Reviewed<'_>) {
        let local = call.started.with_timezone(&self.zone);
        let weekday = local.weekday().num_days_from_monday() as usize;
        let target = self.target;
        self.report.hours[weekday][local.hour() as usize].add(call, target);
        self.report
            .days
            .entry(local.date_naive())
            .or_default()
            .add(call, target);
        if let Some(queue) = call.queue {
            with(&mut self.report.queues, queue, |cell| cell.add(call, target));
        }
    }

    fn agent(&mut self, call: &Reviewed<'_>) {
        let (Some(agent), Some(talked)) = (call.agent, call.talked()) else {
            return;
        };
        if call.direction == Direction::Internal {
            return;
        }
        with(&mut self.report.agents, agent, |figures| {
            figures.talked += u64::from(talked);
            match call.direction {
                Direction::In => figures.answered += 1,
                Direction::Out | Direction::Internal => figures.dialled += 1,
            }
        });
    }

    /// What all came to.
    #[must_use]
    pub fn report(self) -> Report {
        let [now, before] = self.counting;
        Report {
            handle_bands: now.handle.bands(&HANDLE_BANDS),
            wait_bands: now.wait.bands(&WAIT_BANDS),
            now: now.figures(),
            before: before.figures(),
            ..self.report
        }
    }
}

/// Changes what stands under a name; there are few names and very many calls, so that a name is copied once.
fn with<V: Default>(all: &mut BTreeMap<String, V>, name: &str, change: impl FnOnce(&mut V)) {
    if !all.contains_key(name) {
        all.insert(name.to_owned(), V::default());
    }
    if let Some(value) = all.get_mut(name) {
        change(value);
    }
}

impl Cell {
    fn add(&mut self, call: &Reviewed<'_>, target: Target) {
        let in_target = call.waited().is_some_and(|waited| waited <= target.seconds);
        let fate = call.fate();
        self.offered += 1;
        self.answered += u32::from(fate == Fate::Answered);
        self.in_vain += u32::from(matches!(fate, Fate::Missed | Fate::Abandoned));
        self.in_target += u32::from(fate == Fate::Answered && in_target);
        self.gone_in_target += u32::from(fate == Fate::Abandoned && in_target);
    }

    /// As [`Figures::service_level`].
    #[must_use]
    pub fn service_level(&self) -> Option<f64> {
        let of = self.offered - self.gone_in_target;
        (of > 0).then(|| f64::from(self.in_target) / f64::from(of))
    }
}
