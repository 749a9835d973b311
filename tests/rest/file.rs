//! The file of a system: what is wrong in it is shown by line, with what was probably meant.

use std::path::Path;

use ringside::source::rest::{parse, systems};

const GOOD: &str = r#"name = "shop"
title = "Shop"
[parameters.token]
secret = true
[client]
base_url = "https://shop.example"
auth = { kind = "bearer", token = "{{ token }}" }
[[stream]]
name = "people"
gives = "customers"
[stream.ask]
path = "people"
query = { since = "{{ since }}", page = "{{ page }}" }
paging = { kind = "page", size = 10 }
[stream.watermark]
field = "$.changed"
[stream.map]
customer = "$.id"
name = ["$.name", { path = "$.nick" }]
"#;

#[test]
fn what_is_wrong_is_shown_by_line_with_what_was_meant() {
    parse(Path::new("shop.toml"), GOOD).expect("good");
    for (from, to, line, part) in [
        ("title =", "titel =", 2, "did you mean `title`?"),
        ("base_url", "base_uri", 6, "did you mean `base_url`?"),
        ("kind = \"bearer\"", "kind = \"bearerr\"", 7, "did you mean `bearer`?"),
        ("{{ token }}", "{{ tokn }}", 7, "did you mean `token`?"),
        (
            "gives = \"customers\"",
            "gives = \"customer\"",
            10,
            "did you mean `customers`?",
        ),
        (
            "path = \"people\"",
            "path = \"people/{{ token }}\"",
            8,
            "addresses end up in logs",
        ),
        (
            "since = \"{{ since }}\", ",
            "",
            8,
            "nothing in the request says {{ since }}",
        ),
        (
            "page = \"{{ page }}\"",
            "x = \"1\"",
            8,
            "nothing in the request says {{ page }}",
        ),
        ("{{ since }}", "{{ since", 13, "cannot be filled in"),
        ("kind = \"page\"", "kind = \"pages\"", 14, "did you mean `page`?"),
        (
            "customer = \"$.id\"",
            "custmer = \"$.id\"",
            17,
            "did you mean `customer`?",
        ),
        ("customer = \"$.id\"\n", "", 8, "`customer`"),
        ("\"$.name\"", "\"name\"", 19, "is no path into an answer"),
        (
            "{ path = \"$.nick\" }",
            "{ path = \"$.nick\", az = \"unix\" }",
            19,
            "did you mean `as`?",
        ),
        ("name = \"shop\"", "name = \"My Shop\"", 1, "small letters"),
    ] {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "{from}");
        let said = parse(Path::new("shop.toml"), &text).expect_err(to).to_string();
        assert!(said.contains(part), "{to}: {said}");
        assert!(said.contains(&format!("line {line},")), "{to}: {said}");
    }
}

#[test]
fn hostile_files_are_refused_and_nothing_else_happens() {
    for text in [
        "",
        "name",
        "[[stream]]",
        "\u{0}",
        "stream = 5",
        &"[".repeat(10_000),
        &format!("{GOOD}\n{}", "x=1\n".repeat(3)),
    ] {
        assert!(
            parse(Path::new("x.toml"), text).is_err(),
            "{}",
            text.chars().take(30).collect::<String>()
        );
    }
}

#[test]
fn every_ready_file_can_be_read_and_says_what_it_was_tested_against() {
    for ready in systems::ALL {
        let system = ready.system().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(system.name, ready.name);
        assert!(system.tested.is_some() || system.untested.is_some(), "{}", ready.name);
        assert!(!system.about.is_empty(), "{}", ready.name);
        for (name, parameter) in &system.parameters {
            assert!(!parameter.about.is_empty(), "{}: {name}", ready.name);
            assert!(parameter.value.is_none(), "{}: {name}", ready.name);
        }
    }
}
