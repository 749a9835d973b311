//! A call as it stands in the journal, and a row of the journal as it stands in the call log.

use super::decide;
use super::identify::Found;
use crate::call::{Call, Leg, Line, Presentation};
use crate::customer::Customer;
use crate::journal::{CallFacts, CallLine, CallRecord, LoggedCall, LoggedCustomer};
use crate::pop::view::{CallLogRow, CustomerView};

/// What the journal keeps of a call.
pub(super) fn of(call: &Call, found: &Found) -> CallRecord {
    let withheld = call.remote.presentation == Presentation::Restricted || found.pop.number.is_none();
    CallRecord {
        id: call.id.clone(),
        feed: call.feed.clone(),
        direction: call.direction,
        number: found.number.filter(|_| !withheld),
        number_raw: if withheld {
            String::new()
        } else {
            call.remote.number.clone()
        },
        number_display: found.pop.number.clone().unwrap_or_default(),
        presentation: call.remote.presentation,
        caller_name: if withheld {
            String::new()
        } else {
            call.remote.name.clone()
        },
        trust: call.remote.trust,
        customer: found.customer.as_ref().map(logged),
        called: call.called.clone(),
        started: call.began,
        answered: call.answer().and_then(|leg| leg.answered),
        answered_by: call.answer().map(|leg| leg.to.to_string()),
        ended: call.ended.map(|(ended, _)| ended),
        outcome: call.outcome(),
        ended_by: call.ended_by,
        unfinished: false,
        then: call.then,
        talked_seconds: call.talk_time().map(|time| time.num_seconds()),
        facts: CallFacts {
            queue: call.queue.clone(),
            queue_outcome: call.queue_outcome,
            verdict: Some(decide::word(found.pop.verdict)),
            popped_micros: None,
        },
        lines: lines(call),
    }
}

/// A row of the call log.
pub fn row(logged: LoggedCall) -> CallLogRow {
    let LoggedCall {
        call,
        note,
        disposition,
    } = logged;
    CallLogRow {
        call: call.id.0,
        at: call.started,
        direction: call.direction,
        number: Some(call.number_display).filter(|number| !number.is_empty()),
        customer: call.customer.map(customer_view),
        called: call.called,
        rang: call
            .lines
            .iter()
            .filter(|line| line.rang.is_some())
            .map(|line| line.line.0.clone())
            .collect(),
        answered_by: call.answered_by,
        outcome: call.outcome,
        on: call.ended.is_none(),
        talked_seconds: call.talked_seconds,
        disposition,
        note: note.map(|note| note.text).unwrap_or_default(),
    }
}

pub(super) fn logged(customer: &Customer) -> LoggedCustomer {
    LoggedCustomer {
        reference: customer.reference.clone(),
        name: customer.name.clone(),
        company: customer.company.clone(),
    }
}

pub(super) fn customer_view(customer: LoggedCustomer) -> CustomerView {
    let (name, company) = match (customer.name.is_empty(), customer.company.is_empty()) {
        (true, _) => (customer.company, None),
        (false, true) => (customer.name, None),
        (false, false) => (customer.name, Some(customer.company)),
    };
    CustomerView {
        reference: customer.reference.0,
        name,
        company,
        city: None,
        country: None,
    }
}

/// Our extensions in the call, each once: the one that began it first, then in the order they were dialled.
fn lines(call: &Call) -> Vec<CallLine> {
    let mut lines: Vec<CallLine> = Vec::new();
    if let Some(origin) = &call.origin {
        let answered = call.answer().and_then(|leg| leg.answered);
        let ended = call.origin_left.filter(|_| answered.is_some());
        lines.push(CallLine {
            line: origin.clone(),
            rang: None,
            talked_from: answered,
            talked_until: ended,
        });
    }
    for (line, leg) in call.legs.iter().filter_map(|leg| Some((leg.line()?, leg))) {
        let now = of_leg(line, leg);
        match lines.iter_mut().find(|known| known.line == *line) {
            Some(known) => merge(known, &now),
            None => lines.push(now),
        }
    }
    lines
}

fn of_leg(line: &Line, leg: &Leg) -> CallLine {
    let talked_until = leg.answered.and_then(|_| leg.ended.map(|(ended, _)| ended));
    CallLine {
        line: line.clone(),
        rang: leg.rang,
        talked_from: leg.answered,
        talked_until,
    }
}

/// A line that was dialled twice: the first ring, the first word, the last word.
fn merge(known: &mut CallLine, again: &CallLine) {
    known.rang = [known.rang, again.rang].into_iter().flatten().min();
    known.talked_from = [known.talked_from, again.talked_from].into_iter().flatten().min();
    known.talked_until = [known.talked_until, again.talked_until].into_iter().flatten().max();
}
