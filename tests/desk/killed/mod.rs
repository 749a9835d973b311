//! Every kind of edit, cut off by `kill -9`: what was answered as done is in the files when they are opened again. One row of
//! `rows` is one kind; the edits of a row are made by a process of its own, which says each that was answered.

mod calls;
mod customers;
mod rows;
mod team;
mod work;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::Utc;
use rand::{Rng as _, SeedableRng as _};
use ringside::call::{CallEvent, CallId, CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, Side};
use ringside::config::Home;
use ringside::customer::{Currency, CustomerRef, Money};
use ringside::desk::{Rules, ShowAt};
use ringside::directory::Directory;
use ringside::feed::Signal;
use ringside::journal::Journal;
use ringside::pop::Cover;
use ringside::source::record::{OrderLineRow, ProductRow, Record};

use super::{Seated, customer};
use crate::journal::key;
use rows::{Row, rows};

/// Tells the test binary that it is the process that will be killed: where its files are, and which row it makes.
const FOLDER: &str = "RINGSIDE_TEST_KILLED_FOLDER";
const ROW: &str = "RINGSIDE_TEST_KILLED_ROW";
/// Before so many edits are answered the process is killed.
const MOST: usize = 25;
/// Records of the cache that are nobody's in particular.
const RECORDS: usize = 120;

/// The process that makes the edits: a desk, and another hand at the same journal that prepares what is edited.
struct Editor {
    seat: Seated,
    other: Journal,
    home: Home,
}

/// What is found afterwards.
struct Found {
    journal: Journal,
    home: Home,
}

impl Editor {
    fn new(folder: &Path) -> Self {
        let (key, now) = (key(7), Utc::now());
        let folder = tempfile::tempdir_in(folder).expect("a folder");
        println!("in {}", folder.path().display());
        shop(folder.path());
        let rules = Rules {
            cover: Cover::Always,
            agent: "Marta".to_owned(),
            colleagues: [(Line("102".to_owned()), "Tea".to_owned())].into(),
            ..Rules::default()
        };
        let other = Journal::open(&folder.path().join("journal.db"), &key).expect("a journal");
        let home = Home::find(Some(folder.path())).expect("a home");
        let seat = Seated::over(rules, &["101"], ShowAt::Ring, folder, key, now);
        Editor { seat, other, home }
    }

    fn signal(&mut self, events: Vec<CallEvent>) {
        let now = self.seat.now;
        for event in events {
            self.seat.signal(Signal::Event(event), now);
        }
        self.seat.desk.keep(now);
    }

    /// A call of its own from `number` rings and is answered.
    fn talk(&mut self, n: usize, number: &str) -> CallId {
        let (key, leg) = names(n);
        let mut events = ring(n, number);
        events.push(CallEvent::Answered { call: key, leg });
        self.signal(events);
        CallId(format!("asterisk:k{n}"))
    }

    /// A call of its own from `number` rings in vain.
    fn miss(&mut self, n: usize, number: &str) -> CallId {
        let (call, leg) = names(n);
        let mut events = ring(n, number);
        let (ended, cause) = (call.clone(), Cause::Cancelled);
        events.push(CallEvent::LegEnded { call, leg, cause });
        events.push(CallEvent::Ended {
            call: ended,
            cause,
            by: Some(Side::Caller),
        });
        self.signal(events);
        CallId(format!("asterisk:k{n}"))
    }
}

fn names(n: usize) -> (CallKey, LegKey) {
    (CallKey(format!("k{n}")), LegKey(format!("leg {n}")))
}

fn ring(n: usize, number: &str) -> Vec<CallEvent> {
    let (call, leg) = names(n);
    let remote = Party {
        number: number.to_owned(),
        ..Party::default()
    };
    vec![
        CallEvent::Began {
            call: call.clone(),
            direction: Direction::In,
            remote,
            called: String::new(),
            trunk: None,
            origin: None,
        },
        CallEvent::Offered {
            call: call.clone(),
            leg: leg.clone(),
            to: Endpoint::Line(Line("101".to_owned())),
        },
        CallEvent::Ringing { call, leg },
    ]
}

/// Whoever buys tea buys a pot with it, but for Maria; two share a number, and many records are nobody's in particular.
fn shop(folder: &Path) {
    let now = Utc::now();
    let directory = Directory::open(&folder.join("cache.db"), key(7).bytes()).expect("a cache");
    let mut import = directory.begin_import("files", now).expect("an import");
    let people = [
        ("ALFKI", "Maria Anders", rows::MARIA),
        ("BERGS", "Christina Berglund", rows::SHARED),
        ("CHOPS", "Yang Wang", rows::SHARED),
    ];
    let mut records: Vec<Record> = people
        .iter()
        .map(|(key, name, phone)| Record::Customer(customer(key, name, phone)))
        .collect();
    records.extend((0..RECORDS).map(|n| {
        let phone = format!("+49302333{n:04}");
        Record::Customer(customer(&format!("R{n}"), &format!("Record {n}"), &phone))
    }));
    let product = |key: &str, name: &str| {
        Record::Product(ProductRow {
            key: key.to_owned(),
            name: name.to_owned(),
            category: String::new(),
            price: None,
            discontinued: false,
            restrictions: Default::default(),
        })
    };
    let line = |customer: &str, order: u32, product: &str| {
        Record::OrderLine(OrderLineRow {
            customer: customer.to_owned(),
            order: order.to_string(),
            at: now - chrono::TimeDelta::days(i64::from(order % 28) + 2),
            product: product.to_owned(),
            quantity_milli: 1000,
            amount: Money {
                minor: 1250,
                currency: Currency::EUR,
            },
        })
    };
    records.extend([product("1", "Green tea"), product("2", "Tea pot"), product("3", "Jam")]);
    records.extend((0..12).map(|order| line("ALFKI", order, "1")));
    records.extend((100..120).flat_map(|order| [line("BERGS", order, "1"), line("BERGS", order, "2")]));
    records.extend((200..300).map(|order| line("BERGS", order, "3")));
    for record in &records {
        import.record(record).expect("taken in");
    }
    import.finish().expect("finished");
}

fn record(n: usize) -> CustomerRef {
    CustomerRef::new("files", &format!("R{n}"))
}

#[test]
fn what_is_written_in_a_call_survives_a_killed_process() {
    survive(calls::of_calls(), 8);
}

#[test]
fn what_is_said_of_a_caller_survives_a_killed_process() {
    survive(calls::of_people(), 9);
}

#[test]
fn tasks_survive_a_killed_process() {
    survive(work::of_tasks(), 10);
}

#[test]
fn tickets_survive_a_killed_process() {
    survive(work::of_tickets(), 11);
}

#[test]
fn what_is_written_of_a_customer_survives_a_killed_process() {
    survive(customers::of_customers(), 12);
}

#[test]
fn campaigns_survive_a_killed_process() {
    survive(work::of_campaigns(), 13);
}

#[test]
fn what_a_supervisor_writes_survives_a_killed_process() {
    survive(team::of_reviews(), 15);
}

#[test]
fn who_shares_the_desk_survives_a_killed_process() {
    survive(team::of_users(), 16);
}

#[test]
fn settings_survive_a_killed_process() {
    survive(customers::of_files(), 14);
}

/// Makes the edits of each row in a process that is killed, and looks for all that it said.
fn survive(rows: Vec<Row>, seed: u64) {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    for row in rows {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (home, said) = kill_after(&row, folder.path(), random.random_range(1..MOST));
        let journal = Journal::open(&home.join("journal.db"), &key(7)).expect("the journal opens");
        journal.check().expect("whole");
        let home = Home::find(Some(&home)).expect("a home");
        let found = Found { journal, home };
        let meant = if row.replaces {
            &said[said.len() - 1..]
        } else {
            &said[..]
        };
        for told in meant {
            assert!(
                (row.kept)(&found, told),
                "{}: `{told}` was answered and is lost",
                row.name
            );
        }
    }
}

/// Lets a process make the edits of a row, kills it without warning after it said `count`, and gives where and all it said.
fn kill_after(row: &Row, folder: &Path, count: usize) -> (PathBuf, Vec<String>) {
    let mut editor = Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "desk::killed::editor_that_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .env(ROW, row.name)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the editor starts");
    let lines = BufReader::new(editor.stdout.take().expect("its output")).lines();
    let (mut home, mut said) = (PathBuf::new(), Vec::new());
    for line in lines.map_while(Result::ok) {
        if let Some((_, place)) = line.split_once("in /") {
            home = Path::new("/").join(place);
        }
        said.extend(line.strip_prefix("saved ").map(str::to_owned));
        if said.len() == count {
            // SIGKILL. What is still in the pipe was said as well and is read on.
            editor.kill().expect("killed");
        }
    }
    editor.wait().expect("gone");
    assert!(
        said.len() >= count,
        "{} stopped by itself after {}",
        row.name,
        said.len()
    );
    (home, said)
}

#[test]
#[ignore = "runs in a process of its own, started and killed by another test"]
fn editor_that_is_killed() {
    let (Some(folder), Ok(name)) = (std::env::var_os(FOLDER), std::env::var(ROW)) else {
        return;
    };
    let row = rows().into_iter().find(|row| row.name == name).expect("a row");
    let mut editor = Editor::new(Path::new(&folder));
    let mut out = std::io::stdout();
    for n in 0..RECORDS / 2 {
        let told = (row.edit)(&mut editor, n);
        writeln!(out, "saved {told}").and_then(|()| out.flush()).expect("said");
    }
}

/// What holds nothing that a person wrote: it reads, shows, or waits.
const WRITES_NOTHING: &[&str] = &[
    "Panel",
    "CloseCard",
    "DismissMissed",
    "StayOpen",
    "Drafting",
    "SearchCustomers",
    "CallLog",
    "Page",
    "Lines",
    "Why",
    "WhoIs",
    "SnoozeMissed",
    "Brought",
    "Today",
    "Tickets",
    "Ticket",
    "Search",
    "History",
    "Pretend",
    "Campaigns",
    "CampaignEntries",
    "CampaignWork",
    "Filters",
    "Review",
    "Story",
    "May",
    "Board",
    "Callers",
    "Session",
    "SignOut",
    "Lock",
    "Users",
];

#[test]
fn every_request_that_writes_has_a_row_here() {
    let names: Vec<&str> = rows().iter().map(|row| row.name).collect();
    for (file, kind) in [
        ("request.rs", "DeskRequest"),
        ("pages.rs", "PageRequest"),
        ("review.rs", "ReviewRequest"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src-tauri/src/desk")
            .join(file);
        let text = std::fs::read_to_string(path).expect("read");
        let (_, body) = text.split_once(&format!("pub enum {kind} {{")).expect("the requests");
        let (body, _) = body.split_once("\n}").expect("their end");
        let variants: Vec<&str> = body
            .lines()
            .filter_map(|line| line.strip_prefix("    "))
            .filter(|line| line.starts_with(char::is_uppercase))
            .map(|line| line.split(['(', ',', ' ']).next().unwrap_or(line))
            .collect();
        assert!(variants.len() > 2, "{kind}: {variants:?}");
        for variant in variants {
            assert!(
                names.contains(&variant) != WRITES_NOTHING.contains(&variant),
                "{kind}::{variant} writes and has no row in tests/desk/killed/rows.rs, or is in both lists"
            );
        }
    }
}
