//! Calls as Twilio tells them, and those who took its words over: a parent, and a child for each phone it rings.
//!
//! Pure. Who is behind a child is its `To`: `client:ada`, `sip:101@…`, or a number that `agents` has. A child can
//! begin the call, because a number's own callback tells of a call from outside only when it is over.

use crate::call::{Cause, Direction, Trust};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::told::{Bad, Told, What, bare, letters, user_of};

/// Reads one request; `trust` and `verstat` are named differently by each.
pub(super) fn read(fields: &Fields, trust: Trust, verstat: String) -> Result<Vec<Told>, Bad> {
    let sid = fields.needed("CallSid")?;
    let status = letters(&fields.text("CallStatus")?.unwrap_or_default());
    let text = |name: &str| Ok::<_, Bad>(fields.text(name)?.unwrap_or_default());
    let (from, to) = (text("From")?, text("To")?);
    let told = Told {
        from: number(&from),
        to: number(&to),
        name: text("CallerName")?,
        trust,
        verstat,
        users: user_of(&to).into_iter().collect(),
        dialler: user_of(&from),
        cause: Some(cause_of(&status)),
        ..Told::default()
    };
    Ok(match fields.text("ParentCallSid")? {
        Some(parent) => vec![child(&parent, sid, &status, told)],
        None if text("Direction")?.starts_with("outbound") => dialled(&sid, &status, told),
        None => vec![parent(sid, &status, told)],
    })
}

/// A phone that rings for a call.
fn child(parent: &str, sid: String, status: &str, told: Told) -> Told {
    let what = match status {
        "queued" | "initiated" => What::Offered,
        "ringing" => What::Ringing,
        "inprogress" | "answered" => What::Answered,
        _ => What::LegEnded,
    };
    let direction = match (told.users.is_empty(), &told.dialler) {
        (false, None) => Some(Direction::In),
        (false, Some(_)) => Some(Direction::Internal),
        (true, Some(_)) => Some(Direction::Out),
        (true, None) => None,
    };
    // The phone's address is the number that was called only when the call goes out.
    let to = if direction == Some(Direction::In) {
        String::new()
    } else {
        told.to.clone()
    };
    Told {
        session: parent.to_owned(),
        to,
        what,
        leg: Some(sid),
        direction,
        ..told
    }
}

/// A call that the account made: to somebody outside, or to a user whom the call is handed to.
fn dialled(sid: &str, status: &str, told: Told) -> Vec<Told> {
    let direction = if told.users.is_empty() {
        Direction::Out
    } else {
        Direction::In
    };
    let leg = Told {
        direction: Some(direction),
        ..child(sid, sid.to_owned(), status, told)
    };
    let end = (leg.what == What::LegEnded).then(|| Told {
        what: What::Ended,
        leg: None,
        ..leg.clone()
    });
    [leg].into_iter().chain(end).collect()
}

/// A call from outside, or from one of our users. That the account's program answers it does not mean that a person
/// does.
fn parent(sid: String, status: &str, told: Told) -> Told {
    let what = match status {
        "queued" | "initiated" | "ringing" | "inprogress" | "answered" => What::Began,
        _ => What::Ended,
    };
    let direction = match (&told.dialler, told.users.is_empty()) {
        (None, _) => Direction::In,
        (Some(_), true) => Direction::Out,
        (Some(_), false) => Direction::Internal,
    };
    Told {
        session: sid,
        what,
        direction: Some(direction),
        // Whose phones ring is told by the children.
        users: Vec::new(),
        ..told
    }
}

/// The number, or the user's name. Withheld numbers come as the word that a keypad has for them.
fn number(address: &str) -> String {
    match bare(address) {
        "+266696687" | "+7378742833" | "+2562533" => "anonymous".to_owned(),
        "+8656696" | "+86282452253" => "unknown".to_owned(),
        number => number.to_owned(),
    }
}

fn cause_of(status: &str) -> Cause {
    match status {
        "completed" => Cause::Normal,
        "busy" => Cause::Busy,
        "noanswer" => Cause::NoAnswer,
        "canceled" => Cause::Cancelled,
        "failed" => Cause::Unreachable,
        _ => Cause::Other,
    }
}
