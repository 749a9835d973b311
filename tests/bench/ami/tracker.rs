//! What an event costs the tracker while few and while many calls are on: it must be the same.
//!
//! An event is taken in as the desk does it: handled, its changes taken, and the next deadline asked for.

use chrono::{DateTime, TimeDelta, Utc};
use cpu_time::ThreadTime;
use ringside::call::{
    CallEvent, CallKey, CallTracker, Cause, Direction, Endpoint, LegKey, Line, Party, Presentation, Side,
};

use crate::figures::{self, Figure};

const FEED: &str = "bench";
/// How many calls are on, and how that is shown.
const SIZES: [(usize, &str); 4] = [
    (1, "tracker, 1 call on"),
    (100, "tracker, 100 calls on"),
    (1_000, "tracker, 1,000 calls on"),
    (10_000, "tracker, 10,000 calls on"),
];

/// A figure for each number of calls that are on; the floor is that of 100.
pub(crate) fn figures() -> Vec<Figure> {
    let calls = if figures::quick() { 200 } else { 2_000 };
    let costs: Vec<f64> = SIZES.iter().map(|(on, _)| cost(*on, calls)).collect();
    let floor = costs[1];
    let note = |on: usize| match on {
        10_000 => "flat when the ratio is near 1",
        _ => "",
    };
    let shown = SIZES.into_iter().zip(costs);
    shown
        .map(|((on, name), cost)| Figure::new(name, "ns CPU", cost, floor, note(on)))
        .collect()
}

/// Nanoseconds an event, the best of three.
fn cost(on: usize, calls: usize) -> f64 {
    (0..3).map(|_| run(on, calls)).fold(f64::INFINITY, f64::min)
}

fn run(on: usize, calls: usize) -> f64 {
    let mut tracker = CallTracker::default();
    let mut at: DateTime<Utc> = DateTime::UNIX_EPOCH;
    for number in 0..on {
        talking(number).iter().for_each(|event| take(&mut tracker, event, at));
    }
    let whole: Vec<Vec<CallEvent>> = (on..on + calls).map(whole).collect();
    let start = ThreadTime::now();
    let mut events = 0_u32;
    for call in &whole {
        for event in call {
            at += TimeDelta::milliseconds(100);
            take(&mut tracker, event, at);
            events += 1;
        }
    }
    let spent = start.elapsed().as_secs_f64();
    let still_on = tracker.calls().filter(|call| call.ended.is_none()).count();
    assert_eq!(still_on, on, "calls were lost on the way");
    spent * 1e9 / f64::from(events)
}

fn take(tracker: &mut CallTracker, event: &CallEvent, at: DateTime<Utc>) {
    tracker.handle(FEED, event, at);
    while tracker.poll_change().is_some() {}
    if tracker.poll_timeout().is_some_and(|due| due <= at) {
        tracker.handle_timeout(at);
    }
}

/// A call that somebody talks in.
fn talking(number: usize) -> Vec<CallEvent> {
    let call = CallKey(format!("pbx-1795305620.{number}"));
    let leg = LegKey(format!("pbx-1795305620.{number}.1"));
    vec![
        CallEvent::Began {
            call: call.clone(),
            direction: Direction::In,
            remote: Party {
                number: "+12025550143".to_owned(),
                presentation: Presentation::Allowed,
                ..Party::default()
            },
            called: "+493023125101".to_owned(),
            trunk: Some("pstn".to_owned()),
            origin: None,
        },
        CallEvent::Offered {
            call: call.clone(),
            leg: leg.clone(),
            to: Endpoint::Line(Line("101".to_owned())),
        },
        CallEvent::Ringing {
            call: call.clone(),
            leg: leg.clone(),
        },
        CallEvent::Answered { call, leg },
    ]
}

/// A call from beginning to end.
fn whole(number: usize) -> Vec<CallEvent> {
    let mut events = talking(number);
    let call = events[0].call().clone();
    events.push(CallEvent::LegEnded {
        call: call.clone(),
        leg: LegKey(format!("pbx-1795305620.{number}.1")),
        cause: Cause::Normal,
    });
    events.push(CallEvent::Ended {
        call,
        cause: Cause::Normal,
        by: Some(Side::Caller),
    });
    events
}
