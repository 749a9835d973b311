//! What is to be done: tasks, tickets, filters of their list, and campaigns.

use chrono::{TimeDelta, Utc};
use ringside::call::Line;
use ringside::customer::CustomerRef;
use ringside::desk::{DeskRequest, PageRequest, TicketRequest, ToDo};
use ringside::journal::{
    CampaignId, EntryId, NewTask, NewTicket, Priority, Task, TaskId, TaskKind, TicketId, TicketKind, TicketState,
};
use ringside::pop::view::{NewCampaign, PickedView, TicketChange, TryRequest, TryResult};

use super::rows::{MARIA, Row, called, number, row};
use super::{Editor, Found, record};

/// One of each kind of change.
const CHANGES: [fn() -> TicketChange; 7] = [
    || TicketChange::Comment("Sent a picture.\nIt is the lid.".to_owned()),
    || TicketChange::State(TicketState::InWork),
    || TicketChange::About(TicketKind::Complaint),
    || TicketChange::Priority(Priority::Urgent),
    || TicketChange::Subject("The lid leaks".to_owned()),
    || TicketChange::Due(Some(chrono::DateTime::UNIX_EPOCH)),
    || TicketChange::Assignee("102".to_owned()),
];

pub(super) fn of_tasks() -> Vec<Row> {
    vec![
        row(
            "PlanTask",
            |on, n| {
                let call = on.talk(n, MARIA);
                let (asked, todo) = (call.clone(), todo(n));
                on.seat
                    .ask(|reply| DeskRequest::PlanTask(asked, todo, reply))
                    .expect("planned");
                call.0
            },
            |found, call| found.journal.tasks_of_call(&called(call)).expect("read").len() == 1,
        ),
        row(
            "FinishTask",
            |on, n| {
                let id = planned(on, n).id;
                on.seat
                    .ask(|reply| DeskRequest::FinishTask(id, true, reply))
                    .expect("done");
                id.0.to_string()
            },
            |found, id| task(found, id).expect("kept").done.is_some(),
        ),
        row(
            "DropTask",
            |on, n| {
                let id = planned(on, n).id;
                on.seat.ask(|reply| DeskRequest::DropTask(id, reply)).expect("gone");
                record(n).0
            },
            |found, one| {
                let tasks = found.journal.open_tasks_of(&CustomerRef(one.to_owned()));
                tasks.expect("read").is_empty()
            },
        ),
        row(
            "SnoozeTask",
            |on, n| {
                let planned = planned(on, n);
                let id = planned.id;
                on.seat
                    .ask(|reply| DeskRequest::SnoozeTask(id, reply))
                    .expect("put off");
                format!("{} {}", id.0, planned.plan.due.timestamp_millis())
            },
            |found, told| {
                let (id, due) = told.split_once(' ').expect("id and time");
                task(found, id).expect("kept").plan.due.timestamp_millis().to_string() != due
            },
        ),
        row(
            "PlanFor",
            |on, n| {
                let (one, todo) = (record(n), todo(n));
                on.seat
                    .page(|reply| PageRequest::PlanFor(one, todo, String::new(), reply))
                    .expect("planned");
                record(n).0
            },
            |found, one| {
                let tasks = found.journal.open_tasks_of(&CustomerRef(one.to_owned()));
                tasks.expect("read").len() == 1
            },
        ),
    ]
}

pub(super) fn of_tickets() -> Vec<Row> {
    vec![
        row(
            "OpenTicket",
            |on, n| {
                let call = on.talk(n, MARIA);
                let (asked, ticket) = (call.clone(), request(n));
                on.seat
                    .ask(|reply| DeskRequest::OpenTicket(asked, ticket, reply))
                    .expect("opened");
                call.0
            },
            |found, call| found.journal.tickets_of_call(&called(call)).expect("read").len() == 1,
        ),
        row(
            "MoveTicket",
            |on, n| {
                let id = opened(on, n);
                on.seat
                    .ask(|reply| DeskRequest::MoveTicket(id, TicketState::Closed, reply))
                    .expect("closed");
                id.0.to_string()
            },
            |found, id| {
                let ticket = found.journal.ticket(TicketId(number(id))).expect("read");
                ticket.expect("kept").0.state == TicketState::Closed
            },
        ),
        row(
            "ChangeTicket",
            |on, n| {
                let id = opened(on, n);
                let change = CHANGES[n % CHANGES.len()]();
                let told = serde_json::to_string(&change).expect("text");
                on.seat
                    .page(|reply| PageRequest::ChangeTicket(id, change, reply))
                    .expect("changed");
                format!("{} {told}", id.0)
            },
            |found, told| {
                let (id, change) = told.split_once(' ').expect("id and change");
                let change: TicketChange = serde_json::from_str(change).expect("a change");
                let (_, entries) = found.journal.ticket(TicketId(number(id))).expect("read").expect("kept");
                entries.iter().any(|entry| entry.change == change)
            },
        ),
        row(
            "NewTicket",
            |on, n| {
                let ticket = request(n);
                let made = on.seat.page(|reply| PageRequest::NewTicket(None, ticket, reply));
                made.expect("opened").row.id.to_string()
            },
            |found, id| found.journal.ticket(TicketId(number(id))).expect("read").is_some(),
        ),
        row(
            "KeepFilter",
            |on, n| {
                let (name, filter) = (format!("Filter {n}"), Some("{}".to_owned()));
                on.seat
                    .page(|reply| PageRequest::KeepFilter("tickets".to_owned(), name, filter, reply))
                    .expect("kept");
                format!("Filter {n}")
            },
            |found, name| {
                let filters = found.journal.filters("tickets").expect("read");
                filters.iter().any(|filter| filter.name == name)
            },
        ),
    ]
}

pub(super) fn of_campaigns() -> Vec<Row> {
    vec![
        row(
            "NewCampaign",
            |on, n| {
                let made = on
                    .seat
                    .page(|reply| PageRequest::NewCampaign(campaign(n), picked(3), reply));
                made.expect("made").id.to_string()
            },
            |found, id| {
                let kept = found.journal.campaign(CampaignId(number(id))).expect("read");
                kept.is_some_and(|campaign| campaign.counts.all == 3)
            },
        ),
        row(
            "CampaignTry",
            |on, n| {
                if n == 0 {
                    let here = Line("101".to_owned());
                    let made = on.other.make_campaign(&campaign(0), &picked(100), &here, Utc::now());
                    assert_eq!(made.expect("made"), CampaignId(1));
                }
                let work = on
                    .seat
                    .page(|reply| PageRequest::CampaignWork(CampaignId(1), None, reply));
                let entry = work.expect("the work").entry.expect("somebody").id;
                let attempt = TryRequest {
                    result: TryResult::Accepted,
                    note: format!("attempt {n}"),
                    next: None,
                    begun: None,
                };
                on.seat
                    .page(|reply| PageRequest::CampaignTry(EntryId(entry), attempt, reply))
                    .expect("kept");
                entry.to_string()
            },
            |found, entry| {
                found
                    .journal
                    .campaign_tries(EntryId(number(entry)))
                    .expect("read")
                    .len()
                    == 1
            },
        ),
        row(
            "CloseCampaign",
            |on, n| {
                let here = Line("101".to_owned());
                let made = on.other.make_campaign(&campaign(n), &picked(1), &here, Utc::now());
                let id = made.expect("made");
                on.seat
                    .page(|reply| PageRequest::CloseCampaign(id, true, reply))
                    .expect("closed");
                id.0.to_string()
            },
            |found, id| {
                let kept = found.journal.campaign(CampaignId(number(id))).expect("read");
                kept.is_some_and(|campaign| campaign.closed.is_some())
            },
        ),
    ]
}

fn todo(n: usize) -> ToDo {
    ToDo {
        kind: TaskKind::FollowUp,
        due: Utc::now() + TimeDelta::days(1),
        text: format!("task {n}"),
    }
}

fn request(n: usize) -> TicketRequest {
    TicketRequest {
        kind: TicketKind::Repair,
        priority: Priority::Low,
        subject: format!("ticket {n}"),
    }
}

fn campaign(n: usize) -> NewCampaign {
    NewCampaign {
        name: format!("Campaign {n}"),
        goal: String::new(),
        target: 0,
    }
}

fn picked(count: usize) -> Vec<PickedView> {
    let one = |n| PickedView {
        customer: record(n).0,
        name: format!("Record {n}"),
        number: String::new(),
        why: String::new(),
        opted_out: false,
    };
    (0..count).map(one).collect()
}

fn planned(on: &mut Editor, n: usize) -> Task {
    let plan = NewTask {
        kind: TaskKind::Callback,
        call: None,
        customer: Some(record(n)),
        customer_name: format!("Record {n}"),
        number_display: String::new(),
        text: format!("task {n}"),
        line: Line("101".to_owned()),
        due: Utc::now() + TimeDelta::days(1),
    };
    on.other.plan_task(plan, Utc::now()).expect("planned")
}

fn task(found: &Found, id: &str) -> Option<Task> {
    found.journal.task(TaskId(number(id))).expect("read")
}

fn opened(on: &mut Editor, n: usize) -> TicketId {
    let ticket = NewTicket {
        kind: TicketKind::Repair,
        priority: Priority::Low,
        subject: format!("ticket {n}"),
        call: None,
        customer: None,
        customer_name: String::new(),
        line: Line("101".to_owned()),
    };
    on.other.open_ticket(ticket, Utc::now()).expect("opened").id
}
