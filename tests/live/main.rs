//! Real calls through a real Asterisk, and the panel of every agent while they last.
//!
//! `RINGSIDE_PBX=FOLDER cargo test --test live [-- SCENARIO…]` plays the scenarios of `tests/pbx` on the PBX that
//! `tests/pbx/pbx-up FOLDER` started: all that `panels.toml` names, or those given, or with `RINGSIDE_LIVE=part` the few
//! of the short run. One [`AmiFeed`] over its socket feeds three headless desks and one that has all three extensions;
//! what their panels showed, what their logs say and what the tracker tells is held against the truth.
//! Without `RINGSIDE_PBX` nothing is played, and it says so.

mod ears;
mod expected;
mod player;
mod restart;
mod seat;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ringside::feed::ami::{AmiFeed, Dialplan, Login};
use ringside::feed::{Feed, FeedSignal, SIGNALS, Signal};
use ringside::pop::view::CallLogRow;
use serde_json::Value;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use ears::Ears;
use expected::{AGENTS, Expected};
use player::Player;
use restart::End;
use seat::Seat;

/// The scenarios that are about the PBX itself.
const ENDS: [(&str, End); 2] = [("pbx_stopped", End::Stopped), ("pbx_killed", End::Killed)];
/// The feed's name.
const FEED: &str = "asterisk";
/// How long after the last hang-up the last message may come.
const SETTLED: Duration = Duration::from_millis(1200);
/// How long the feed may take to connect.
const CONNECTS: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(folder) = std::env::var_os("RINGSIDE_PBX") else {
        println!("left out: RINGSIDE_PBX is not set, so there is no Asterisk to call through");
        return ExitCode::SUCCESS;
    };
    match play_all(Path::new(&folder)).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failed) => {
            println!("{failed} scenarios FAILED");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// How many scenarios failed.
async fn play_all(folder: &Path) -> Result<usize, String> {
    let expected = Expected::read()?;
    let names = chosen(&expected)?;
    let mut player = Player::start(folder).await?;
    let mut signals = connect(&player).await?;
    let mut failed = 0;
    for (index, name) in names.iter().enumerate() {
        let started = Instant::now();
        let wrong = match ENDS.iter().find(|(end, _)| end == name) {
            Some((_, end)) => restart::play(*end, folder, &mut player, &mut signals).await,
            None => play(name, &expected, &mut player, &mut signals).await,
        };
        failed += usize::from(!wrong.is_empty());
        let (verdict, seconds) = (if wrong.is_empty() { "ok" } else { "FAILED" }, started.elapsed());
        println!(
            "[{:>2}/{}] {name:34} {verdict:6} {:5.1} s",
            index + 1,
            names.len(),
            seconds.as_secs_f64()
        );
        wrong.iter().for_each(|what| println!("        {what}"));
    }
    Ok(failed)
}

/// The scenarios named on the command line, else the short run, else all. Options of the usual test harness are ignored.
fn chosen(expected: &Expected) -> Result<Vec<String>, String> {
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_known = |name: &String| ENDS.iter().any(|(end, _)| end == name) || expected.panels.contains_key(name);
    if let Some(stranger) = named.iter().find(|name| !is_known(name)) {
        return Err(format!("panels.toml has no scenario {stranger}"));
    }
    if !named.is_empty() {
        return Ok(named);
    }
    match std::env::var("RINGSIDE_LIVE").as_deref() {
        Ok("part") => Ok(expected.part.clone()),
        _ => Ok(expected
            .panels
            .keys()
            .cloned()
            .chain(ENDS.map(|(end, _)| end.to_owned()))
            .collect()),
    }
}

/// The feed as the application runs it, connected.
async fn connect(player: &Player) -> Result<mpsc::Receiver<FeedSignal>, String> {
    let login = Login {
        user: player.ami_user.clone(),
        secret: Zeroizing::new(player.ami_secret.clone()),
    };
    let dialplan = Dialplan::new(r"10\d", vec!["voicemail".to_owned()]).map_err(|error| error.to_string())?;
    let feed = Box::new(AmiFeed::new(FEED, "127.0.0.1", player.ami_port, login, dialplan));
    let (sender, mut signals) = mpsc::channel(SIGNALS);
    tokio::spawn(feed.run(sender));
    let up = async {
        while let Some(signal) = signals.recv().await {
            if matches!(signal.what, Signal::Up { .. }) {
                return;
            }
        }
    };
    tokio::time::timeout(CONNECTS, up)
        .await
        .map_err(|_| "the feed did not connect".to_owned())?;
    Ok(signals)
}

/// Plays one scenario; what was not as expected.
async fn play(
    name: &str,
    expected: &Expected,
    player: &mut Player,
    signals: &mut mpsc::Receiver<FeedSignal>,
) -> Vec<String> {
    let agents = AGENTS.iter().map(|agent| Seat::at(&[agent], FEED));
    let mut ears = Ears::new(agents.chain([Seat::at(&AGENTS, FEED)]).collect());
    let played = ears.during(signals, player.perform(&format!("scenario {name}"))).await;
    let truth = match played {
        Ok(mut answer) => answer["truth"].take(),
        Err(error) => return vec![error],
    };
    ears.during(signals, tokio::time::sleep(SETTLED)).await;
    let mut wrong = ears.against(&truth);
    for (agent, seat) in AGENTS.iter().zip(&mut ears.seats) {
        let (expected, shown) = (expected.states(name, agent), seat.states());
        if expected != shown {
            wrong.push(format!("{agent}: expected {}", expected.join(" > ")));
            wrong.push(format!("{agent}: shown    {}", shown.join(" > ")));
            wrong.push(format!("{agent}: in full  {}", seat.story()));
        }
        wrong.extend(log_against(&truth, &seat.log()));
    }
    let names = AGENTS.iter().map(|agent| (*agent).to_owned()).chain([AGENTS.join(",")]);
    for (agent, seat) in names.zip(ears.seats) {
        wrong.extend(seat.close().into_iter().map(|what| format!("{agent}: {what}")));
    }
    let mut said = BTreeSet::new();
    wrong.retain(|what| said.insert(what.clone()));
    wrong
}

/// Row by row; the log is written in other words than the truth.
fn log_against(truth: &Value, log: &[CallLogRow]) -> Vec<String> {
    const FIELDS: [&str; 5] = ["direction", "called", "rang", "answered_by", "outcome"];
    let rows: Vec<Value> = log
        .iter()
        .map(|row| serde_json::to_value(row).unwrap_or_default())
        .collect();
    let only = |row: &Value| Value::from_iter(FIELDS.map(|field| (field, row[field].clone())));
    expected::pairs(truth, &rows, "log", |truth, row| {
        expected::differences(&only(truth), &only(row))
    })
}
