//! What stays covered until the caller was verified, what a colleague wrote, and when a wrap-up closes.

use chrono::{TimeDelta, Utc};
use ringside::call::{CallId, Line, Party};
use ringside::customer::{Currency, CustomerRef};
use ringside::desk::{DeskRequest, Rules, ShowAt};
use ringside::journal::{Act, AuditEntry, HandedNote, Journal};
use ringside::pop::Cover;
use ringside::pop::view::{CardState, CardView, CoveredFact, PastNoteView};
use ringside::source::record::BalanceRow;
use ringside::store;

use super::{Seated, TO_THE_END};

/// What everybody in these tests owes: 4711 cents.
pub(super) fn owes(customer: &str) -> BalanceRow {
    BalanceRow {
        customer: customer.to_owned(),
        currency: Currency::EUR,
        open: 4711,
        not_due: 0,
        overdue_30: 4711,
        overdue_60: 0,
        overdue_more: 0,
        as_of: Utc::now(),
    }
}

const SHARING: [(&str, &str, &str); 2] = [
    ("A", "Ante Perišić", "+12025550143"),
    ("B", "Đurđica Šarić", "+1 (202) 555-0143"),
];

fn covering(cover: Cover, customers: &[(&str, &str, &str)]) -> Seated {
    let rules = Rules {
        cover,
        agent: "Ana".to_owned(),
        ..Rules::default()
    };
    Seated::under(rules, &["101"], ShowAt::Ring, customers)
}

fn card(seat: &mut Seated) -> CardView {
    seat.view().cards.remove(0)
}

fn uncover(seat: &mut Seated, call: &str) -> Result<(), &'static str> {
    let call = CallId(call.to_owned());
    seat.ask(|reply| DeskRequest::Uncover(call, reply))
        .map_err(|error| error.code())
}

fn trail(seat: &Seated) -> Vec<AuditEntry> {
    let journal = Journal::open(&seat.folder.path().join("journal.db"), &seat.key).expect("a second connection");
    journal.audit_trail(10).expect("read")
}

#[test]
fn what_is_covered_is_nowhere_in_anything_the_panel_is_told() {
    let mut seat = covering(Cover::Unverified, &SHARING[..1]);
    seat.play("in_answered", TO_THE_END);
    let card = card(&mut seat);
    assert_eq!(card.pop.covered, [CoveredFact::Balance, CoveredFact::Address]);
    assert_eq!((card.pop.balance, card.pop.uncovered), (None, None));
    let told = format!("{:?}", seat.panel.told());
    assert!(told.contains("Ante Perišić"));
    assert!(!told.contains("4711") && !told.contains("Lüneburg"), "{told}");
}

#[test]
fn whoever_uncovers_stands_in_the_audit_trail_and_in_the_panel() {
    let mut seat = covering(Cover::Always, &SHARING[..1]);
    seat.play("in_answered", 2.0);
    let call = card(&mut seat).call;
    assert_eq!(uncover(&mut seat, &call), Ok(()));
    let pop = card(&mut seat).pop;
    assert_eq!(pop.covered, []);
    assert_eq!(pop.balance.map(|balance| balance.open.minor), Some(4711));
    assert_eq!(
        pop.customer.and_then(|customer| customer.city).as_deref(),
        Some("Lüneburg")
    );
    assert_eq!(pop.uncovered.map(|it| it.by).as_deref(), Some("Ana"));
    let entry = AuditEntry {
        at: seat.now + TimeDelta::seconds(5),
        agent: "Ana".to_owned(),
        line: Line("101".to_owned()),
        act: Act::Uncovered,
        detail: String::new(),
        call: Some(CallId(call.clone())),
        customer: Some(CustomerRef::new("files", "A")),
    };
    assert_eq!(trail(&seat), [entry]);
    assert_eq!(uncover(&mut seat, &call), Ok(()));
    assert_eq!(trail(&seat).len(), 1, "uncovered once");
}

#[test]
fn nothing_is_uncovered_while_the_audit_trail_cannot_be_written() {
    let mut seat = covering(Cover::Always, &SHARING[..1]);
    seat.play("in_answered", 2.0);
    let call = card(&mut seat).call;
    let journal = store::open_database(&seat.folder.path().join("journal.db"), &seat.key).expect("a second connection");
    journal
        .execute_batch("ALTER TABLE audit RENAME TO away")
        .expect("renamed");
    assert_eq!(uncover(&mut seat, &call), Err("journal"));
    let pop = card(&mut seat).pop;
    assert_eq!((pop.balance, pop.uncovered), (None, None));
}

#[test]
fn the_audit_trail_cannot_be_changed() {
    let mut seat = covering(Cover::Always, &SHARING[..1]);
    seat.play("in_answered", 2.0);
    let call = card(&mut seat).call;
    uncover(&mut seat, &call).expect("uncovered");
    let journal = store::open_database(&seat.folder.path().join("journal.db"), &seat.key).expect("a second connection");
    let changed = journal.execute("UPDATE audit SET agent = 'somebody else'", []);
    assert!(changed.is_err(), "{changed:?}");
}

#[test]
fn of_several_no_address_is_shown_and_whoever_is_chosen_is_covered_still() {
    let mut seat = covering(Cover::Unverified, &SHARING);
    seat.play("in_answered", 2.0);
    let several = card(&mut seat);
    assert_eq!(several.pop.candidates.len(), 2);
    assert!(several.pop.candidates.iter().all(|it| it.customer.city.is_none()));
    assert_eq!(uncover(&mut seat, &several.call), Err("no_such_customer"));
    for key in ["A", "B"] {
        let (call, chosen) = (CallId(several.call.clone()), CustomerRef::new("files", key));
        seat.ask(|reply| DeskRequest::ChooseCustomer(call, chosen, reply))
            .expect("chosen");
        let covered = card(&mut seat).pop.covered;
        assert_eq!(covered, [CoveredFact::Balance, CoveredFact::Address], "{key}");
        uncover(&mut seat, &several.call).expect("uncovered");
    }
    assert_eq!(trail(&seat).len(), 2, "each customer is uncovered by itself");
}

#[test]
fn without_the_policy_nothing_is_covered_and_a_trial_is_covered_like_a_call() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", 2.0);
    let pop = card(&mut seat).pop;
    assert!(pop.covered.is_empty() && pop.balance.is_some());
    let mut seat = covering(Cover::Unverified, &SHARING[..1]);
    let party = Party {
        number: "+12025550143".to_owned(),
        ..Party::default()
    };
    let who = seat.ask(|reply| DeskRequest::WhoIs("asterisk".to_owned(), Box::new(party), reply));
    assert_eq!(who.expect("looked up").balance, None);
}

#[test]
fn a_colleagues_note_comes_with_the_call_and_leaves_mine_alone() {
    let mut seat = Seated::at(&["102"]);
    seat.play("transfer_blind", 3.0);
    let call = card(&mut seat).call;
    seat.save(&call, "mine").expect("saved");
    let note = HandedNote {
        line: Line("101".to_owned()),
        text: "wants the winter list".to_owned(),
        at: seat.now,
    };
    let id = CallId(call);
    seat.ask(|reply| DeskRequest::HandedNote(id, note, reply))
        .expect("kept");
    let expected = PastNoteView {
        text: "wants the winter list".to_owned(),
        at: seat.now,
        line: "101".to_owned(),
    };
    let card = card(&mut seat);
    assert_eq!(card.handed_over.and_then(|it| it.note), Some(expected));
    assert_eq!(card.note.text, "mine");
}

#[test]
fn a_colleagues_note_that_came_before_the_call_is_there_when_it_rings() {
    let mut seat = Seated::at(&["102"]);
    let mut elsewhere = Seated::at(&["102"]);
    elsewhere.play("transfer_blind", 3.0);
    let id = CallId(card(&mut elsewhere).call);
    let note = HandedNote {
        line: Line("101".to_owned()),
        text: "wants the winter list".to_owned(),
        at: seat.now,
    };
    seat.ask(|reply| DeskRequest::HandedNote(id, note, reply))
        .expect("kept");
    seat.play("transfer_blind", 3.0);
    let note = card(&mut seat).handed_over.and_then(|it| it.note);
    assert_eq!(note.map(|note| note.text).as_deref(), Some("wants the winter list"));
}

#[test]
fn a_wrap_up_that_somebody_is_at_stays_and_the_panel_knows_when_another_closes() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    let wrap_up = card(&mut seat);
    assert_eq!(wrap_up.state, CardState::WrapUp);
    let closes = wrap_up.closes_at.expect("it closes by itself");
    assert_eq!(closes, wrap_up.since + TimeDelta::seconds(60));
    assert_eq!(seat.desk.poll_timeout(), Some(closes));
    let call = CallId(wrap_up.call);
    seat.ask(|reply| DeskRequest::StayOpen(call.clone(), reply))
        .expect("held open");
    seat.desk.timeout(closes + TimeDelta::hours(1));
    assert_eq!(card(&mut seat).closes_at, None);
    seat.ask(|reply| DeskRequest::CloseCard(call, reply)).expect("closed");
    assert!(seat.view().cards.is_empty());
}

#[test]
fn with_wrap_up_seconds_of_nought_a_wrap_up_waits_to_be_closed() {
    let rules = Rules {
        wrap_up: None,
        ..Rules::default()
    };
    let mut seat = Seated::under(rules, &["101"], ShowAt::Ring, &SHARING[..1]);
    seat.play("in_answered", TO_THE_END);
    seat.desk.timeout(seat.now + TimeDelta::hours(1));
    assert_eq!(card(&mut seat).closes_at, None);
}
