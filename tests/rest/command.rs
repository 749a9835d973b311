//! `ringside source`: the walk says what each step gave and what to do, as text and as data.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::server::{Act, Server};

fn ringside(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("--home")
        .arg(home)
        .arg("source")
        .args(arguments)
        .env("RINGSIDE_PASSPHRASE", "of a test")
        .env("SHOP_KEY", "s3cret")
        .output()
        .expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const FILE: &str = r#"
name = "shop"
title = "Shop"
untested = "against anything"
[parameters.url]
about = "Address"
[parameters.key]
about = "Key"
secret = true
[client]
base_url = "{{ url }}"
auth = { kind = "bearer", token = "{{ key }}" }
[[stream]]
name = "people"
gives = "customers"
[stream.ask]
path = "people"
paging = { kind = "last-id", size = 2, id = "$.id" }
query = { after = "{{ last or 0 }}", since = "{{ since }}" }
[stream.watermark]
field = "$.changed"
[stream.map]
customer = "$.id"
name = "$.name"
phone = "$.phone"
[[stream]]
name = "sales"
gives = "orders"
[stream.ask]
path = "sales"
[stream.map]
order = "$.number"
customer = "$.person"
product = "$.article"
date = "$.day"
amount = "$.amount"
"#;

#[test]
fn the_walk_says_what_each_step_gave() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(|_, asked| match asked.target.split('?').next() {
        Some("/people") => Act::json(json!([
            {"id": 1, "name": "Ana", "phone": "+49 30 23125042", "changed": "2026-11-20T10:00:00Z"},
            {"id": 2, "name": {"first": "Bo"}, "changed": "2026-11-20T10:00:00Z"},
        ])),
        _ => Act::status(403, "{}"),
    });
    let file = home.path().join("shop.toml");
    std::fs::write(&file, FILE).expect("written");
    let url = format!("url={}", server.url);
    let name = file.to_str().expect("UTF-8");
    let said = [
        name,
        "--set",
        &url,
        "--set",
        "key=env:SHOP_KEY",
        "--private-host",
        "127.0.0.1",
    ];

    let output = ringside(home.path(), &[&["test", "--json"], &said[..]].concat());
    assert!(!output.status.success(), "a step failed");
    let walk: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let steps: Vec<(&str, bool)> = walk["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| (step["what"].as_str().expect("a name"), step["good"] == true))
        .collect();
    let people = ("stream people", true);
    assert_eq!(
        steps,
        [
            ("file", true),
            ("parameters", true),
            ("address", true),
            ("log-in", true),
            people,
            ("stream sales", false)
        ]
    );
    let seen = &walk["steps"][4]["seen"];
    assert_eq!((&seen["records"], &seen["refused_count"]), (&json!(1), &json!(1)));
    assert!(seen["example"].to_string().contains("+49 30 23125042"), "{seen}");
    assert!(seen["refused"].to_string().contains("name the field in it"), "{seen}");
    assert!(
        seen["mark"].as_str().is_some_and(|mark| mark.contains("2026-11-20")),
        "{seen}"
    );

    let output = ringside(home.path(), &[&["test"], &said[..]].concat());
    let shown = text(&output.stdout);
    assert!(
        shown.starts_with("Shop (untested against anything)\nok    file: 2 streams: people, sales\n"),
        "{shown}"
    );
    assert!(
        shown.contains("FAIL  stream sales: Shop (sales): answered 403"),
        "{shown}"
    );
    assert!(!shown.contains("s3cret") && !text(&output.stderr).contains("s3cret"));
}

#[test]
fn a_step_that_fails_says_what_to_do_and_ends_the_walk() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("shop.toml");
    let name = file.to_str().expect("UTF-8");
    std::fs::write(&file, FILE.replace("gives", "givs")).expect("written");
    let output = ringside(home.path(), &["test", name]);
    assert!(
        text(&output.stdout).contains("did you mean `gives`?"),
        "{}",
        text(&output.stdout)
    );
    std::fs::write(&file, FILE).expect("written");
    let output = ringside(home.path(), &["test", name, "--set", "url=https://shop.example"]);
    assert!(
        text(&output.stdout).contains("FAIL  parameters: Shop needs `key`: Key"),
        "{}",
        text(&output.stdout)
    );
    let output = ringside(
        home.path(),
        &[
            "test",
            name,
            "--set",
            "url=http://10.0.0.1",
            "--set",
            "key=env:SHOP_KEY",
        ],
    );
    assert!(
        text(&output.stdout).contains("private_hosts"),
        "{}",
        text(&output.stdout)
    );
    let output = ringside(home.path(), &["test", "no-such-system"]);
    assert!(
        text(&output.stderr).contains("systems are dynamics, erpnext"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn the_list_says_what_each_file_was_tested_against_and_show_prints_one() {
    let home = tempfile::tempdir().expect("a folder");
    let list = text(&ringside(home.path(), &["systems"]).stdout);
    assert!(list.contains("tested against Tryton 8.2 with PostgreSQL 15"), "{list}");
    assert!(
        list.lines()
            .filter(|line| line.contains("untested against the service"))
            .count()
            >= 12,
        "{list}"
    );
    let shown = text(&ringside(home.path(), &["show", "tryton"]).stdout);
    assert!(shown.contains("name = \"tryton\""));
}
