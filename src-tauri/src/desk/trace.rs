//! What is remembered of every word of a feed, so that "why did it (not) pop?" has an answer.
//!
//! Until the panel has been told, it only looks at the stopwatch. What is to be remembered is put together after that,
//! in memory, and handed to the [`Keeper`] when nothing waits to be shown: a pop waits for none of it.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::board::Shown;
use super::decide::{self, ComesUp, Laid};
use super::identify::Found;
use super::keeper::{Keeper, Traced};
use super::looked;
use super::state::Desk;
use crate::call::{Call, CallChange, CallEvent, CallId, CallKey, Happened, LegKey, Presentation};
use crate::feed::Heard;
use crate::journal::{FeedState, TraceHead};
use crate::number::CallerId;
use crate::pop;
use crate::pop::view::{ChangeKind, ChangeView, DecisionView, StepView, TimingsView, ToldView};

/// So many calls' last decisions are remembered, so that only what changed is said again.
const REMEMBERED: usize = 1024;
/// So many steps may wait to be handed over.
const WAITING: usize = 256;

/// The trace of what the desk does.
#[derive(Debug, Default)]
pub(super) struct Tracing {
    keeper: Option<Keeper>,
    heard: Heard,
    watch: Watch,
    decided: HashMap<CallId, Vec<DecisionView>>,
    /// The calls of `decided`, the oldest first.
    order: VecDeque<CallId>,
    waiting: Vec<Traced>,
}

/// What happened since a signal was taken up.
#[derive(Debug, Default)]
pub(super) struct Watch {
    began: Option<Instant>,
    waited: Option<Duration>,
    tracker: Option<Duration>,
    panel: Option<Duration>,
    whole: Option<Duration>,
    told: Option<ToldView>,
    looked: Vec<(CallId, Duration)>,
    changes: Vec<CallChange>,
}

impl Tracing {
    pub(super) fn new(heard: Heard, keeper: Keeper) -> Self {
        Tracing {
            keeper: Some(keeper),
            heard,
            ..Tracing::default()
        }
    }

    /// Asks the keeper to answer; `None` when nothing is kept.
    pub(super) fn keeper(&mut self) -> Option<&Keeper> {
        self.hand_over();
        self.keeper.as_ref()
    }

    /// A signal was taken up that had waited so long.
    pub(super) fn waited(&mut self, waited: Option<Duration>) {
        self.watch.waited = waited;
    }

    /// Something begins. What was left of something else is forgotten.
    pub(super) fn begin(&mut self) {
        let (waited, mut looked, mut changes) = (
            self.watch.waited.take(),
            std::mem::take(&mut self.watch.looked),
            std::mem::take(&mut self.watch.changes),
        );
        looked.clear();
        changes.clear();
        self.watch = Watch {
            began: self.keeper.as_ref().map(|_| Instant::now()),
            waited,
            looked,
            changes,
            ..Watch::default()
        };
    }

    /// The tracker has taken it in.
    pub(super) fn tracked(&mut self) {
        self.watch.tracker = self.since_begin();
    }

    /// A call changed.
    pub(super) fn changed(&mut self, change: CallChange) {
        if self.keeper.is_some() {
            self.watch.changes.push(change);
        }
    }

    /// Looks at the stopwatch, when anybody wants to know.
    pub(super) fn now(&self) -> Option<Instant> {
        self.keeper.as_ref().map(|_| Instant::now())
    }

    /// A caller was looked up, from `began` on.
    pub(super) fn looked(&mut self, call: &CallId, began: Option<Instant>) {
        if let Some(began) = began {
            self.watch.looked.push((call.clone(), began.elapsed()));
        }
    }

    /// The panel was told, from `began` on.
    pub(super) fn told(&mut self, shown: Shown, began: Option<Instant>) {
        let Some(began) = began else { return };
        self.watch.panel = Some(began.elapsed());
        self.watch.whole = self.since_begin();
        self.watch.told = Some(match shown {
            Shown::ComesUp => ToldView::ComesUp,
            Shown::Changes => ToldView::Changes,
            Shown::GoesAway => ToldView::GoesAway,
        });
    }

    /// How long it took from the signal until the panel was told, when anybody wanted to know.
    pub(super) fn whole(&self) -> Option<Duration> {
        self.watch.whole
    }

    /// A feed is like this from now on.
    pub(super) fn feed(&self, state: FeedState) {
        if let Some(keeper) = &self.keeper {
            keeper.feed(state);
        }
    }

    /// Gives what waits to the keeper.
    pub(super) fn hand_over(&mut self) {
        if let Some(keeper) = self.keeper.as_ref().filter(|_| !self.waiting.is_empty()) {
            keeper.keep(std::mem::take(&mut self.waiting));
        }
    }

    fn since_begin(&self) -> Option<Duration> {
        self.watch.began.map(|began| began.elapsed())
    }

    /// The decisions, when they are not those that were said last.
    fn anew(&mut self, call: &CallId, decisions: Vec<DecisionView>) -> Vec<DecisionView> {
        if let Some(last) = self.decided.get_mut(call) {
            if *last == decisions {
                return Vec::new();
            }
            last.clone_from(&decisions);
            return decisions;
        }
        self.order.push_back(call.clone());
        self.decided.insert(call.clone(), decisions.clone());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.decided.remove(&oldest);
        }
        decisions
    }

    fn add(&mut self, traced: Traced) {
        self.waiting.push(traced);
        if self.waiting.len() >= WAITING {
            self.hand_over();
        }
    }
}

impl Desk {
    /// Remembers what a word of `feed`, or the time, led to. Called when the panel has been told.
    pub(super) fn trace(&mut self, feed: &str, event: Option<&CallEvent>, at: DateTime<Utc>) {
        if self.tracing.keeper.is_none() {
            return;
        }
        let watch = std::mem::take(&mut self.tracing.watch);
        let about = event.map(|event| CallId::new(feed, event.call()));
        let mut calls: Vec<&CallId> = about.iter().collect();
        for change in &watch.changes {
            if !calls.contains(&&change.call) {
                calls.push(&change.call);
            }
        }
        for id in calls {
            let event = event.filter(|_| about.as_ref() == Some(id));
            self.trace_call(id, feed, event, &watch, at);
        }
        self.tracing.watch = Watch { waited: None, ..watch };
        self.tracing.begin();
    }

    /// Remembers that the agent said who it is.
    pub(super) fn trace_choice(&mut self, id: &CallId, at: DateTime<Utc>) {
        if self.tracing.keeper.is_none() {
            return;
        }
        let watch = Watch {
            looked: vec![(id.clone(), Duration::ZERO)],
            ..Watch::default()
        };
        self.trace_call(id, "", None, &watch, at);
    }

    fn trace_call(&mut self, id: &CallId, feed: &str, event: Option<&CallEvent>, watch: &Watch, at: DateTime<Utc>) {
        let looked = watch.looked.iter().find(|(looked, _)| looked == id);
        let card = self.board.card(id);
        let found = card
            .as_ref()
            .filter(|_| looked.is_some())
            .map(|card| card.found.clone());
        let covered = card.as_ref().is_some_and(|card| card.is_covered(self.rules.cover));
        let call = self
            .tracker
            .call(id)
            .cloned()
            .or_else(|| card.map(|card| card.call.clone()));
        let Some(call) = call else {
            self.trace_early(id, feed, event, at);
            return;
        };
        let cards: Vec<Laid> = self.board.laid();
        let decisions = decide::decide(&call, &self.lines, &cards, self.comes_up());
        let step = StepView {
            at,
            event: event.map(|event| pop::event_of(event, |leg| phone(&call, leg))),
            hidden: is_withheld(&call, found.as_ref()),
            changes: watch.changes.iter().filter(|one| one.call == *id).map(change).collect(),
            looked: found
                .as_ref()
                .map(|found| looked::view(&call, &self.lines, found, covered)),
            decisions: self.tracing.anew(id, decisions),
            told: watch.told,
            timings: watch.timings(looked.map(|(_, took)| *took)),
            raw: None,
        };
        let head = TraceHead {
            call: id.clone(),
            feed: call.feed.clone(),
            mine: self.lines.iter().any(|line| decide::takes_part(&call, line)),
            began: call.began,
        };
        let excerpt = event.and_then(|_| self.tracing.heard.at(&call.feed, at));
        self.tracing.add(Traced {
            head,
            step,
            excerpt,
            names: event.map(names).unwrap_or_default(),
        });
    }

    fn comes_up(&self) -> ComesUp {
        if self.board.is_kept_quiet() {
            ComesUp::NotNow
        } else {
            ComesUp::At(self.board.show_at())
        }
    }

    /// Of a call that has not begun yet, only the word itself is known.
    fn trace_early(&mut self, id: &CallId, feed: &str, event: Option<&CallEvent>, at: DateTime<Utc>) {
        let Some(event) = event else { return };
        let head = TraceHead {
            call: id.clone(),
            feed: feed.to_owned(),
            mine: false,
            began: at,
        };
        let step = StepView {
            at,
            event: Some(pop::event_of(event, |_| None)),
            ..StepView::default()
        };
        let excerpt = self.tracing.heard.at(feed, at);
        self.tracing.add(Traced {
            head,
            step,
            excerpt,
            names: names(event),
        });
    }
}

impl Watch {
    fn timings(&self, lookup: Option<Duration>) -> TimingsView {
        let micros = |time: Duration| u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
        TimingsView {
            waited_us: self.waited.map(micros),
            tracker_us: self.tracker.map(micros),
            lookup_us: lookup.filter(|time| !time.is_zero()).map(micros),
            panel_us: self.panel.map(micros),
            whole_us: self.whole.map(micros),
        }
    }
}

/// The names under which the phone system knows what an event is about.
fn names(event: &CallEvent) -> Vec<String> {
    let leg = match event {
        CallEvent::Offered { leg, .. }
        | CallEvent::Consulted { leg, .. }
        | CallEvent::Ringing { leg, .. }
        | CallEvent::Answered { leg, .. }
        | CallEvent::LegEnded { leg, .. } => Some(leg.0.clone()),
        _ => None,
    };
    [Some(event.call().0.clone()), leg].into_iter().flatten().collect()
}

/// The phone that was dialled as `leg`.
fn phone(call: &Call, leg: &LegKey) -> Option<String> {
    let began_it = || {
        let line = call.origin.as_ref()?;
        (CallId::new(&call.feed, &CallKey(leg.0.clone())) == call.id).then(|| line.to_string())
    };
    let dialled = call.legs.iter().find(|known| known.key == *leg);
    dialled.map(|leg| leg.to.to_string()).or_else(began_it)
}

/// Whether nothing may be kept that tells the number.
fn is_withheld(call: &Call, found: Option<&Found>) -> bool {
    call.remote.presentation == Presentation::Restricted
        || found.is_some_and(|found| found.how.caller == CallerId::Withheld)
}

fn change(change: &CallChange) -> ChangeView {
    let (what, phone) = match &change.happened {
        Happened::Began => (ChangeKind::Began, None),
        Happened::Offered(phone) => (ChangeKind::Offered, Some(phone)),
        Happened::Consulted(phone) => (ChangeKind::Consulted, Some(phone)),
        Happened::Ringing(phone) => (ChangeKind::Ringing, Some(phone)),
        Happened::Answered(phone) => (ChangeKind::Answered, Some(phone)),
        Happened::Held => (ChangeKind::Held, None),
        Happened::Resumed => (ChangeKind::Resumed, None),
        Happened::PartyChanged => (ChangeKind::PartyChanged, None),
        Happened::Queue => (ChangeKind::Queue, None),
        Happened::Transferred => (ChangeKind::Transferred, None),
        Happened::Diverted => (ChangeKind::Diverted, None),
        Happened::LegEnded(phone, _) => (ChangeKind::LegEnded, Some(phone)),
        Happened::Ended => (ChangeKind::Ended, None),
    };
    ChangeView {
        what,
        phone: phone.map(ToString::to_string),
    }
}
