//! The same from a real journal, and from the calls that it does not have yet.

use chrono::TimeDelta;
use ringside::call::{CallId, Wait};
use ringside::journal::{CallRecord, Journal};
use ringside::pop::view::{LastHourView, WaitsView};
use ringside::review::Period;
use ringside::start::CallReport;

use super::{FIRST, at, now, of, since, wait};
use crate::home::TestHome;
use crate::journal::answered;

/// A home whose journal has some calls.
struct Shop(TestHome);

impl Shop {
    fn new() -> Self {
        Shop(TestHome::new())
    }

    fn journal(&self) -> Journal {
        self.0.journal()
    }

    fn write(&self, call: &CallRecord, waits: &[Wait]) {
        self.journal().put_story(call, &[], waits).expect("written");
    }

    fn hour(&self, on: &[(CallId, Vec<Wait>)], queue: &str) -> LastHourView {
        let reports = CallReport::new(&self.0.unlocked);
        reports.last_hour(on, queue, now()).expect("an hour")
    }

    fn all(&self, queue: &str) -> (u32, u32, u32) {
        let WaitsView {
            waiting,
            late,
            longest_seconds,
        } = self.hour(&[], queue).all;
        (waiting, late, longest_seconds)
    }
}

/// A call that came at `second` and was over at `ended`.
fn call(name: &str, second: i64, ended: Option<i64>) -> CallRecord {
    let mut call = answered(name, 0);
    (call.started, call.answered, call.ended) = (at(second), None, ended.map(at));
    call
}

#[test]
fn what_was_written_is_what_is_counted() {
    let shop = Shop::new();
    let waits = [
        wait("sales", 100, Some(141)),
        since(300, "orders", 301, Some(330)),
        wait("", 350, Some(351)),
    ];
    shop.write(&call("1", 100, Some(400)), &waits);
    let lived = of(&[waits.to_vec()], "");
    assert_eq!(lived.len(), 3);
    let kept = shop.hour(&[], "");
    let minutes = kept.minutes.iter().enumerate().filter(|(_, one)| one.waiting > 0);
    let minutes: Vec<_> = minutes
        .map(|(nth, one)| (nth, one.waiting, one.late, one.longest_seconds))
        .collect();
    assert_eq!(minutes, lived);
    assert_eq!(
        (kept.from, kept.target_seconds, kept.minutes.len()),
        (at(FIRST), 20, 60)
    );
}

#[test]
fn only_waits_of_the_hour_are_read_however_long_ago_the_call_began() {
    let shop = Shop::new();
    for (name, began, ended) in [
        ("before", -900, Some(FIRST - 1)),
        ("over the edge", -900, Some(FIRST + 5)),
        ("in it", 1_000, Some(1_010)),
        ("still on, said nobody", 3_600, None),
        ("after it, by a clock that was set back", 5_000, Some(5_100)),
    ] {
        shop.write(&call(name, began, ended), &[wait("sales", began, ended)]);
    }
    let talked_for_long = [
        wait("sales", -80_000, Some(-79_990)),
        since(2_000, "sales", 2_001, Some(2_030)),
    ];
    shop.write(&call("a long talk before", -80_000, Some(3_000)), &talked_for_long);
    assert_eq!(shop.all(""), (3, 2, 965));
    assert_eq!(shop.all("orders"), (0, 0, 0));
    assert_eq!(shop.all("sales' OR '1'='1"), (0, 0, 0));
}

#[test]
fn a_call_that_ends_while_it_is_asked_for_is_counted_once_and_as_it_ended() {
    let shop = Shop::new();
    let ended = call("1", 1_000, Some(1_010));
    shop.write(&ended, &[wait("sales", 1_000, Some(1_010))]);
    let told_as_on = (ended.id, vec![wait("sales", 1_000, None)]);
    let another = (CallId("pbx:2".to_owned()), vec![wait("orders", 3_600, None)]);
    let hour = shop.hour(&[told_as_on, another], "");
    assert_eq!((hour.all.waiting, hour.all.longest_seconds), (2, 30));
    assert_eq!(hour.minutes[59].waiting, 1);
}

#[test]
fn who_waited_when_ringside_stopped_waited_as_long_as_anything_is_known_of_the_call() {
    let shop = Shop::new();
    let mut on = call("1", 1_000, None);
    (on.lines, on.answered) = (Vec::new(), Some(at(1_030)));
    shop.write(
        &on,
        &[wait("sales", 1_000, Some(1_030)), since(1_030, "orders", 1_030, None)],
    );
    assert_eq!(shop.all(""), (0, 0, 0), "whether they wait nobody says");
    shop.journal().close_unfinished().expect("closed");
    assert_eq!(shop.all(""), (1, 1, 30));
    on.ended = Some(at(1_200));
    shop.write(&on, &[wait("orders", 1_100, Some(1_150))]);
    assert_eq!(shop.all(""), (1, 1, 50), "what was told before stays");
    let day = Period {
        from: at(0),
        until: now(),
    };
    let kept = shop.journal().waits(day).expect("read");
    assert_eq!(kept[0].1.len(), 3);
}

#[test]
fn a_wait_that_is_written_again_stands_once() {
    let shop = Shop::new();
    let mut one = call("1", 1_000, None);
    shop.write(&one, &[wait("sales", 1_000, None)]);
    one.ended = Some(at(1_040));
    let both = [
        wait("sales", 1_000, Some(1_020)),
        since(1_000, "orders", 1_020, Some(1_040)),
    ];
    shop.write(&one, &both);
    shop.write(&one, &both);
    let day = Period {
        from: at(0) - TimeDelta::days(1),
        until: now(),
    };
    assert_eq!(shop.journal().waits(day).expect("read"), [(one.id, both.to_vec())]);
}
