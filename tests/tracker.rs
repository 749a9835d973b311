//! The tracker against what phone systems leave out, repeat and shuffle.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use ringside::call::{
    CallEvent, CallId, CallKey, CallTracker, Cause, Direction, Endpoint, Happened, LegKey, Line, Outcome, Party, Side,
    Summary,
};

const FEED: &str = "pbx";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn call() -> CallKey {
    CallKey("1".to_owned())
}

fn leg(name: &str) -> LegKey {
    LegKey(name.to_owned())
}

fn began() -> CallEvent {
    let remote = Party {
        number: "+4930123456".to_owned(),
        ..Party::default()
    };
    let (direction, called) = (Direction::In, "100".to_owned());
    CallEvent::Began {
        call: call(),
        direction,
        remote,
        called,
        trunk: None,
        origin: None,
    }
}

fn offered(line: &str) -> CallEvent {
    CallEvent::Offered {
        call: call(),
        leg: leg(line),
        to: Endpoint::Line(Line(line.to_owned())),
    }
}

fn ringing(line: &str) -> CallEvent {
    CallEvent::Ringing {
        call: call(),
        leg: leg(line),
    }
}

fn answered(line: &str) -> CallEvent {
    CallEvent::Answered {
        call: call(),
        leg: leg(line),
    }
}

fn leg_ended(line: &str, cause: Cause) -> CallEvent {
    CallEvent::LegEnded {
        call: call(),
        leg: leg(line),
        cause,
    }
}

fn ended() -> CallEvent {
    CallEvent::Ended {
        call: call(),
        cause: Cause::Normal,
        by: Some(Side::Caller),
    }
}

/// The events of a call to two phones that 101 takes, by burst: within one, any order may come.
fn bursts() -> Vec<Vec<CallEvent>> {
    vec![
        vec![began(), offered("101"), offered("102"), ringing("101"), ringing("102")],
        vec![answered("101"), leg_ended("102", Cause::AnsweredElsewhere)],
        vec![leg_ended("101", Cause::Normal), ended()],
    ]
}

fn play(bursts: &[Vec<CallEvent>]) -> CallTracker {
    let mut tracker = CallTracker::default();
    for (second, burst) in (0..).zip(bursts) {
        for event in burst {
            tracker.handle(FEED, event, at(second));
        }
    }
    tracker
}

fn story(tracker: &CallTracker) -> Vec<Summary> {
    tracker.calls().map(Summary::from).collect()
}

proptest! {
    #[test]
    fn the_story_is_the_same_in_whatever_order_a_burst_comes(
        first in Just(bursts().remove(0)).prop_shuffle(),
        second in Just(bursts().remove(1)).prop_shuffle(),
        third in Just(bursts().remove(2)).prop_shuffle(),
    ) {
        let mut told = story(&play(&[first, second, third]));
        for call in &mut told {
            call.rang.sort();
        }
        prop_assert_eq!(told, story(&play(&bursts())));
    }

    #[test]
    fn no_order_and_no_repetition_of_events_leaves_a_call_open(
        events in Just([bursts(), bursts()].concat().concat()).prop_shuffle(),
    ) {
        let tracker = play(&[events]);
        prop_assert_eq!(tracker.calls().count(), 1);
        prop_assert!(tracker.calls().all(|call| call.ended.is_some()));
    }
}

#[test]
fn every_change_is_told_once() {
    let mut tracker = play(&[bursts().remove(0), bursts().remove(0)]);
    let mut told = Vec::new();
    while let Some(change) = tracker.poll_change() {
        told.push(change.happened);
    }
    let line = |line: &str| Endpoint::Line(Line(line.to_owned()));
    let once = [
        Happened::Began,
        Happened::Offered(line("101")),
        Happened::Offered(line("102")),
        Happened::Ringing(line("101")),
        Happened::Ringing(line("102")),
    ];
    assert_eq!(told, once);
}

#[test]
fn a_call_without_a_hang_up_is_closed_by_age_and_says_so() {
    let mut tracker = play(&[bursts().remove(0)]);
    let deadline = tracker.poll_timeout().expect("a deadline");
    assert_eq!(deadline, at(0) + TimeDelta::minutes(10));
    tracker.handle_timeout(deadline - TimeDelta::seconds(1));
    assert!(tracker.calls().all(|call| call.ended.is_none()));
    tracker.handle_timeout(deadline);
    let closed = tracker.calls().next().expect("still remembered");
    assert_eq!(closed.ended, Some((deadline, Cause::Stale)));
    assert_eq!((closed.outcome(), closed.ended_by), (Some(Outcome::Missed), None));
}

#[test]
fn an_ended_call_is_forgotten_after_a_minute() {
    let mut tracker = play(&bursts());
    tracker.handle_timeout(at(2) + TimeDelta::seconds(59));
    assert_eq!(tracker.calls().count(), 1);
    tracker.handle_timeout(at(2) + TimeDelta::seconds(60));
    assert_eq!(tracker.calls().count(), 0);
    assert_eq!(tracker.poll_timeout(), None);
}

#[test]
fn what_is_told_late_of_an_ended_call_changes_nothing() {
    let mut tracker = play(&bursts());
    let before = story(&tracker);
    for event in bursts().concat() {
        tracker.handle(FEED, &event, at(9));
    }
    assert_eq!(story(&tracker), before);
}

#[test]
fn after_a_gap_only_the_calls_of_that_feed_that_are_gone_are_closed() {
    let mut tracker = play(&[bursts().remove(0)]);
    tracker.handle("other", &began(), at(0));
    tracker.resync(FEED, &[call()], at(5));
    assert!(tracker.calls().all(|call| call.ended.is_none()));
    tracker.resync(FEED, &[], at(6));
    let is_open = |feed: &str| {
        tracker
            .call(&CallId::new(feed, &call()))
            .is_some_and(|call| call.ended.is_none())
    };
    assert!(!is_open(FEED) && is_open("other"));
}

#[test]
fn events_of_a_call_that_never_begins_are_forgotten() {
    let mut tracker = CallTracker::default();
    for _ in 0..1000 {
        tracker.handle(FEED, &ringing("101"), at(0));
    }
    assert_eq!((tracker.calls().count(), tracker.poll_change()), (0, None));
    let deadline = tracker.poll_timeout().expect("they are kept for a while");
    tracker.handle_timeout(deadline);
    assert_eq!(tracker.poll_timeout(), None);
}
