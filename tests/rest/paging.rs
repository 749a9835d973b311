//! Every kind of paging gives every record once, in the order it came.

use serde_json::{Value, json};

use super::server::{Act, Asked, Server};
use super::{pull, source};

fn people(keys: impl Iterator<Item = usize>) -> Vec<Value> {
    keys.map(|n| json!({"id": n, "name": format!("Person {n}")})).collect()
}

fn file(paging: &str, query: &str, records: &str, url: &str) -> String {
    format!(
        r#"
name = "shop"
title = "Shop"
[client]
base_url = "{url}"
[[stream]]
name = "people"
gives = "customers"
[stream.ask]
path = "people"
records = "{records}"
paging = {paging}
query = {query}
[stream.map]
customer = "$.id"
name = "$.name"
"#
    )
}

#[test]
fn every_kind_of_paging_gives_every_record_once() {
    let all = || people(1..=25);
    let slice = move |from: usize, size: usize| all().into_iter().skip(from).take(size).collect::<Vec<_>>();
    let by_page = move |asked: &Asked| Act::json(json!(slice((asked.number("page") - 1) * 10, 10)));
    let by_offset = move |asked: &Asked| Act::json(json!(slice(asked.number("from"), 10)));
    let by_cursor = move |asked: &Asked| {
        let from = asked.number("after");
        let next = (from + 10 < 25).then(|| (from + 10).to_string());
        Act::json(json!({"items": slice(from, 10), "paging": {"next": next}}))
    };
    let by_more = move |asked: &Asked| {
        let from = asked.number("after");
        Act::json(
            json!({"items": slice(from, 10), "paging": {"next": (from + 10).to_string(), "more": from + 10 < 25}}),
        )
    };
    let by_url = move |asked: &Asked| {
        let from = asked.number("from");
        let next = (from + 10 < 25).then(|| format!("/people?from={}", from + 10));
        Act::json(json!({"items": slice(from, 10), "next": next}))
    };
    let by_link = move |asked: &Asked| {
        let from = asked.number("from");
        let act = Act::json(json!(slice(from, 10)));
        if from + 10 < 25 {
            act.with("link", format!("</people?from={}>; rel=\"next\"", from + 10))
        } else {
            act
        }
    };
    let by_range = move |asked: &Asked| {
        let range = asked
            .header("range")
            .trim_start_matches("records=")
            .split('-')
            .next()
            .expect("a start")
            .parse()
            .expect("a number");
        Act::json(json!(slice(range, 10))).with("content-range", format!("records {range}-{}/25", range + 10))
    };
    let by_last = move |asked: &Asked| {
        Act::json(json!(
            people((asked.number("after") + 1)..=25)
                .into_iter()
                .take(10)
                .collect::<Vec<_>>()
        ))
    };
    type Answer = Box<dyn Fn(&Asked) -> Act + Send>;
    let kinds: Vec<(&str, &str, &str, Answer)> = vec![
        (
            r#"{ kind = "page", size = 10 }"#,
            r#"{ page = "{{ page }}" }"#,
            "$[*]",
            Box::new(by_page),
        ),
        (
            r#"{ kind = "offset", size = 10 }"#,
            r#"{ from = "{{ offset }}" }"#,
            "$[*]",
            Box::new(by_offset),
        ),
        (
            r#"{ kind = "cursor", cursor = "$.paging.next" }"#,
            r#"{ after = "{{ cursor or '' }}" }"#,
            "$.items[*]",
            Box::new(by_cursor),
        ),
        (
            r#"{ kind = "cursor", cursor = "$.paging.next", more = "$.paging.more" }"#,
            r#"{ after = "{{ cursor or '' }}" }"#,
            "$.items[*]",
            Box::new(by_more),
        ),
        (
            r#"{ kind = "next-url", url = "$.next" }"#,
            "{}",
            "$.items[*]",
            Box::new(by_url),
        ),
        (r#"{ kind = "link" }"#, "{}", "$[*]", Box::new(by_link)),
        (
            r#"{ kind = "range", size = 10, unit = "records" }"#,
            "{}",
            "$[*]",
            Box::new(by_range),
        ),
        (
            r#"{ kind = "last-id", size = 10, id = "$.id" }"#,
            r#"{ after = "{{ last or 0 }}" }"#,
            "$[*]",
            Box::new(by_last),
        ),
    ];
    for (paging, query, records, answer) in kinds {
        let server = Server::start(move |_, asked| answer(asked));
        let (mut source, _) = source(&file(paging, query, records, &server.url), &[]);
        let (given, end) = pull(&mut source, None);
        assert!(end.is_ok(), "{paging}: {end:?}");
        let expected: Vec<String> = (1..=25).map(|n| n.to_string()).collect();
        assert_eq!(given.customers(), expected, "{paging}");
        assert_eq!(server.asked().len(), 3, "{paging}");
    }
}

#[test]
fn the_next_page_is_never_asked_from_another_host() {
    let server =
        Server::start(|_, _| Act::json(json!({"items": people(1..=2), "next": "https://evil.example/people"})));
    let (mut source, _) = source(
        &file(
            r#"{ kind = "next-url", url = "$.next" }"#,
            "{}",
            "$.items[*]",
            &server.url,
        ),
        &[],
    );
    let (given, end) = pull(&mut source, None);
    assert_eq!(given.customers(), ["1", "2"]);
    assert!(super::message(end).contains("evil.example, which is another host"));
}

#[test]
fn a_record_that_moved_up_because_another_was_deleted_is_not_missed() {
    // after the first page the first record is deleted: the eleventh moves onto the page that was read
    let server = Server::start(|count, asked| {
        let first = if count == 0 { 1 } else { 2 };
        let left: Vec<Value> = people(first..=25)
            .into_iter()
            .skip(asked.number("from"))
            .take(10)
            .collect();
        Act::json(json!({"items": left, "total": 26 - first}))
    });
    let text = file(
        r#"{ kind = "offset", size = 10 }"#,
        r#"{ from = "{{ offset }}" }"#,
        "$.items[*]",
        &server.url,
    )
    .replace("path = \"people\"", "path = \"people\"\ntotal = \"$.total\"");
    let (mut source, _) = source(&text, &[]);
    let (given, end) = pull(&mut source, None);
    assert!(end.is_ok(), "{end:?}");
    let mut keys: Vec<usize> = given
        .customers()
        .iter()
        .map(|key| key.parse().expect("a number"))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys, (1..=25).collect::<Vec<_>>());
}
