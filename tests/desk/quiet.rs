//! Do not disturb: nothing comes up, everything is kept, and afterwards the missed calls stand in the panel.

use chrono::TimeDelta;
use ringside::call::Outcome;
use ringside::desk::{DeskRequest, QuietFor, ShowAt, Told};
use ringside::pop::Presence;
use ringside::pop::view::CardState;

use super::*;

impl Seated {
    /// Nobody is to be disturbed from five seconds after the beginning.
    pub(super) fn quiet(&mut self, wish: Option<QuietFor>) {
        self.ask(|reply| DeskRequest::SetQuiet(wish, reply)).expect("set");
    }
}

#[test]
fn nothing_comes_up_and_nothing_is_announced_and_the_missed_call_stands_in_the_panel_afterwards() {
    let mut seat = Seated::at(&["101"]);
    seat.quiet(Some(QuietFor::Ever));
    seat.play("in_missed", TO_THE_END);
    assert_eq!((seat.came_up(), seat.missed()), (0, 0));
    let view = seat.view();
    assert!(view.quiet.is_some() && Presence::of(&view) == Presence::Quiet);
    assert_eq!(view.missed.len(), 1, "it is collected all the same");
    assert_eq!(seat.log()[0].outcome, Some(Outcome::Missed), "and logged");
    seat.quiet(None);
    assert_eq!((seat.came_up(), seat.missed()), (1, 0), "the panel alone says it");
    assert_eq!(seat.view().missed[0].name.as_deref(), Some("Maria Anders"));
}

#[test]
fn a_call_is_followed_without_a_pop_and_can_be_brought() {
    let mut seat = Seated::at(&["101"]);
    seat.quiet(Some(QuietFor::Ever));
    seat.play("in_answered", 2.0);
    assert_eq!(seat.came_up(), 0);
    let view = seat.view();
    assert_eq!(view.cards[0].state, CardState::Talking);
    assert_eq!(Presence::of(&view), Presence::OnCall);
    seat.ask(DeskRequest::Brought).expect("brought");
    seat.play("in_answered", TO_THE_END);
    seat.desk.timeout(seat.now + TimeDelta::minutes(3));
    assert!(seat.view().cards.is_empty());
    assert!(
        seat.panel.told().contains(&Told::Hide),
        "what the agent brought goes when nothing is left"
    );
    seat.quiet(None);
    assert_eq!(seat.came_up(), 0, "nothing is left to come up");
}

#[test]
fn a_call_that_is_on_comes_up_when_it_ends() {
    for show_at in [ShowAt::Ring, ShowAt::Answer] {
        let mut seat = Seated::with(&["101"], show_at, &[("A", "Maria Anders", "+12025550143")]);
        seat.quiet(Some(QuietFor::Time(TimeDelta::minutes(30))));
        seat.play("in_answered", 2.0);
        assert_eq!(seat.came_up(), 0);
        let ends = seat.now + TimeDelta::seconds(5) + TimeDelta::minutes(30);
        assert_eq!(seat.view().quiet.and_then(|quiet| quiet.until), Some(ends));
        assert!(seat.desk.poll_timeout().is_some_and(|next| next <= ends));
        seat.desk.timeout(ends - TimeDelta::milliseconds(1));
        assert_eq!(seat.came_up(), 0);
        seat.desk.timeout(ends);
        assert_eq!((seat.came_up(), seat.view().quiet), (1, None), "{show_at:?}");
    }
}

#[test]
fn a_time_survives_a_restart_and_without_one_it_ends_with_it() {
    let mut seat = Seated::at(&["101"]);
    seat.quiet(Some(QuietFor::Time(TimeDelta::hours(1))));
    let until = seat.view().quiet.and_then(|quiet| quiet.until);
    let mut seat = seat.started_again();
    assert_eq!(seat.view().quiet.and_then(|quiet| quiet.until), until);
    seat.play("in_missed", TO_THE_END);
    assert_eq!((seat.came_up(), seat.missed()), (0, 0));
    seat.quiet(Some(QuietFor::Ever));
    assert_eq!(seat.started_again().view().quiet, None);
}

#[test]
fn a_time_that_was_over_before_the_start_is_over() {
    let mut seat = Seated::at(&["101"]);
    seat.quiet(Some(QuietFor::Time(TimeDelta::minutes(1))));
    seat.now += TimeDelta::minutes(2);
    assert_eq!(seat.started_again().view().quiet, None);
}

#[test]
fn a_time_that_cannot_be_kept_counts_until_the_end_and_says_so() {
    let mut seat = Seated::at(&["101"]);
    let state = seat.folder.path().join("state.json");
    std::fs::create_dir(&state).expect("something in its place");
    let set = seat.ask(|reply| DeskRequest::SetQuiet(Some(QuietFor::Time(TimeDelta::hours(1))), reply));
    assert_eq!(set.map_err(|error| error.code()), Err("not_kept"));
    assert!(seat.view().quiet.is_some());
}

#[test]
fn the_panel_that_is_in_view_stays_and_presence_says_the_gravest() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", 2.0);
    assert_eq!(seat.came_up(), 1);
    seat.quiet(Some(QuietFor::Ever));
    assert!(!seat.panel.told().contains(&Told::Hide));
    seat.signal(
        Signal::Lost(Saying::quoted("the cable")),
        seat.now + TimeDelta::seconds(6),
    );
    assert_eq!(Presence::of(&seat.view()), Presence::Lost);
    assert_eq!(Presence::of(&Seated::at(&["101"]).view()), Presence::Available);
}
