//! Asterisk is stopped and started while an agent talks.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use ringside::feed::FeedSignal;
use tokio::sync::mpsc;

use crate::FEED;
use crate::ears::Ears;
use crate::player::Player;
use crate::seat::Seat;

/// How long after Asterisk is there again the feed may still be away.
const BACK: Duration = Duration::from_secs(5);

/// How Asterisk goes away.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// It is stopped, and hangs up first.
    Stopped,
    /// It is killed in the middle of everything.
    Killed,
}

/// Plays it on the PBX in `folder`; what was not as expected. The player's phones are new ones afterwards.
pub(crate) async fn play(
    end: End,
    folder: &Path,
    player: &mut Player,
    signals: &mut mpsc::Receiver<FeedSignal>,
) -> Vec<String> {
    let mut ears = Ears::new(vec![Seat::at(&["101"], FEED)]);
    let mut wrong = match steps(end, folder, player, signals, &mut ears).await {
        Ok(away) if away > BACK => vec![format!("the feed was back {:.1} s after Asterisk", away.as_secs_f64())],
        Ok(_) => Vec::new(),
        Err(error) => vec![error],
    };
    for mut seat in ears.seats {
        let (expected, shown) = (end.states(), seat.states());
        if expected != shown {
            wrong.push(format!("101: expected {}", expected.join(" > ")));
            wrong.push(format!("101: shown    {}", shown.join(" > ")));
        }
        wrong.extend(seat.close().into_iter().map(|what| format!("101: {what}")));
    }
    wrong
}

impl End {
    /// What the agent's panel shows: the call is not sure while nobody knows of it, over at the latest when Asterisk is
    /// back, and the next call is told as ever.
    fn states(self) -> Vec<&'static str> {
        let mut states = vec![
            "ringing Alice",
            "talking Alice",
            "wrap_up Alice answered",
            "ringing Alice + wrap_up Alice answered",
            "wrap_up Alice answered + missed Alice",
        ];
        match self {
            End::Stopped => {}
            End::Killed => states.insert(2, "unsure Alice"),
        }
        states
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            End::Stopped => &[],
            End::Killed => &["--kill"],
        }
    }
}

/// How long the feed was still away when Asterisk was there again.
async fn steps(
    end: End,
    folder: &Path,
    player: &mut Player,
    signals: &mut mpsc::Receiver<FeedSignal>,
    ears: &mut Ears,
) -> Result<Duration, String> {
    for command in ["call 101 from +12025550143 120000", "ringing 101", "answer 101"] {
        ears.during(signals, player.perform(command)).await?;
        ears.during(signals, tokio::time::sleep(Duration::from_millis(500)))
            .await;
    }
    ears.during(signals, kit("pbx-down", folder, end.options())).await?;
    ears.during(signals, tokio::time::sleep(Duration::from_secs(1))).await;
    ears.up = None;
    ears.during(signals, kit("pbx-up", folder, &[])).await?;
    let there = Instant::now();
    while ears.up.is_none() && there.elapsed() < BACK * 2 {
        ears.during(signals, tokio::time::sleep(Duration::from_millis(20)))
            .await;
    }
    let away = there.elapsed();
    player.end();
    *player = ears.during(signals, Player::start(folder)).await?;
    for command in ["give-up 101 from +12025550143 1500", "ringing 101", "wait-ended"] {
        ears.during(signals, player.perform(command)).await?;
    }
    ears.during(signals, tokio::time::sleep(crate::SETTLED)).await;
    Ok(away)
}

async fn kit(script: &str, folder: &Path, options: &[&str]) -> Result<(), String> {
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pbx").join(script));
    command.arg(folder).args(options);
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.map_err(|error| error.to_string())?;
    let output = output.map_err(|error| format!("{script} could not be started: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{script}: {}", String::from_utf8_lossy(&output.stderr))),
    }
}
