//! A customer's timeline, from calls and from what is written down by hand.

use chrono::TimeDelta;
use ringside::call::CallId;
use ringside::customer::CustomerRef;
use ringside::desk::{DeskError, DeskRequest, PageRequest, TicketRequest, ToDo};
use ringside::journal::{Channel, ContactId, Priority, TaskKind, TicketKind, Way};
use ringside::pop::view::{ContactRequest, EventOf, HistoryView, PagePlace};

use super::{Seated, TO_THE_END};

fn maria() -> CustomerRef {
    CustomerRef::new("files", "ALFKI")
}

impl Seated {
    fn history(&mut self) -> HistoryView {
        self.history_behind(None)
    }

    fn history_behind(&mut self, place: Option<PagePlace>) -> HistoryView {
        self.page(|reply| PageRequest::History(maria(), place, reply))
            .expect("a history")
    }

    fn write_down(&mut self, ago: TimeDelta, text: &str) -> Result<(), DeskError> {
        let contact = ContactRequest {
            channel: Channel::Email,
            way: Way::In,
            at: self.now - ago,
            text: text.to_owned(),
        };
        self.page(|reply| PageRequest::AddContact(maria(), contact, reply))
    }
}

#[test]
fn a_timeline_has_calls_letters_and_tickets_the_latest_first() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", TO_THE_END);
    let call = seat.card().call;
    seat.save(&call, "Asked for the price list").expect("saved");
    let ticket = TicketRequest {
        kind: TicketKind::Question,
        priority: Priority::Low,
        subject: "Price list".to_owned(),
    };
    seat.ask(|reply| DeskRequest::OpenTicket(CallId(call), ticket, reply))
        .expect("opened");
    seat.write_down(TimeDelta::days(2), "Sent a picture")
        .expect("written down");
    let history = seat.history();
    let kinds: Vec<_> = history
        .timeline
        .iter()
        .map(|event| match &event.what {
            EventOf::Call { row } => row.note.as_str(),
            EventOf::Contact { text, .. } => text,
            EventOf::Ticket { row } => &row.subject,
            EventOf::Offer { product, .. } => product,
        })
        .collect();
    assert_eq!(kinds, ["Price list", "Asked for the price list", "Sent a picture"]);
    assert_eq!(history.tickets.len(), 1);
}

#[test]
fn a_long_timeline_is_read_page_by_page_until_its_end() {
    let mut seat = Seated::at(&["101"]);
    for n in 0..250 {
        // several at one time each
        seat.write_down(TimeDelta::minutes(n / 3), &format!("letter {n}"))
            .expect("written down");
    }
    let mut texts = Vec::new();
    let (mut behind, mut pages) = (None, 0);
    loop {
        let page = seat.history_behind(behind);
        texts.extend(page.timeline.into_iter().map(|event| match event.what {
            EventOf::Contact { text, .. } => text,
            other => panic!("{other:?}"),
        }));
        (behind, pages) = (page.next, pages + 1);
        if behind.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 250);
}

#[test]
fn what_is_planned_at_the_customers_page_stands_there_and_in_the_day() {
    let mut seat = Seated::at(&["101"]);
    let todo = |due| ToDo {
        kind: TaskKind::Callback,
        due,
        text: "About the order".to_owned(),
    };
    let plan = |seat: &mut Seated, todo| {
        seat.page(|reply| PageRequest::PlanFor(maria(), todo, "+1 202 555 0143".to_owned(), reply))
    };
    let (past, later) = (seat.now - TimeDelta::hours(1), seat.now + TimeDelta::hours(1));
    assert_eq!(plan(&mut seat, todo(past)).expect_err("over").code(), "past");
    plan(&mut seat, todo(later)).expect("planned");
    let task = seat.history().tasks.remove(0);
    assert_eq!(
        (task.text.as_str(), task.number.as_deref()),
        ("About the order", Some("+1 202 555 0143"))
    );
    assert_eq!(seat.page(PageRequest::Today).expect("the day").tasks, [task]);
}

#[test]
fn a_contact_that_says_nothing_or_is_still_to_come_or_of_nobody_is_refused() {
    let mut seat = Seated::at(&["101"]);
    let refused = [
        seat.write_down(TimeDelta::zero(), " \n"),
        seat.write_down(TimeDelta::zero(), &"x".repeat(10_001)),
        seat.write_down(TimeDelta::days(-1), "tomorrow"),
        seat.page(|reply| PageRequest::DropContact(ContactId(7), reply)),
    ];
    let codes: Vec<_> = refused
        .into_iter()
        .map(|one| one.expect_err("refused").code())
        .collect();
    assert_eq!(codes, ["no_text", "text_too_long", "not_yet", "no_such_contact"]);
    let nobody = CustomerRef::new("files", "NOBODY");
    let contact = ContactRequest {
        channel: Channel::Letter,
        way: Way::Out,
        at: seat.now,
        text: "hello".to_owned(),
    };
    let refused = seat.page(|reply| PageRequest::AddContact(nobody, contact, reply));
    assert_eq!(refused.expect_err("refused").code(), "no_such_customer");
    assert_eq!(seat.history().timeline, []);
}
