//! Simulated calls, told as every provider would tell them and sent to the real endpoint, are the calls that were
//! simulated, as far as the provider's format can tell.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;
use ringside::call::{CallEvent, CallTracker, Direction, Happened, Line, Outcome, Summary};
use ringside::feed::simulated::{Caller, Pace, Plan, Traffic};
use ringside::feed::webhook::{Lack, Names, Preset, Reach, Reader, Teller, Telling, Webhook};
use ringside::feed::{FeedSignal, Signal};
use tokio::sync::mpsc;

use super::keys;

const CALLS: u32 = 80;

fn traffic() -> Traffic {
    let caller = |number: &str, name: &str, trust| Caller {
        number: number.to_owned(),
        name: name.to_owned(),
        trust,
        weight: 1,
    };
    use ringside::call::Trust::{Failed, NotVerifiedB, Unknown, Verified};
    let plan = Plan {
        mine: Line("101".to_owned()),
        colleagues: ["102", "103"].map(|line| Line(line.to_owned())).to_vec(),
        called: "+493055509999".to_owned(),
        callers: vec![
            caller("+493055501234", "Ada Example", Verified),
            caller("+493055501235", "", NotVerifiedB),
            caller("+38521555014", "Šime Öner", Unknown),
        ],
        strangers: vec![caller("+4586555014", "", Failed)],
        opening: Vec::new(),
        pace: Pace {
            gap: 6.0,
            ..Pace::demo(600)
        },
        calls: Some(CALLS),
        queues: Vec::new(),
        transfers: false,
        day: None,
    };
    Traffic::new(plan, 11, "run")
}

/// The moments of the traffic, each with its time.
pub(super) fn moments() -> Vec<(DateTime<Utc>, Vec<CallEvent>)> {
    let mut traffic = traffic();
    let mut at = DateTime::from_timestamp(1_700_000_000, 0).expect("a time");
    let mut moments = Vec::new();
    while let Some((delay, events)) = traffic.moment() {
        at += TimeDelta::from_std(delay).expect("not long");
        moments.push((at, events));
    }
    moments
}

/// The calls that events amount to, by their key, as far as `lacks` leaves them.
pub(super) fn calls<'a>(
    events: impl Iterator<Item = (DateTime<Utc>, &'a CallEvent)>,
    lacks: &[Lack],
) -> Vec<(String, Summary)> {
    let mut tracker = CallTracker::default();
    let mut ended = Vec::new();
    for (at, event) in events {
        tracker.handle("f", event, at);
        while let Some(change) = tracker.poll_change() {
            if change.happened == Happened::Ended {
                let summary = tracker.call(&change.call).map(Summary::from);
                ended.extend(summary.map(|summary| (change.call.0.clone(), summary)));
            }
        }
        tracker.handle_timeout(at);
    }
    ended.retain(|(_, call)| !(lacks.contains(&Lack::Internal) && call.direction == Direction::Internal));
    ended.retain(|(_, call)| !(lacks.contains(&Lack::Outgoing) && call.direction == Direction::Out));
    ended
        .iter_mut()
        .for_each(|(_, call)| lacks.iter().for_each(|lack| leave_out(call, *lack)));
    ended.sort_by(|a, b| a.0.cmp(&b.0));
    ended
}

fn leave_out(call: &mut Summary, lack: Lack) {
    let outgoing = call.direction == Direction::Out;
    match lack {
        Lack::Name => call.caller_name = None,
        Lack::Trust => call.verstat = None,
        Lack::Hold => call.held = 0,
        Lack::Ender => call.ended_by = None,
        Lack::Voicemail => call.then = None,
        Lack::Rang => call.rang.clear(),
        Lack::Refusal if call.outcome == Some(Outcome::Busy) => call.outcome = Some(Outcome::Rejected),
        Lack::Reason if call.outcome != Some(Outcome::Answered) => call.outcome = Some(Outcome::Missed),
        Lack::Dialler if outgoing => {
            call.caller_number = None;
            call.talked.clear();
        }
        Lack::Answerer => {
            call.answered_by = None;
            call.talked.clear();
        }
        Lack::Refusal | Lack::Reason | Lack::Dialler | Lack::Internal | Lack::Outgoing => {}
    }
}

pub(super) fn names() -> Names {
    Names {
        unnamed: ["101", "102", "103"].map(|line| Line(line.to_owned())).to_vec(),
        agents: ["101", "102", "103"]
            .map(|line| (format!("{line}@fpbx.de"), Line(line.to_owned())))
            .into(),
        ..Names::default()
    }
}

pub(super) fn told(preset: Preset) -> Vec<(DateTime<Utc>, Telling)> {
    let url = format!("https://pop.example.test/in/{}/sesame", preset.name());
    let mut teller = Teller::new(preset, keys(preset, true), &url);
    let tell = |(at, events): &(DateTime<Utc>, Vec<CallEvent>)| {
        let at = *at;
        teller
            .tell(events, at)
            .into_iter()
            .map(move |telling| (at, telling))
            .collect::<Vec<_>>()
    };
    moments().iter().flat_map(tell).collect()
}

#[track_caller]
fn compare(preset: Preset, received: &[(String, Summary)]) {
    let moments = moments();
    let simulated = moments
        .iter()
        .flat_map(|(at, events)| events.iter().map(|event| (*at, event)));
    let simulated = calls(simulated, preset.lacks());
    for ((key, simulated), (_, received)) in simulated.iter().zip(received) {
        assert_eq!(simulated, received, "{preset:?} {key}");
    }
    assert_eq!(simulated.len(), received.len(), "{preset:?}");
    assert!(received.len() > 40, "{preset:?}: {} calls", received.len());
}

#[test]
fn every_preset_reads_the_calls_that_it_writes() {
    for preset in Preset::all() {
        let mut reader = Reader::new(*preset, names());
        let read: Vec<(DateTime<Utc>, CallEvent)> = told(*preset)
            .iter()
            .flat_map(|(at, telling)| {
                let events = reader.read(&telling.request.to_text(&["sesame"]), *at);
                events.into_iter().map(|event| (*at, event))
            })
            .collect();
        compare(
            *preset,
            &calls(read.iter().map(|(at, event)| (*at, event)), preset.lacks()),
        );
    }
}

#[test]
fn a_delivery_that_is_repeated_changes_no_call() {
    for preset in Preset::all() {
        let mut reader = Reader::new(*preset, names());
        let mut read = Vec::new();
        let told = told(*preset);
        let late = TimeDelta::minutes(30);
        let again = told.iter().map(|(at, telling)| (*at + late, telling));
        let mut deliveries: Vec<_> = told.iter().map(|(at, telling)| (*at, telling)).chain(again).collect();
        deliveries.extend(told.iter().map(|(at, telling)| (*at, telling)));
        deliveries.sort_by_key(|(at, _)| *at);
        for (at, telling) in deliveries {
            let events = reader.read(&telling.request.to_text(&[]), at);
            read.extend(events.into_iter().map(|event| (at, event)));
        }
        compare(
            *preset,
            &calls(read.iter().map(|(at, event)| (*at, event)), preset.lacks()),
        );
    }
}

#[tokio::test]
async fn calls_sent_over_http_are_the_calls_that_were_simulated() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder().no_proxy().build().expect("a client");
    for preset in Preset::all() {
        let local: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
        let webhook = Webhook::new("pbx", *preset, local, keys(*preset, false), names(), Reach::Loopback);
        let webhook = webhook.expect("fit");
        let listener = webhook.bind().await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (signals, mut heard) = mpsc::channel::<FeedSignal>(1 << 16);
        let feed = tokio::spawn(async move { webhook.serve(listener, signals).await });
        let mut read = Vec::new();
        for (at, telling) in told_now(*preset) {
            let request = telling.request;
            let sent = client
                .request(request.method, format!("http://{address}{}", request.target))
                .headers(request.headers)
                .body(request.body);
            let answer = sent.send().await.expect("an answer");
            let status = answer.status();
            assert!(status.is_success(), "{preset:?} {status} {:?}", answer.text().await);
            read.extend(std::iter::from_fn(|| heard.try_recv().ok()).map(|signal| (at, signal.what)));
        }
        let events = read.iter().filter_map(|(at, what)| match what {
            Signal::Event(event) => Some((*at, event)),
            _ => None,
        });
        compare(*preset, &calls(events, preset.lacks()));
        drop(heard);
        let ended = tokio::time::timeout(Duration::from_secs(5), feed).await;
        assert!(ended.is_ok(), "{preset:?}: the feed ends with its listener");
    }
}

/// As [`told`], but signed with the time it is now, as the endpoint has a clock.
fn told_now(preset: Preset) -> Vec<(DateTime<Utc>, Telling)> {
    let url = format!("https://pop.example.test/in/{}/sesame", preset.name());
    let mut teller = Teller::new(preset, keys(preset, true), &url);
    let mut told = Vec::new();
    for (at, events) in moments() {
        told.extend(
            teller
                .tell(&events, Utc::now())
                .into_iter()
                .map(|telling| (at, telling)),
        );
    }
    told
}
