//! A home for the desk's window: the shop of a million customers in its cache, and a hundred thousand calls in its journal.
//! It measures nothing. Beside the stores stands `desk-bench.json`: what is typed into the search, and whose page is opened.

use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta};
use ringside::call::{CallId, Direction, Line, Outcome, Presentation, Side, Trust};
use ringside::config::Home;
use ringside::customer::CustomerRef;
use ringside::directory::Directory;
use ringside::journal::{CallFacts, CallLine, CallRecord, Journal, LoggedCustomer};
use ringside::number::{self, Key};
use ringside::source::record::Record;
use ringside::vault::{self, Ways};
use serde::Serialize;

use super::{Shop, load, search, sizes};
use crate::Result;

/// Where the cache says that the customers are from.
const SOURCE: &str = "bench";
/// Words of a note.
const NOTE: &str = "Asked for a new date, two boxes short";
/// Customers whose page is opened.
const OPENED: u32 = 200;

/// What the window bench is to do.
#[derive(Serialize)]
struct Script {
    typed: Vec<String>,
    customers: Vec<String>,
}

/// Makes the home in `folder`, unless it is there already.
pub(crate) fn make(folder: &Path, quick: bool) -> Result<()> {
    let script = folder.join("desk-bench.json");
    if script.exists() {
        return Ok(());
    }
    let _none_yet = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let unlocked = vault::unlock(&Home::find(Some(folder))?, &Ways::from_environment()?)?.lasting()?;
    let shop = Shop::new(sizes(quick));
    load::fill(&shop, &Directory::open(&unlocked.cache_db(), unlocked.key.bytes())?)?;
    let mut journal = Journal::open(&unlocked.journal_db(), &unlocked.key)?;
    let calls = if quick { 2_000 } else { 100_000 };
    for n in 0..calls {
        journal.put_call(&call(&shop, n))?;
        if n.is_multiple_of(5) {
            journal.save_note(&id(n), &format!("{NOTE} {n}"), began(&shop, n))?;
        }
    }
    let customers = (0..OPENED).map(|n| format!("{SOURCE}/{}", n * (shop.sizes.customers / OPENED)));
    let typed = search::typed(&shop, 7).into_iter().map(|typed| typed.text);
    let told = Script {
        typed: typed.collect(),
        customers: customers.collect(),
    };
    Ok(fs::write(script, serde_json::to_vec(&told)?)?)
}

fn id(n: u32) -> CallId {
    CallId(format!("pbx:{n}"))
}

/// Every two minutes a call, the last one at the shop's own time.
fn began(shop: &Shop, n: u32) -> DateTime<chrono::Utc> {
    shop.now - TimeDelta::days(140) + TimeDelta::minutes(i64::from(n) * 2)
}

/// Two in three are answered; one in four is nobody known.
fn call(shop: &Shop, n: u32) -> CallRecord {
    let customer = n.wrapping_mul(7919) % shop.sizes.customers;
    let began = began(shop, n);
    let answered = !n.is_multiple_of(3);
    let talk = TimeDelta::seconds(i64::from(n % 400) + 10);
    let named = shop.customer(customer).into_iter().find_map(|record| match record {
        Record::Customer(row) => Some(LoggedCustomer {
            reference: CustomerRef::new(SOURCE, &row.key),
            name: row.name,
            company: row.company,
        }),
        _ => None,
    });
    let number = Key::new(shop.number(customer));
    CallRecord {
        id: id(n),
        feed: "pbx".to_owned(),
        direction: if n.is_multiple_of(6) {
            Direction::Out
        } else {
            Direction::In
        },
        number,
        number_raw: format!("+{}", shop.number(customer)),
        number_display: number.map(number::display).unwrap_or_default(),
        presentation: Presentation::Allowed,
        caller_name: String::new(),
        trust: Trust::Unknown,
        customer: named.filter(|_| !n.is_multiple_of(4)),
        called: "100".to_owned(),
        started: began,
        answered: answered.then(|| began + TimeDelta::seconds(6)),
        answered_by: answered.then(|| "101".to_owned()),
        ended: Some(began + talk),
        outcome: Some(if answered { Outcome::Answered } else { Outcome::Missed }),
        ended_by: Some(Side::Caller),
        unfinished: false,
        then: None,
        talked_seconds: answered.then(|| talk.num_seconds()),
        facts: CallFacts::default(),
        lines: vec![CallLine {
            line: Line("101".to_owned()),
            rang: Some(began),
            talked_from: answered.then(|| began + TimeDelta::seconds(6)),
            talked_until: answered.then(|| began + talk),
        }],
    }
}
