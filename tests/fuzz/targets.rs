//! What is done with every input, and what must hold whatever it is. Each target takes what a stranger may send.

use std::collections::HashMap;
use std::convert::Infallible;

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::CallTracker;
use ringside::customer::CustomerId;
use ringside::feed::Signal;
use ringside::feed::ami::wire::Wire;
use ringside::feed::ami::{Dialplan, Login, Session};
use ringside::feed::webhook::{self, Names, Preset};
use ringside::matching::{self, Candidate, Holder, Sought, Verdict};
use ringside::number::{self, DialContext, Given, Key, Region};
use ringside::pop::view::Grade;
use ringside::source::phones_of;

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
        session.room()[..received.len()].copy_from_slice(received);
        // a log-in that is refused ends the session, and a later message cannot
        for signal in session.received(received.len(), at).unwrap_or_default() {
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
    if let Ok(read) = number::read(&text, context.region) {
        let again = number::read(&read.key.to_string(), None).map(|again| again.key);
        let better = again.is_ok_and(number::is_valid) && !number::is_valid(read.key);
        assert!(
            better || again == Ok(read.key),
            "{text:?}: {} is read as {again:?}",
            read.key
        );
    }
}

/// Telephone fields of customers, a line each, and a caller in the first line. Whom a caller names holds the number; a whole
/// number that is given out names whoever has it, and exactly where both carry the country code; the readings are few.
pub(crate) fn matching(bytes: &[u8]) {
    let homes = [
        ("DE", "30"),
        ("IT", "06"),
        ("US", "415"),
        ("AR", "11"),
        ("BR", "11"),
        ("GB", "20"),
        ("ES", "91"),
        ("HR", "1"),
    ];
    let (first, text) = bytes.split_first().unwrap_or((&0, &[]));
    let (region, area) = homes[usize::from(*first) % homes.len()];
    let home = number::Home {
        region: Region::from_code(region),
        area: area.to_owned(),
    };
    let context = DialContext {
        outside_prefix: if *first > 191 { "0".to_owned() } else { String::new() },
        ..DialContext::of(home.clone())
    };
    let country = (64..128).contains(first).then_some(home.region).flatten();
    let text = String::from_utf8_lossy(text);
    let (caller, fields) = text.split_once('\n').unwrap_or((&text, ""));
    let mut held: HashMap<Key, Vec<Holder>> = HashMap::new();
    for (nth, field) in (0..).zip(fields.split('\n')) {
        for row in phones_of(&[("", field)], country, &home) {
            let holder = Holder {
                customer: CustomerId(nth),
                given: row.given,
                ext: row.ext,
            };
            if let Some(key) = row.key {
                held.entry(key).or_default().push(holder);
            }
        }
    }
    let sought = find(caller, &context, &held);
    assert!(
        sought.tried.len() <= 8,
        "{caller:?} has {} readings",
        sought.tried.len()
    );
    for (key, holders) in held.iter().filter(|(key, _)| number::is_valid(**key)) {
        let found = find(&key.to_string(), &context, &held);
        for holder in holders {
            let one = named(&found).into_iter().find(|one| one.customer == holder.customer);
            let exact = holder.given == Given::International;
            assert!(
                one.is_some_and(|one| !exact || one.grade == Grade::Exact),
                "{key} of {holder:?}: {found:?}"
            );
        }
    }
    let hint = |one: &Candidate| one.grade == Grade::Ambiguous;
    let lacking = |given: Given| given.lacks_digits();
    let of_caller = sought
        .tried
        .last()
        .is_some_and(|tried| lacking(tried.reading.number.given));
    for one in named(&sought) {
        let of_holders = held.values().flatten().filter(|holder| holder.customer == one.customer);
        assert!(!of_caller || hint(one), "{sought:?}");
        assert!(of_holders.count() > 0, "{sought:?}");
    }
}

fn find(caller: &str, context: &DialContext, held: &HashMap<Key, Vec<Holder>>) -> Sought {
    let holders = |key: Key| Ok::<_, Infallible>(held.get(&key).cloned().unwrap_or_default());
    let Ok(sought) = matching::find(caller, context, &[], holders);
    sought
}

fn named(sought: &Sought) -> Vec<&Candidate> {
    match &sought.verdict {
        Verdict::One(one) => vec![one],
        Verdict::Several(several) => several.iter().collect(),
        Verdict::Withheld | Verdict::Own | Verdict::Internal(_) | Verdict::Unknown => Vec::new(),
    }
}
