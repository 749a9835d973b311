//! What is edited in a call: the note, what came of it, and who called.

use chrono::{TimeDelta, Utc};
use ringside::call::Line;
use ringside::customer::CustomerRef;
use ringside::desk::{DeskRequest, PageRequest};
use ringside::journal::{HandedNote, NewCustomer, OfferAnswer};

use super::rows::{MARIA, Row, SHARED, again, called, next, row, stranger};
use super::{Found, record};

const ANSWERS: [OfferAnswer; 4] = [
    OfferAnswer::Offered,
    OfferAnswer::Accepted,
    OfferAnswer::NotNow,
    OfferAnswer::Declined,
];

pub(super) fn of_calls() -> Vec<Row> {
    vec![
        again(
            "SaveNote",
            |on, n| {
                if n == 0 {
                    on.talk(0, MARIA);
                }
                on.seat.save("asterisk:k0", &format!("note {n}")).expect("saved");
                n.to_string()
            },
            |found, n| {
                let note = found.journal.note(&called("asterisk:k0")).expect("read");
                let text = note.expect("a note").text;
                next(n).iter().any(|n| text == format!("note {n}"))
            },
        ),
        row(
            "HandedNote",
            |on, n| {
                let call = on.talk(n, MARIA);
                let note = HandedNote {
                    line: Line("102".to_owned()),
                    text: format!("handed {n}"),
                    at: Utc::now(),
                };
                let asked = call.clone();
                on.seat
                    .ask(|reply| DeskRequest::HandedNote(asked, note, reply))
                    .expect("kept");
                call.0
            },
            |found, call| found.journal.handed_note(&called(call)).expect("read").is_some(),
        ),
        row(
            "SetDisposition",
            |on, n| {
                let call = on.talk(n, MARIA);
                let asked = call.clone();
                let code = Some("order".to_owned());
                on.seat
                    .ask(|reply| DeskRequest::SetDisposition(asked, code, reply))
                    .expect("chosen");
                call.0
            },
            |found, call| found.journal.disposition(&called(call)).expect("read").as_deref() == Some("order"),
        ),
        again(
            "AnswerOffer",
            |on, n| {
                if n == 0 {
                    on.talk(0, MARIA);
                }
                let call = called("asterisk:k0");
                on.seat
                    .ask(|reply| DeskRequest::AnswerOffer(call, "2".to_owned(), ANSWERS[n % 4], reply))
                    .expect("answered");
                n.to_string()
            },
            |found, n| {
                let offers = found.journal.offers_of_call(&called("asterisk:k0")).expect("read");
                next(n).iter().any(|n| offers[0].answer == ANSWERS[n % 4])
            },
        ),
        row(
            "Uncover",
            |on, n| {
                let call = on.talk(n, MARIA);
                let asked = call.clone();
                on.seat
                    .ask(|reply| DeskRequest::Uncover(asked, reply))
                    .expect("uncovered");
                call.0
            },
            |found, call| {
                let trail = found.journal.audit_trail(1_000).expect("read");
                trail.iter().any(|entry| entry.call == Some(called(call)))
            },
        ),
        row(
            "CloseMissed",
            |on, n| {
                let call = on.miss(n, &stranger(n));
                let asked = call.clone();
                on.seat
                    .page(|reply| PageRequest::CloseMissed(asked, true, reply))
                    .expect("closed");
                call.0
            },
            |found, call| {
                let people = found.journal.missed_people(Utc::now() - TimeDelta::days(1));
                let people = people.expect("read");
                people.iter().any(|person| person.call.0 == call && person.settled)
            },
        ),
    ]
}

pub(super) fn of_people() -> Vec<Row> {
    let kept = |found: &Found, call: &str| found.journal.choice(&called(call)).expect("read").is_some();
    vec![
        row(
            "ChooseCustomer",
            |on, n| {
                let (call, one) = (on.talk(n, SHARED), CustomerRef::new("files", "BERGS"));
                let asked = call.clone();
                on.seat
                    .ask(|reply| DeskRequest::ChooseCustomer(asked, one, reply))
                    .expect("chosen");
                call.0
            },
            kept,
        ),
        row(
            "LinkCustomer",
            |on, n| {
                let (call, one) = (on.talk(n, &stranger(n)), record(n));
                let asked = call.clone();
                on.seat
                    .ask(|reply| DeskRequest::LinkCustomer(asked, one, reply))
                    .expect("linked");
                call.0
            },
            kept,
        ),
        row(
            "CreateCustomer",
            |on, n| {
                let call = on.talk(n, &stranger(n));
                let (asked, number) = (call.clone(), stranger(n));
                let new = NewCustomer {
                    name: format!("New {n}"),
                    ..NewCustomer::default()
                };
                on.seat
                    .ask(|reply| DeskRequest::CreateCustomer(asked, new, number, reply))
                    .expect("made");
                call.0
            },
            |found, call| {
                let choice = found.journal.choice(&called(call)).expect("read");
                choice.is_some_and(|choice| found.journal.created(&choice.customer).expect("read").is_some())
            },
        ),
        row(
            "TakeBack",
            |on, n| {
                let (call, one) = (on.talk(n, &stranger(n)), record(n));
                let (linked, asked) = (call.clone(), call.clone());
                on.seat
                    .ask(|reply| DeskRequest::LinkCustomer(linked, one, reply))
                    .expect("linked");
                on.seat
                    .ask(|reply| DeskRequest::TakeBack(asked, reply))
                    .expect("taken back");
                call.0
            },
            |found, call| found.journal.choice(&called(call)).expect("read").is_none(),
        ),
    ]
}
