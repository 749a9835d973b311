//! What is written of customers beside their calls, and what stands in files.

use chrono::{TimeDelta, Utc};
use ringside::call::Line;
use ringside::config::sheet::{Change, Value, change, look};
use ringside::config::{self, Memory};
use ringside::customer::CustomerRef;
use ringside::desk::{DeskRequest, PageRequest, QuietFor};
use ringside::journal::{Act, Channel, ContactId, Fact, LoggedCustomer, NewContact, Way};
use ringside::pop::view::ContactRequest;

use super::rows::{Row, again, next, number, row};
use super::{Editor, Found, record};

pub(super) fn of_customers() -> Vec<Row> {
    let is_audited = |found: &Found, one: &str| {
        let trail = found.journal.audit_trail(1_000).expect("read");
        let seen = Some(CustomerRef(one.to_owned()));
        trail
            .iter()
            .any(|entry| entry.act == Act::Uncovered && entry.customer == seen)
    };
    vec![
        row(
            "Customer",
            |on, n| {
                let one = record(n);
                on.seat
                    .page(|reply| PageRequest::Customer(one, true, reply))
                    .expect("a page");
                record(n).0
            },
            is_audited,
        ),
        row(
            "Orders",
            |on, n| {
                let one = record(n);
                on.seat
                    .page(|reply| PageRequest::Orders(one, None, true, reply))
                    .expect("orders");
                record(n).0
            },
            is_audited,
        ),
        row(
            "AddContact",
            |on, n| {
                let contact = ContactRequest {
                    channel: Channel::Letter,
                    way: Way::In,
                    at: Utc::now(),
                    text: format!("letter {n}"),
                };
                let one = record(n);
                on.seat
                    .page(|reply| PageRequest::AddContact(one, contact, reply))
                    .expect("written");
                record(n).0
            },
            |found, one| contacts(found, one) == 1,
        ),
        row(
            "DropContact",
            |on, n| {
                let id = written(on, n);
                on.seat.page(|reply| PageRequest::DropContact(id, reply)).expect("gone");
                record(n).0
            },
            |found, one| contacts(found, one) == 0,
        ),
        row(
            "EditField",
            |on, n| {
                let name = format!("Name {n}");
                on.other
                    .edit(&record(n), Fact::Name, Some(&name), Utc::now())
                    .expect("edited");
                record(n).0
            },
            |found, one| found.journal.edits(&CustomerRef(one.to_owned())).expect("read").len() == 1,
        ),
        row(
            "LinkRecords",
            |on, n| {
                let (one, other) = (record(2 * n), record(2 * n + 1));
                on.seat
                    .page(|reply| PageRequest::LinkRecords(one, other, reply))
                    .expect("linked");
                record(2 * n).0
            },
            is_linked,
        ),
        row(
            "UndoLink",
            |on, n| {
                let pair = || (record(2 * n), record(2 * n + 1));
                let (one, other) = pair();
                let apart = on.seat.page(|reply| PageRequest::LinkRecords(one, other, reply));
                let (one, other) = pair();
                let apart = apart.expect("linked");
                on.seat
                    .page(|reply| PageRequest::UndoLink(one, other, apart, reply))
                    .expect("undone");
                record(2 * n).0
            },
            |found, one| !is_linked(found, one),
        ),
        row(
            "PartRecord",
            |on, n| {
                let one = record(n);
                on.seat
                    .page(|reply| PageRequest::PartRecord(one, reply))
                    .expect("parted");
                record(n).0
            },
            |found, one| {
                let apart = found.journal.records_apart().expect("read");
                apart.contains(&CustomerRef(one.to_owned()))
            },
        ),
    ]
}

pub(super) fn of_files() -> Vec<Row> {
    vec![
        again(
            "SetLines",
            |on, n| {
                let lines = vec![Line("101".to_owned()), Line(extension(n))];
                on.seat.ask(|reply| DeskRequest::SetLines(lines, reply)).expect("set");
                n.to_string()
            },
            |found, n| {
                let config = config::load(&found.home).expect("a configuration");
                next(n).iter().any(|n| config.agent.extensions.contains(&extension(*n)))
            },
        ),
        again(
            "SetQuiet",
            |on, n| {
                let minutes = i64::try_from(n + 1).expect("few");
                let wish = Some(QuietFor::Time(TimeDelta::hours(minutes)));
                on.seat.ask(|reply| DeskRequest::SetQuiet(wish, reply)).expect("set");
                format!("{n} {}", on.seat.now.timestamp())
            },
            |found, told| {
                let (n, began) = told.split_once(' ').expect("number and time");
                let until = Memory::of(&found.home).all().quiet_until.expect("kept").timestamp();
                let hours = (until - number(began)) / 3_600;
                next(n)
                    .iter()
                    .any(|n| usize::try_from(hours).is_ok_and(|hours| hours == n + 1))
            },
        ),
        again(
            "Settings",
            |on, n| {
                let sheet = look(&on.home).expect("read");
                let set = Change::Set {
                    at: "agent.name".to_owned(),
                    value: Value::Text(format!("Marta {n}")),
                };
                change(&on.home, &sheet.revision, &[set]).expect("written");
                n.to_string()
            },
            |found, n| {
                let config = config::load(&found.home).expect("a configuration");
                next(n).iter().any(|n| config.agent.name == format!("Marta {n}"))
            },
        ),
    ]
}

fn written(on: &mut Editor, n: usize) -> ContactId {
    let contact = NewContact {
        customer: LoggedCustomer {
            reference: record(n),
            name: format!("Record {n}"),
            company: String::new(),
        },
        channel: Channel::Letter,
        way: Way::In,
        at: Utc::now(),
        text: format!("letter {n}"),
        line: Line("101".to_owned()),
    };
    on.other.put_contact(&contact, Utc::now()).expect("written")
}

fn contacts(found: &Found, one: &str) -> usize {
    let until = Utc::now() + TimeDelta::days(1);
    let contacts = found.journal.contacts_of(&CustomerRef(one.to_owned()), until, 10);
    contacts.expect("read").len()
}

fn is_linked(found: &Found, one: &str) -> bool {
    let links = found.journal.record_links().expect("read");
    links.iter().any(|(a, b)| a.0 == one || b.0 == one)
}

fn extension(n: usize) -> String {
    (200 + n).to_string()
}
