//! A number that only hints at a customer: nothing of them is shown or logged before the agent says who it is.

use chrono::{SubsecRound, Utc};
use ringside::call::CallId;
use ringside::customer::CustomerRef;
use ringside::desk::{DeskRequest, Rules, ShowAt};
use ringside::directory::Directory;
use ringside::number::{Given, Key};
use ringside::pop::view::{Grade, MatchReason, VerdictKind};
use ringside::source::record::{CustomerRow, Record};
use ringside::vault::MasterKey;

use super::{Seated, TO_THE_END, customer};

/// Stored without a country: the caller's national digits are the same.
fn hinted() -> CustomerRow {
    let mut row = customer("A", "Ante Perišić", "+12025550143");
    row.phones[0].key = Key::new(12_025_550_143).and_then(Key::without_country);
    row.phones[0].given = Given::NoCountry;
    row
}

fn seat() -> Seated {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::random().expect("randomness");
    let directory = Directory::open(&folder.path().join("cache.db"), key.bytes()).expect("a cache");
    let mut import = directory.begin_import("files", Utc::now()).expect("an import");
    import.record(&Record::Customer(hinted())).expect("taken in");
    import.finish().expect("finished");
    let now = Utc::now().trunc_subsecs(3);
    Seated::over(Rules::default(), &["101"], ShowAt::Ring, folder, key, now)
}

#[test]
fn an_ambiguous_caller_is_a_choice_of_one_and_nothing_is_shown_or_logged() {
    let mut seat = seat();
    seat.play("in_answered", 2.0);
    let pop = seat.view().cards[0].pop.clone();
    assert_eq!((pop.candidates.len(), pop.grade), (1, None));
    assert_eq!(pop.candidates[0].grade, Grade::Ambiguous);
    let why = pop.candidates[0].why.as_ref().map(|why| why.code);
    assert_eq!(why, Some(MatchReason::StoredNoCountry));
    assert_eq!((pop.customer, pop.balance, pop.purchases), (None, None, None));
    seat.play("in_answered", TO_THE_END);
    assert_eq!(seat.log()[0].customer, None);
}

#[test]
fn the_agents_word_opens_and_logs_the_ambiguous_caller() {
    let mut seat = seat();
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
