//! What goes wrong on the way: nothing is lost, nothing doubled, and the message says what to do.

use std::io::Write as _;
use std::time::Duration;

use ringside::source::pull::{Extent, Mark, PullError};
use serde_json::{Value, json};

use super::server::{Act, Asked, Server};
use super::{Pulled, message, pull, source};

/// A shop of 25 people, ten a page, by their key.
fn file(url: &str) -> String {
    format!(
        r#"
name = "shop"
title = "Shop"
[client]
base_url = "{url}"
timeout_seconds = 60
largest_answer_mb = 1
[[stream]]
name = "people"
gives = "customers"
[stream.ask]
path = "people"
paging = {{ kind = "last-id", size = 10, id = "$.id" }}
query = {{ after = "{{{{ last or 0 }}}}", since = "{{{{ since }}}}" }}
[stream.watermark]
field = "$.changed"
[stream.map]
customer = "$.id"
name = "$.name"
phone = "$.phone"
"#
    )
}

fn person(n: usize) -> Value {
    json!({"id": n, "name": format!("Person {n}"), "phone": format!("+49 30 231251{n:02}"), "changed": "2026-11-20T10:00:00Z"})
}

fn page(asked: &Asked) -> Act {
    people(asked, 25)
}

fn people(asked: &Asked, most: usize) -> Act {
    let from = asked.number("after");
    Act::json(json!((from + 1..=most).take(10).map(person).collect::<Vec<_>>()))
}

fn everybody() -> Vec<String> {
    (1..=25).map(|n| n.to_string()).collect()
}

/// Everything was read though the first or second answer was `trouble`.
#[track_caller]
fn survives(trouble: impl Fn() -> Act + Send + 'static) -> Vec<Duration> {
    let server = Server::start(move |count, asked| if count == 1 { trouble() } else { page(asked) });
    let (mut source, waits) = source(&file(&server.url), &[]);
    let (given, end) = pull(&mut source, None);
    assert!(matches!(end, Ok(Extent::Whole)), "{end:?}");
    assert_eq!(given.customers(), everybody());
    waits.lock().expect("not poisoned").clone()
}

/// The run ends with what was read before, and this message.
#[track_caller]
fn ends(trouble: impl Fn() -> Act + Send + 'static) -> (String, Pulled) {
    let server = Server::start(move |count, asked| if count == 0 { page(asked) } else { trouble() });
    let (mut source, _) = source(&file(&server.url), &[]);
    let (given, end) = pull(&mut source, None);
    assert_eq!(given.customers(), everybody()[..10], "what came before stays");
    (message(end), given)
}

fn seconds(waits: &[Duration]) -> Vec<u64> {
    waits.iter().map(Duration::as_secs).collect()
}

#[test]
fn too_many_requests_are_waited_for_as_long_as_the_server_says() {
    assert_eq!(
        seconds(&survives(|| Act::status(429, "{}").with("retry-after", 7))),
        [7]
    );
    let date = "Sat, 28 Nov 2026 12:00:09 GMT";
    assert_eq!(
        seconds(&survives(move || Act::status(429, "{}").with("retry-after", date))),
        [9]
    );
    assert_eq!(
        seconds(&survives(|| Act::status(429, "{}"))),
        [1],
        "else as backoff has it"
    );
}

#[test]
fn a_wait_that_is_too_long_for_a_run_is_told_to_whoever_plans_the_next() {
    let server = Server::start(|_, _| Act::status(429, "{}").with("retry-after", 3600));
    let (mut source, waits) = source(&file(&server.url), &[]);
    let Err(PullError::Later { said, after }) = pull(&mut source, None).1 else {
        panic!("it is for later")
    };
    assert_eq!(after, Some(Duration::from_secs(3600)));
    assert!(
        said.to_string()
            .contains("Shop (people): says that too much was asked (429); it is tried again later"),
        "{said}"
    );
    assert!(waits.lock().expect("not poisoned").is_empty());
}

#[test]
fn errors_of_the_server_cut_lines_and_broken_answers_are_asked_again() {
    assert_eq!(seconds(&survives(|| Act::status(503, "{}"))), [1]);
    assert_eq!(seconds(&survives(|| Act::Cut)), [1]);
    assert_eq!(seconds(&survives(|| Act::json("[{\"id\": 11, "))), [1]);
}

#[test]
fn a_server_that_says_nothing_more_is_left_and_asked_again() {
    let server = Server::start(|count, asked| if count == 0 { Act::Silence } else { page(asked) });
    let (mut source, waits) = source(
        &file(&server.url).replace("timeout_seconds = 60", "timeout_seconds = 2"),
        &[],
    );
    let (given, end) = pull(&mut source, None);
    assert!(matches!(end, Ok(Extent::Whole)), "{end:?}");
    assert_eq!(given.customers(), everybody());
    assert!(!waits.lock().expect("not poisoned").is_empty());
}

#[test]
fn a_server_that_stays_broken_ends_the_run_with_what_came_before_and_where_to_go_on() {
    for (trouble, part) in [(500, "answered 500"), (502, "answered 502")] {
        let (said, given) = ends(move || Act::status(trouble, json!({"message": "no space left"})));
        assert!(
            said.contains(part) && said.contains("no space left") && said.contains("6 times"),
            "{said}"
        );
        assert!(given.mark().is_some());
    }
    let (said, _) = ends(|| Act::Cut);
    assert!(said.contains("the connection to 127.0.0.1 was cut"), "{said}");
}

#[test]
fn a_run_that_was_stopped_goes_on_where_it_was() {
    let (_, given) = ends(|| Act::status(500, "{}"));
    let server = Server::start(|_, asked| page(asked));
    let (mut source, _) = source(&file(&server.url), &[]);
    let (rest, end) = pull(&mut source, given.mark().as_ref());
    assert_eq!(rest.customers(), everybody()[10..]);
    assert!(
        matches!(end, Ok(Extent::Changes)),
        "what was given before must not look gone: {end:?}"
    );
    assert_eq!(server.asked()[0].number("after"), 10);
    // and the run after that asks what changed since
    let (_, _) = pull(&mut source, rest.mark().as_ref());
    assert_eq!(
        server.asked().last().and_then(|asked| asked.query("since")).as_deref(),
        Some("2026-11-20T09:58:00Z")
    );
}

#[test]
fn a_page_that_repeats_ends_the_run() {
    let server = Server::start(|_, asked| {
        // it overlooks `after`
        let mut first = asked.clone();
        first.target = "/people".to_owned();
        page(&first)
    });
    let (mut source, _) = source(&file(&server.url), &[]);
    let (given, end) = pull(&mut source, None);
    assert_eq!(given.customers(), everybody()[..10]);
    assert!(message(end).contains("the same page came twice"));
}

#[test]
fn half_of_the_customers_gone_is_told_as_it_is() {
    let server = Server::start(|_, asked| people(asked, 12));
    let (mut source, _) = source(&file(&server.url), &[]);
    let (given, end) = pull(&mut source, None);
    assert_eq!(given.customers().len(), 12);
    assert!(
        matches!(end, Ok(Extent::Whole)),
        "whether they may go is not the source's to say"
    );
    assert!(given.gone().is_empty());
}

#[test]
fn bodies_without_end_and_bombs_are_refused() {
    let (said, _) = ends(|| Act::Endless);
    assert!(said.contains("larger than 1 MB"), "{said}");
    let bomb = || {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b' '; 50 * 1024 * 1024]).expect("in memory");
        packer.finish().expect("in memory")
    };
    let packed = bomb();
    assert!(packed.len() < 1024 * 1024);
    let (said, _) = ends(move || Act::Reply(200, vec![("content-encoding", "gzip".to_owned())], packed.clone()));
    assert!(said.contains("larger than 1 MB"), "{said}");
}

#[test]
fn a_packed_answer_is_unpacked() {
    let server = Server::start(|_, asked| {
        let Act::Reply(status, mut headers, body) = page(asked) else {
            unreachable!()
        };
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&body).expect("in memory");
        headers.push(("content-encoding", "gzip".to_owned()));
        Act::Reply(status, headers, packer.finish().expect("in memory"))
    });
    let (mut source, _) = source(&file(&server.url), &[]);
    assert_eq!(pull(&mut source, None).0.customers(), everybody());
}

#[test]
fn what_only_a_person_can_mend_is_said_so() {
    for (act, part) in [
        (
            Act::Reply(
                200,
                vec![("content-type", "text/html".to_owned())],
                b"<html>log in</html>".to_vec(),
            ),
            "a web page and not with data",
        ),
        (Act::status(403, "{}"), "give it the right"),
        (Act::status(404, "{}"), "there is no such address"),
        (
            Act::status(400, json!({"error": {"message": "bad domain"}})),
            "answered 400 (bad domain)",
        ),
        (Act::status(401, "{}"), "the user, password or token is not accepted"),
        (Act::json(json!({"result": []})), "the answer is no list"),
        (
            Act::status(302, "").with("location", "https://elsewhere.example/"),
            "nothing secret is sent there",
        ),
    ] {
        let act = std::sync::Mutex::new(Some(act));
        let server = Server::start(move |_, _| act.lock().expect("not poisoned").take().expect("asked once"));
        let (mut source, waits) = source(&file(&server.url), &[]);
        let end = pull(&mut source, None).1;
        assert!(matches!(end, Err(PullError::Refused { .. })), "{end:?}");
        let said = message(end);
        assert!(said.starts_with("Shop (people): ") && said.contains(part), "{said}");
        assert!(waits.lock().expect("not poisoned").is_empty(), "nothing is tried again");
    }
}

#[test]
fn an_error_with_status_200_is_one_where_the_file_says_so() {
    let rules = r#"
[[client.errors]]
body = { path = "$.error.code", is = 100 }
then = "log-in"
[[client.errors]]
body = { path = "$.error.code", is = [429, "busy"] }
then = "rate-limited"
[[client.errors]]
body = { path = "$.error" }
then = "refuse"
message = "$.error.data.message"
say = "ask the administrator"
[[stream]]"#;
    let answers = |first: Value| {
        let server = Server::start(move |count, asked| if count == 0 { Act::json(&first) } else { page(asked) });
        let (mut source, waits) = source(&file(&server.url).replacen("\n[[stream]]", rules, 1), &[]);
        let end = pull(&mut source, None).1;
        let waits = waits.lock().expect("not poisoned").len();
        (end, waits)
    };
    let (end, _) = answers(json!({"error": {"code": 200, "data": {"message": "Access Denied"}}}));
    assert_eq!(
        message(end),
        "Shop (people): answered: Access Denied; ask the administrator"
    );
    let (end, waits) = answers(json!({"error": {"code": "busy"}}));
    assert!(matches!(end, Ok(Extent::Whole)) && waits == 1);
    let (end, _) = answers(json!({"error": {"code": 100}}));
    assert!(message(end).contains("answered 200"), "nobody to log in again");
}

#[test]
fn a_mark_is_never_later_than_the_servers_own_clock() {
    // records from the future, and a server whose clock is two hours behind ours
    let server = Server::start(|_, asked| {
        let from = asked.number("after");
        let people: Vec<Value> = (from + 1..=3)
            .map(|n| json!({"id": n, "name": "x", "changed": "2031-01-01T00:00:00Z"}))
            .collect();
        Act::json(json!(people)).with("date", "Sat, 28 Nov 2026 10:00:00 GMT")
    });
    let (mut source, _) = source(&file(&server.url), &[]);
    let (given, _) = pull(&mut source, None);
    assert_eq!(
        given.mark(),
        Some(Mark(r#"{"since":"2026-11-28T10:00:00Z"}"#.to_owned()))
    );
}

#[test]
fn a_mark_that_cannot_be_read_means_that_everything_is_read_again() {
    let server = Server::start(|_, asked| page(asked));
    let (mut source, _) = source(&file(&server.url), &[]);
    let end = pull(&mut source, Some(&Mark("of an older version".to_owned()))).1;
    assert!(matches!(end, Err(PullError::MarkExpired { .. })), "{end:?}");
}

#[test]
fn records_that_cannot_be_used_are_told_and_the_rest_is_used() {
    let server = Server::start(|_, _| {
        Act::json(json!([
            {"id": 1, "name": "Good"}, {"name": "No key"}, {"id": 3, "name": {"first": "Nested"}}, null, 5,
            {"id": 6, "name": "Fine", "phone": "not a number"},
        ]))
    });
    let (mut source, _) = source(&file(&server.url), &[]);
    let (given, end) = pull(&mut source, None);
    assert!(end.is_ok(), "{end:?}");
    assert_eq!(given.customers(), ["1", "6"]);
    let reasons: Vec<String> = given
        .refused()
        .into_iter()
        .map(|(key, reason)| format!("{key}: {reason}"))
        .collect();
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    assert!(
        reasons[1].starts_with("3: ") && reasons[1].contains("name the field in it"),
        "{reasons:?}"
    );
}
