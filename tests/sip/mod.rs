//! The SIP feed: recorded messages, hostile ones, and a phone system that misbehaves.

mod contact;
mod feed;
mod hostile;
mod live;
mod recordings;
mod server;
mod session;
mod talk;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::{Call, CallEvent, CallTracker};

/// A moment to begin at.
fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_305_462, 0).expect("a time")
}

fn at(milliseconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::milliseconds(milliseconds)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sip")
}

/// The calls that events come to.
fn calls(events: &[(CallEvent, DateTime<Utc>)]) -> Vec<Call> {
    let mut tracker = CallTracker::default();
    for (event, at) in events {
        tracker.handle("sip", event, *at);
    }
    let mut calls: Vec<Call> = tracker.calls().cloned().collect();
    calls.sort_by_key(|call| call.began);
    calls
}
