//! Two people with everything about them, in words that stand nowhere else.

use chrono::TimeDelta;
use ringside::call::{CallId, Line};
use ringside::customer::CustomerRef;
use ringside::journal::{Act, AuditEntry, CallRecord, Choice, Fact, HandedNote, LoggedCustomer, NewCustomer, Said};
use ringside::number::{Key, display};
use ringside::source::record::{CustomerRow, InvoiceRow, Record, TicketRow};

use super::{Shop, days_ago, followed, now, reference};
use crate::directory::{balance, day, euro, line, phone, product};
use crate::journal::answered;

/// Only theirs.
pub(super) const OWN: u64 = 493_023_125_177;
/// Of a record in the cache of another source.
pub(super) const MOBILE: u64 = 4_915_112_345_678;
/// By an agent's word.
pub(super) const LINKED: u64 = 493_023_125_166;
/// Of both.
pub(super) const SHARED: u64 = 493_023_125_188;
/// Of the other alone.
pub(super) const OTHERS: u64 = 493_023_125_199;

/// What must be nowhere once they are erased: each from the middle of a word, because an index keeps the beginning of a word
/// only where it differs from the one before.
pub(super) const THEIRS: [&str; 34] = [
    "uendolin",
    "averovitz",
    "lockengiesser",
    "ittenwald",
    "crm/17",
    "shop/9001",
    "DE811907980",
    "RD-7781",
    "NV-4411",
    "prung im Mantel",
    "weiklang",
    "iebelkuchen",
    "dritten Oktave",
    "rstefassung",
    "pendelwaage",
    "urmuhrwerk",
    "lappergestell",
    "riefkopfbogen",
    "locken-Kampagne-Grund",
    "loeppelersatz",
    "andgegeben",
    "3023125177",
    "49 30 23125177",
    "915112345678",
    "3023125166",
    "hat-1701",
    "hat-1702",
    "hat-1703",
    "hat-1704",
    "hat-1705",
    "uttaperch",
    "eder-kommt",
    "ndaskop",
    "ommentarglocke",
];
/// What must be there before and after.
pub(super) const OTHER: [&str; 8] = [
    "lrike",
    "ystanderin",
    "crm/18",
    "RD-5512",
    "etoniertes",
    "3023125199",
    "3023125188",
    "alkmuehle",
];

pub(super) const VICTIM: &str = "Quendolin Xaverovitz";

pub(super) fn fill(shop: &Shop) {
    cache(shop);
    calls(shop);
    followed::after(shop);
    followed::reviews(shop);
    followed::campaign(shop);
    followed::traces(shop);
    // what was said of the records, and what was seen
    let mut journal = shop.journal();
    journal
        .edit(&reference("crm/17"), Fact::City, Some("Mittenwald"), now())
        .expect("edited");
    journal
        .edit(&reference("crm/17"), Fact::City, Some("Mittenwaldheim"), now())
        .expect("edited");
    journal
        .link_records(&reference("crm/17"), &reference("shop/9001"), now())
        .expect("linked");
    for customer in ["crm/17", "crm/18"] {
        journal
            .audit(&AuditEntry {
                at: days_ago(1),
                agent: "Marta".to_owned(),
                line: Line("101".to_owned()),
                act: Act::Uncovered,
                detail: String::new(),
                call: (customer == "crm/17").then(|| CallId("chat-1701".to_owned())),
                customer: Some(reference(customer)),
            })
            .expect("audited");
    }
}

pub(super) fn victim(key: &str) -> Record {
    Record::Customer(CustomerRow {
        key: key.to_owned(),
        name: VICTIM.to_owned(),
        company: "Xaverovitz Glockengiesserei".to_owned(),
        city: "Mittenwald".to_owned(),
        email: "quendolin@xaverovitz.example".to_owned(),
        vat: "DE811907980".to_owned(),
        phones: match key {
            "17" => vec![phone(OWN), phone(SHARED)],
            _ => vec![phone(MOBILE)],
        },
        ..CustomerRow::default()
    })
}

pub(super) fn other() -> Record {
    Record::Customer(CustomerRow {
        key: "18".to_owned(),
        name: "Ulrike Bystanderin".to_owned(),
        company: "Walkmuehle Bystanderin".to_owned(),
        email: "ulrike@bystanderin.example".to_owned(),
        phones: vec![phone(OTHERS), phone(SHARED)],
        ..CustomerRow::default()
    })
}

/// What the customer relations have of them.
pub(super) fn crm() -> Vec<Record> {
    let ticket = |customer: &str, number: &str, subject: &str| {
        Record::Ticket(TicketRow {
            customer: customer.to_owned(),
            number: number.to_owned(),
            subject: subject.to_owned(),
            open: true,
            at: day(80),
        })
    };
    let invoice = |customer: &str, number: &str| {
        Record::Invoice(InvoiceRow {
            customer: customer.to_owned(),
            number: number.to_owned(),
            currency: euro(1).currency,
            total: 900,
            open: 900,
            issued: Some(day(60)),
            due: day(90),
        })
    };
    vec![
        victim("17"),
        other(),
        product("teapot"),
        line("17", "ORD-7781", 70, "teapot", 900),
        line("18", "ORD-5512", 71, "teapot", 700),
        balance("17", "EUR", 900),
        invoice("17", "INV-4411"),
        invoice("18", "INV-8822"),
        ticket("17", "TCK-1", "Sprung im Mantel"),
        ticket("18", "TCK-2", "Betoniertes Fundament"),
    ]
}

pub(super) fn take_in(shop: &Shop, source: &str, records: &[Record]) -> ringside::directory::Counts {
    let mut import = shop.directory().begin_import(source, now()).expect("begun");
    for record in records {
        import.record(record).expect("taken");
    }
    import.finish().expect("finished")
}

fn cache(shop: &Shop) {
    // under an earlier name first: what was changed must go as well
    if let Record::Customer(mut before) = victim("17") {
        before.name = "Endaskopia Xaverovitz".to_owned();
        take_in(shop, "crm", &[Record::Customer(before), other()]);
    }
    take_in(shop, "crm", &crm());
    take_in(
        shop,
        "shop",
        &[
            victim("9001"),
            product("cup"),
            line("9001", "WORD-7781-B", 72, "cup", 300),
        ],
    );
    shop.link();
}

pub(super) fn call(name: &str, number: u64, customer: Option<(&str, &str)>, days: i64) -> CallRecord {
    let mut call = answered(name, 0);
    call.id = CallId(name.to_owned());
    let began = days_ago(days);
    (call.started, call.answered, call.ended) = (
        began,
        Some(began + TimeDelta::seconds(7)),
        Some(began + TimeDelta::seconds(67)),
    );
    for line in &mut call.lines {
        (line.rang, line.talked_from, line.talked_until) = (Some(began), None, None);
    }
    call.answered_by = Some("101".to_owned());
    call.number = Key::new(number);
    call.number_display = Key::new(number).map(display).unwrap_or_default();
    call.number_raw = format!("0{}", number % 10_000_000_000);
    call.caller_name = customer.map_or("", |(_, name)| name).to_owned();
    call.customer = customer.map(|(reference, name)| LoggedCustomer {
        reference: CustomerRef(reference.to_owned()),
        name: name.to_owned(),
        company: String::new(),
    });
    call
}

fn calls(shop: &Shop) {
    let mut journal = shop.journal();
    let them = Some(("crm/17", VICTIM));
    let other = Some(("crm/18", "Ulrike Bystanderin"));
    for logged in [
        call("chat-1701", OWN, them, 30),
        call("chat-1702", SHARED, them, 29),
        call("chat-1703", OWN, None, 28),
        call("chat-1801", OTHERS, other, 27),
        call("chat-1802", SHARED, other, 26),
        call("chat-9999", SHARED, None, 25),
    ] {
        journal.put_call(&logged).expect("logged");
    }
    let mut outgoing = call("chat-1704", MOBILE, Some(("shop/9001", VICTIM)), 24);
    outgoing.direction = ringside::call::Direction::Out;
    outgoing.called = "015112345678".to_owned();
    outgoing.answered_by = Some("+4915112345678".to_owned());
    journal.put_call(&outgoing).expect("logged");
    for (text, days) in [
        ("Erstefassung: will eine Glocke", 30),
        ("Will eine Glocke mit Zweiklang", 30),
        (
            "Will eine Glocke mit Zweiklang in der dritten Oktave und Zwiebelkuchen",
            29,
        ),
    ] {
        journal
            .save_note(&CallId("chat-1701".to_owned()), text, days_ago(days))
            .expect("saved");
    }
    journal
        .save_note(&CallId("chat-1703".to_owned()), "Pendelwaage", days_ago(28))
        .expect("saved");
    journal
        .save_note(&CallId("chat-1801".to_owned()), "Betoniertes ist fertig", days_ago(27))
        .expect("saved");
    let word = |call: &str, customer: &str, number: u64| Choice {
        customer: reference(customer),
        number: Key::new(number),
        said: Said {
            call: CallId(call.to_owned()),
            line: Line("101".to_owned()),
            at: days_ago(20),
        },
    };
    let linked = call("chat-1705", LINKED, them, 20);
    journal
        .link(&word("chat-1705", "crm/17", LINKED), &linked)
        .expect("linked");
    let made = NewCustomer {
        name: "Wiltrud Guttapercha".to_owned(),
        ..NewCustomer::default()
    };
    let desk = journal.new_reference().expect("a reference");
    let created = call("chat-1706", 493_023_125_155, Some((&desk.0, "Wiltrud Guttapercha")), 19);
    let choice = word("chat-1706", &desk.0, 493_023_125_155);
    journal
        .create(&made, Key::new(493_023_125_155), &choice, &created)
        .expect("made");
    // the one that an agent made is the same person, a person said
    journal
        .link_records(&desk, &reference("crm/17"), days_ago(19))
        .expect("linked");
    let handed = HandedNote {
        line: Line("102".to_owned()),
        text: "Handgegeben von nebenan".to_owned(),
        at: days_ago(30),
    };
    journal
        .put_handed_note(&CallId("chat-1701".to_owned()), &handed)
        .expect("kept");
}
