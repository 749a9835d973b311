//! A call that an agent takes and passes on: blind, after speaking to the colleague, or while the colleague's phone
//! still rings.
//!
//! The consultation is a call of its own, as on a phone with two lines.

use super::scene::{Cast, Length, Towards, Who, party};
use super::script::{Script, who_ends};
use crate::call::{
    CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, Presentation, Side, Transfer, TransferKind,
};

/// What stands behind the key of a call in the key of the consultation about it.
pub(super) const CONSULTATION: &str = "-consultation";

/// Who passes the call on, and who gets it; nobody when there is no colleague.
pub(super) fn agents<'a>(cast: &Cast<'a>, towards: Towards) -> Option<(&'a Line, &'a Line)> {
    let colleague = cast.colleague?;
    Some(match towards {
        Towards::Me => (colleague, cast.mine),
        Towards::Colleague => (cast.mine, colleague),
    })
}

pub(super) fn passed(
    script: &mut Script,
    who: &Who,
    (kind, towards): (TransferKind, Towards),
    cast: &Cast<'_>,
    length: Length,
) {
    let Some((first, second)) = agents(cast, towards) else {
        return;
    };
    script.begin(Direction::In, party(who), cast.called, None);
    let leg = script.offer(first);
    script.later(length.setup);
    script.rings(&leg);
    script.later(length.ring);
    script.answers(&leg);
    script.later(length.talk / 4);
    let legs = (first, second, leg);
    let taker = match kind {
        TransferKind::Blind => blind(script, legs, length),
        TransferKind::Attended => attended(script, legs, length),
        TransferKind::Blonde => blonde(script, legs, length),
    };
    script.later(length.talk / 2);
    script.is_over(vec![taker], Cause::Normal, who_ends(length.talk, Side::Caller));
}

/// The phones of a call that is passed on.
type Legs<'a> = (&'a Line, &'a Line, LegKey);

fn blind(script: &mut Script, (first, second, leg): Legs<'_>, length: Length) -> LegKey {
    script.passes(TransferKind::Blind, first, second, None);
    script.leg_ends(leg, Cause::Normal);
    let taker = script.offer(second);
    script.later(length.setup);
    script.rings(&taker);
    script.later(length.ring);
    script.answers(&taker);
    taker
}

fn attended(script: &mut Script, (first, second, leg): Legs<'_>, length: Length) -> LegKey {
    script.tell(|call| CallEvent::Held { call });
    let consultation = consult(script, first, second, length);
    script.later(length.ring);
    let other = LegKey(format!("{}/{second}", consultation.0));
    script.about(&consultation, |call| CallEvent::Answered { call, leg: other });
    script.later(length.talk / 4);
    let taker = join(script, TransferKind::Attended, (first, second, leg), &consultation);
    script.answers(&taker);
    taker
}

fn blonde(script: &mut Script, (first, second, leg): Legs<'_>, length: Length) -> LegKey {
    script.tell(|call| CallEvent::Held { call });
    let consultation = consult(script, first, second, length);
    script.later(length.ring / 2);
    let taker = join(script, TransferKind::Blonde, (first, second, leg), &consultation);
    script.later(length.ring / 2);
    script.answers(&taker);
    taker
}

/// The agent calls the colleague, whose phone rings.
fn consult(script: &mut Script, first: &Line, second: &Line, length: Length) -> CallKey {
    let key = CallKey(format!("{}{CONSULTATION}", script.call.0));
    let leg = LegKey(format!("{}/{second}", key.0));
    let remote = Party {
        number: first.to_string(),
        presentation: Presentation::Allowed,
        ..Party::default()
    };
    let (called, origin) = (second.to_string(), Some(first.clone()));
    script.about(&key, |call| CallEvent::Began {
        call,
        direction: Direction::Internal,
        remote,
        called,
        trunk: None,
        origin,
    });
    let (offered, to) = (leg.clone(), Endpoint::Line(second.clone()));
    script.about(&key, |call| CallEvent::Offered { call, leg: offered, to });
    script.later(length.setup);
    script.about(&key, |call| CallEvent::Ringing { call, leg });
    key
}

/// The caller goes to the colleague, and the consultation is over.
fn join(script: &mut Script, kind: TransferKind, (first, second, leg): Legs<'_>, consultation: &CallKey) -> LegKey {
    script.tell(|call| CallEvent::Resumed { call });
    script.passes(kind, first, second, Some(consultation.clone()));
    let taker = script.offer(second);
    script.leg_ends(leg, Cause::Normal);
    script.about(consultation, |call| CallEvent::Ended {
        call,
        cause: Cause::Normal,
        by: Some(Side::Transfer),
    });
    taker
}

impl Script {
    fn answers(&mut self, leg: &LegKey) {
        let leg = leg.clone();
        self.tell(|call| CallEvent::Answered { call, leg });
    }

    fn passes(&mut self, kind: TransferKind, by: &Line, to: &Line, consultation: Option<CallKey>) {
        let transfer = Transfer {
            kind,
            by: Some(by.clone()),
            to: Some(Endpoint::Line(to.clone())),
            consultation,
        };
        self.tell(|call| CallEvent::Transferred { call, transfer });
    }
}
