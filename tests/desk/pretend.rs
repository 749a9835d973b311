//! A pretend call: shown like any other, written nowhere.

use ringside::desk::{DeskError, PageRequest};
use ringside::pop::view::{CardState, PretendStep};

use super::Seated;

impl Seated {
    fn pretend(&mut self, step: PretendStep) -> Result<(), DeskError> {
        let number = "+1 202 555 0143".to_owned();
        self.page(|reply| PageRequest::Pretend(step, number, reply))
    }
}

#[test]
fn a_pretend_call_pops_with_the_customer_and_leaves_nothing_in_the_log() {
    let mut seat = Seated::at(&["101"]);
    seat.pretend(PretendStep::Ring).expect("it rings");
    let card = seat.view().cards.remove(0);
    assert_eq!(card.state, CardState::Ringing);
    assert_eq!(card.pop.customer.map(|one| one.name).as_deref(), Some("Maria Anders"));
    seat.pretend(PretendStep::Answer).expect("answered");
    seat.pretend(PretendStep::HangUp).expect("over");
    seat.desk.keep(seat.now);
    assert_eq!(seat.log(), []);
    assert_eq!(seat.missed(), 0);
}

#[test]
fn a_pretend_call_that_nobody_answers_is_no_missed_call() {
    let mut seat = Seated::at(&["101"]);
    seat.pretend(PretendStep::Ring).expect("it rings");
    seat.pretend(PretendStep::HangUp).expect("over");
    seat.desk.keep(seat.now);
    assert_eq!((seat.log().len(), seat.missed(), seat.view().missed.len()), (0, 0, 0));
}

#[test]
fn without_an_extension_of_mine_nothing_can_ring() {
    let mut seat = Seated::at(&[]);
    assert!(matches!(seat.pretend(PretendStep::Ring), Err(DeskError::NoLine)));
}
