//! Tickets at their page: opened, worked, found again, and refused without a trace.

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::{CallId, Line};
use ringside::customer::CustomerRef;
use ringside::desk::{DeskError, DeskRequest, PageRequest, TicketRequest};
use ringside::journal::{Journal, NewTicket, Priority, TicketId, TicketKind, TicketState};
use ringside::pop::view::{TicketChange, TicketFilter, TicketPage, TicketPlace, TicketView, TicketsOf, Whose};

use super::Seated;

fn request(kind: TicketKind, priority: Priority, subject: &str) -> TicketRequest {
    TicketRequest {
        kind,
        priority,
        subject: subject.to_owned(),
    }
}

impl Seated {
    fn new_ticket(&mut self, priority: Priority, subject: &str) -> TicketView {
        let maria = Some(CustomerRef::new("files", "ALFKI"));
        self.page(|reply| PageRequest::NewTicket(maria, request(TicketKind::Repair, priority, subject), reply))
            .expect("opened")
    }

    fn change(&mut self, id: i64, change: TicketChange) -> Result<TicketView, DeskError> {
        self.page(|reply| PageRequest::ChangeTicket(TicketId(id), change, reply))
    }

    fn listed(&mut self, filter: TicketFilter) -> Vec<String> {
        let page = self.tickets(filter, None, 100);
        assert_eq!(page.next, None, "all of it");
        page.rows.into_iter().map(|row| row.subject).collect()
    }

    fn tickets(&mut self, filter: TicketFilter, behind: Option<TicketPlace>, limit: u32) -> TicketPage {
        self.page(|reply| PageRequest::Tickets(filter, (behind, limit), reply))
            .expect("a page")
    }
}

#[test]
fn a_ticket_lives_from_opening_to_closing_with_all_that_was_said_and_done() {
    let mut seat = Seated::at(&["101"]);
    let opened = seat.new_ticket(Priority::Normal, "The kettle leaks").row;
    assert_eq!(
        opened.customer.as_ref().map(|one| one.name.as_str()),
        Some("Maria Anders")
    );
    let due: DateTime<Utc> = seat.now + TimeDelta::days(2);
    for change in [
        TicketChange::Assignee("101".to_owned()),
        TicketChange::State(TicketState::InWork),
        TicketChange::Due(Some(due)),
        TicketChange::Comment("Asked for a picture.\nShe sends one.".to_owned()),
        TicketChange::Priority(Priority::Urgent),
        TicketChange::State(TicketState::Closed),
    ] {
        seat.change(opened.id, change).expect("changed");
    }
    let ticket = seat
        .page(|reply| PageRequest::Ticket(TicketId(opened.id), reply))
        .expect("the ticket");
    let row = &ticket.row;
    assert_eq!(
        (row.state, row.priority, row.due, row.mine, row.closed.is_some()),
        (TicketState::Closed, Priority::Urgent, Some(due), true, true)
    );
    assert_eq!(ticket.entries.len(), 6);
    assert_eq!(
        ticket.entries[3].change,
        TicketChange::Comment("Asked for a picture.\nShe sends one.".to_owned())
    );
    assert!(ticket.entries.iter().all(|entry| entry.line == "101"));
    let again = seat
        .change(opened.id, TicketChange::State(TicketState::Open))
        .expect("opened again");
    assert_eq!(again.row.closed, None);
}

#[test]
fn a_list_has_the_gravest_first_and_only_what_its_filter_lets_through() {
    let mut seat = Seated::at(&["101"]);
    let low = seat.new_ticket(Priority::Low, "Late parcel").row.id;
    let high = seat.new_ticket(Priority::High, "Lost parcel").row.id;
    seat.change(low, TicketChange::Assignee("101".to_owned()))
        .expect("changed");
    seat.change(high, TicketChange::Assignee("102".to_owned()))
        .expect("changed");
    seat.new_ticket(Priority::Urgent, "Kettle");
    let all = TicketFilter::default;
    assert_eq!(seat.listed(all()), ["Kettle", "Lost parcel", "Late parcel"]);
    let text = |text: &str| TicketFilter {
        text: text.to_owned(),
        ..all()
    };
    assert_eq!(seat.listed(text("parc")), ["Lost parcel", "Late parcel"]);
    assert_eq!(seat.listed(text("maria ket")), ["Kettle"]);
    assert_eq!(seat.listed(text(&format!("#{high}"))), ["Lost parcel"]);
    let of = |assignee| TicketFilter { assignee, ..all() };
    assert_eq!(seat.listed(of(Whose::Mine)), ["Late parcel"]);
    assert_eq!(seat.listed(of(Whose::Nobody)), ["Kettle"]);
    seat.change(high, TicketChange::State(TicketState::Closed))
        .expect("closed");
    let closed = TicketFilter {
        state: TicketsOf::Closed,
        ..all()
    };
    assert_eq!(seat.listed(closed), ["Lost parcel"]);
    assert_eq!(seat.listed(all()), ["Kettle", "Late parcel"]);
}

#[test]
fn a_list_is_read_page_by_page_whatever_is_opened_and_closed_between_the_pages() {
    let mut seat = Seated::at(&["101"]);
    let all = || TicketFilter {
        state: TicketsOf::All,
        ..TicketFilter::default()
    };
    let priorities = [Priority::Low, Priority::Urgent, Priority::Normal, Priority::High];
    let ids: Vec<i64> = (0..20)
        .map(|n| seat.new_ticket(priorities[n % 4], &format!("Ticket {n}")).row.id)
        .collect();
    for (n, id) in (0..).zip(&ids) {
        if n % 3 == 0 {
            let due = TicketChange::Due(Some(seat.now + TimeDelta::days(n % 5)));
            seat.change(*id, due).expect("changed");
        }
        if n % 7 == 0 {
            seat.change(*id, TicketChange::State(TicketState::Closed))
                .expect("closed");
        }
    }
    let whole: Vec<i64> = seat.tickets(all(), None, 500).rows.iter().map(|row| row.id).collect();
    assert_eq!(whole.len(), 20);
    for limit in [1, 3, 7, 20] {
        let (mut given, mut behind) = (Vec::new(), None);
        loop {
            let page = seat.tickets(all(), behind, limit);
            given.extend(page.rows.iter().map(|row| row.id));
            behind = page.next;
            if behind.is_none() {
                break;
            }
        }
        assert_eq!(given, whole, "{limit} a page");
    }
    let first = seat.tickets(TicketFilter::default(), None, 5);
    seat.change(first.rows[4].id, TicketChange::State(TicketState::Closed))
        .expect("closed");
    let (new, due) = (
        seat.new_ticket(Priority::Urgent, "Just now").row.id,
        seat.now + TimeDelta::hours(1),
    );
    seat.change(new, TicketChange::Due(Some(due))).expect("changed");
    let second = seat.tickets(TicketFilter::default(), first.next, 5);
    assert_eq!(second.rows[0].id, whole[5]);
}

#[test]
fn a_word_that_few_of_many_tickets_have_is_looked_for_a_part_at_a_time() {
    let mut seat = Seated::at(&["101"]);
    let mut journal = Journal::open(&seat.folder.path().join("journal.db"), &seat.key).expect("a journal");
    for n in 0..2_100 {
        let ticket = NewTicket {
            kind: TicketKind::Other,
            priority: Priority::Low,
            subject: if n < 2_090 { "Parcel" } else { "Kettle" }.to_owned(),
            call: None,
            customer: None,
            customer_name: String::new(),
            line: Line("101".to_owned()),
        };
        journal.open_ticket(ticket, seat.now).expect("opened");
    }
    let kettle = || TicketFilter {
        text: "kettle".to_owned(),
        ..TicketFilter::default()
    };
    let first = seat.tickets(kettle(), None, 5);
    assert_eq!(first.rows, []);
    let second = seat.tickets(kettle(), first.next, 5);
    assert_eq!(second.rows.len(), 5);
    let third = seat.tickets(kettle(), second.next, 20);
    assert_eq!((third.rows.len(), third.next), (5, None));
}

#[test]
fn card_numbers_are_struck_out_of_what_is_written_into_a_ticket() {
    let mut seat = Seated::at(&["101"]);
    let id = seat.new_ticket(Priority::Low, "Pays with 4111 1111 1111 1111").row.id;
    let comment = TicketChange::Comment("Again 4111-1111-1111-1111".to_owned());
    let ticket = seat.change(id, comment).expect("commented");
    let TicketChange::Comment(text) = &ticket.entries[0].change else {
        panic!("{:?}", ticket.entries)
    };
    assert!(
        !ticket.row.subject.contains("4111 1111") && !text.contains("4111-1111"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_kept_is_refused_and_leaves_no_entry() {
    let mut seat = Seated::at(&["101"]);
    let id = seat.new_ticket(Priority::Low, "Kettle").row.id;
    let refused = [
        (id, TicketChange::Comment(" \n ".to_owned()), "no_text"),
        (id, TicketChange::Comment("x".repeat(10_001)), "text_too_long"),
        (id, TicketChange::Subject("x".repeat(501)), "text_too_long"),
        (id + 7, TicketChange::Comment("hello".to_owned()), "no_such_ticket"),
    ];
    for (id, change, code) in refused {
        assert_eq!(seat.change(id, change).expect_err(code).code(), code);
    }
    let nobody = Some(CustomerRef::new("files", "NOBODY"));
    let request = request(TicketKind::Other, Priority::Low, "x");
    let refused = seat.page(|reply| PageRequest::NewTicket(nobody, request, reply));
    assert_eq!(refused.expect_err("refused").code(), "no_such_customer");
    let ticket = seat
        .page(|reply| PageRequest::Ticket(TicketId(id), reply))
        .expect("the ticket");
    assert_eq!(ticket.entries, []);
}

#[test]
fn a_ticket_that_is_closed_at_its_page_goes_from_the_panel() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_answered", 2.0);
    let call = CallId(seat.card().call);
    let ticket = request(TicketKind::Repair, Priority::High, "Kettle");
    seat.ask(|reply| DeskRequest::OpenTicket(call, ticket, reply))
        .expect("opened");
    let rows = seat.tickets(TicketFilter::default(), None, 10).rows;
    assert!(seat.card().pop.open.iter().any(|item| item.subject == "Kettle"));
    seat.change(rows[0].id, TicketChange::State(TicketState::Closed))
        .expect("closed");
    assert!(!seat.card().pop.open.iter().any(|item| item.subject == "Kettle"));
}

#[test]
fn a_filter_keeps_its_name_over_a_restart_until_it_is_taken_away() {
    let mut seat = Seated::at(&["101"]);
    let keep = |seat: &mut Seated, name: &str, filter: Option<&str>| {
        let (name, filter) = (name.to_owned(), filter.map(str::to_owned));
        seat.page(|reply| PageRequest::KeepFilter("tickets".to_owned(), name, filter, reply))
    };
    keep(&mut seat, " Mine ", Some("{\"assignee\":\"mine\"}")).expect("kept");
    assert_eq!(
        keep(&mut seat, "  ", Some("{}")).expect_err("no name").code(),
        "no_filter_name"
    );
    let mut seat = seat.started_again();
    let saved = seat
        .page(|reply| PageRequest::Filters("tickets".to_owned(), reply))
        .expect("filters");
    assert_eq!((saved.len(), saved[0].name.as_str()), (1, "Mine"));
    keep(&mut seat, "Mine", None).expect("gone");
    let saved = seat
        .page(|reply| PageRequest::Filters("tickets".to_owned(), reply))
        .expect("filters");
    assert_eq!(saved, []);
}
