//! A call in one flat record, as `ringside replay --summary` prints it.

use serde::Serialize;

use super::event::{CallKey, Direction, Line, Presentation, QueueOutcome, Side, Then, TransferKind};
use super::story::{Call, CallId, Outcome};

/// What a caller lived through. `None` means that nothing is known or that it does not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// From where to where.
    pub direction: Direction,
    /// The number that began the call; `None` when withheld.
    pub caller_number: Option<String>,
    /// Its display name, empty when none came; `None` when withheld.
    pub caller_name: Option<String>,
    /// The number that was dialled.
    pub called: String,
    /// Our extensions that rang as the called party.
    pub rang: Vec<Line>,
    /// Who answered: an extension, or the number outside.
    pub answered_by: Option<String>,
    /// Our extensions that talked.
    pub talked: Vec<Line>,
    /// What happened; `None` while the call is on.
    pub outcome: Option<Outcome>,
    /// Who ended it.
    pub ended_by: Option<Side>,
    /// How it was passed on; the last time, when there were several.
    pub transfer: Option<Passed>,
    /// The queue it waited in.
    pub queue: Option<String>,
    /// How it left the queue.
    pub queue_outcome: Option<QueueOutcome>,
    /// Whether the number may be shown.
    pub presentation: Presentation,
    /// How many times it was put on hold.
    pub held: u32,
    /// The attestation in the phone system's words.
    pub verstat: Option<String>,
    /// Where it went when no agent answered.
    pub then: Option<Then>,
}

/// By whom a call was passed to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passed {
    /// How.
    pub kind: TransferKind,
    /// The extension that passed it on.
    pub by: Option<Line>,
    /// The extension or number it was passed to.
    pub to: Option<String>,
    /// The call in which the two agents spoke first: its id, or `call 2` in a document that has it in the second place.
    pub consultation: Option<String>,
}

impl Summary {
    /// Names each consultation by its place in `calls`, counted from 1.
    pub fn number_consultations(calls: &mut [(CallId, Summary)]) {
        let ids: Vec<CallId> = calls.iter().map(|(id, _)| id.clone()).collect();
        for (_, call) in calls {
            let Some(consultation) = call.transfer.as_mut().and_then(|passed| passed.consultation.as_mut()) else {
                continue;
            };
            if let Some(place) = ids.iter().position(|id| id.0 == *consultation) {
                *consultation = format!("call {}", place + 1);
            }
        }
    }
}

impl From<&Call> for Summary {
    fn from(call: &Call) -> Self {
        let shown = call.remote.presentation != Presentation::Restricted;
        let caller = match (&call.direction, &call.origin) {
            (Direction::Out, Some(Line(line))) => line.clone(),
            _ => call.remote.number.clone(),
        };
        let owned = |lines: Vec<&Line>| lines.into_iter().cloned().collect();
        Summary {
            direction: call.direction,
            caller_number: (shown && !caller.is_empty()).then_some(caller),
            caller_name: shown.then(|| call.remote.name.clone()),
            called: call.called.clone(),
            rang: owned(call.rang()),
            answered_by: call.answer().map(|leg| leg.to.to_string()),
            talked: owned(call.talked()),
            outcome: call.outcome(),
            ended_by: call.ended_by,
            transfer: call.transfers.last().map(|transfer| Passed {
                kind: transfer.kind,
                by: transfer.by.clone(),
                to: transfer.to.as_ref().map(ToString::to_string),
                consultation: transfer
                    .consultation
                    .as_ref()
                    .map(|key: &CallKey| CallId::new(&call.feed, key).0),
            }),
            queue: call.queue.clone(),
            queue_outcome: call.queue_outcome,
            presentation: call.remote.presentation,
            held: call.holds,
            verstat: (!call.remote.verstat.is_empty()).then(|| call.remote.verstat.clone()),
            then: call.then,
        }
    }
}
