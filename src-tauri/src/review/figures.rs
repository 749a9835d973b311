//! The figures of some calls, and what each of them means.
//!
//! The definitions are those of Cleveland, B. (2012), "Call Center Management on Fast Forward", and of COPC CX Standard 7.0; where
//! they leave a choice, it stands at the figure.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::after::Reaction;
use super::spread::{Spread, Values};
use crate::call::{Direction, Outcome, QueueOutcome, Side};

/// A call as a report reads it, one of millions: nothing of it is copied. Times are those of the phone system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed<'a> {
    /// Who called whom.
    pub direction: Direction,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When somebody answered first.
    pub answered: Option<DateTime<Utc>>,
    /// Our extension that talked: that answered, or that dialled.
    pub agent: Option<&'a str>,
    /// When it was over; `None` while it is on.
    pub ended: Option<DateTime<Utc>>,
    /// What happened; `None` when nobody saw how it ended.
    pub outcome: Option<Outcome>,
    /// Who ended it.
    pub ended_by: Option<Side>,
    /// The queue it last waited in.
    pub queue: Option<&'a str>,
    /// How it left that.
    pub queue_outcome: Option<QueueOutcome>,
    /// When whoever talked had done with it.
    pub wrapped: Option<DateTime<Utc>>,
    /// What its number said when it came: `one`, `several`, `unknown` and so on; `None` where nobody was asked.
    pub verdict: Option<&'a str>,
    /// Microseconds from the phone system's word to the panel's; `None` where none came up.
    pub popped_micros: Option<u32>,
    /// The result that the agent chose.
    pub disposition: Option<&'a str>,
    /// Whether somebody said afterwards that it was another customer.
    pub corrected: bool,
}

/// Within how long a call should be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// In seconds.
    pub seconds: u32,
}

impl Default for Target {
    /// Twenty seconds, as most centres have it.
    fn default() -> Self {
        Target { seconds: 20 }
    }
}

/// What some calls came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Calls from outside that are over.
    pub offered: u32,
    /// Of these, those that somebody answered.
    pub answered: u32,
    /// Those whose caller gave up before anybody answered.
    pub abandoned: u32,
    /// Of these, those who gave up within the target: nobody could have answered, and they are left out of the service level.
    pub abandoned_in_target: u32,
    /// Those that rang until the phone system ended it or sent it elsewhere.
    pub missed: u32,
    /// Those that were busy, refused, or found no phone.
    pub refused: u32,
    /// Those of which nobody saw how they ended.
    pub unknown: u32,
    /// Answered within the target.
    pub answered_in_target: u32,
    /// Seconds from the beginning to the answer (average speed of answer is its mean).
    pub wait: Spread,
    /// Seconds until a caller gave up.
    pub patience: Spread,
    /// Seconds talked, holds included.
    pub talk: Spread,
    /// Seconds from the end of the talk until it was done with.
    pub wrap_up: Spread,
    /// Seconds of talk and wrap-up together, of calls of which both are known.
    pub handle: Spread,
    /// Calls to the outside.
    pub outgoing: u32,
    /// Of these, those that were answered.
    pub outgoing_answered: u32,
    /// Calls between our own phones.
    pub internal: u32,
    /// Calls from outside whose number was looked up and was shown: those that can be matched.
    pub looked_up: u32,
    /// Of these, those that one customer was found for.
    pub matched: u32,
    /// Those that several share.
    pub several: u32,
    /// Those of which somebody said afterwards that it was another.
    pub corrected: u32,
    /// Microseconds until the panel was told.
    pub pop: Spread,
    /// Callbacks that came due and were done, or whose time is over.
    pub promised: u32,
    /// Of these, those that were done at the latest a quarter of an hour after they were due.
    pub kept: u32,
    /// Products that were suggested to a customer.
    pub suggested: u32,
    /// Of these, those that were accepted.
    pub accepted: u32,
}

impl Figures {
    /// Share of the calls answered within the target, 0 to 1, of all but those whose caller gave up within it; `None` of none.
    #[must_use]
    pub fn service_level(&self) -> Option<f64> {
        share(self.answered_in_target, self.offered - self.abandoned_in_target)
    }

    /// Share of the calls whose caller gave up, 0 to 1, without those who gave up within the target; `None` of none.
    #[must_use]
    pub fn abandonment(&self) -> Option<f64> {
        let within = self.abandoned_in_target;
        share(self.abandoned - within, self.offered - within)
    }

    /// Share of the numbers looked up that one customer was found for, 0 to 1; `None` of none.
    #[must_use]
    pub fn matched_rate(&self) -> Option<f64> {
        share(self.matched, self.looked_up)
    }

    /// Share of the callbacks due that were kept in time, 0 to 1; `None` of none.
    #[must_use]
    pub fn kept_rate(&self) -> Option<f64> {
        share(self.kept, self.promised)
    }

    /// Share of the suggestions that were accepted, 0 to 1; `None` of none.
    #[must_use]
    pub fn accepted_rate(&self) -> Option<f64> {
        share(self.accepted, self.suggested)
    }
}

fn share(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| f64::from(part) / f64::from(of))
}

/// Figures while calls come in.
#[derive(Clone, Debug, Default)]
pub(super) struct Counting {
    figures: Figures,
    pub(super) wait: Values,
    patience: Values,
    talk: Values,
    wrap_up: Values,
    pub(super) handle: Values,
    pop: Values,
}

/// What became of a call from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Somebody talked to the caller.
    Answered,
    /// The caller gave up.
    Abandoned,
    /// It rang and nobody answered.
    Missed,
    /// No phone could ring, or an agent refused it.
    Refused,
    /// Nobody saw how it ended.
    Unknown,
}

impl Reviewed<'_> {
    pub(super) fn fate(&self) -> Fate {
        match self.outcome {
            _ if self.answered.is_some() => Fate::Answered,
            Some(Outcome::Answered) => Fate::Answered,
            Some(Outcome::Busy | Outcome::Rejected | Outcome::Failed) => Fate::Refused,
            Some(Outcome::Missed) if self.given_up() => Fate::Abandoned,
            Some(Outcome::Missed) => Fate::Missed,
            None => Fate::Unknown,
        }
    }

    fn given_up(&self) -> bool {
        self.queue_outcome == Some(QueueOutcome::Abandoned) || self.ended_by == Some(Side::Caller)
    }

    /// Seconds until somebody answered, or until it was over.
    pub(super) fn waited(&self) -> Option<u32> {
        seconds(self.started, self.answered.or(self.ended)?)
    }

    /// Seconds talked.
    pub(super) fn talked(&self) -> Option<u32> {
        seconds(self.answered?, self.ended?)
    }

    /// Seconds until it was done with.
    fn wrap_up(&self) -> Option<u32> {
        self.answered.and(seconds(self.ended?, self.wrapped?))
    }
}

/// Whole seconds between two moments; `None` where the second is before the first, as clocks that were set can make it.
fn seconds(from: DateTime<Utc>, until: DateTime<Utc>) -> Option<u32> {
    u32::try_from((until - from).num_seconds()).ok()
}

impl Counting {
    pub(super) fn add(&mut self, call: &Reviewed<'_>, target: Target) {
        if call.ended.is_none() {
            return;
        }
        match call.direction {
            Direction::In => self.incoming(call, target),
            Direction::Out => {
                self.figures.outgoing += 1;
                self.figures.outgoing_answered += u32::from(call.fate() == Fate::Answered);
                self.times(call);
            }
            Direction::Internal => self.figures.internal += 1,
        }
    }

    fn incoming(&mut self, call: &Reviewed<'_>, target: Target) {
        let figures = &mut self.figures;
        figures.offered += 1;
        let waited = call.waited();
        let in_target = waited.is_some_and(|waited| waited <= target.seconds);
        match call.fate() {
            Fate::Answered => {
                figures.answered += 1;
                figures.answered_in_target += u32::from(in_target);
                waited.into_iter().for_each(|waited| self.wait.add(waited));
            }
            Fate::Abandoned => {
                figures.abandoned += 1;
                figures.abandoned_in_target += u32::from(in_target);
                waited.into_iter().for_each(|waited| self.patience.add(waited));
            }
            Fate::Missed => figures.missed += 1,
            Fate::Refused => figures.refused += 1,
            Fate::Unknown => figures.unknown += 1,
        }
        let figures = &mut self.figures;
        if let Some(verdict @ ("one" | "several" | "unknown")) = call.verdict {
            figures.looked_up += 1;
            figures.matched += u32::from(verdict == "one");
            figures.several += u32::from(verdict == "several");
            figures.corrected += u32::from(call.corrected);
        }
        call.popped_micros.into_iter().for_each(|micros| self.pop.add(micros));
        self.times(call);
    }

    fn times(&mut self, call: &Reviewed<'_>) {
        let (talked, wrapped) = (call.talked(), call.wrap_up());
        talked.into_iter().for_each(|talked| self.talk.add(talked));
        wrapped.into_iter().for_each(|wrapped| self.wrap_up.add(wrapped));
        if let (Some(talked), Some(wrapped)) = (talked, wrapped) {
            self.handle.add(talked.saturating_add(wrapped));
        }
    }

    pub(super) fn promise(&mut self, kept: bool) {
        self.figures.promised += 1;
        self.figures.kept += u32::from(kept);
    }

    pub(super) fn suggested(&mut self, reaction: Reaction) {
        self.figures.suggested += 1;
        self.figures.accepted += u32::from(reaction == Reaction::Accepted);
    }

    pub(super) fn figures(self) -> Figures {
        Figures {
            wait: self.wait.spread(),
            patience: self.patience.spread(),
            talk: self.talk.spread(),
            wrap_up: self.wrap_up.spread(),
            handle: self.handle.spread(),
            pop: self.pop.spread(),
            ..self.figures
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(answered: Option<i64>, ended: i64, outcome: Outcome, ended_by: Side) -> Reviewed<'static> {
        let at = |second: i64| DateTime::from_timestamp(1_790_000_000 + second, 0).expect("a time");
        Reviewed {
            direction: Direction::In,
            started: at(0),
            answered: answered.map(at),
            agent: answered.map(|_| "101"),
            ended: Some(at(ended)),
            outcome: Some(outcome),
            ended_by: Some(ended_by),
            queue: None,
            queue_outcome: None,
            wrapped: answered.map(|_| at(ended + 30)),
            verdict: Some("one"),
            popped_micros: Some(900),
            disposition: None,
            corrected: false,
        }
    }

    fn figures(calls: &[Reviewed<'_>]) -> Figures {
        let mut counting = Counting::default();
        calls.iter().for_each(|call| counting.add(call, Target::default()));
        counting.figures()
    }

    #[test]
    fn a_service_level_leaves_out_who_gave_up_before_anybody_could_have_answered() {
        let figures = figures(&[
            call(Some(20), 80, Outcome::Answered, Side::Caller),
            call(Some(21), 80, Outcome::Answered, Side::Agent),
            call(None, 20, Outcome::Missed, Side::Caller),
            call(None, 21, Outcome::Missed, Side::Caller),
            call(None, 30, Outcome::Missed, Side::Pbx),
        ]);
        assert_eq!((figures.answered_in_target, figures.abandoned_in_target), (1, 1));
        assert_eq!((figures.abandoned, figures.missed), (2, 1));
        assert_eq!(figures.service_level(), Some(0.25));
        assert_eq!(figures.abandonment(), Some(0.25));
    }

    #[test]
    fn handling_is_talk_and_wrap_up_of_one_call() {
        let mut open = call(Some(10), 70, Outcome::Answered, Side::Caller);
        open.wrapped = None;
        let figures = figures(&[call(Some(10), 70, Outcome::Answered, Side::Caller), open]);
        assert_eq!((figures.talk.count, figures.talk.most), (2, 60));
        assert_eq!((figures.handle.count, figures.handle.most), (1, 90));
    }

    #[test]
    fn a_call_that_is_on_and_one_of_which_nobody_saw_the_end_are_told_apart() {
        let mut on = call(Some(10), 70, Outcome::Answered, Side::Caller);
        on.ended = None;
        let mut unseen = call(None, 70, Outcome::Missed, Side::Caller);
        unseen.outcome = None;
        let figures = figures(&[on, unseen]);
        assert_eq!((figures.offered, figures.answered, figures.unknown), (1, 0, 1));
    }

    #[test]
    fn of_no_call_no_share_is_said() {
        let none = Figures::default();
        assert_eq!(
            (none.service_level(), none.abandonment(), none.matched_rate()),
            (None, None, None)
        );
    }
}
