//! An Asterisk that stops and starts in the middle of calls: the feed is back within five seconds, no call is left as a
//! ghost, and no note is lost.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ringside::call::CallId;
use ringside::pop::view::{CallLogRow, CardState, CardView, PanelView};

use crate::office::{Office, PATIENCE, is_up};
use crate::phones::Phones;
use crate::{kit, pbx};

/// How soon after the PBX the feed must be up.
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// How Asterisk is stopped.
#[derive(Clone, Copy, Debug)]
enum Stop {
    /// It is asked to, and says farewell.
    Asked,
    /// It is killed, as by a failure of power.
    Killed,
}

#[tokio::test]
async fn after_asterisk_was_restarted_in_the_middle_of_calls_nothing_is_lost_and_nothing_is_left() {
    restart(Stop::Asked).await;
}

#[tokio::test]
async fn after_asterisk_was_killed_in_the_middle_of_calls_nothing_is_lost_and_nothing_is_left() {
    restart(Stop::Killed).await;
}

async fn restart(stop: Stop) {
    let Some(folder) = pbx() else { return };
    let mut phones = Phones::at(&folder);
    let office = Office::open(phones.ami_port);
    office.until("the feed is up", is_up).await;
    let (talking, ringing) = two_calls(&mut phones, &office).await;
    office.note(&talking, "wants forty snails").await;

    stop_asterisk(&folder, stop);
    office.until("the feed is lost", |view| !is_up(view)).await;
    // an Asterisk that is asked to stop hangs up first
    let sure = |card: &CardView| matches!(card.state, CardState::Ringing | CardState::Talking);
    let unsure = |view: &PanelView| !view.cards.iter().any(sure);
    office.until("no call is shown as on for sure", unsure).await;
    office.note(&talking, "wants forty snails by Friday").await;
    office.note(&ringing, "ring back").await;
    drop(phones);

    let answers = when_it_answers(&folder);
    let starting = std::thread::spawn(move || start_asterisk(&folder).then_some(folder));
    office.until("the feed is up again", is_up).await;
    let up = Instant::now();
    let folder = starting.join().expect("no panic").expect("pbx-up runs");
    let late = up.saturating_duration_since(answers.join().expect("it answers"));
    println!(
        "{stop:?}: the feed was up {:.2} s after the manager of Asterisk",
        late.as_secs_f64()
    );
    assert!(late < BACK_WITHIN, "the feed was up {late:?} after Asterisk");

    let ended = |card: &CardView| matches!(card.state, CardState::WrapUp);
    let over = |view: &PanelView| view.cards.iter().all(ended);
    office.until("no ghost is left in the panel", over).await;
    let log = office.log().await;
    assert_eq!(log.len(), 2, "{log:?}");
    assert!(
        log.iter().all(|row| row.outcome.is_some()),
        "a call is still on: {log:?}"
    );
    assert_eq!(note_of(&log, &talking), "wants forty snails by Friday");
    assert_eq!(note_of(&log, &ringing), "ring back");
    next_call(&folder, &office).await;
    office.running.stop();
}

/// One call that 101 talks in, and one that rings at 102.
async fn two_calls(phones: &mut Phones, office: &Office) -> (CallId, CallId) {
    phones.play("call 101 from +4930901820 120000");
    phones.play("ringing 101");
    phones.play("answer 101");
    let talks = |view: &PanelView| view.cards.iter().any(|card| card.state == CardState::Talking);
    office.until("101 talks", talks).await;
    phones.play("call 102 from +4930901821 120000");
    phones.play("ringing 102");
    let rings = |view: &PanelView| view.cards.iter().any(|card| card.state == CardState::Ringing);
    let view = office.until("102 rings", rings).await;
    let with = |state| {
        let card = view.cards.iter().find(|card| card.state == state);
        CallId(card.expect("a card").call.clone())
    };
    (with(CardState::Talking), with(CardState::Ringing))
}

/// Calls work as before: the next one pops, and stands in the log when it is over.
async fn next_call(folder: &Path, office: &Office) {
    let mut phones = Phones::at(folder);
    phones.play("give-up 101 from +4930901822 1500");
    let rings = |view: &PanelView| view.cards.iter().any(|card| card.state == CardState::Ringing);
    office.until("the next call pops", rings).await;
    phones.play("wait-ended");
    let missed = |view: &PanelView| view.missed.iter().any(|missed| missed.number.is_some());
    office.until("the next call is over", missed).await;
    let log = office.log().await;
    assert_eq!(log.len(), 3, "{log:?}");
    assert!(
        log.iter().all(|row| row.outcome.is_some()),
        "a call is still on: {log:?}"
    );
}

fn note_of<'a>(log: &'a [CallLogRow], call: &CallId) -> &'a str {
    let row = log.iter().find(|row| row.call == call.0);
    &row.expect("it stands in the log").note
}

fn stop_asterisk(folder: &Path, stop: Stop) {
    if let Stop::Killed = stop {
        let id = std::fs::read_to_string(folder.join("pid")).expect("a process");
        let killed = Command::new("kill").args(["-KILL", id.trim()]).status();
        assert!(killed.expect("kill runs").success());
    }
    let down = Command::new(kit().join("pbx-down")).arg(folder).status();
    assert!(down.expect("pbx-down runs").success());
}

/// Returns when it is up; false when it is not.
fn start_asterisk(folder: &Path) -> bool {
    let up = Command::new(kit().join("pbx-up"))
        .arg(folder)
        .stdout(Stdio::null())
        .status();
    up.is_ok_and(|up| up.success())
}

/// The moment at which the manager of Asterisk answers again.
fn when_it_answers(folder: &Path) -> JoinHandle<Instant> {
    let settings = std::fs::read_to_string(folder.join("pbx.env")).expect("its ports");
    let port = settings.lines().find_map(|line| line.strip_prefix("PBX_AMI="));
    let port = port.and_then(|port| port.parse().ok()).expect("a port");
    std::thread::spawn(move || {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let start = Instant::now();
        loop {
            let mut banner = [0; 8];
            let stream = TcpStream::connect_timeout(&address, Duration::from_secs(1));
            if stream.is_ok_and(|mut stream| stream.read_exact(&mut banner).is_ok()) {
                return Instant::now();
            }
            assert!(start.elapsed() < PATIENCE, "Asterisk does not come up");
            std::thread::sleep(Duration::from_millis(10));
        }
    })
}
