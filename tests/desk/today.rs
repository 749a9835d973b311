//! The page of the day, from what was recorded and said.

use chrono::TimeDelta;
use ringside::call::CallId;
use ringside::desk::{DeskError, DeskRequest, PageRequest, Reply, ToDo, Told};
use ringside::journal::TaskKind;
use ringside::pop::view::TodayView;

use super::{Seated, TO_THE_END};

impl Seated {
    pub(super) fn page<T>(&mut self, request: impl FnOnce(Reply<T>) -> PageRequest) -> Result<T, DeskError> {
        self.ask(|reply| DeskRequest::Page(Box::new(request(reply))))
    }

    pub(super) fn today(&mut self) -> TodayView {
        self.page(PageRequest::Today).expect("the day")
    }

    /// The calls that wait for a result.
    fn unfinished(&mut self) -> Vec<String> {
        self.today().unfinished.into_iter().map(|row| row.call).collect()
    }
}

#[test]
fn a_promise_stands_on_the_page_until_it_is_done_and_says_whose_it_is() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", 2.0);
    let call = CallId(seat.card().call);
    let todo = ToDo {
        kind: TaskKind::FollowUp,
        due: seat.now + TimeDelta::days(1),
        text: "Send the price list".to_owned(),
    };
    seat.ask(|reply| DeskRequest::PlanTask(call, todo, reply))
        .expect("planned");
    let task = seat.today().tasks.remove(0);
    assert_eq!(
        (task.text.as_str(), task.mine, task.line.as_str()),
        ("Send the price list", true, "101")
    );
    assert_eq!(
        task.customer.map(|customer| customer.name).as_deref(),
        Some("Maria Anders")
    );
    let id = ringside::journal::TaskId(task.id);
    seat.ask(|reply| DeskRequest::FinishTask(id, true, reply))
        .expect("done");
    assert_eq!(seat.today().tasks, []);
}

#[test]
fn a_missed_caller_is_to_be_rung_back_until_somebody_said_that_they_need_not() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_missed", TO_THE_END);
    let missed = seat.today().missed.remove(0);
    assert_eq!(
        missed.customer.map(|customer| customer.name).as_deref(),
        Some("Maria Anders")
    );
    let call = CallId(missed.call);
    let close = |seat: &mut Seated, closed| {
        let call = call.clone();
        seat.page(|reply| PageRequest::CloseMissed(call, closed, reply))
    };
    close(&mut seat, true).expect("closed");
    let day = seat.today();
    assert_eq!((day.missed.len(), day.reached), (0, 1));
    close(&mut seat, false).expect("opened");
    assert_eq!(seat.today().missed.len(), 1);
}

#[test]
fn a_call_that_was_answered_or_never_was_cannot_be_closed_as_missed() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    let answered = CallId(seat.today().calls.remove(0).call);
    for call in [answered, CallId("asterisk:never".to_owned())] {
        let refused = seat.page(|reply| PageRequest::CloseMissed(call, true, reply));
        assert!(matches!(refused, Err(DeskError::NoSuchCall)), "{refused:?}");
    }
}

#[test]
fn a_talk_without_result_or_note_waits_for_one_once_its_card_is_gone() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    assert_eq!(seat.unfinished(), Vec::<String>::new(), "the wrap-up is still open");
    let call = CallId(seat.card().call);
    seat.ask(|reply| DeskRequest::CloseCard(call.clone(), reply))
        .expect("closed");
    assert_eq!(seat.unfinished(), std::slice::from_ref(&call.0));
    seat.ask(|reply| DeskRequest::SetDisposition(call, Some("question".to_owned()), reply))
        .expect("a result is chosen without a card too");
    assert_eq!(seat.unfinished(), Vec::<String>::new());
    assert_eq!(seat.today().calls[0].disposition.as_deref(), Some("question"));
}

#[test]
fn a_colleagues_call_is_neither_mine_nor_waits_for_my_result() {
    let mut seat = Seated::at(&["103"]);
    seat.play("in_answered", TO_THE_END);
    let day = seat.today();
    assert_eq!((day.calls.len(), day.unfinished.len()), (0, 0));
}

#[test]
fn the_page_is_told_to_look_again_when_a_wrap_up_closes() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    let call = CallId(seat.card().call);
    let told = |seat: &Seated| {
        seat.panel
            .told()
            .iter()
            .filter(|told| **told == Told::LogChanged)
            .count()
    };
    let before = told(&seat);
    seat.ask(|reply| DeskRequest::CloseCard(call, reply)).expect("closed");
    assert_eq!(told(&seat), before + 1);
}
