//! What happened in a call, step by step, for whoever reads its story afterwards.

use chrono::{DateTime, Utc};

use super::event::{Cause, Endpoint, Line, QueueOutcome, Then, Transfer};
use super::story::Call;
use super::tracked::Happened;

/// Steps that are kept of one call; of a feed gone wild only the end is kept beyond them.
const MOST: usize = 400;

/// One thing that happened in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub what: Stepped,
}

/// What can happen, as far as it tells a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stepped {
    /// It came into being.
    Began,
    /// It waits in a queue.
    Queued(String),
    /// It waits no longer.
    Unqueued(QueueOutcome),
    /// A phone rings.
    Ringing(Endpoint),
    /// A phone talks.
    Answered(Endpoint),
    /// An agent asks a phone about the call.
    Consulted(Endpoint, Line),
    /// An agent put it on hold.
    Held,
    /// It is off hold.
    Resumed,
    /// It was passed on.
    Transferred(Transfer),
    /// It went elsewhere.
    Diverted(Then),
    /// A phone is out of it.
    LegEnded(Endpoint, Cause),
    /// It is over.
    Ended(Cause),
}

impl Call {
    /// Notes what just happened to it.
    pub(super) fn step(&mut self, happened: &Happened, at: DateTime<Utc>) {
        let Some(what) = stepped(self, happened) else { return };
        if self.steps.len() < MOST || matches!(what, Stepped::Ended(_)) {
            self.steps.push(Step { at, what });
        }
    }
}

/// That a phone is only dialled, or that more is known of the other side, is no step of its own.
fn stepped(call: &Call, happened: &Happened) -> Option<Stepped> {
    Some(match happened {
        Happened::Began => Stepped::Began,
        Happened::Offered(_) | Happened::PartyChanged => return None,
        Happened::Consulted(phone) => {
            let leg = call.legs.iter().rfind(|leg| leg.to == *phone)?;
            Stepped::Consulted(phone.clone(), leg.consulted_by.clone()?)
        }
        Happened::Ringing(phone) => Stepped::Ringing(phone.clone()),
        Happened::Answered(phone) => Stepped::Answered(phone.clone()),
        Happened::Held => Stepped::Held,
        Happened::Resumed => Stepped::Resumed,
        Happened::Queue => match call.queue_outcome {
            Some(outcome) => Stepped::Unqueued(outcome),
            None => Stepped::Queued(call.queue.clone()?),
        },
        Happened::Transferred => Stepped::Transferred(call.transfers.last()?.clone()),
        Happened::Diverted => Stepped::Diverted(call.then?),
        Happened::LegEnded(phone, cause) => Stepped::LegEnded(phone.clone(), *cause),
        Happened::Ended => Stepped::Ended(call.ended?.1),
    })
}
