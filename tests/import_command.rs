//! `ringside import` and `ringside lookup` on a real cache.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeZone as _, Utc};
use clap::Parser;
use ringside::cli::import::{self, Home, ImportArgs, ImportError};
use ringside::cli::lookup::{self, LookupArgs, Place};
use ringside::customer::Currency;
use ringside::directory::Directory;
use ringside::number::{self, Region};
use serde_json::Value;
use tempfile::TempDir;

#[derive(Parser)]
enum Command {
    Import(ImportArgs),
    Lookup(LookupArgs),
}

/// A folder with an empty cache, and what the commands say on it.
struct Shop {
    folder: TempDir,
    directory: Directory,
}

impl Shop {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let directory = Directory::open(&folder.path().join("cache.db"), &[7; 32]).expect("a cache");
        Shop { folder, directory }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }

    fn run(&mut self, words: &[&str]) -> Result<String, ImportError> {
        let mut out = Vec::new();
        let place = number::Home {
            region: Region::from_code("DE"),
            area: String::new(),
        };
        let home = Home {
            place: place.clone(),
            currency: Currency::from_code("USD").expect("a currency"),
        };
        match Command::try_parse_from([&["ringside"], words].concat()).expect("arguments") {
            Command::Import(args) => import::run(&args, &self.directory, home, self.folder.path(), now(), &mut out)?,
            Command::Lookup(args) => {
                let place = Place {
                    home: place,
                    ..Place::default()
                };
                lookup::run(&args, &mut self.directory, &place, &mut out).expect("a lookup");
            }
        }
        Ok(String::from_utf8(out).expect("text"))
    }

    fn lookup(&mut self, number: &str) -> Value {
        let out = self.run(&["lookup", "--json", number]).expect("a lookup");
        serde_json::from_str::<Value>(&out).expect("JSON")[0].clone()
    }
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).single().expect("a time")
}

fn northwind() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/northwind");
    folder.to_str().expect("a path").to_owned()
}

fn counted(out: &str) -> Value {
    serde_json::from_str::<Value>(out).expect("JSON")
}

#[test]
fn northwind_is_imported_whole_and_the_second_time_changes_nothing() {
    let mut shop = Shop::new();
    let first = counted(&shop.run(&["import", &northwind(), "--json"]).expect("an import"));
    assert_eq!(first["rejected"]["rows"], 0);
    for (kind, count) in [("customers", 91), ("products", 77), ("order_lines", 2155)] {
        assert_eq!(first["counts"][kind]["added"], count, "{first:#}");
    }
    assert_eq!(
        (&first["numbers"]["read"], &first["numbers"]["unreadable"]),
        (&Value::from(91), &Value::from(0))
    );
    let second = counted(&shop.run(&["import", &northwind(), "--json"]).expect("an import"));
    for (kind, count) in [("customers", 91), ("products", 77), ("order_lines", 2155)] {
        let tally = &second["counts"][kind];
        assert_eq!(
            (&tally["added"], &tally["changed"], &tally["unchanged"]),
            (&0.into(), &0.into(), &count.into()),
            "{kind}"
        );
    }
}

#[test]
fn a_caller_from_a_number_of_an_older_plan_is_named_with_the_grade_and_why() {
    let mut shop = Shop::new();
    shop.run(&["import", &northwind()]).expect("an import");
    let ana = shop.lookup("+5255554729");
    assert_eq!(
        (&ana["verdict"], &ana["key"], &ana["given"]),
        (&"one".into(), &"+5255554729".into(), &"international".into())
    );
    let candidate = &ana["candidates"][0];
    assert_eq!(
        (&candidate["customer"], &candidate["grade"]),
        (&"files/ANATR".into(), &"national".into())
    );
    let text = shop
        .run(&[
            "lookup",
            "+5255554729",
            "sip:anonymous@anonymous.invalid",
            "101",
            "+493099999999",
            "-1",
        ])
        .expect("a lookup");
    for line in [
        "files/ANATR Ana Trujillo, Ana Trujillo Emparedados y helados: national match, because the stored number has no country code",
        "the caller withheld the number",
        "a colleague",
        "nobody in the data has it",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn options_may_stand_behind_the_numbers() {
    let mut shop = Shop::new();
    shop.run(&["import", &northwind()]).expect("an import");
    let text = shop
        .run(&["lookup", "(171) 555-7788", "--region", "GB"])
        .expect("a lookup");
    assert!(
        text.contains("files/AROUT Thomas Hardy, Around the Horn: national match"),
        "{text}"
    );
}

#[test]
fn the_mapping_and_what_was_done_are_printed() {
    let mut shop = Shop::new();
    let file = shop.file(
        "kunden.csv",
        "Kundennr;Firma;Telefon;Bemerkung\n1;Alt;030 23125101;x\n2;Neu;keins;x\n;Leer;030 1;x\n",
    );
    let text = shop
        .run(&["import", file.to_str().expect("a path")])
        .expect("an import");
    for part in [
        "kunden.csv: customers (UTF-8, semicolon)",
        "phone         ← Telefon",
        "not read      : Bemerkung",
        "customers: 2 added, 0 changed, 0 unchanged",
        "telephone numbers: 1 read, 1 could not be read",
        "1 row could not be used; each with its reason: ",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let report = shop.folder.path().join("import-rejected-20261122T100000Z.csv");
    let report = fs::read_to_string(report).expect("a report");
    assert!(
        report.contains(",4,customer’s key is empty,;Leer;030 1;x\n"),
        "{report}"
    );
}

#[test]
fn a_file_of_orders_alone_removes_nobody_and_names_lines_without_a_customer() {
    let mut shop = Shop::new();
    shop.run(&["import", &northwind()]).expect("an import");
    let orders = "customer_id,order_id,timestamp,product_id,qty,price\nALFKI,99001,2026-11-01,1,2,18.00\nNOBODY,99002,2026-11-01,1,2,18.00\n";
    let file = shop.file("orders.csv", orders);
    let done = counted(
        &shop
            .run(&["import", file.to_str().expect("a path"), "--json"])
            .expect("an import"),
    );
    assert_eq!(
        (&done["files"][0]["used"], &done["files"][0]["rejected"]),
        (&1.into(), &1.into())
    );
    let report = fs::read_to_string(done["rejected"]["report"].as_str().expect("a path")).expect("a report");
    assert!(
        report.contains("the customer `NOBODY` is not known: import the customers first"),
        "{report}"
    );
    assert_eq!(shop.lookup("+5255554729")["verdict"], "one");
}

#[test]
fn everybody_who_shares_a_main_number_is_a_candidate() {
    let mut shop = Shop::new();
    let text = "id,name,company,country,phone\n1,Anna,Alt,DE,+49 30 23125101 ext. 7\n2,Bert,Alt,DE,030 23125101 #22\n3,,Alt,DE,\"030 23125101; 0171 1740453\"\n";
    let file = shop.file("contacts.csv", text);
    shop.run(&["import", file.to_str().expect("a path"), "--source", "crm"])
        .expect("an import");
    let answer = shop.lookup("+493023125101");
    let candidates: Vec<String> = answer["candidates"]
        .as_array()
        .expect("candidates")
        .iter()
        .map(|c| format!("{} {} {}", c["customer"], c["grade"], c["ext"]))
        .collect();
    assert_eq!(
        candidates,
        [
            r#""crm/1" "exact" "7""#,
            r#""crm/2" "national" "22""#,
            r#""crm/3" "national" null"#
        ]
    );
    assert_eq!(shop.lookup("+491711740453")["candidates"][0]["customer"], "crm/3");
}

#[test]
fn an_import_that_can_use_nothing_fails_and_leaves_the_cache_as_it_was() {
    let mut shop = Shop::new();
    shop.run(&["import", &northwind()]).expect("an import");
    let no_phone = shop.file("customers.csv", "customer_id,company\nALFKI,Changed\n");
    let orders = shop.file(
        "orders.csv",
        "customer_id,order_id,timestamp,product_id,qty,price\nNOBODY,1,2026-11-01,1,2,18.00\n",
    );
    let empty = shop.file("empty.csv", "");
    let folder = shop.folder.path().join("nothing");
    fs::create_dir(&folder).expect("a folder");
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    for (words, part) in [
        (vec![text(&no_phone)], "--map phone=COLUMN"),
        (vec![text(&empty)], "is empty"),
        (vec![text(&folder)], "no table in"),
        (vec![text(&shop.folder.path().join("absent.csv"))], "cannot read"),
        (
            vec![text(&orders)],
            "none of its rows (1) could be used. Each row and why: ",
        ),
        (
            vec![northwind(), "--leave-out".to_owned(), "Telefon".to_owned()],
            "--leave-out Telefon: no file has a column `Telefon`. Columns: ",
        ),
        (
            vec![northwind(), "--map".to_owned(), "phone=Telefon".to_owned()],
            "no file has a column `Telefon`. Columns: ",
        ),
    ] {
        let words: Vec<&str> = std::iter::once("import")
            .chain(words.iter().map(String::as_str))
            .collect();
        let error = shop.run(&words).expect_err(part).to_string();
        assert!(error.contains(part), "{error}");
    }
    assert_eq!(
        shop.lookup("+49300074321")["candidates"][0]["company"],
        "Alfreds Futterkiste"
    );
}

#[test]
fn arguments_that_mean_nothing_are_refused_with_what_they_may_be() {
    for (words, part) in [
        (vec!["import"], "DIR|FILE"),
        (vec!["import", "x", "--map", "phone"], "say FIELD=COLUMN"),
        (
            vec!["import", "x", "--map", "fone=Tel"],
            "`fone` is no field; fields are customer, name,",
        ),
        (vec!["import", "x", "--leave-out"], "--leave-out <COLUMN>"),
        (vec!["import", "x", "--region", "Atlantis"], "`Atlantis` is no country"),
        (
            vec!["import", "x", "--currency", "ZZZ"],
            "not an ISO 4217 currency code",
        ),
    ] {
        let error = Command::try_parse_from([vec!["ringside"], words].concat())
            .map(|_| ())
            .expect_err(part)
            .to_string();
        assert!(error.contains(part), "{error}");
    }
}
