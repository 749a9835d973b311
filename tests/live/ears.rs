//! Who listens to the feed: every desk, and a tracker of its own, whatever any desk makes of it.

use std::time::Instant;

use ringside::call::{Call, CallTracker, Happened, Summary};
use ringside::feed::{FeedSignal, Signal};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::expected;
use crate::seat::Seat;

/// The listeners of one scenario.
pub(crate) struct Ears {
    /// The agents.
    pub(crate) seats: Vec<Seat>,
    /// When the feed last said that it is connected.
    pub(crate) up: Option<Instant>,
    tracker: CallTracker,
    calls: Vec<Call>,
}

impl Ears {
    /// These agents, who have heard nothing yet.
    pub(crate) fn new(seats: Vec<Seat>) -> Self {
        Ears {
            seats,
            up: None,
            tracker: CallTracker::default(),
            calls: Vec::new(),
        }
    }

    /// Lets everybody hear the feed while `work` goes on.
    pub(crate) async fn during<T>(
        &mut self,
        signals: &mut mpsc::Receiver<FeedSignal>,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                Some(signal) = signals.recv() => self.hear(&signal),
                done = &mut work => return done,
            }
        }
    }

    /// What the tracker tells otherwise than the truth.
    pub(crate) fn against(&mut self, truth: &Value) -> Vec<String> {
        let open = self.tracker.calls().filter(|call| call.ended.is_none()).count();
        let mut wrong = Vec::new();
        if open > 0 {
            wrong.push(format!("{open} calls are still on after everybody hung up"));
        }
        self.calls.sort_by_key(|call| call.began);
        let calls = self.calls.iter();
        let mut told: Vec<_> = calls.map(|call| (call.id.clone(), Summary::from(call))).collect();
        Summary::number_consultations(&mut told);
        let told: Vec<Value> = told
            .iter()
            .map(|(_, summary)| serde_json::to_value(summary).unwrap_or_default())
            .collect();
        wrong.extend(expected::pairs(truth, &told, "tracker", expected::differences));
        wrong
    }

    fn hear(&mut self, signal: &FeedSignal) {
        match &signal.what {
            Signal::Event(event) => self.tracker.handle(&signal.feed, event, signal.at),
            Signal::Resync(live) => self.tracker.resync(&signal.feed, live, signal.at),
            Signal::Up { .. } => self.up = Some(Instant::now()),
            Signal::Lost(_) | Signal::Refused(_) => {}
        }
        while let Some(change) = self.tracker.poll_change() {
            if change.happened == Happened::Ended {
                self.calls.extend(self.tracker.call(&change.call).cloned());
            }
        }
        self.seats.iter_mut().for_each(|seat| seat.signal(signal));
    }
}
