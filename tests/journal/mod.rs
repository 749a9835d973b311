//! The journal on a real disk: what is said to be saved is there, whatever happens next. What the tests of it share.

mod after;
mod calls;
mod contacts;
mod damage;
mod filter;
mod marks;
mod missed;
mod notes;
mod people;
mod processes;
mod secrecy;
mod story;
mod users;

use std::path::Path;

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use ringside::call::{CallId, Direction, Line, Outcome, Presentation, QueueOutcome, Side, Trust};
use ringside::customer::CustomerRef;
use ringside::journal::{CallFacts, CallLine, CallRecord, Journal, LoggedCustomer};
use ringside::number::Key;
use ringside::vault::MasterKey;
use tempfile::TempDir;

pub(crate) fn key(byte: u8) -> MasterKey {
    MasterKey::from_hex(&format!("{byte:02x}").repeat(32)).expect("32 bytes")
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).single().expect("a time")
}

fn id(name: &str) -> CallId {
    CallId(format!("pbx:{name}"))
}

/// A call of a known customer that 101 answered, begun `minutes` after noon.
pub(crate) fn answered(name: &str, minutes: i64) -> CallRecord {
    let began = noon() + TimeDelta::minutes(minutes);
    CallRecord {
        id: id(name),
        feed: "pbx".to_owned(),
        direction: Direction::In,
        number: Key::new(493023125101),
        number_raw: "03023125101".to_owned(),
        number_display: "+49 30 23125101".to_owned(),
        presentation: Presentation::Allowed,
        caller_name: "M Anders".to_owned(),
        trust: Trust::NotVerifiedB,
        customer: Some(LoggedCustomer {
            reference: CustomerRef::new("files", "ALFKI"),
            name: "Maria Anders".to_owned(),
            company: "Alfreds Futterkiste".to_owned(),
        }),
        called: "100".to_owned(),
        started: began,
        answered: Some(began + TimeDelta::seconds(7)),
        answered_by: None,
        ended: Some(began + TimeDelta::seconds(67)),
        outcome: Some(Outcome::Answered),
        ended_by: Some(Side::Caller),
        unfinished: false,
        then: None,
        talked_seconds: Some(60),
        facts: CallFacts {
            queue: Some("sales".to_owned()),
            queue_outcome: Some(QueueOutcome::Answered),
            verdict: Some("one".to_owned()),
            popped_micros: Some(870),
        },
        lines: vec![
            CallLine {
                line: Line("102".to_owned()),
                rang: Some(began + TimeDelta::milliseconds(1234)),
                talked_from: None,
                talked_until: None,
            },
            CallLine {
                line: Line("101".to_owned()),
                rang: Some(began + TimeDelta::seconds(2)),
                talked_from: Some(began + TimeDelta::seconds(7)),
                talked_until: Some(began + TimeDelta::seconds(67)),
            },
        ],
    }
}

/// The same call while it rings: nothing after the ringing is known.
fn ringing(name: &str, minutes: i64) -> CallRecord {
    let mut call = answered(name, minutes);
    (call.answered, call.ended, call.outcome) = (None, None, None);
    (call.ended_by, call.talked_seconds) = (None, None);
    call.lines.truncate(1);
    call
}

fn journal() -> (TempDir, Journal) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let journal = open(folder.path());
    (folder, journal)
}

pub(crate) fn open(folder: &Path) -> Journal {
    Journal::open(&folder.join("journal.db"), &key(7)).expect("the journal opens")
}
