//! Calls sent over real HTTP to a real endpoint are the calls that were simulated.

use std::net::{Ipv4Addr, SocketAddr};

use clap::Parser;
use tokio::sync::mpsc;
use tokio::sync::mpsc::Receiver;

use super::*;
use crate::call::{Call, CallTracker, Direction, Endpoint, Happened, Outcome, Presentation};
use crate::feed::webhook::{Names, Reach, Webhook};
use crate::feed::{FeedSignal, Signal};

#[derive(Parser, Debug)]
struct Typed {
    #[command(flatten)]
    args: SimulateArgs,
}

fn typed(words: &str) -> Result<SimulateArgs, clap::Error> {
    Typed::try_parse_from(std::iter::once("simulate").chain(words.split_whitespace())).map(|typed| typed.args)
}

fn home() -> Result<Home, HomeError> {
    Home::find(Some(std::path::Path::new("/nonexistent")))
}

async fn endpoint() -> (SocketAddr, Receiver<FeedSignal>) {
    let lines = ["101", "102", "103"].map(|line| Line(line.to_owned()));
    let names = Names {
        unnamed: lines.to_vec(),
        ..Names::default()
    };
    let local = (Ipv4Addr::LOCALHOST, 0).into();
    let keys = Keys {
        token: Some("sesame".to_owned().into()),
        ..Keys::default()
    };
    let webhook = Webhook::new("pbx", Preset::Zammad, local, keys, names, Reach::Loopback).expect("fit");
    let listener = webhook.bind().await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (signals, heard) = mpsc::channel(1 << 16);
    tokio::spawn(async move { webhook.serve(listener, signals).await });
    (address, heard)
}

fn sender(address: SocketAddr, token: &str, form: bool) -> Sender {
    let to: Url = format!("http://{address}/in/zammad/{token}")
        .parse()
        .expect("an address");
    Sender {
        client: client().expect("a client"),
        known_as: to.to_string(),
        to,
        preset: Preset::Zammad,
        keys: Keys::default(),
        form,
        faults: Faults::default(),
        seed: 1,
    }
}

fn quick(calls: u32) -> Traffic {
    let args = typed("--to http://127.0.0.1/ --lines 101,102,103").expect("good arguments");
    let pace = Pace {
        pause: (0.0, 0.0),
        gap: 0.02,
        setup: 0.001,
        ring: (0.0, 0.01),
        talk: (0.0, 0.02),
    };
    Traffic::new(
        Plan {
            pace,
            calls: Some(calls),
            ..plan(&args).expect("a plan")
        },
        11,
        "run",
    )
}

/// What the format can tell of a call.
#[derive(Debug, PartialEq)]
struct Story {
    call: String,
    direction: Direction,
    remote: (String, Presentation),
    called: String,
    origin: Option<Line>,
    dialled: Vec<String>,
    answered_by: Option<Endpoint>,
    outcome: Option<Outcome>,
}

fn stories(events: impl Iterator<Item = CallEvent>) -> Vec<Story> {
    let mut tracker = CallTracker::default();
    let mut ended = Vec::new();
    for event in events {
        tracker.handle("f", &event, chrono::DateTime::UNIX_EPOCH);
        while let Some(change) = tracker.poll_change() {
            if change.happened == Happened::Ended {
                ended.extend(tracker.call(&change.call).map(story));
            }
        }
    }
    ended.sort_by(|a, b| a.call.cmp(&b.call));
    ended
}

fn story(call: &Call) -> Story {
    let mut dialled: Vec<String> = call.legs.iter().map(|leg| leg.to.to_string()).collect();
    dialled.sort();
    Story {
        call: call.id.0.clone(),
        direction: call.direction,
        remote: (call.remote.number.clone(), call.remote.presentation),
        called: call.called.clone(),
        origin: call.origin.clone(),
        dialled,
        answered_by: call.answer().map(|leg| leg.to.clone()),
        // The format has one word for a phone that is busy and one that refuses.
        outcome: call.outcome().map(|outcome| {
            if outcome == Outcome::Busy {
                Outcome::Rejected
            } else {
                outcome
            }
        }),
    }
}

async fn round_trip(form: bool) {
    let (address, mut heard) = endpoint().await;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    sender(address, "sesame", form)
        .tell(quick(120), &mut out, &mut err)
        .await
        .expect("all taken");
    let signals = std::iter::from_fn(|| heard.try_recv().ok());
    let received = stories(signals.filter_map(|signal| match signal.what {
        Signal::Event(event) => Some(event),
        _ => None,
    }));
    let simulated = stories(quick(120).map(|(_, event)| event));
    assert_eq!(simulated.len(), 120);
    for (simulated, received) in simulated.iter().zip(&received) {
        assert_eq!(simulated, received);
    }
    assert_eq!(received.len(), 120);
    let out = String::from_utf8(out).expect("text");
    let answered = simulated.iter().filter(|call| call.answered_by.is_some()).count();
    assert!(answered > 30, "{answered} answered");
    assert_eq!(out.lines().count(), 2 * 120 + answered);
    assert!(out.lines().all(|line| line.contains("  200  ")));
    assert!(err.is_empty());
}

#[tokio::test]
async fn calls_sent_as_json_arrive_as_they_were_simulated() {
    round_trip(false).await;
}

#[tokio::test]
async fn calls_sent_as_forms_arrive_as_they_were_simulated() {
    round_trip(true).await;
}

#[tokio::test]
async fn a_wrong_token_is_said_with_what_to_do_and_ends_in_an_error() {
    let (address, _heard) = endpoint().await;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let ended = sender(address, "wrong", false).tell(quick(1), &mut out, &mut err).await;
    assert!(
        matches!(ended, Err(SimulateError::Failed { failed, sent }) if failed == sent && sent >= 2),
        "{ended:?}"
    );
    let err = String::from_utf8(err).expect("text");
    assert!(
        err.contains("401") && err.contains("check the token at the end of --to"),
        "{err}"
    );
    assert!(!err.contains("wrong"), "the token is not printed");
    let ended = sender(address, "wrong", false)
        .tell(quick(20), &mut out, &mut Vec::new())
        .await;
    assert!(
        matches!(ended, Err(SimulateError::GaveUp)),
        "it does not go on for ever"
    );
}

#[tokio::test]
async fn nobody_at_the_address_is_said_with_what_to_do() {
    let taken = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let address = taken.local_addr().expect("an address");
    drop(taken);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let ended = sender(address, "sesame", false)
        .tell(quick(1), &mut out, &mut err)
        .await;
    assert!(ended.is_err());
    let err = String::from_utf8(err).expect("text");
    assert!(
        err.contains("refused") && err.contains("is Ringside running with a webhook feed"),
        "{err}"
    );
    assert!(String::from_utf8(out).expect("text").contains("---  newCall"));
}

#[tokio::test]
async fn printing_sends_nothing_and_gives_events_that_can_be_read_back() {
    let printed = async |words| {
        let mut out = Vec::new();
        run(&typed(words).expect("good arguments"), home, &mut out, &mut Vec::new())
            .await
            .expect("printed");
        String::from_utf8(out).expect("text")
    };
    let ten = printed("--print").await;
    let events = ten.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(line["after_ms"].is_u64());
        serde_json::from_value::<CallEvent>(line["event"].clone()).expect("an event")
    });
    assert_eq!(stories(events).len(), 10);
    assert_eq!(
        ten,
        printed("--print --calls 10").await,
        "the same seed prints the same"
    );
    assert_ne!(ten, printed("--print --seed 2").await);
}

#[tokio::test]
async fn arguments_that_cannot_work_are_refused() {
    for words in [
        "",
        "--to nonsense",
        "--print --to http://x/",
        "--print --rate 0",
        "--print --rate abc",
        "--print --calls 0",
        "--print --faults echo=1",
        "--print --faults duplicate=2",
        "--print --day yesterday",
    ] {
        assert!(typed(words).is_err(), "{words}");
    }
    let refused = async |words| {
        let args = typed(words).expect("parsed");
        run(&args, home, &mut Vec::new(), &mut Vec::new())
            .await
            .expect_err("refused")
            .to_string()
    };
    assert!(refused("--to ftp://x/").await.contains("http://127.0.0.1:8730"));
    assert!(refused("--print --lines 101,").await.contains("101,102"));
}

#[tokio::test]
async fn posts_that_come_twice_late_or_not_at_all_name_every_caller_rightly() {
    let (address, mut heard) = endpoint().await;
    let sender = Sender {
        faults: "duplicate=0.5,reorder=0.5,lost_hangup=0.2".parse().expect("faults"),
        ..sender(address, "sesame", false)
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    sender.tell(quick(120), &mut out, &mut err).await.expect("all taken");
    let mut tracker = CallTracker::default();
    for signal in std::iter::from_fn(|| heard.try_recv().ok()) {
        if let Signal::Event(event) = signal.what {
            tracker.handle("f", &event, signal.at);
        }
    }
    let simulated = stories(quick(120).map(|(_, event)| event));
    let told: Vec<Story> = tracker.calls().map(story).collect();
    assert_eq!(told.len(), 120);
    for told in &told {
        let meant = simulated
            .iter()
            .find(|story| story.call == told.call)
            .expect("simulated");
        assert_eq!((&told.remote, told.direction), (&meant.remote, meant.direction));
    }
    let open = tracker.calls().filter(|call| call.ended.is_none()).count();
    assert!((5..60).contains(&open), "{open} hang-ups were lost");
    let posts = String::from_utf8(out).expect("text").lines().count();
    assert!(posts > 330, "{posts} posts");
}

/// An endpoint that answers slowly, as over a long line, and says how many requests it had at once.
async fn slow_endpoint() -> (SocketAddr, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    let (now, most) = (
        std::sync::Arc::new(AtomicUsize::new(0)),
        std::sync::Arc::new(AtomicUsize::new(0)),
    );
    let seen = most.clone();
    let answer = move || {
        let (now, most) = (now.clone(), seen.clone());
        async move {
            most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
            tokio::time::sleep(Duration::from_millis(50)).await;
            now.fetch_sub(1, SeqCst);
        }
    };
    let router = axum::Router::new().fallback(answer);
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, most)
}

#[tokio::test]
async fn a_slow_answer_holds_up_only_its_own_call() {
    let (address, most) = slow_endpoint().await;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let start = Instant::now();
    sender(address, "sesame", false)
        .tell(quick(120), &mut out, &mut err)
        .await
        .expect("all taken");
    let posts = u32::try_from(String::from_utf8(out).expect("text").lines().count()).expect("few");
    let one_by_one = Duration::from_millis(50) * posts;
    assert!(
        start.elapsed() < one_by_one / 2,
        "{:?} of {one_by_one:?}",
        start.elapsed()
    );
    assert!(most.load(std::sync::atomic::Ordering::SeqCst) <= 16);
}
