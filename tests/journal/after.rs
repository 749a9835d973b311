//! What follows from a call: tasks, tickets, dispositions and answers to suggestions.

use chrono::TimeDelta;
use ringside::call::Line;
use ringside::customer::CustomerRef;
use ringside::journal::{
    NewTask, NewTicket, Offer, OfferAnswer, Priority, Task, TaskKind, TicketChange, TicketKind, TicketState,
};

use super::{id, journal, noon};

fn line() -> Line {
    Line("101".to_owned())
}

fn maria() -> CustomerRef {
    CustomerRef::new("files", "ALFKI")
}

fn callback(minutes: i64) -> NewTask {
    NewTask {
        kind: TaskKind::Callback,
        call: Some(id("1")),
        customer: Some(maria()),
        customer_name: "Maria Anders".to_owned(),
        number_display: "+49 30 23125101".to_owned(),
        text: "Tell her the price".to_owned(),
        line: line(),
        due: noon() + TimeDelta::minutes(minutes),
    }
}

fn minutes(tasks: &[Task]) -> Vec<i64> {
    tasks
        .iter()
        .map(|task| (task.plan.due - noon()).num_minutes())
        .collect()
}

#[test]
fn a_task_is_found_by_call_by_customer_and_among_the_open_until_it_is_done() {
    let (_folder, mut journal) = journal();
    let later = journal.plan_task(callback(60), noon()).expect("planned");
    let sooner = journal.plan_task(callback(30), noon()).expect("planned");
    assert_eq!(journal.task(later.id).expect("read"), Some(later.clone()));
    assert_eq!(minutes(&journal.open_tasks(10).expect("read")), [30, 60]);
    assert_eq!(minutes(&journal.tasks_of_call(&id("1")).expect("read")), [60, 30]);
    assert!(journal.finish_task(sooner.id, Some(noon())).expect("done"));
    assert_eq!(minutes(&journal.open_tasks_of(&maria()).expect("read")), [60]);
    assert!(journal.finish_task(sooner.id, None).expect("open again"));
    assert_eq!(minutes(&journal.open_tasks(1).expect("read")), [30]);
    assert!(journal.drop_task(sooner.id).expect("dropped"));
    assert!(!journal.drop_task(sooner.id).expect("nothing to drop"));
}

#[test]
fn the_number_of_a_task_that_was_taken_back_is_never_another_tasks() {
    let (folder, mut journal) = journal();
    let kept = journal.plan_task(callback(30), noon()).expect("planned");
    let dropped = journal.plan_task(callback(60), noon()).expect("planned");
    assert!(journal.drop_task(dropped.id).expect("dropped"));
    let next = journal.plan_task(callback(90), noon()).expect("planned");
    assert!(next.id > dropped.id && dropped.id > kept.id, "{next:?}");
    assert!(journal.drop_task(next.id).expect("dropped"));
    drop(journal);
    let mut journal = super::open(folder.path());
    let last = journal.plan_task(callback(120), noon()).expect("planned");
    assert!(last.id > next.id, "also after a restart: {last:?}");
    // The undo of one that was dropped comes late.
    assert!(!journal.finish_task(next.id, None).expect("nothing"));
    assert_eq!(journal.task(last.id).expect("read"), Some(last));
}

#[test]
fn a_reminder_comes_once_also_after_a_restart_and_again_when_the_task_was_put_off() {
    let (folder, mut journal) = journal();
    let task = journal.plan_task(callback(30), noon()).expect("planned");
    let at = |minutes| noon() + TimeDelta::minutes(minutes);
    assert_eq!(journal.next_due().expect("read"), Some(at(30)));
    assert_eq!(journal.take_due(at(29)).expect("read"), []);
    assert_eq!(minutes(&journal.take_due(at(31)).expect("read")), [30]);
    assert_eq!(journal.next_due().expect("read"), None);
    drop(journal);
    let mut journal = super::open(folder.path());
    assert_eq!(journal.take_due(at(32)).expect("read"), []);
    assert!(journal.put_off_task(task.id, at(40)).expect("put off"));
    assert_eq!(minutes(&journal.take_due(at(45)).expect("read")), [40]);
    assert!(journal.finish_task(task.id, Some(at(46))).expect("done"));
    assert!(!journal.put_off_task(task.id, at(50)).expect("it is done"));
}

#[test]
fn a_ticket_is_open_for_its_customer_until_it_is_closed() {
    let (_folder, mut journal) = journal();
    let wanted = NewTicket {
        kind: TicketKind::Complaint,
        priority: Priority::High,
        subject: "Charged 4111 1111 1111 1111 twice".to_owned(),
        call: Some(id("1")),
        customer: Some(maria()),
        customer_name: "Maria Anders".to_owned(),
        line: line(),
    };
    let ticket = journal.open_ticket(wanted, noon()).expect("opened");
    assert_eq!(ticket.ticket.subject, "Charged •••• •••• •••• 1111 twice");
    assert_eq!(
        journal.open_tickets_of(&maria()).expect("read"),
        std::slice::from_ref(&ticket)
    );
    assert!(
        journal
            .change_ticket(ticket.id, &TicketChange::State(TicketState::Closed), &line(), noon())
            .expect("closed")
    );
    assert_eq!(journal.open_tickets_of(&maria()).expect("read"), []);
    let of_call = journal.tickets_of_call(&id("1")).expect("read");
    assert_eq!(
        (of_call[0].state, of_call[0].closed),
        (TicketState::Closed, Some(noon()))
    );
}

#[test]
fn a_disposition_and_an_answer_are_those_that_were_given_last() {
    let (_folder, mut journal) = journal();
    let set = |journal: &mut ringside::journal::Journal, code| {
        journal.set_disposition(&id("1"), code, &line(), noon()).expect("set");
        journal.disposition(&id("1")).expect("read")
    };
    assert_eq!(set(&mut journal, Some("sale")).as_deref(), Some("sale"));
    assert_eq!(set(&mut journal, Some("question")).as_deref(), Some("question"));
    assert_eq!(set(&mut journal, None), None);
    let offer = |answer| Offer {
        call: id("1"),
        product: "11".to_owned(),
        product_name: "Queso Cabrales".to_owned(),
        customer: Some(maria()),
        answer,
        line: line(),
        at: noon(),
    };
    for answer in [OfferAnswer::Offered, OfferAnswer::NotNow] {
        journal.answer_offer(&offer(answer)).expect("kept");
    }
    assert_eq!(
        journal.offers_of_call(&id("1")).expect("read"),
        [offer(OfferAnswer::NotNow)]
    );
    assert_eq!(journal.offers_of(&maria()).expect("read"), [offer(OfferAnswer::NotNow)]);
}
