//! What no provider sends, and what arrives in another order than it was sent.

use chrono::{DateTime, TimeDelta, Utc};
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use ringside::call::{CallEvent, CallTracker, Outcome};
use ringside::feed::webhook::{Names, NotARequest, Preset, Proof, Reader, Request, examine};

use super::round_trip::{names, told};
use super::{at, keys};

/// All that a preset's provider says in a day, as text.
fn day(preset: Preset) -> Vec<(DateTime<Utc>, Vec<u8>)> {
    let day = told(preset).into_iter();
    day.map(|(at, telling)| (at, telling.request.to_text(&[]))).collect()
}

/// A tracker that heard these deliveries one after the other.
fn heard<'a>(preset: Preset, deliveries: impl Iterator<Item = &'a (DateTime<Utc>, Vec<u8>)>) -> CallTracker {
    let mut reader = Reader::new(preset, names());
    let mut tracker = CallTracker::default();
    for (at, text) in deliveries {
        for event in reader.read(text, *at) {
            tracker.handle("f", &event, *at);
        }
        while tracker.poll_change().is_some() {}
    }
    tracker
}

#[test]
fn joining_in_the_middle_of_the_day_leaves_no_call_open() {
    for preset in Preset::all() {
        let day = day(*preset);
        for from in (0..day.len()).step_by(day.len() / 40) {
            let tracker = heard(*preset, day[from..].iter());
            let open: Vec<_> = tracker.calls().filter(|call| call.ended.is_none()).collect();
            assert!(open.is_empty(), "{preset:?} from {from}: {open:?}");
        }
    }
}

#[test]
fn deliveries_that_overtake_each_other_leave_no_call_open_and_lose_no_caller() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for preset in Preset::all() {
        let mut day = day(*preset);
        // Of neighbours in time any order may arrive.
        for chunk in day.chunks_mut(3) {
            let first = chunk[0].0;
            if chunk.iter().all(|(at, _)| *at - first < TimeDelta::seconds(2)) {
                chunk.shuffle(&mut rng);
                chunk.iter_mut().for_each(|(at, _)| *at = first);
            }
        }
        let tracker = heard(*preset, day.iter());
        let calls: Vec<_> = tracker.calls().collect();
        assert!(calls.iter().all(|call| call.ended.is_some()), "{preset:?}");
        let answered = calls.iter().filter(|call| call.outcome() == Some(Outcome::Answered));
        assert!(answered.count() > 10, "{preset:?}");
    }
}

#[test]
fn an_end_that_is_told_twice_ends_once() {
    for preset in Preset::all() {
        let day = day(*preset);
        let last = day.last().expect("a day").clone();
        let later = (last.0 + TimeDelta::minutes(5), last.1);
        let mut reader = Reader::new(*preset, names());
        for (at, text) in &day {
            reader.read(text, *at);
        }
        assert_eq!(reader.read(&later.1, later.0), [], "{preset:?}");
    }
}

#[test]
fn no_damage_to_a_request_makes_a_reader_fail() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for preset in Preset::all() {
        let day = day(*preset);
        let mut reader = Reader::new(*preset, names());
        for (at, text) in day.iter().take(60) {
            for _ in 0..20 {
                let mut text = text.clone();
                for _ in 0..rng.random_range(1..6) {
                    damage(&mut text, &mut rng);
                }
                reader.read(&text, *at);
            }
        }
        let events = reader.read(&day[60].1, day[60].0);
        assert!(events.len() < 64, "{preset:?}");
    }
}

fn damage(text: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let place = rng.random_range(0..text.len().max(1));
    let noise: &[&[u8]] = &[
        b"%",
        b"%zz",
        b"\xFF\xFE",
        b"\0",
        b"\"",
        b"{",
        b"[[[[",
        b"&",
        b"=",
        b"\r\n",
        b"null",
        b"-1e999",
        b"\\ud800",
    ];
    match rng.random_range(0..4) {
        0 => text.truncate(place),
        1 if place < text.len() => text[place] ^= 1 << rng.random_range(0..8),
        2 => {
            let piece = noise[rng.random_range(0..noise.len())];
            text.splice(place.min(text.len())..place.min(text.len()), piece.iter().copied());
        }
        _ => {
            let copy = text[place.min(text.len())..].to_vec();
            text.extend_from_slice(&copy[..copy.len().min(200)]);
        }
    }
}

#[test]
fn hostile_bodies_say_nothing_and_say_why() {
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let wide = format!(
        "{{{}\"x\":1}}",
        (0..5000).map(|n| format!("\"f{n}\":1,")).collect::<String>()
    );
    let many = format!("{{\"body\":{{\"parties\":[{}{{}}]}}}}", "{\"id\":\"x\"},".repeat(5000));
    let long = format!(
        "{{\"event\":\"{}\",\"callId\":\"c\",\"CallSid\":\"{}\"}}",
        "x".repeat(900_000),
        "y".repeat(300)
    );
    for body in [
        &deep,
        &wide,
        &many,
        &long,
        "{\"event\":\"newCall\",\"event\":\"hangup\"}",
        "",
        "\u{feff}{}",
        "NaN",
    ] {
        for preset in Preset::all() {
            let text = format!(
                "POST /in/{}/sesame HTTP/1.1\ncontent-type: application/json\n\n{body}",
                preset.name()
            );
            let found = examine(*preset, keys(*preset, false), Names::default(), text.as_bytes(), at(0));
            let believed = found.proof == Proof::Signed;
            assert!(!believed, "{preset:?}");
            assert!(
                found.trouble.is_some() && found.events.is_empty(),
                "{preset:?} {:?}",
                found.events
            );
        }
    }
}

#[test]
fn a_body_that_names_a_field_twice_is_read_by_its_first_value() {
    let form = "POST /in/zammad/sesame HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\n\n\
        event=newCall&event=hangup&callId=1&callId=2&direction=in&from=1";
    let found = examine(
        Preset::Zammad,
        keys(Preset::Zammad, false),
        Names::default(),
        form.as_bytes(),
        at(0),
    );
    assert!(matches!(&found.events[0], CallEvent::Began { call, .. } if call.0 == "1"));
}

#[test]
fn a_text_that_is_no_request_is_said_as_such() {
    for (text, error) in [
        (&b""[..], NotARequest::FirstLine),
        (b"{\"event\":\"newCall\"}", NotARequest::FirstLine),
        (b"POST http://x/in HTTP/1.1\n\n", NotARequest::FirstLine),
        (b"PO ST /in\n\n", NotARequest::FirstLine),
        (b"POST /in HTTP/1.1\nno header\n\n", NotARequest::Header(2)),
        (b"POST /in HTTP/1.1\na: b\nn\0: header\n\n", NotARequest::Header(3)),
    ] {
        assert_eq!(
            Request::from_text(text),
            Err(error),
            "{}",
            String::from_utf8_lossy(text)
        );
    }
    let huge = vec![b' '; 3 << 20];
    assert_eq!(Request::from_text(&huge), Err(NotARequest::TooLarge));
}

#[test]
fn a_recorded_request_has_no_secret_and_reads_back() {
    let mut request = Request::from_text(
        b"POST /in/aircall/sesame?x=sesame HTTP/1.1\r\nauthorization: Basic eDp5\r\ncookie: a\r\nx-key: Key sesame\r\n\r\n{\"token\":\"sesame\"}",
    )
    .expect("a request");
    let text = request.to_text(&["sesame", ""]);
    let said = String::from_utf8(text.clone()).expect("text");
    assert_eq!(
        said,
        "POST /in/aircall/***?x=*** HTTP/1.1\r\nx-key: Key ***\r\n\r\n{\"token\":\"***\"}"
    );
    let back = Request::from_text(&text).expect("a request");
    request = Request::from_text(&request.to_text(&[])).expect("a request");
    assert_eq!(back.body, b"{\"token\":\"***\"}");
    assert_eq!(
        request.header("authorization"),
        Some("Basic eDp5"),
        "nothing is left out where nothing is hidden"
    );
}
