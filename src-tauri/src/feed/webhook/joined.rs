//! Two calls that become one: an agent asked a colleague in a call of their own, and then joined the two.
//!
//! Pure. The call of the person outside goes on, with the colleague's phone; the consultation ends in it, and what
//! is told of the consultation later is told of that call.

use chrono::{DateTime, Utc};

use super::calls::{Heard, Phone};
use crate::call::{CallEvent, CallKey, Cause, Direction, Side, Transfer, TransferKind};

/// Joins `consultation`, in which the agent dialled the colleague, into `call`.
pub(super) fn join(
    (call, heard): (&CallKey, &mut Heard),
    (consultation, consulted): (&CallKey, &mut Heard),
    at: DateTime<Utc>,
) -> Vec<CallEvent> {
    let ours = heard.phones.iter_mut().find(|phone| phone.talks && !phone.ended);
    let agent = ours.map(|phone| {
        phone.ended = true;
        (phone.leg.clone(), phone.line().cloned())
    });
    let by = agent.as_ref().and_then(|(_, line)| line.clone());
    let passed: Vec<Phone> = consulted.phones.drain(..).filter(|phone| !phone.ended).collect();
    let talked = passed.iter().any(|phone| phone.talks);
    let mut events = vec![CallEvent::Transferred {
        call: call.clone(),
        transfer: Transfer {
            kind: if talked {
                TransferKind::Attended
            } else {
                TransferKind::Blonde
            },
            by: by.or_else(|| consulted.origin.clone()),
            to: passed.first().map(|phone| phone.to.clone()),
            consultation: Some(consultation.clone()),
        },
    }];
    for phone in passed {
        events.push(CallEvent::Offered {
            call: call.clone(),
            leg: phone.leg.clone(),
            to: phone.to.clone(),
        });
        let (call, leg) = (call.clone(), phone.leg.clone());
        events.push(if phone.talks {
            CallEvent::Answered { call, leg }
        } else {
            CallEvent::Ringing { call, leg }
        });
        heard.phones.push(phone);
    }
    events.extend(agent.map(|(leg, _)| CallEvent::LegEnded {
        call: call.clone(),
        leg,
        cause: Cause::Normal,
    }));
    consulted.ended = Some((at, Cause::Normal));
    events.push(CallEvent::Ended {
        call: consultation.clone(),
        cause: Cause::Normal,
        by: Some(Side::Transfer),
    });
    events
}

/// Whether `one`, rather than `other`, is the call of the person outside.
pub(super) fn is_callers(one: &Heard, other: &Heard) -> bool {
    let rank = |heard: &Heard| match heard.begun {
        Some(Direction::In) => 0,
        Some(Direction::Out) => 1,
        Some(Direction::Internal) => 2,
        None => 3,
    };
    rank(one) <= rank(other)
}
