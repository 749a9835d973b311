//! Calls one after the other and beside each other, without end.
//!
//! Pure: it says how long to wait and never waits. A line talks in one call at a time.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::day::Day;
use super::scene::{Caller, Cast, Inbound, Length, Outgoing, Queued, Scene, Towards, Who, play};
use super::truth::{Truth, truths};
use crate::call::{CallEvent, Line, TransferKind};

/// Who calls whom, how often and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The line that every call from outside rings at.
    pub mine: Line,
    /// Lines that ring beside it now and then.
    pub colleagues: Vec<Line>,
    /// The number that callers dial.
    pub called: String,
    /// Who calls, by weight.
    pub callers: Vec<Caller>,
    /// Who calls that nobody knows.
    pub strangers: Vec<Caller>,
    /// The first calls, one after the other; after them it goes by chance.
    pub opening: Vec<Scene>,
    /// Queues that calls wait in now and then; with none, none does.
    pub queues: Vec<String>,
    /// Whether calls are passed on to colleagues, and back.
    pub transfers: bool,
    /// How often and for how long.
    pub pace: Pace,
    /// The hour of the day that decides how often it rings; an even pace when absent.
    pub day: Option<Day>,
    /// The calls after which it is quiet; `None` for no end.
    pub calls: Option<u32>,
}

/// How often it rings and for how long, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    /// Until the first call, and between the calls of the opening.
    pub pause: (f64, f64),
    /// Between the beginnings of two calls, on average.
    pub gap: f64,
    /// Between a phone being dialled and its ringing.
    pub setup: f64,
    /// How long it rings.
    pub ring: (f64, f64),
    /// How long it is talked.
    pub talk: (f64, f64),
}

/// Seconds that an Asterisk takes from dialling a phone on its own network to its ringing, about.
const SETUP: f64 = 0.12;

impl Pace {
    /// Short calls, so that there is something to see: rings of 3 to 6, talks of 6 to 15 seconds.
    #[must_use]
    pub fn demo(calls_per_hour: u32) -> Self {
        Pace {
            pause: (2.0, 3.0),
            gap: gap(calls_per_hour),
            setup: SETUP,
            ring: (3.0, 6.0),
            talk: (6.0, 15.0),
        }
    }

    /// Calls as long as in an office.
    #[must_use]
    pub fn office(calls_per_hour: u32) -> Self {
        Pace {
            pause: (2.0, 3.0),
            gap: gap(calls_per_hour),
            setup: SETUP,
            ring: (4.0, 25.0),
            talk: (30.0, 300.0),
        }
    }
}

/// An iterator over events, each with how long to wait for it after the one before.
pub struct Traffic {
    plan: Plan,
    rng: ChaCha8Rng,
    run: String,
    /// Time of the last event given.
    now: Duration,
    /// Events to come, by time and order.
    coming: BTreeMap<(Duration, u64), CallEvent>,
    order: u64,
    begun: u32,
    next: Duration,
    opening: VecDeque<Scene>,
    /// Until when each line is in a call.
    engaged: HashMap<Line, Duration>,
    /// Whose call nobody took, and who will call again.
    again: VecDeque<Who>,
    /// What was meant, when somebody wants to compare.
    truths: Option<Vec<Truth>>,
}

impl Traffic {
    /// The calls of `plan`, the same for the same `seed`. `run` stands before the number of each call in its key.
    #[must_use]
    pub fn new(plan: Plan, seed: u64, run: &str) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let next = between(&mut rng, plan.pace.pause);
        let opening = plan.opening.iter().cloned().collect();
        Traffic {
            plan,
            rng,
            run: run.to_owned(),
            now: Duration::ZERO,
            coming: BTreeMap::new(),
            order: 0,
            begun: 0,
            next,
            opening,
            engaged: HashMap::new(),
            again: VecDeque::new(),
            truths: None,
        }
    }

    /// The same, with every call kept as it was meant.
    #[must_use]
    pub fn with_truths(self) -> Self {
        Traffic {
            truths: Some(Vec::new()),
            ..self
        }
    }

    /// The calls that began so far, as they were meant; none without [`Traffic::with_truths`].
    #[must_use]
    pub fn truths(&self) -> &[Truth] {
        self.truths.as_deref().unwrap_or_default()
    }

    /// All events of the next moment at which something happens.
    pub fn moment(&mut self) -> Option<(Duration, Vec<CallEvent>)> {
        let (delay, event) = self.next()?;
        let mut events = vec![event];
        while self
            .coming
            .first_key_value()
            .is_some_and(|((at, _), _)| *at == self.now && *at < self.next)
        {
            events.extend(self.coming.pop_first().map(|(_, event)| event));
        }
        Some((delay, events))
    }

    fn begin(&mut self) {
        let at = self.next;
        self.begun += 1;
        let opened = self.opening.pop_front();
        let scripted = opened.is_some();
        let scene = opened.unwrap_or_else(|| self.by_chance(at));
        let over = at + self.stage(&scene, at);
        self.next = if scripted && !self.opening.is_empty() {
            over + between(&mut self.rng, self.plan.pace.pause)
        } else {
            // Exponential, as calls of independent people come; bounded so that it never falls silent.
            let share = -(1.0 - self.rng.random::<f64>()).ln();
            let (share, gap) = (share.clamp(0.05, 4.0), self.plan.pace.gap);
            match self.plan.day {
                Some(day) => day.after(at, share, gap),
                None => at + Duration::from_secs_f64(gap * share),
            }
        };
    }

    /// Puts the events of `scene` among those to come; returns how long the call is.
    fn stage(&mut self, scene: &Scene, at: Duration) -> Duration {
        let free: Vec<bool> = self.plan.colleagues.iter().map(|line| self.is_free(line, at)).collect();
        let mut free_lines = self.plan.colleagues.iter().zip(&free).filter(|(_, free)| **free);
        let colleague = free_lines.next().map(|(line, _)| line.clone());
        let (beside, engaged) = self.who_rings_beside(scene, &free);
        let length = Length {
            setup: Duration::from_secs_f64(self.plan.pace.setup),
            ring: between(&mut self.rng, self.plan.pace.ring),
            talk: between(&mut self.rng, self.plan.pace.talk),
        };
        let hold = self.rng.random_bool(0.2);
        let key = format!("{}-{}", self.run, self.begun);
        let cast = Cast {
            mine: &self.plan.mine,
            beside: &beside,
            engaged: &engaged,
            colleague: colleague.as_ref(),
            queue: self.plan.queues.first().map_or("", String::as_str),
            called: &self.plan.called,
            hold,
        };
        let events = play(scene, &key, &cast, length);
        if let Some(known) = &mut self.truths {
            known.extend(truths(scene, &key, &cast, length));
        }
        let lasts = events.last().map_or(Duration::ZERO, |(after, _)| *after);
        for line in talkers(scene, &cast) {
            let until = self.engaged.entry(line).or_default();
            *until = (*until).max(at + lasts);
        }
        for (after, event) in events {
            self.coming.insert((at + after, self.order), event);
            self.order += 1;
        }
        self.note_missed(scene);
        lasts
    }

    /// The colleagues whose phones ring beside mine, and those who are in a call and cannot.
    fn who_rings_beside(&mut self, scene: &Scene, free: &[bool]) -> (Vec<Line>, Vec<Line>) {
        let by_colleague = matches!(
            scene,
            Scene::Inbound(_, Inbound::TakenByColleague) | Scene::Queued(_, Queued::TakenByColleague)
        );
        let (mut beside, mut engaged) = (Vec::new(), Vec::new());
        for (line, free) in self.plan.colleagues.iter().zip(free) {
            let needed = *free && beside.is_empty() && by_colleague;
            if needed || self.rng.random_bool(0.4) {
                let rings = if *free { &mut beside } else { &mut engaged };
                rings.push(line.clone());
            }
        }
        (beside, engaged)
    }

    fn by_chance(&mut self, at: Duration) -> Scene {
        let mine_is_free = self.is_free(&self.plan.mine, at);
        let colleague = self.plan.colleagues.iter().find(|line| self.is_free(line, at)).cloned();
        let kind = self.rng.random_range(0..100);
        if mine_is_free && kind < 18 {
            if let Some(callee) = weighted(&mut self.rng, &self.plan.callers) {
                let outcome = [Outgoing::Talked, Outgoing::Talked, Outgoing::NoAnswer, Outgoing::Busy];
                return Scene::Outgoing(callee, *outcome.choose(&mut self.rng).unwrap_or(&Outgoing::Talked));
            }
        } else if mine_is_free
            && kind < 26
            && let Some(colleague) = colleague
        {
            return Scene::Internal(colleague, self.rng.random_bool(0.7));
        }
        if mine_is_free && let Some(scene) = self.more_than_a_call(colleague.is_some()) {
            return scene;
        }
        let outcome = match self.rng.random_range(0..100) {
            0..50 if !mine_is_free => Inbound::GivenUp,
            _ if !mine_is_free => Inbound::Engaged,
            0..52 => Inbound::Taken,
            52..70 if colleague.is_some() => Inbound::TakenByColleague,
            52..84 => Inbound::GivenUp,
            84..89 => Inbound::RangOut,
            89..94 => Inbound::Voicemail,
            _ => Inbound::Refused,
        };
        Scene::Inbound(self.who(), outcome)
    }

    /// A call to a queue, or one that is passed on; mostly none of both.
    fn more_than_a_call(&mut self, has_colleague: bool) -> Option<Scene> {
        let kind = self.rng.random_range(0..100);
        if kind < 22 && !self.plan.queues.is_empty() {
            let outcome = match self.rng.random_range(0..100) {
                0..55 => Queued::Taken,
                55..75 if has_colleague => Queued::TakenByColleague,
                55..90 => Queued::Abandoned,
                _ => Queued::TimedOut,
            };
            return Some(Scene::Queued(self.who(), outcome));
        }
        if !(22..34).contains(&kind) || !self.plan.transfers || !has_colleague {
            return None;
        }
        let kinds = [TransferKind::Blind, TransferKind::Attended, TransferKind::Blonde];
        let kind = *kinds.choose(&mut self.rng).unwrap_or(&TransferKind::Blind);
        let towards = if self.rng.random_bool(0.5) {
            Towards::Me
        } else {
            Towards::Colleague
        };
        Some(Scene::Passed(self.who(), kind, towards))
    }

    fn who(&mut self) -> Who {
        if self.rng.random_bool(0.3)
            && let Some(again) = self.again.pop_front()
        {
            return again;
        }
        let chosen = match self.rng.random_range(0..100) {
            0..6 => None,
            6..18 => self.plan.strangers.choose(&mut self.rng).cloned(),
            _ => weighted(&mut self.rng, &self.plan.callers),
        };
        chosen.map_or(Who::Withheld, Who::Shown)
    }

    fn note_missed(&mut self, scene: &Scene) {
        use Inbound::{Engaged, GivenUp, RangOut, Voicemail};
        use Queued::{Abandoned, TimedOut};
        if let Scene::Inbound(who @ Who::Shown(_), GivenUp | RangOut | Voicemail | Engaged)
        | Scene::Queued(who @ Who::Shown(_), Abandoned | TimedOut) = scene
        {
            self.again.push_back(who.clone());
            self.again.truncate(8);
        }
    }

    fn is_free(&self, line: &Line, at: Duration) -> bool {
        self.engaged.get(line).is_none_or(|until| *until < at)
    }
}

impl Iterator for Traffic {
    type Item = (Duration, CallEvent);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let first = self.coming.first_key_value().map(|((at, _), _)| *at);
            let more = self.plan.calls.is_none_or(|calls| self.begun < calls);
            if more && first.is_none_or(|first| self.next <= first) {
                self.begin();
                continue;
            }
            let ((at, _), event) = self.coming.pop_first()?;
            let delay = at.saturating_sub(self.now);
            self.now = at;
            return Some((delay, event));
        }
    }
}

/// Who is in the call of our lines, once it is clear how it goes.
fn talkers(scene: &Scene, cast: &Cast<'_>) -> Vec<Line> {
    let mine = cast.mine;
    match scene {
        Scene::Inbound(_, Inbound::Engaged) => Vec::new(),
        Scene::Inbound(_, Inbound::TakenByColleague) | Scene::Queued(_, Queued::TakenByColleague) => {
            vec![cast.beside.last().unwrap_or(mine).clone()]
        }
        Scene::Inbound(..) | Scene::Queued(..) | Scene::Outgoing(..) => vec![mine.clone()],
        Scene::Passed(..) => cast.colleague.into_iter().chain([mine]).cloned().collect(),
        Scene::Internal(from, _) => vec![mine.clone(), from.clone()],
    }
}

fn weighted(rng: &mut ChaCha8Rng, callers: &[Caller]) -> Option<Caller> {
    callers.choose_weighted(rng, |caller| caller.weight).ok().cloned()
}

fn between(rng: &mut ChaCha8Rng, (least, most): (f64, f64)) -> Duration {
    Duration::from_secs_f64(rng.random_range(least..=most))
}

/// Seconds between two calls.
fn gap(calls_per_hour: u32) -> f64 {
    3600.0 / f64::from(calls_per_hour.max(1))
}
