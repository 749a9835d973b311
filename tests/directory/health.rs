//! What is wrong with stored numbers: not readable, shared by many, our own, in other hands by now.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use ringside::directory::{Directory, Finding, NumberCheck, NumberCounts};
use ringside::number::{self, Key, Region, Unreadable};
use ringside::pop::view::{FindingView, Problem};
use ringside::pop::{NumberHealth, finding_view};
use ringside::source::record::{CustomerRow, OrderLineRow, PhoneRow, Record};
use ringside::start::Sheet;

use super::{Cache, euro, product};
use crate::vault::fresh_home;

const SHARED: &str = "+49 30 23125100";
const HANDS: &str = "+49 30 23125200";

fn customer(key: &str, name: &str, phones: &[&str]) -> Record {
    let phone = |raw: &&str| {
        let read = number::read(raw, Region::from_code("DE")).ok();
        PhoneRow {
            raw: (*raw).to_owned(),
            label: "Phone".to_owned(),
            key: read.as_ref().map(|number| number.key),
            given: read.as_ref().map_or(number::Given::National, |number| number.given),
            ext: read.and_then(|number| number.ext),
        }
    };
    Record::Customer(CustomerRow {
        key: key.to_owned(),
        name: name.to_owned(),
        phones: phones.iter().map(phone).collect(),
        ..CustomerRow::default()
    })
}

fn order(customer: &str, at: DateTime<Utc>) -> Record {
    Record::OrderLine(OrderLineRow {
        order: format!("{customer}-{}", at.timestamp()),
        customer: customer.to_owned(),
        product: "P".to_owned(),
        at,
        quantity_milli: 1000,
        amount: euro(100),
    })
}

fn check(many: u32, own: &[&str]) -> NumberCheck {
    NumberCheck {
        own: own.iter().map(|raw| key(raw)).collect(),
        many,
        home: Region::from_code("DE"),
        now: now(),
    }
}

fn key(raw: &str) -> Key {
    number::read(raw, Region::from_code("DE")).unwrap().key
}

fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn years(years: i64) -> DateTime<Utc> {
    now() - TimeDelta::days(365 * years)
}

fn findings(cache: &Cache, check: &NumberCheck) -> (NumberCounts, Vec<Finding>) {
    let mut found = Vec::new();
    let counts = cache
        .open()
        .check_numbers(check, &mut |finding| found.push(finding))
        .unwrap();
    (counts, found)
}

#[test]
fn a_text_that_is_no_number_is_reported_with_whose_it_is_and_why() {
    let cache = Cache::new();
    cache.import(&[
        customer("A", "Anders", &["ask reception", "030 23125101"]),
        customer("B", "Berg", &["4.93012E+11"]),
    ]);
    let (counts, found) = findings(&cache, &check(5, &[]));
    assert_eq!((counts.customers, counts.numbers, counts.unreadable), (2, 1, 2));
    let why: Vec<_> = found
        .iter()
        .map(|finding| match finding {
            Finding::Unreadable(stored, why) => (stored.customer.name.as_str(), stored.raw.as_str(), *why),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        why,
        [
            ("Anders", "ask reception", Some(Unreadable::NotANumber)),
            ("Berg", "4.93012E+11", Some(Unreadable::Rounded))
        ]
    );
}

#[test]
fn a_number_is_shared_by_many_from_the_threshold_on_and_a_customer_counts_once() {
    let cache = Cache::new();
    let mut rows: Vec<Record> = (0..13)
        .map(|nth| customer(&format!("C{nth:02}"), &format!("Person {nth}"), &[SHARED]))
        .collect();
    rows.push(customer(
        "X",
        "Twice",
        &["+49 30 23125300 ext. 1", "+49 30 23125300 ext. 2"],
    ));
    cache.import(&rows);
    let (counts, found) = findings(&cache, &check(5, &[]));
    assert_eq!((counts.shared, counts.numbers), (1, 2));
    let [Finding::Shared(number, 13, named)] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!((*number, named.len()), (key(SHARED), 10));
    assert_eq!(findings(&cache, &check(14, &[])).0.shared, 0);
}

#[test]
fn our_own_number_in_a_customers_record_is_reported_as_that_and_as_nothing_else() {
    let cache = Cache::new();
    let rows: Vec<Record> = (0..6)
        .map(|nth| customer(&format!("C{nth}"), &format!("Person {nth}"), &[SHARED]))
        .collect();
    cache.import(&rows);
    let (counts, found) = findings(&cache, &check(5, &[SHARED]));
    assert_eq!((counts.own, counts.shared), (1, 0));
    assert!(matches!(found.as_slice(), [Finding::Own(_, 6, _)]));
}

#[test]
fn a_number_changed_hands_when_one_holder_is_silent_for_two_years_and_another_came_after() {
    let cache = Cache::new();
    cache.import(&[
        product("P"),
        customer("OLD", "Old Bakery", &[HANDS]),
        customer("NEW", "New Florist", &[HANDS]),
        order("OLD", years(5)),
        order("OLD", years(4)),
        order("NEW", years(1)),
    ]);
    let (counts, found) = findings(&cache, &check(5, &[]));
    assert_eq!(counts.recycled, 1);
    let [Finding::Recycled(number, 2, hands)] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(*number, key(HANDS));
    assert_eq!(
        [&hands[0], &hands[1]].map(|one| (one.customer.name.as_str(), one.last)),
        [("Old Bakery", Some(years(4))), ("New Florist", Some(years(1)))]
    );
}

#[test]
fn a_number_is_not_said_to_have_changed_hands_without_evidence() {
    let both = |name: &str, old: &[DateTime<Utc>], new: &[DateTime<Utc>]| {
        let cache = Cache::new();
        let mut rows = vec![
            product("P"),
            customer("OLD", "Old Bakery", &[HANDS]),
            customer("NEW", name, &[HANDS]),
        ];
        rows.extend(old.iter().map(|at| order("OLD", *at)));
        rows.extend(new.iter().map(|at| order("NEW", *at)));
        cache.import(&rows);
        findings(&cache, &check(5, &[])).0.recycled
    };
    assert_eq!(
        both("New Florist", &[], &[years(1)]),
        0,
        "nothing was heard of the first"
    );
    assert_eq!(
        both("New Florist", &[years(4)], &[]),
        0,
        "nothing was heard of the second"
    );
    assert_eq!(
        both("New Florist", &[years(1)], &[now()]),
        0,
        "the first is still a customer"
    );
    assert_eq!(
        both("New Florist", &[years(4)], &[years(5), years(1)]),
        0,
        "they had it together"
    );
    assert_eq!(both("New Florist", &[years(4)], &[years(3)]), 0, "both are silent");
    assert_eq!(both("OLD  BAKERY", &[years(4)], &[years(1)]), 0, "it is the same name");
    assert_eq!(both("New Florist", &[years(4)], &[years(1)]), 1);
}

#[test]
fn an_empty_cache_has_nothing_wrong_with_it() {
    let (counts, found) = findings(&Cache::new(), &check(5, &[SHARED]));
    assert_eq!((counts, found.len()), (NumberCounts::default(), 0));
}

#[test]
fn an_import_may_write_while_the_numbers_are_looked_at() {
    let cache = Cache::new();
    cache.import(&[customer("A", "Anders", &["bad"])]);
    let mut directory = cache.open();
    let counts = directory
        .check_numbers(&check(5, &[]), &mut |_| {
            cache.import(&[customer("B", "Berg", &["worse"])]);
        })
        .unwrap();
    assert_eq!(counts.unreadable, 1, "as of the moment it began");
    assert_eq!(findings(&cache, &check(5, &[])).0.unreadable, 2);
}

#[test]
fn the_page_lists_the_first_of_each_kind_and_says_that_there_are_more() {
    let cache = Cache::new();
    let rows: Vec<Record> = (0..300)
        .map(|nth| customer(&format!("C{nth}"), "Person", &[&format!("number {nth} unknown")]))
        .collect();
    cache.import(&rows);
    let mut report = NumberHealth::default();
    let counts = cache
        .open()
        .check_numbers(&check(5, &[]), &mut |finding| report.add(finding_view(finding)))
        .unwrap();
    let view = report.finish(counts, 5);
    assert_eq!((view.unreadable, view.findings.len(), view.cut), (300, 200, true));
}

#[test]
fn no_cell_of_the_csv_runs_in_a_spreadsheet() {
    let hostile = [
        "=HYPERLINK(\"http://evil\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        " =1",
        "\r=1",
    ];
    let mut out = Vec::new();
    let mut sheet = Sheet::new(&mut out).unwrap();
    for text in hostile {
        let cache = Cache::new();
        cache.import(&[customer("=K", text, &["030 23125101", &format!("{text} nobody")])]);
        let mut directory: Directory = cache.open();
        directory
            .check_numbers(&check(2, &["030 23125101"]), &mut |finding| {
                let finding: FindingView = finding_view(finding);
                assert!(matches!(finding.problem, Problem::Own | Problem::Unreadable));
                sheet.write(&finding).unwrap();
            })
            .unwrap();
    }
    sheet.finish().unwrap();
    let text = String::from_utf8(out).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let mut count = 0;
    for row in rows.records() {
        for cell in &row.unwrap() {
            count += 1;
            let first = cell.trim_start().chars().next().unwrap_or(' ');
            assert!(!"=+-@|%".contains(first), "{cell:?}");
        }
    }
    assert!(count >= hostile.len() * 10, "{count} cells");
}

fn ringside(home: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("--home")
        .arg(home)
        .args(arguments)
        .current_dir(home)
        .env("RINGSIDE_PASSPHRASE", "secret")
        .env("RINGSIDE_KEYRING", "off")
        .env_remove("RINGSIDE_HOME")
        .stdin(Stdio::null())
        .output()
        .expect("the command runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_reports_an_imported_file_and_writes_it_as_csv() {
    let (_folder, home) = fresh_home();
    let folder = home.folder();
    fs::create_dir_all(folder).unwrap();
    let settings = "home_region = \"DE\"\n[[feed]]\nkind = \"simulated\"\nname = \"pbx\"\n[[feed.ddi]]\nnumber = \"030 23125101\"\n";
    fs::write(home.config_file(), settings).unwrap();
    let rows = "id,name,phone\n1,Željka,030 23125101\n2,=cmd(),ask reception\n3,Čović,030 23125102\n";
    fs::write(folder.join("customers.csv"), rows).unwrap();
    let (ok, _, error) = ringside(folder, &["import", "customers.csv"]);
    assert!(ok, "{error}");
    let (ok, said, error) = ringside(folder, &["doctor", "numbers", "--csv", "numbers.csv"]);
    assert!(ok, "{error}");
    assert!(said.contains("3 customers") && said.contains("ask reception"), "{said}");
    assert!(said.contains("our own") && said.contains("Željka"), "{said}");
    let csv = fs::read_to_string(folder.join("numbers.csv")).unwrap();
    assert!(
        csv.contains("'=cmd()") && csv.contains("Željka") && !csv.contains("Čović"),
        "{csv}"
    );
    let (ok, json, _) = ringside(folder, &["doctor", "numbers", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(ok && report["own"] == 1 && report["unreadable"] == 1, "{report}");
    let (ok, _, error) = ringside(folder, &["doctor", "numbers", "--csv", "no/such/folder/x.csv"]);
    assert!(!ok && error.contains("name another file"), "{error}");
}

/// The most memory this process has used, in MiB (`proc(5)`).
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib / 1024
}

/// `cargo test --test ringside a_million -- --ignored --nocapture` prints the figures. Alone in its process: the memory is
/// the process's.
#[test]
#[ignore = "writes a cache of a million customers"]
#[cfg(target_os = "linux")]
fn the_numbers_of_a_million_customers_are_looked_at_in_bounded_memory() {
    let cache = Cache::new();
    let directory = cache.open();
    let mut import = directory.begin_import("files", now()).unwrap();
    import.record(&product("P")).unwrap();
    for nth in 0..1_000_000_u64 {
        let mut phones = vec![super::phone(49_300_000_000 + nth - nth % 7 / 6)];
        if nth % 100 == 0 {
            phones.push(PhoneRow {
                raw: format!("number {nth} unknown"),
                key: None,
                ..super::phone(1)
            });
        }
        import.record(&super::customer(&nth.to_string(), &phones)).unwrap();
        import
            .record(&order(&nth.to_string(), years(i64::try_from(nth % 6).unwrap())))
            .unwrap();
    }
    import.finish().unwrap();
    drop(directory);
    // the peak of what follows counts, not that of the import
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = peak();
    let began = std::time::Instant::now();
    let mut found = 0_u64;
    let counts = cache.open().check_numbers(&check(5, &[]), &mut |_| found += 1).unwrap();
    let (took, grown) = (began.elapsed(), peak() - before);
    println!("{counts:?} in {took:?}, {grown} MiB more, {found} findings");
    assert_eq!((counts.customers, counts.unreadable), (1_000_000, 10_000));
    assert!(grown <= 64 + 32, "{grown} MiB beyond a page cache of 64");
}
