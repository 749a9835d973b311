//! What the journal knows to be open for whoever is on the other side, and which suggestions it holds back.
//!
//! It reads the journal and writes nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::identify::Found;
use super::words::told;
use crate::call::CallId;
use crate::customer::{Customer, CustomerRef};
use crate::journal::{DESK, Journal, LoggedTicket, Offer, OfferAnswer, Task, TicketState};
use crate::pop;
use crate::pop::view::{OpenItemView, OpenWhat, Origin, PopView};

/// So long a product is not suggested again to a customer who said no to it.
const NO_HOLDS: TimeDelta = TimeDelta::days(90);

/// What is open for a customer: promises, the first due first, then tickets, the newest first.
pub(super) fn of_customer(journal: &Journal, customer: &CustomerRef) -> Vec<OpenItemView> {
    items(
        told(journal.open_tasks_of(customer)),
        told(journal.open_tickets_of(customer)),
    )
}

/// What is open for whoever this call is with: by the customer, by the number of somebody whom nobody knew, and from the
/// call itself.
fn of_call(journal: &Journal, call: &CallId, found: &Found) -> Vec<OpenItemView> {
    let (mut tasks, mut tickets): (Vec<Task>, Vec<LoggedTicket>) = match &found.customer {
        Some(customer) => {
            let records = records(customer, found);
            let tasks = |record| told(journal.open_tasks_of(record));
            let tickets = |record| told(journal.open_tickets_of(record));
            (
                records.iter().flat_map(tasks).collect(),
                records.iter().flat_map(tickets).collect(),
            )
        }
        None => (told(journal.tasks_of_call(call)), told(journal.tickets_of_call(call))),
    };
    let by_number = found.pop.number.as_deref();
    tasks.extend(by_number.map_or_else(Vec::new, |number| told(journal.open_tasks_of_number(number))));
    tasks.retain(|task| task.done.is_none());
    tickets.retain(|ticket| ticket.state != TicketState::Closed);
    tasks.sort_by_key(|task| (task.plan.due, task.id));
    tasks.dedup_by_key(|task| task.id);
    items(tasks, tickets)
}

/// Every record of a customer: under each of them something may be promised.
fn records(customer: &Customer, found: &Found) -> Vec<CustomerRef> {
    match found.pop.records.is_empty() {
        true => vec![customer.reference.clone()],
        false => found
            .pop
            .records
            .iter()
            .map(|record| CustomerRef(record.reference.clone()))
            .collect(),
    }
}

/// Puts what is open by the journal in the place of what was open before; what the sources say stays.
pub(super) fn renew(journal: &Journal, call: &CallId, found: &mut Found) {
    let mut open = of_call(journal, call, found);
    let before = std::mem::take(&mut found.pop.open);
    open.extend(before.into_iter().filter(|item| item.what == OpenWhat::SourceTicket));
    found.pop.open = open;
    found.pop.paused = pop::pauses(&found.pop);
}

/// Takes suggestions away that the customer accepted, or declined a short time ago, in another call than `call`.
pub(super) fn hold_back(journal: &Journal, pop: &mut PopView, call: Option<&CallId>, now: DateTime<Utc>) {
    let Some(customer) = &pop.customer else { return };
    if pop.suggestions.is_empty() {
        return;
    }
    let said = told(journal.offers_of(&CustomerRef(customer.reference.clone())));
    let earlier: Vec<&Offer> = said.iter().filter(|offer| Some(&offer.call) != call).collect();
    pop.suggestions.retain(|suggestion| {
        let last = earlier.iter().find(|offer| offer.product == suggestion.product);
        last.is_none_or(|offer| match offer.answer {
            OfferAnswer::Accepted => false,
            OfferAnswer::Declined => now - offer.at >= NO_HOLDS,
            OfferAnswer::Offered | OfferAnswer::NotNow => true,
        })
    });
}

fn items(tasks: Vec<Task>, tickets: Vec<LoggedTicket>) -> Vec<OpenItemView> {
    let tasks = tasks.into_iter().map(of_task);
    tasks.chain(tickets.into_iter().map(of_ticket)).collect()
}

fn of_task(task: Task) -> OpenItemView {
    OpenItemView {
        what: OpenWhat::Task {
            id: task.id.0,
            todo: task.plan.kind,
            due: task.plan.due,
        },
        subject: task.plan.text,
        number: String::new(),
        origin: Origin {
            source: task.plan.line.0,
            at: task.created,
        },
        call: task.plan.call.map(|call| call.0),
    }
}

fn of_ticket(logged: LoggedTicket) -> OpenItemView {
    let LoggedTicket {
        id,
        ticket,
        state,
        opened,
        ..
    } = logged;
    OpenItemView {
        what: OpenWhat::Ticket {
            id: id.0,
            about: ticket.kind,
            priority: ticket.priority,
            state,
        },
        subject: ticket.subject,
        number: format!("{DESK}-{}", id.0),
        origin: Origin {
            source: ticket.line.0,
            at: opened,
        },
        call: ticket.call.map(|call| call.0),
    }
}
