//! The filters of the call log: each lets through what it says and nothing else, page by page.

use chrono::TimeDelta;
use ringside::call::{CallId, Direction, Line, Outcome};
use ringside::journal::{CallFilter, CallRecord, Journal, Mark};

use super::{answered, id, journal, noon};

fn names(journal: &Journal, filter: &CallFilter) -> Vec<String> {
    let found = journal.calls_by(filter, None, 100).expect("read");
    let name = |id: CallId| id.0.trim_start_matches("pbx:").to_owned();
    found.into_iter().map(|logged| name(logged.call.id)).collect()
}

fn put(journal: &mut Journal, name: &str, minutes: i64, change: impl FnOnce(&mut CallRecord)) {
    let mut call = answered(name, minutes);
    change(&mut call);
    journal.put_call(&call).expect("written");
}

#[test]
fn each_filter_lets_through_what_it_says_and_nothing_else() {
    let (_folder, mut journal) = journal();
    put(&mut journal, "plain", 0, |_| {});
    put(&mut journal, "missed", 10, |call| call.outcome = Some(Outcome::Missed));
    put(&mut journal, "out", 20, |call| call.direction = Direction::Out);
    put(&mut journal, "orders", 30, |call| {
        call.facts.queue = Some("orders".to_owned());
    });
    put(&mut journal, "other", 40, |call| {
        call.customer = None;
        call.facts.verdict = Some("unknown".to_owned());
    });
    put(&mut journal, "unasked", 50, |call| call.facts.verdict = None);
    put(&mut journal, "alone", 60, |call| call.lines.truncate(1));
    journal
        .save_note(&id("plain"), "Wants müsli on Friday", noon())
        .expect("saved");
    let line = Line("101".to_owned());
    journal
        .set_disposition(&id("out"), Some("order"), &line, noon())
        .expect("set");

    let by = super::marks::lucia();
    for mark in [Mark::Coaching, Mark::Reviewed] {
        journal.mark(&id("orders"), &by, Some(mark), noon()).expect("marked");
    }
    journal
        .mark(&id("missed"), &by, Some(Mark::Coaching), noon())
        .expect("marked");

    let everything = ["alone", "unasked", "other", "orders", "out", "missed", "plain"];
    assert_eq!(names(&journal, &CallFilter::default()), everything);
    let asked = |change: fn(&mut CallFilter)| {
        let mut filter = CallFilter::default();
        change(&mut filter);
        names(&journal, &filter)
    };
    assert_eq!(asked(|filter| filter.outcome = Some(Outcome::Missed)), ["missed"]);
    assert_eq!(asked(|filter| filter.direction = Some(Direction::Out)), ["out"]);
    assert_eq!(asked(|filter| filter.queue = "orders".to_owned()), ["orders"]);
    assert_eq!(asked(|filter| filter.disposition = "order".to_owned()), ["out"]);
    assert_eq!(asked(|filter| filter.words = "friday MUSL".to_owned()), ["plain"]);
    assert_eq!(asked(|filter| filter.mark = Some(Mark::Coaching)), ["missed"]);
    assert_eq!(asked(|filter| filter.mark = Some(Mark::Reviewed)), ["orders"]);
    assert_eq!(asked(|filter| filter.matched = Some(false)), ["other"]);
    assert!(!asked(|filter| filter.matched = Some(true)).contains(&"unasked".to_owned()));
    assert_eq!(asked(|filter| filter.customer = "files/ALFKI".to_owned()).len(), 6);
    assert_eq!(asked(|filter| filter.extension = "101".to_owned()).len(), 6);
    assert_eq!(
        asked(|filter| filter.from = Some(noon() + TimeDelta::minutes(60))),
        ["alone"]
    );
    assert_eq!(asked(|filter| filter.until = Some(noon())), Vec::<String>::new());
}

#[test]
fn what_is_typed_into_a_filter_is_a_value_and_never_a_statement() {
    let (_folder, mut journal) = journal();
    put(&mut journal, "plain", 0, |_| {});
    for hostile in ["' OR 1=1 --", "\"*", "a AND", "NEAR(", "-", "\u{0}", "%"] {
        let filter = CallFilter {
            queue: hostile.to_owned(),
            ..CallFilter::default()
        };
        assert!(names(&journal, &filter).is_empty(), "{hostile}");
        let filter = CallFilter {
            words: hostile.to_owned(),
            ..CallFilter::default()
        };
        journal.calls_by(&filter, None, 10).expect("words are no syntax");
    }
    assert_eq!(journal.counts().expect("read").calls, 1);
}

#[test]
fn a_page_follows_another_without_a_gap() {
    let (_folder, mut journal) = journal();
    for minute in 0..25 {
        put(&mut journal, &format!("call-{minute:02}"), minute / 3, |_| {});
    }
    let filter = CallFilter {
        direction: Some(Direction::In),
        ..CallFilter::default()
    };
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = journal.calls_by(&filter, before.as_ref(), 4).expect("read");
        let Some(last) = page.last() else { break };
        before = Some(last.call.cursor());
        all.extend(page.into_iter().map(|logged| logged.call.id));
    }
    let once = journal.calls_by(&filter, None, 100).expect("read");
    assert_eq!(all, once.into_iter().map(|logged| logged.call.id).collect::<Vec<_>>());
    assert_eq!(all.len(), 25);
}
