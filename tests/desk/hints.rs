//! A number that only hints at a customer: nothing of them is shown or logged before the agent says who it is.

use ringside::call::CallId;
use ringside::customer::CustomerRef;
use ringside::desk::{DeskRequest, ShowAt};
use ringside::number::{Given, Key};
use ringside::pop::view::{Grade, MatchReason, VerdictKind};
use ringside::source::record::CustomerRow;

use super::{Seated, TO_THE_END, customer};

/// Stored without a country: the caller's national digits are the same.
fn hinted() -> CustomerRow {
    let mut row = customer("A", "Ante Perišić", "+12025550143");
    row.phones[0].key = Key::new(12_025_550_143).and_then(Key::without_country);
    row.phones[0].given = Given::NoCountry;
    row
}

#[test]
fn an_ambiguous_caller_is_a_choice_of_one_and_nothing_is_shown_or_logged() {
    let mut seat = Seated::of(&["101"], ShowAt::Ring, vec![hinted()]);
    seat.play("in_answered", 2.0);
    let pop = seat.view().cards[0].pop.clone();
    assert_eq!((pop.verdict, pop.candidates.len()), (VerdictKind::Several, 1));
    assert_eq!(pop.candidates[0].grade, Grade::Ambiguous);
    let why = pop.candidates[0].why.as_ref().map(|why| why.code);
    assert_eq!(why, Some(MatchReason::StoredNoCountry));
    assert_eq!((pop.customer, pop.balance, pop.purchases), (None, None, None));
    seat.play("in_answered", TO_THE_END);
    assert_eq!(seat.log()[0].customer, None);
}

#[test]
fn the_agents_word_opens_and_logs_the_ambiguous_caller() {
    let mut seat = Seated::of(&["101"], ShowAt::Ring, vec![hinted()]);
    seat.play("in_answered", 2.0);
    let call = CallId(seat.view().cards[0].call.clone());
    seat.ask(|reply| DeskRequest::ChooseCustomer(call, CustomerRef::new("files", "A"), reply))
        .expect("chosen");
    let pop = seat.view().cards[0].pop.clone();
    assert_eq!((pop.verdict, pop.grade), (VerdictKind::One, Some(Grade::Ambiguous)));
    assert_eq!(pop.customer.map(|it| it.name).as_deref(), Some("Ante Perišić"));
    seat.play("in_answered", TO_THE_END);
    let logged = seat.log()[0].customer.as_ref().map(|it| it.reference.clone());
    assert_eq!(logged.as_deref(), Some("files/A"));
}
