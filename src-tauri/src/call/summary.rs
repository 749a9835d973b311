//! A call in one flat record, as `ringside replay --summary` prints it.

use serde::Serialize;

use super::event::{Direction, Line, Presentation, Side, Then};
use super::story::{Call, Outcome};

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
    /// Whether the number may be shown.
    pub presentation: Presentation,
    /// How many times it was put on hold.
    pub held: u32,
    /// The attestation in the phone system's words.
    pub verstat: Option<String>,
    /// Where it went when no agent answered.
    pub then: Option<Then>,
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
            presentation: call.remote.presentation,
            held: call.holds,
            verstat: (!call.remote.verstat.is_empty()).then(|| call.remote.verstat.clone()),
            then: call.then,
        }
    }
}
