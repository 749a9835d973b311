//! The traffic is complete, believable and repeatable; no test waits for it.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone};
use tokio::sync::mpsc;

use super::*;
use crate::call::{Call, CallEvent, CallTracker, Direction, Happened, Line, Outcome, Presentation, Side};
use crate::source::demo::Shop;

fn line(name: &str) -> Line {
    Line(name.to_owned())
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).single().expect("a moment")
}

fn plan(pace: Pace, calls: u32) -> Plan {
    let shop = Shop::new(7, "DE", noon());
    let plan = Plan::for_shop(&shop, line("101"), vec![line("102"), line("103")], pace);
    Plan {
        calls: Some(calls),
        ..plan
    }
}

fn timed(plan: Plan, seed: u64) -> Vec<(Duration, CallEvent)> {
    let mut at = Duration::ZERO;
    let sum = |(delay, event)| {
        at += delay;
        (at, event)
    };
    Traffic::new(plan, seed, "run").map(sum).collect()
}

/// Every call of the traffic, as the tracker tells it at its end, without those between an agent and a colleague about
/// a call.
fn stories(plan: Plan, seed: u64) -> Vec<Call> {
    let mut tracker = CallTracker::default();
    let mut ended = Vec::new();
    for (at, event) in timed(plan, seed) {
        let at = noon() + TimeDelta::from_std(at).expect("in range");
        tracker.handle("simulated", &event, at);
        tracker.handle_timeout(at);
        while let Some(change) = tracker.poll_change() {
            if change.happened == Happened::Ended {
                ended.extend(tracker.call(&change.call).cloned());
            }
        }
    }
    assert!(tracker.calls().all(|call| call.ended.is_some()), "every call ends");
    ended.retain(|call| call.ended_by != Some(Side::Transfer));
    ended
}

#[test]
fn the_same_seed_rings_the_same_and_another_seed_otherwise() {
    let traffic = |seed| timed(plan(Pace::demo(240), 40), seed);
    assert!(traffic(1) == traffic(1));
    assert!(traffic(1) != traffic(2));
}

#[test]
fn the_first_call_rings_within_three_seconds_and_several_within_a_minute() {
    for seed in 0..20 {
        let events = timed(plan(Pace::demo(240), 20), seed);
        let (first, event) = &events[0];
        assert!(matches!(event, CallEvent::Began { .. }));
        assert!((2000..=3000).contains(&first.as_millis()), "{first:?}");
        let rings = |(at, event): &&(Duration, CallEvent)| {
            at.as_secs() < 60 && matches!(event, CallEvent::Ringing { leg, .. } if leg.0.ends_with("/101"))
        };
        let rings = events.iter().filter(rings).count();
        assert!(rings >= 3, "seed {seed}: {rings}");
    }
}

#[test]
fn the_opening_shows_every_kind_of_caller() {
    let stories = stories(plan(Pace::demo(240), 10), 1);
    let told: Vec<_> = stories
        .iter()
        .map(|call| (call.remote.number.as_str(), call.direction, call.outcome()))
        .collect();
    let inbound = |number, outcome| (number, Direction::In, Some(outcome));
    assert_eq!(told[0], inbound("+493023125118", Outcome::Answered), "who owes");
    assert_eq!(told[1], inbound("+38521555200", Outcome::Answered), "a shared number");
    assert_eq!(
        (told[2].1, told[2].2),
        (Direction::In, Some(Outcome::Missed)),
        "a stranger"
    );
    assert_eq!(told[3], inbound("", Outcome::Answered), "a withheld number");
    assert_eq!(told[4], inbound("+38521555014", Outcome::Missed));
    assert_eq!(told[5], inbound("+38521555014", Outcome::Answered), "who calls again");
    assert_eq!(told[7].1, Direction::Out);
    assert_eq!(told[8].2, Some(Outcome::Rejected));
    assert_eq!(told[9].1, Direction::Internal);
    let apart = stories
        .windows(2)
        .all(|pair| pair[0].ended.is_some_and(|(ended, _)| ended < pair[1].began));
    assert!(apart, "one after the other");
}

#[test]
fn calls_come_as_often_as_asked_and_every_outcome_comes() {
    let stories = stories(plan(Pace::demo(120), 3000), 5);
    assert_eq!(stories.len(), 3000, "every call ends once");
    let began: Vec<_> = stories.iter().map(|call| call.began).collect();
    let hours = (*began.iter().max().expect("some") - *began.iter().min().expect("some")).as_seconds_f64() / 3600.0;
    let rate = 3000.0 / hours;
    assert!((105.0..140.0).contains(&rate), "{rate:.0} calls an hour");
    let mut counts: HashMap<_, usize> = HashMap::new();
    for call in &stories {
        *counts.entry((call.direction, call.outcome())).or_default() += 1;
    }
    for (direction, outcome, least) in [
        (Direction::In, Outcome::Answered, 900),
        (Direction::In, Outcome::Missed, 200),
        (Direction::In, Outcome::Rejected, 50),
        (Direction::In, Outcome::Busy, 50),
        (Direction::Out, Outcome::Answered, 100),
        (Direction::Out, Outcome::Missed, 50),
        (Direction::Out, Outcome::Busy, 50),
        (Direction::Internal, Outcome::Answered, 50),
        (Direction::Internal, Outcome::Missed, 20),
    ] {
        let count = counts.get(&(direction, Some(outcome))).copied().unwrap_or(0);
        assert!(count >= least, "{direction:?} {outcome:?}: {count} of {counts:?}");
    }
    assert!(stories.iter().filter(|call| call.holds > 0).count() > 100);
    assert!(stories.iter().filter(|call| call.then.is_some()).count() > 50);
}

#[test]
fn every_call_from_outside_reaches_my_line_and_a_withheld_one_has_no_number() {
    let stories = stories(plan(Pace::demo(120), 1000), 6);
    let inbound: Vec<_> = stories.iter().filter(|call| call.direction == Direction::In).collect();
    assert!(inbound.iter().all(|call| call.concerns(&line("101"))));
    let withheld: Vec<_> = inbound
        .iter()
        .filter(|call| call.remote.presentation == Presentation::Restricted)
        .collect();
    assert!(withheld.len() > 20, "{}", withheld.len());
    assert!(withheld.iter().all(|call| call.remote.number.is_empty()));
}

#[test]
fn no_line_talks_in_two_calls_at_once() {
    let mut talks: HashMap<Line, Vec<_>> = HashMap::new();
    for call in stories(plan(Pace::demo(600), 1000), 9) {
        let answered = call.answer().and_then(|leg| leg.answered);
        let (Some(from), Some((to, _))) = (answered, call.ended) else {
            continue;
        };
        for line in call.talked() {
            talks.entry(line.clone()).or_default().push((from, to));
        }
    }
    for (line, talks) in &mut talks {
        talks.sort_unstable();
        let overlap = talks.windows(2).find(|pair| pair[1].0 < pair[0].1);
        assert_eq!(overlap, None, "{line}");
    }
    assert_eq!(talks.len(), 3, "colleagues talk too");
}

#[test]
fn who_was_missed_calls_again() {
    let stories = stories(plan(Pace::demo(120), 400), 3);
    let inbound: Vec<_> = stories.iter().filter(|call| !call.remote.number.is_empty()).collect();
    let again = |(index, call): (usize, &&Call)| {
        let missed = call.outcome() == Some(Outcome::Missed);
        missed
            && inbound[index + 1..]
                .iter()
                .take(15)
                .any(|later| later.remote.number == call.remote.number)
    };
    let again = inbound
        .iter()
        .enumerate()
        .filter(|&(index, call)| again((index, call)))
        .count();
    assert!(again > 20, "{again}");
}

#[test]
fn a_line_without_colleagues_has_calls_all_the_same() {
    let plan = Plan {
        colleagues: Vec::new(),
        ..plan(Pace::demo(240), 200)
    };
    assert!(stories(plan, 2).len() > 190);
}

#[tokio::test]
async fn the_feed_says_up_rings_and_ends_with_its_listener() {
    let pace = Pace {
        pause: (0.0, 0.0),
        gap: 0.001,
        setup: 0.0,
        ring: (0.0, 0.0),
        talk: (0.0, 0.0),
    };
    let plan = plan(pace, 30);
    let expected = Traffic::new(plan.clone(), 4, "x").count();
    let (signals, mut heard) = mpsc::channel(8);
    let feed = tokio::spawn(Box::new(Simulated::new("demo", plan, 4)).run(signals));
    assert_eq!(
        heard.recv().await.map(|signal| signal.what),
        Some(Signal::Up { caveat: None })
    );
    for _ in 0..expected {
        let signal = heard.recv().await.expect("an event");
        assert_eq!(&*signal.feed, "demo");
        assert!(matches!(signal.what, Signal::Event(_)));
    }
    drop(heard);
    feed.await.expect("it ends");
}

#[test]
fn who_ends_an_outgoing_call_is_an_agent_or_who_was_called() {
    let stories = stories(plan(Pace::demo(120), 600), 8);
    let by = |direction, side| {
        let ended = |call: &&Call| call.direction == direction && call.ended_by == Some(side);
        stories.iter().filter(ended).count()
    };
    assert_eq!(
        (by(Direction::Out, Side::Caller), by(Direction::In, Side::Callee)),
        (0, 0)
    );
    assert!(by(Direction::Out, Side::Callee) > 20 && by(Direction::Out, Side::Agent) > 20);
    assert!(by(Direction::In, Side::Caller) > 100 && by(Direction::In, Side::Agent) > 50);
}
