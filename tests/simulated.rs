//! Simulated days: what the tracker tells of them is what was meant, and what goes wrong in them harms nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _, Utc, Weekday};
use proptest::prelude::*;
use ringside::call::{Call, CallEvent, CallTracker, Direction, Happened, Line, TransferKind};
use ringside::feed::simulated::{Day, Faults, Faulty, LATE, Pace, Plan, Traffic, Truth, ends};
use ringside::source::demo::Shop;

const FEED: &str = "simulated";

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_305_600, 0).expect("a moment")
}

fn line(name: &str) -> Line {
    Line(name.to_owned())
}

fn plan(colleagues: usize, calls: u32, pace: Pace) -> Plan {
    let shop = Shop::new(7, "DE", start());
    let colleagues = ["102", "103", "104"].into_iter().take(colleagues).map(line);
    Plan {
        calls: Some(calls),
        ..Plan::for_shop(&shop, line("101"), colleagues.collect(), pace)
    }
}

/// Every call as the tracker told it when it ended; the clock goes on for a day after the last event.
fn told(events: impl Iterator<Item = (Duration, CallEvent)>) -> Vec<Call> {
    let mut tracker = CallTracker::default();
    let mut told = Vec::new();
    let mut at = start();
    for (delay, event) in events {
        at += TimeDelta::from_std(delay).expect("in range");
        tracker.handle(FEED, &event, at);
        tracker.handle_timeout(at);
        take(&mut tracker, &mut told);
    }
    let day_after = at + TimeDelta::days(1);
    while let Some(deadline) = tracker.poll_timeout().filter(|deadline| *deadline < day_after) {
        tracker.handle_timeout(deadline);
        take(&mut tracker, &mut told);
    }
    assert_eq!(
        tracker.calls().filter(|call| call.ended.is_none()).count(),
        0,
        "no call stays open"
    );
    told
}

fn take(tracker: &mut CallTracker, told: &mut Vec<Call>) {
    while let Some(change) = tracker.poll_change() {
        if change.happened == Happened::Ended {
            told.extend(tracker.call(&change.call).cloned());
        }
    }
}

/// The calls of `plan` as they were meant, and all that is told of them.
fn meant(plan: &Plan, seed: u64) -> (BTreeMap<String, Truth>, Vec<(Duration, CallEvent)>) {
    let mut traffic = Traffic::new(plan.clone(), seed, "run").with_truths();
    let events: Vec<_> = traffic.by_ref().collect();
    let truths = traffic.truths().iter();
    let truths = truths.map(|truth| (format!("{FEED}:{}", truth.call.0), truth.clone()));
    (truths.collect(), events)
}

/// What was meant, from what was told. `None` of an outcome is not judged.
fn as_meant(call: &Call, truth: &Truth) -> Truth {
    Truth {
        call: truth.call.clone(),
        direction: call.direction,
        remote: call.remote.number.clone(),
        presentation: call.remote.presentation,
        called: call.called.clone(),
        rang: call.rang().into_iter().cloned().collect(),
        answered_by: call.answer().map(|leg| leg.to.clone()),
        talked: call.talked().into_iter().cloned().collect(),
        outcome: truth.outcome.and(call.outcome()),
        ended_by: call.ended_by.expect("somebody ended it"),
        held: call.holds,
        queue: call.queue.clone().zip(call.queue_outcome),
        transfer: call.transfers.last().cloned(),
        then: call.then,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_day_without_faults_is_told_as_it_was_meant(
        seed in any::<u64>(),
        colleagues in 0usize..4,
        rate in 20u32..900,
    ) {
        let (truths, events) = meant(&plan(colleagues, 120, Pace::office(rate)), seed);
        let told = told(events.into_iter());
        prop_assert_eq!(told.len(), truths.len());
        for call in told {
            let truth = &truths[&call.id.0];
            prop_assert_eq!(&as_meant(&call, truth), truth);
        }
    }

    #[test]
    fn whatever_goes_wrong_every_call_ends_and_no_caller_is_mistaken(
        seed in any::<u64>(),
        duplicate in 0.0f64..1.0,
        reorder in 0.0f64..1.0,
        lost_hangup in 0.0f64..1.0,
    ) {
        let faults = Faults { duplicate, reorder, lost_hangup };
        let (truths, events) = meant(&plan(2, 120, Pace::demo(300)), seed);
        let told = told(Faulty::new(events.into_iter(), faults, seed, ends));
        let names: BTreeSet<&String> = told.iter().map(|call| &call.id.0).collect();
        prop_assert_eq!((told.len(), names.len()), (truths.len(), truths.len()), "every call is told once");
        for call in &told {
            let truth = &truths[&call.id.0];
            prop_assert_eq!((&call.remote.number, call.direction), (&truth.remote, truth.direction));
            prop_assert_eq!(call.remote.presentation, truth.presentation);
            let lines: BTreeSet<&Line> = call.talked().into_iter().collect();
            let meant: BTreeSet<&Line> = truth.talked.iter().collect();
            prop_assert!(lines.is_subset(&meant), "{:?} talked in {:?}", lines, truth);
        }
    }

    #[test]
    fn faults_change_the_order_by_no_more_than_they_say_and_lose_nothing_but_hang_ups(
        seed in any::<u64>(),
        duplicate in 0.0f64..0.5,
        reorder in 0.0f64..0.5,
    ) {
        let faults = Faults { duplicate, reorder, lost_hangup: 0.0 };
        let (_, events) = meant(&plan(2, 60, Pace::demo(300)), seed);
        let timed = |events: Vec<(Duration, CallEvent)>| {
            let mut at = Duration::ZERO;
            events.into_iter().map(|(delay, event)| { at += delay; (at, event) }).collect::<Vec<_>>()
        };
        let faulty = timed(Faulty::new(events.clone().into_iter(), faults, seed, ends).collect());
        prop_assert!(faulty.is_sorted_by_key(|(at, _)| *at));
        for (at, event) in timed(events.clone()) {
            let first = faulty.iter().find(|(late, told)| *late >= at && *told == event);
            prop_assert!(first.is_some_and(|(late, _)| *late <= at + LATE), "{:?}", event);
        }
        let none = Faulty::new(events.clone().into_iter(), Faults::default(), seed, ends);
        prop_assert!(none.eq(events.into_iter()), "without faults nothing changes");
    }
}

#[test]
fn faults_come_as_often_as_asked() {
    let (truths, events) = meant(&plan(2, 2000, Pace::demo(300)), 4);
    let faults: Faults = "duplicate=0.1,reorder=0.2,lost_hangup=0.05".parse().expect("faults");
    let faulty: Vec<_> = Faulty::new(events.iter().cloned(), faults, 1, ends)
        .map(|(_, event)| event)
        .collect();
    let share = |count: usize, of: usize| count as f64 / of as f64;
    let ends_of = |events: &[CallEvent]| {
        events
            .iter()
            .filter(|event| matches!(event, CallEvent::Ended { .. }))
            .cloned()
            .collect::<Vec<_>>()
    };
    let all: Vec<CallEvent> = events.into_iter().map(|(_, event)| event).collect();
    let distinct: BTreeSet<String> = ends_of(&faulty).iter().map(|event| event.call().0.clone()).collect();
    let lost = share(ends_of(&all).len() - distinct.len(), truths.len());
    assert!((0.035..0.065).contains(&lost), "{lost}");
    let again = share(faulty.len(), all.len());
    assert!((1.05..1.12).contains(&again), "{again}");
}

#[test]
fn faults_that_cannot_be_are_refused_with_an_example() {
    for text in [
        "duplicate",
        "duplicate=2",
        "duplicate=-0.1",
        "duplicate=x",
        "echo=0.1",
        "",
        "duplicate=NaN",
    ] {
        let refused = text.parse::<Faults>().expect_err(text);
        assert!(refused.contains("lost_hangup=0.05"), "{text}: {refused}");
    }
}

#[test]
fn a_day_has_every_kind_of_call() {
    let (truths, _) = meant(&plan(3, 1500, Pace::office(15)), 5);
    let count = |is: &dyn Fn(&Truth) -> bool| truths.values().filter(|truth| is(truth)).count();
    let passed = |kind| move |truth: &Truth| truth.transfer.as_ref().is_some_and(|transfer| transfer.kind == kind);
    assert!(count(&passed(TransferKind::Blind)) > 20);
    assert!(count(&passed(TransferKind::Attended)) > 20);
    assert!(count(&passed(TransferKind::Blonde)) > 20);
    for outcome in ["Answered", "Abandoned", "TimedOut"] {
        let queued = |truth: &Truth| {
            truth
                .queue
                .as_ref()
                .is_some_and(|(_, left)| format!("{left:?}") == outcome)
        };
        assert!(count(&queued) > 10, "{outcome}");
    }
    assert!(count(&|truth| truth.rang.len() > 1) > 100, "ring groups");
    assert!(
        count(&|truth| truth.remote.is_empty() && truth.direction == Direction::In) > 30,
        "withheld"
    );
    assert!(count(&|truth| truth.remote == "+38521555200") > 0, "a shared number");
}

/// When each call of three weeks from Monday on begins.
fn beginnings() -> Vec<NaiveDateTime> {
    let monday = NaiveDate::from_ymd_opt(2026, 11, 23)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .expect("a day");
    let plan = Plan {
        day: Some(Day { start: monday }),
        opening: Vec::new(),
        ..plan(2, u32::MAX, Pace::office(60))
    };
    let (mut at, mut found) = (Duration::ZERO, Vec::new());
    for (delay, event) in Traffic::new(plan, 3, "run") {
        at += delay;
        let now = monday + TimeDelta::from_std(at).expect("in range");
        if now >= monday + TimeDelta::weeks(3) {
            return found;
        }
        let is_call = matches!(&event, CallEvent::Began { call, .. } if !call.0.ends_with("consultation"));
        found.extend(is_call.then_some(now));
    }
    found
}

#[test]
fn an_office_rings_by_the_hour_and_the_day() {
    let beginnings = beginnings();
    let hour = |hour| beginnings.iter().filter(|at| at.hour() == hour).count();
    let day = |day| beginnings.iter().filter(|at| at.weekday() == day).count();
    assert!(hour(12) < hour(10) * 2 / 3 && hour(12) < hour(15) * 2 / 3, "lunch");
    assert!(hour(3) < hour(10) / 20, "night");
    assert!(
        day(Weekday::Mon) > day(Weekday::Wed) && day(Weekday::Wed) > day(Weekday::Fri),
        "Monday"
    );
    assert!(day(Weekday::Sun) < day(Weekday::Mon) / 10, "Sunday");
    let open = beginnings
        .iter()
        .filter(|at| at.weekday() == Weekday::Wed && (8..18).contains(&at.hour()))
        .count();
    assert!(
        (500..700).contains(&(open / 3)),
        "60 an hour on average: {open} in 30 hours"
    );
}
