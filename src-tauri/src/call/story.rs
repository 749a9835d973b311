//! A call as it was lived through: who called, who rang, who talked, how it ended.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::event::{CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, QueueOutcome, Side, Then, Transfer};
use super::steps::Step;
use super::waits::Wait;

/// A call over all feeds and all starts of the application: feed name and the feed's own key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub String);

impl CallId {
    /// The id of call `key` on feed `feed`.
    #[must_use]
    pub fn new(feed: &str, key: &CallKey) -> Self {
        CallId(format!("{feed}:{}", key.0))
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happened to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody talked to the caller.
    Answered,
    /// It rang and nobody answered.
    Missed,
    /// Busy before any ringing.
    Busy,
    /// An agent refused it while it rang.
    Rejected,
    /// No phone could be reached.
    Failed,
}

/// One dialled phone within a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The phone system's name for it.
    pub key: LegKey,
    /// Who was dialled.
    pub to: Endpoint,
    /// The agent who consults this phone about the call, until the call is transferred to it.
    pub consulted_by: Option<Line>,
    /// When the dialling began.
    pub offered: DateTime<Utc>,
    /// When it began to ring.
    pub rang: Option<DateTime<Utc>>,
    /// When it began to talk.
    pub answered: Option<DateTime<Utc>>,
    /// When and why it was over.
    pub ended: Option<(DateTime<Utc>, Cause)>,
}

impl Leg {
    /// Our extension, when the leg is one of our phones.
    #[must_use]
    pub fn line(&self) -> Option<&Line> {
        match &self.to {
            Endpoint::Line(line) => Some(line),
            Endpoint::Outside(_) => None,
        }
    }

    /// Talking now.
    #[must_use]
    pub fn is_talking(&self) -> bool {
        self.answered.is_some() && self.ended.is_none()
    }
}

/// What one caller experienced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The call.
    pub id: CallId,
    /// Name of the feed that told of it.
    pub feed: String,
    /// From where to where.
    pub direction: Direction,
    /// The person outside; in an internal call the colleague who dialled.
    pub remote: Party,
    /// The number that was dialled, as it came.
    pub called: String,
    /// The trunk it came over.
    pub trunk: Option<String>,
    /// Our phone that began it, for outgoing and internal calls.
    pub origin: Option<Line>,
    /// When that phone was out of the call, also when others go on.
    pub origin_left: Option<DateTime<Utc>>,
    /// When it began.
    pub began: DateTime<Utc>,
    /// The dialled phones, in the order they were dialled.
    pub legs: Vec<Leg>,
    /// On hold since.
    pub held: Option<DateTime<Utc>>,
    /// How many times it was put on hold.
    pub holds: u32,
    /// The queue it last waited in.
    pub queue: Option<String>,
    /// How it left that queue; `None` while it waits, or when it was in none.
    pub queue_outcome: Option<QueueOutcome>,
    /// How it was passed on, in the order it happened.
    pub transfers: Vec<Transfer>,
    /// Where it went when no agent answered.
    pub then: Option<Then>,
    /// When and why it was over.
    pub ended: Option<(DateTime<Utc>, Cause)>,
    /// Who ended it.
    pub ended_by: Option<Side>,
    /// What happened so far, in the order it was told.
    pub steps: Vec<Step>,
    /// When its caller waited, in that order.
    pub waits: Vec<Wait>,
}

impl Call {
    /// The first leg that talked.
    #[must_use]
    pub fn answer(&self) -> Option<&Leg> {
        self.legs
            .iter()
            .filter(|leg| leg.answered.is_some())
            .min_by_key(|leg| leg.answered)
    }

    /// Our extensions that rang as the called party, in the order they rang, each once.
    #[must_use]
    pub fn rang(&self) -> Vec<&Line> {
        distinct(self.legs.iter().filter(|leg| leg.rang.is_some()).filter_map(Leg::line))
    }

    /// Our extensions that talked, the one that began the call first, each once.
    #[must_use]
    pub fn talked(&self) -> Vec<&Line> {
        let answered = self.answer().is_some();
        let origin = self.origin.iter().filter(|_| answered);
        distinct(
            origin.chain(
                self.legs
                    .iter()
                    .filter(|leg| leg.answered.is_some())
                    .filter_map(Leg::line),
            ),
        )
    }

    /// How long it was talked, from the first answer to the end; `None` when nobody answered or it goes on.
    #[must_use]
    pub fn talk_time(&self) -> Option<TimeDelta> {
        let (ended, _) = self.ended?;
        Some(ended - self.answer()?.answered?)
    }

    /// What happened, once the call is over.
    ///
    /// Busy after ringing is a rejection by the agent, busy without ringing is the phone's; a call that
    /// no phone was dialled for has failed, unless it waited in a queue: then it was missed, whatever single
    /// phones did. Voicemail does not answer for an agent: see [`Call::then`].
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.ended?;
        // a feed that watches one phone alone learns that another one took the call, and not which
        let elsewhere = |leg: &Leg| leg.ended.is_some_and(|(_, cause)| cause == Cause::AnsweredElsewhere);
        if self.answer().is_some() || self.legs.iter().any(elsewhere) {
            return Some(Outcome::Answered);
        }
        if self.queue.is_some() {
            return Some(Outcome::Missed);
        }
        let ended_with = |leg: &Leg, causes: &[Cause]| leg.ended.is_some_and(|(_, cause)| causes.contains(&cause));
        let refused = |leg: &Leg| ended_with(leg, &[Cause::Busy, Cause::Rejected]);
        let rang: Vec<&Leg> = self.legs.iter().filter(|leg| leg.rang.is_some()).collect();
        Some(if !rang.is_empty() {
            if rang.iter().all(|leg| refused(leg)) {
                Outcome::Rejected
            } else {
                Outcome::Missed
            }
        } else if self.legs.iter().any(refused) {
            Outcome::Busy
        } else if self
            .legs
            .iter()
            .all(|leg| ended_with(leg, &[Cause::Unreachable, Cause::Other]))
        {
            Outcome::Failed
        } else {
            Outcome::Missed
        })
    }

    /// Who is on the other side for whoever sits at `lines`: the colleague they dialled, and while they are only
    /// consulted, the agent who asks.
    #[must_use]
    pub fn other_side(&self, lines: &[Line]) -> Party {
        let mine = |line: &Line| lines.contains(line);
        let mut legs = self.legs.iter().filter(|leg| leg.line().is_some_and(mine));
        let asks = legs.clone().find_map(|leg| leg.consulted_by.as_ref());
        let dialled_it = self.origin.as_ref().is_some_and(mine);
        let colleague = match asks {
            _ if dialled_it && self.direction == Direction::Internal => Some(self.colleague()),
            Some(line) if !dialled_it && legs.all(|leg| leg.consulted_by.is_some()) => Some(line.0.clone()),
            _ => None,
        };
        let party = |number| Party {
            number,
            ..Party::default()
        };
        colleague.map_or_else(|| self.remote.clone(), party)
    }

    /// Whom an internal call is with: who answered, else who was dialled.
    fn colleague(&self) -> String {
        let leg = self.answer().or(self.legs.last());
        leg.map_or_else(|| self.called.clone(), |leg| leg.to.to_string())
    }

    /// Whether one of `lines` takes part in the call, now or before.
    #[must_use]
    pub fn concerns(&self, line: &Line) -> bool {
        self.origin.as_ref() == Some(line) || self.legs.iter().any(|leg| leg.line() == Some(line))
    }
}

fn distinct<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<&'a Line> {
    let mut seen = Vec::new();
    for line in lines {
        if !seen.contains(&line) {
            seen.push(line);
        }
    }
    seen
}
