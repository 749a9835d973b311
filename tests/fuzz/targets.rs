//! What is done with every input, and what must hold whatever it is. Each target takes what a stranger may send.

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::CallTracker;
use ringside::feed::Signal;
use ringside::feed::ami::wire::Wire;
use ringside::feed::ami::{Dialplan, Login, Session};
use ringside::feed::webhook::{self, Names, Preset};
use ringside::number::{self, DialContext, Region};

const FEED: &str = "fuzz";

/// What Asterisk says up to the end of its log-in.
const LOGGED_IN: &str = "Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: challenge\r\nChallenge: 1\r\n\r\n\
                         Response: Success\r\nActionID: login\r\n\r\n";

/// A stream of AMI messages after the log-in. Cut anywhere it says the same, and when its channels are gone no call is on.
pub(crate) fn ami(bytes: &[u8]) {
    let piece = 1 + bytes.first().map_or(0, |first| usize::from(*first));
    assert_eq!(
        messages(bytes, bytes.len().max(1)),
        messages(bytes, piece),
        "cut in pieces of {piece}"
    );
    let Ok(dialplan) = Dialplan::new(r"10\d", vec!["voicemail".to_owned()]) else {
        return;
    };
    let mut at = DateTime::UNIX_EPOCH;
    let login = Login {
        user: "fuzz".to_owned(),
        secret: String::new().into(),
    };
    let mut session = Session::new(login, Session::translator(dialplan), at);
    let mut tracker = CallTracker::default();
    for received in std::iter::once(LOGGED_IN.as_bytes()).chain(bytes.chunks(piece)) {
        at += TimeDelta::milliseconds(10);
        // a log-in that is refused ends the session, and a later message cannot
        for signal in session.receive(received, at).unwrap_or_default() {
            take(&mut tracker, &signal, at);
        }
    }
    let (ended, left) = session.into_translator().resync(&[]);
    assert!(
        left.is_empty(),
        "no channel is listed, and these calls are left: {left:?}"
    );
    for event in ended {
        take(&mut tracker, &Signal::Event(event), at);
    }
    let on: Vec<_> = tracker.calls().filter(|call| call.ended.is_none()).collect();
    assert!(on.is_empty(), "all channels are gone, and these calls are on: {on:?}");
}

fn messages(bytes: &[u8], piece: usize) -> Vec<Vec<u8>> {
    let mut wire = Wire::default();
    let mut found = Vec::new();
    for piece in bytes.chunks(piece) {
        wire.push(piece);
        while let Some(message) = wire.message() {
            let mut whole = Vec::new();
            for (name, value) in message.headers() {
                whole.extend([name, b"\0", value, b"\0"].concat());
            }
            found.push(whole);
        }
    }
    found
}

fn take(tracker: &mut CallTracker, signal: &Signal, at: DateTime<Utc>) {
    match signal {
        Signal::Event(event) => tracker.handle(FEED, event, at),
        Signal::Resync(live) => tracker.resync(FEED, live, at),
        Signal::Up { .. } | Signal::Lost(_) | Signal::Refused(_) => {}
    }
    while let Some(change) = tracker.poll_change() {
        assert!(tracker.call(&change.call).is_some(), "a change of no call: {change:?}");
    }
}

/// The body of a delivery, as JSON and as a form, read as every provider's. What is given out is short and has no
/// control characters, and however often it comes, no call is begun twice.
pub(crate) fn webhook(bytes: &[u8]) {
    for preset in Preset::all() {
        for kind in ["application/json", "application/x-www-form-urlencoded"] {
            let head = format!(
                "POST /in/{}/token HTTP/1.1\r\ncontent-type: {kind}\r\n\r\n",
                preset.name()
            );
            let request = [head.as_bytes(), bytes].concat();
            let mut reader = webhook::Reader::new(*preset, Names::default());
            let mut tracker = CallTracker::default();
            for _ in 0..2 {
                for event in reader.read(&request, DateTime::UNIX_EPOCH) {
                    assert!(!event.call().0.chars().any(char::is_control), "{event:?}");
                    take(&mut tracker, &Signal::Event(event), DateTime::UNIX_EPOCH);
                }
            }
            assert!(tracker.calls().count() <= 64, "{}", preset.name());
        }
    }
}

/// The number of a caller. What is read as a number that its country gives out is read as the same one in its
/// international form.
pub(crate) fn number(bytes: &[u8]) {
    let regions = ["DE", "IT", "US", "MX", "AR", "BR", "RU", "GB"];
    let (first, text) = bytes.split_first().unwrap_or((&0, &[]));
    let region = regions.get(usize::from(*first) % (regions.len() + 1));
    let context = DialContext {
        region: region.and_then(|region| Region::from_code(region)),
        outside_prefix: if *first > 127 { "0".to_owned() } else { String::new() },
        ..DialContext::default()
    };
    let text = String::from_utf8_lossy(text);
    let _ = number::caller(&text, &context);
    if let Some(read) = number::read(&text, context.region)
        .ok()
        .filter(|read| number::is_valid(read.key))
    {
        let again = number::read(&format!("+{}", read.key.get()), None);
        assert_eq!(again.map(|again| again.key), Ok(read.key), "{text:?}");
    }
}
