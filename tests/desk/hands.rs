//! A call that changes hands: who sees whom, and why a card goes.

use ringside::desk::Told;
use ringside::pop::view::{CardState, GoneReason};

use super::{Seated, TO_THE_END};

/// What every panel update so far showed: state, and the number or the name of whoever is on the other side.
fn shown(seat: &Seated) -> Vec<Vec<(CardState, String)>> {
    let mut shown: Vec<Vec<(CardState, String)>> = Vec::new();
    for told in seat.panel.told() {
        let cards = match told {
            Told::Show(view) | Told::Update(view) => view.cards,
            Told::Hide => Vec::new(),
            Told::Missed(_) | Told::Reminded(_) | Told::LogChanged => continue,
        };
        let cards = cards.into_iter().map(|card| {
            let name = card.pop.customer.map(|customer| customer.name);
            (card.state, name.or(card.pop.number).unwrap_or_default())
        });
        let cards: Vec<_> = cards.collect();
        if shown.last() != Some(&cards) {
            shown.push(cards);
        }
    }
    shown
}

fn one(state: CardState, who: &str) -> Vec<(CardState, String)> {
    vec![(state, who.to_owned())]
}

#[test]
fn a_consulted_agent_sees_the_colleague_until_the_caller_is_hers() {
    for recording in ["transfer_attended", "transfer_attended_feature"] {
        let mut seat = Seated::at(&["102"]);
        seat.play(recording, TO_THE_END);
        let shown = shown(&seat);
        let (ringing, talking) = (one(CardState::Ringing, "101"), one(CardState::Talking, "101"));
        let hers = one(CardState::Talking, "Maria Anders");
        let place = |wanted: &Vec<_>| shown.iter().position(|cards| cards == wanted);
        let order = [place(&ringing), place(&talking), place(&hers)];
        assert!(
            order.iter().all(Option::is_some) && order.is_sorted(),
            "{recording}: {shown:?}"
        );
        let last = shown.last().expect("something was shown");
        assert_eq!(last, &one(CardState::WrapUp, "Maria Anders"), "{recording}");
    }
}

#[test]
fn the_agent_who_transfers_wraps_up_while_the_colleague_talks() {
    for (recording, until) in [
        ("transfer_attended", 5.0),
        ("transfer_blind", 3.0),
        ("transfer_attended_feature", 8.0),
    ] {
        let mut first = Seated::at(&["101"]);
        first.play(recording, until);
        let view = first.view();
        assert_eq!(view.cards.len(), 1, "{recording}");
        assert_eq!(view.cards[0].state, CardState::WrapUp, "{recording}");
        let mut second = Seated::at(&["102"]);
        second.play(recording, until);
        let card = second.view().cards.remove(0);
        assert_eq!(card.state, CardState::Talking, "{recording}");
        let by = card.handed_over.and_then(|handed_over| handed_over.by);
        assert_eq!(by.as_deref(), Some("101"), "{recording}");
    }
}

#[test]
fn what_was_written_in_a_consultation_goes_over_to_the_callers_call() {
    let mut seat = Seated::at(&["102"]);
    seat.play("transfer_attended", 2.5);
    let consultation = seat.view().cards[0].call.clone();
    seat.save(&consultation, "101 says: wants the winter list")
        .expect("saved");
    seat.play("transfer_attended", 5.0);
    let view = seat.view();
    assert_eq!(view.cards.len(), 1);
    assert_ne!(view.cards[0].call, consultation);
    assert_eq!(view.cards[0].note.text, "101 says: wants the winter list");
}

#[test]
fn the_first_agents_note_is_there_for_the_second_where_they_share_a_journal() {
    let mut seat = Seated::at(&["101", "102"]);
    seat.play("transfer_blind", 1.2);
    let call = seat.view().cards[0].call.clone();
    seat.save(&call, "asked for the winter list").expect("saved");
    seat.play("transfer_blind", 3.0);
    let card = seat.view().cards.remove(0);
    assert_eq!((card.line.as_str(), card.state), ("102", CardState::Talking));
    assert_eq!(card.note.text, "asked for the winter list");
}

#[test]
fn a_card_that_is_taken_away_says_why() {
    let gone = |line: &str, recording: &str| {
        let mut seat = Seated::at(&[line]);
        seat.play(recording, TO_THE_END);
        let view = seat.view();
        assert!(view.cards.is_empty(), "{line} in {recording}");
        view.gone.map(|gone| (gone.reason, gone.by))
    };
    let by = |line: &str| Some(line.to_owned());
    assert_eq!(
        gone("101", "group_one_answers"),
        Some((GoneReason::AnsweredElsewhere, by("102")))
    );
    assert_eq!(gone("101", "pickup"), Some((GoneReason::AnsweredElsewhere, by("102"))));
    assert_eq!(gone("101", "in_rejected"), Some((GoneReason::Rejected, None)));
    assert_eq!(gone("101", "in_missed"), Some((GoneReason::Missed, None)));
    assert_eq!(gone("103", "in_missed"), None);
    assert_eq!(
        gone("102", "transfer_blonde_unanswered").map(|(reason, _)| reason),
        Some(GoneReason::StoppedRinging)
    );
    assert_eq!(
        gone("102", "queue_transferred"),
        Some((GoneReason::AnsweredElsewhere, by("101")))
    );
    assert_eq!(gone("101", "queue_member_rejects"), Some((GoneReason::Rejected, None)));
}

#[test]
fn one_line_with_two_phones_has_one_card() {
    let mut seat = Seated::at(&["101"]);
    seat.play("two_devices", TO_THE_END);
    assert!(shown(&seat).iter().all(|cards| cards.len() <= 1));
    assert_eq!(seat.came_up(), 1);
}

#[test]
fn a_call_that_nobody_in_the_queue_took_says_the_queue() {
    let mut seat = Seated::at(&["101"]);
    seat.play("queue_one_answers", 1.0);
    assert_eq!(seat.view().cards[0].queue.as_deref(), Some("support"));
}

#[test]
fn whoever_dials_a_colleague_sees_the_colleague() {
    let mut seat = Seated::at(&["103"]);
    seat.play("internal", TO_THE_END);
    let shown = shown(&seat);
    assert!(
        shown.iter().flatten().all(|(_, who)| who == "101"),
        "103 called 101: {shown:?}"
    );
}

#[test]
fn a_call_that_comes_back_to_the_agent_who_passed_it_on_is_hers_again() {
    for recording in [
        "transfer_blonde_feature_unanswered",
        "asterisk16/transfer_blonde_feature_unanswered",
    ] {
        let mut seat = Seated::at(&["101"]);
        seat.play(recording, TO_THE_END);
        let shown = shown(&seat);
        let (talking, over) = (
            one(CardState::Talking, "Maria Anders"),
            one(CardState::WrapUp, "Maria Anders"),
        );
        let turns: Vec<_> = shown
            .iter()
            .filter(|cards| **cards == talking || **cards == over)
            .collect();
        assert!(turns.ends_with(&[&over, &talking, &over]), "{recording}: {shown:?}");
    }
}

#[test]
fn a_talk_of_three_is_not_on_hold() {
    let mut seat = Seated::at(&["101"]);
    seat.play("transfer_threeway_feature", TO_THE_END);
    let shown = shown(&seat);
    let held = shown
        .iter()
        .position(|cards| *cards == one(CardState::Held, "Maria Anders"));
    let after = &shown[held.expect("held while he asks") + 1..];
    assert_eq!(
        after.first(),
        Some(&one(CardState::Talking, "Maria Anders")),
        "{shown:?}"
    );
}

#[test]
fn the_number_that_was_called_is_shown_by_its_label_with_the_callers_language() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", 0.5);
    let card = seat.view().cards.remove(0);
    assert_eq!((card.called.as_str(), card.language.as_deref()), ("Sales", Some("hr")));
}
