//! What a call does to the panel and to the log, from its first ring to its note.

use ringside::pop::view::ParamView;

use super::*;

#[test]
fn the_panel_of_the_agent_who_rings_shows_the_caller_and_no_other_panel_does() {
    let mut mine = Seated::at(&["101"]);
    let mut other = Seated::at(&["102"]);
    mine.play("in_answered", 0.5);
    other.play("in_answered", 0.5);
    let view = mine.view();
    assert_eq!(view.cards.len(), 1);
    let card = &view.cards[0];
    assert_eq!((card.state, card.line.as_str()), (CardState::Ringing, "101"));
    assert_eq!(card.pop.verdict, VerdictKind::One);
    assert_eq!(
        card.pop.customer.as_ref().map(|customer| customer.name.as_str()),
        Some("Maria Anders")
    );
    assert_eq!((mine.came_up(), other.came_up()), (1, 0));
    assert!(other.view().cards.is_empty());
}

#[test]
fn an_answered_call_is_wrapped_up_and_stands_in_the_log_with_its_note() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", 2.0);
    let card = seat.view().cards[0].clone();
    assert_eq!(card.state, CardState::Talking);
    let note = seat.save(&card.call, "wants two cases").expect("saved");
    assert_eq!(note.text, "wants two cases");
    assert!(note.saved_at.is_some());
    seat.play("in_answered", TO_THE_END);
    let view = seat.view();
    assert_eq!(
        (view.cards[0].state, view.cards[0].outcome),
        (CardState::WrapUp, Some(Outcome::Answered))
    );
    assert_eq!(view.cards[0].note.text, "wants two cases");
    let rows = seat.log();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row.outcome, row.talked_seconds), (Some(Outcome::Answered), Some(2)));
    assert_eq!(
        (row.answered_by.as_deref(), row.rang.as_slice()),
        (Some("101"), ["101".to_owned()].as_slice())
    );
    assert_eq!(
        row.customer.as_ref().map(|customer| customer.reference.as_str()),
        Some("files/ALFKI")
    );
    assert_eq!(row.note, "wants two cases");
}

#[test]
fn a_wrap_up_closes_by_itself_and_a_saved_note_puts_it_off() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    let card = seat.view().cards[0].clone();
    seat.save(&card.call, "a").expect("saved");
    seat.desk.timeout(seat.now + TimeDelta::seconds(64));
    assert_eq!(seat.view().cards.len(), 1);
    assert_eq!(seat.desk.poll_timeout(), Some(seat.now + TimeDelta::seconds(65)));
    seat.desk.timeout(seat.now + TimeDelta::seconds(66));
    assert!(seat.view().cards.is_empty());
    assert!(seat.panel.told().contains(&Told::Hide));
}

#[test]
fn a_missed_call_becomes_one_line_and_one_notification() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_missed", TO_THE_END);
    let view = seat.view();
    assert!(view.cards.is_empty());
    assert_eq!(view.missed.len(), 1);
    assert_eq!(view.missed[0].name.as_deref(), Some("Maria Anders"));
    assert_eq!(view.missed[0].rang_seconds, 2);
    assert_eq!(seat.missed(), 1);
    let call = CallId(view.missed[0].call.clone());
    seat.ask(|reply| DeskRequest::DismissMissed(call, reply))
        .expect("dismissed");
    assert!(seat.view().missed.is_empty());
    assert_eq!(seat.log()[0].outcome, Some(Outcome::Missed));
}

#[test]
fn what_the_agent_rejected_or_nobody_rang_for_is_not_missed() {
    for recording in ["in_rejected", "in_busy", "in_offline"] {
        let mut seat = Seated::at(&["101"]);
        seat.play(recording, TO_THE_END);
        assert_eq!((seat.missed(), seat.view().missed.len()), (0, 0), "{recording}");
        assert_eq!(seat.log().len(), 1, "{recording}");
    }
}

#[test]
fn a_withheld_number_is_neither_shown_nor_logged() {
    let mut seat = Seated::at(&["101"]);
    seat.play("cid_anonymous", 0.3);
    let view = seat.view();
    assert_eq!(view.cards[0].pop.verdict, VerdictKind::Withheld);
    assert!(!format!("{view:?}").contains("2025550143"));
    assert!(!format!("{:?}", seat.log()).contains("2025550143"));
}

#[test]
fn with_show_at_answer_the_panel_comes_up_when_the_agent_answers() {
    let mut seat = Seated::with(&["101"], ShowAt::Answer, &[("A", "Maria Anders", "+12025550143")]);
    seat.play("in_answered", 0.5);
    assert_eq!(seat.came_up(), 0);
    seat.play("in_answered", 2.0);
    assert_eq!(seat.came_up(), 1);
}

#[test]
fn of_several_the_chosen_one_is_logged_and_before_the_choice_nobody_is() {
    let sharing = [
        ("A", "Ante Perišić", "+12025550143"),
        ("B", "Đurđica Šarić", "+1 (202) 555-0143"),
    ];
    let mut seat = Seated::with(&["101"], ShowAt::Ring, &sharing);
    seat.play("in_answered", 2.0);
    let card = seat.view().cards[0].clone();
    assert_eq!((card.pop.verdict, card.pop.candidates.len()), (VerdictKind::Several, 2));
    assert_eq!(seat.log()[0].customer, None);
    let (call, chosen) = (CallId(card.call.clone()), CustomerRef::new("files", "B"));
    seat.ask(|reply| DeskRequest::ChooseCustomer(call.clone(), chosen, reply))
        .expect("chosen");
    assert_eq!(
        seat.view().cards[0].pop.customer.as_ref().map(|it| it.name.as_str()),
        Some("Đurđica Šarić")
    );
    seat.play("in_answered", TO_THE_END);
    assert_eq!(
        seat.log()[0].customer.as_ref().map(|it| it.reference.as_str()),
        Some("files/B")
    );
    let nobody = seat.ask(|reply| DeskRequest::ChooseCustomer(call, CustomerRef::new("files", "Z"), reply));
    assert_eq!(nobody.map_err(|error| error.code()), Err("no_such_customer"));
}

#[test]
fn changing_my_extension_during_a_call_brings_it_or_takes_it_away() {
    let mut seat = Seated::at(&["102"]);
    seat.play("in_answered", 0.5);
    assert!(seat.view().cards.is_empty());
    let mine = |line: &str| vec![Line(line.to_owned())];
    seat.ask(|reply| DeskRequest::SetLines(mine("101"), reply))
        .expect("changed");
    assert_eq!(seat.view().cards.len(), 1);
    seat.ask(|reply| DeskRequest::SetLines(mine("103"), reply))
        .expect("changed");
    assert!(seat.view().cards.is_empty());
}

#[test]
fn a_lost_feed_is_said_and_its_calls_are_not_sure_any_more() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", 2.0);
    seat.signal(
        Signal::Lost(Saying::quoted("the cable")),
        seat.now + TimeDelta::seconds(3),
    );
    let view = seat.view();
    assert_eq!(view.feeds[0].health, FeedHealth::Lost);
    let said = &view.feeds[0].said[0];
    assert_eq!(
        (said.key.as_str(), &said.params["says"]),
        ("said.quoted", &ParamView::Text("the cable".to_owned()))
    );
    assert_eq!(view.cards[0].state, CardState::Unsure);
    seat.signal(Signal::Resync(vec![]), seat.now + TimeDelta::seconds(9));
    seat.signal(Signal::Up { caveat: None }, seat.now + TimeDelta::seconds(9));
    assert_eq!(seat.view().cards[0].state, CardState::WrapUp);
}

#[test]
fn a_note_for_a_call_that_never_was_is_refused() {
    let mut seat = Seated::at(&["101"]);
    assert_eq!(
        seat.save("asterisk:nothing", "x").map_err(|error| error.code()),
        Err("no_such_call")
    );
}

#[test]
fn an_outgoing_call_shows_whom_i_dial() {
    let mut seat = Seated::at(&["101"]);
    seat.play("out_answered", 0.3);
    let view = seat.view();
    assert_eq!(view.cards[0].state, CardState::Dialling);
    assert_eq!(
        view.cards[0].pop.customer.as_ref().map(|it| it.name.as_str()),
        Some("Maria Anders")
    );
    seat.play("out_answered", TO_THE_END);
    assert_eq!(seat.log()[0].answered_by.as_deref(), Some("+12025550143"));
}

#[test]
fn a_call_that_could_not_be_written_is_written_when_the_journal_is_well_again() {
    let mut seat = Seated::at(&["101"]);
    let journal = store::open_database(&seat.folder.path().join("journal.db"), &seat.key).expect("a second connection");
    journal
        .execute_batch("ALTER TABLE call_lines RENAME TO away")
        .expect("renamed");
    seat.play("in_answered", TO_THE_END);
    assert!(seat.log().is_empty());
    let retry = seat.desk.poll_timeout().expect("a time to try again");
    assert!(retry <= seat.now + TimeDelta::seconds(20), "{retry}");

    seat.desk.timeout(seat.now + FORGOTTEN);
    journal
        .execute_batch("ALTER TABLE away RENAME TO call_lines")
        .expect("renamed back");
    seat.desk.keep(seat.now + FORGOTTEN);
    assert_eq!(seat.log()[0].outcome, Some(Outcome::Answered));
}
