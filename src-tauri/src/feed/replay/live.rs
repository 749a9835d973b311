//! A recording as a feed: its calls happen again, now, at the speed of then or another.

use std::fs::File;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::{Instant, sleep_until};

use super::{Events, Reader, Recording, reader};
use crate::call::{CallEvent, CallKey};
use crate::feed::record::Reading;
use crate::feed::{Feed, FeedSignal, Signal, Signals};
use crate::words::Saying;

/// How fast a recording is played: 1 as it was, 10 in a tenth of the time, or as fast as it is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// So many times as fast as it was.
    Times(f64),
    /// Without waiting.
    Max,
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "max" {
            return Ok(Speed::Max);
        }
        let times: Option<f64> = text.parse().ok().filter(|times| (0.01..=10_000.0).contains(times));
        times
            .map(Speed::Times)
            .ok_or_else(|| "a speed is 1 for real time, 10 for ten times as fast, 0.5 for half, or max".to_owned())
    }
}

impl Speed {
    /// How long after the beginning something is due that came `since` the beginning then.
    #[must_use]
    pub fn due(self, since: Duration) -> Duration {
        match self {
            Speed::Times(times) => since.div_f64(times),
            Speed::Max => Duration::ZERO,
        }
    }
}

/// The feed of one recording.
#[derive(Debug)]
pub struct Replay {
    name: Arc<str>,
    file: PathBuf,
    /// What was recorded, when the file does not say.
    bare: (String, Reading),
    speed: Speed,
}

impl Replay {
    /// The recording in `file`. A file of bare bytes is read as those of a manager client, by `reading`.
    #[must_use]
    pub fn new(name: &str, file: PathBuf, reading: Reading, speed: Speed) -> Self {
        Replay {
            name: Arc::from(name),
            file,
            bare: ("ami".to_owned(), reading),
            speed,
        }
    }

    async fn play(self, signals: Signals) {
        match self.open() {
            Ok(mut events) => {
                if self.tell(&signals, Signal::Up { caveat: None }).await {
                    self.play_events(&mut events, &signals).await;
                }
            }
            Err(why) => {
                self.tell(&signals, Signal::Refused(why)).await;
            }
        }
        signals.closed().await;
    }

    fn open(&self) -> Result<Events<File>, Saying> {
        let refused = |why: String| self.saying("said.replay_unplayable").with("why", why);
        let file = File::open(&self.file).map_err(|error| refused(error.to_string()))?;
        let recording = Recording::open(file).map_err(|error| refused(error.to_string()))?;
        let (feed, reading) = match recording.header() {
            Some(header) => (&header.feed, &header.reading),
            None => (&self.bare.0, &self.bare.1),
        };
        let reader: Box<dyn Reader> = reader(feed, reading).map_err(|error| refused(error.to_string()))?;
        Ok(Events::new(recording, reader))
    }

    async fn play_events(&self, events: &mut Events<File>, signals: &Signals) {
        // The keys of then, and of an earlier start, must not come again: the journal has calls under them.
        let run = format!("replay-{}", Utc::now().timestamp_millis());
        let start = Instant::now();
        let mut first: Option<DateTime<Utc>> = None;
        for event in events {
            let (at, event) = match event {
                Ok(event) => event,
                Err(error) => {
                    let lost = self.saying("said.replay_breaks_off").with("why", error);
                    self.tell(signals, Signal::Lost(lost)).await;
                    return;
                }
            };
            let since = at - *first.get_or_insert(at);
            let due = start + self.speed.due(since.to_std().unwrap_or_default());
            tokio::select! {
                () = signals.closed() => return,
                () = sleep_until(due) => {}
            }
            if !self.tell(signals, Signal::Event(of_run(event, &run))).await {
                return;
            }
        }
        // a recording may end in the middle of a call
        if self.tell(signals, Signal::Resync(Vec::new())).await {
            let over = self.saying("said.replay_over");
            self.tell(signals, Signal::Up { caveat: Some(over) }).await;
        }
    }

    fn saying(&self, key: &'static str) -> Saying {
        Saying::of(key).with("file", self.file.display())
    }

    /// False when nobody listens any more.
    async fn tell(&self, signals: &Signals, what: Signal) -> bool {
        let signal = FeedSignal {
            feed: Arc::clone(&self.name),
            at: Utc::now(),
            what,
        };
        signals.send(signal).await.is_ok()
    }
}

impl Feed for Replay {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(self: Box<Self>, signals: Signals) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(self.play(signals))
    }
}

/// The event under keys of this run.
fn of_run(mut event: CallEvent, run: &str) -> CallEvent {
    let rename = |key: &mut CallKey| key.0 = format!("{run}-{}", key.0);
    match &mut event {
        CallEvent::Transferred { call, transfer } => {
            rename(call);
            transfer.consultation.iter_mut().for_each(rename);
        }
        CallEvent::LegEnded { call, leg, .. } => {
            // the phone that began a call is named like the call
            let began_it = leg.0 == call.0;
            rename(call);
            if began_it {
                leg.0.clone_from(&call.0);
            }
        }
        CallEvent::Began { call, .. }
        | CallEvent::Offered { call, .. }
        | CallEvent::Consulted { call, .. }
        | CallEvent::Ringing { call, .. }
        | CallEvent::Answered { call, .. }
        | CallEvent::Held { call }
        | CallEvent::Resumed { call }
        | CallEvent::PartyChanged { call, .. }
        | CallEvent::Queued { call, .. }
        | CallEvent::Unqueued { call, .. }
        | CallEvent::Diverted { call, .. }
        | CallEvent::Ended { call, .. } => rename(call),
    }
    event
}
