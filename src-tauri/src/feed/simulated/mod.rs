//! A phone system that does not exist: seeded, believable calls for a first start and for tests.
//!
//! The traffic itself is a pure generator; only the feed around it waits. It never misleads about
//! itself: its name in the panel is the feed's.

mod day;
mod faults;
mod opening;
mod passing;
mod reader;
mod scene;
mod script;
mod traffic;
mod truth;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use chrono::Utc;
use tokio::time::{Instant, sleep_until};

use super::{Feed, FeedSignal, Signal, Signals, Tap};

pub use day::Day;
pub use faults::{End, Ends, FAULTS, Faults, Faulty, LATE, ends};
pub use reader::SimulatedReader;
pub use scene::{Caller, Inbound, Outgoing, Queued, Scene, Towards, Who};
pub use traffic::{Pace, Plan, Traffic};
pub use truth::Truth;

/// The simulated phone system.
pub struct Simulated {
    name: Arc<str>,
    plan: Plan,
    seed: u64,
    faults: Faults,
    tap: Tap,
}

impl Simulated {
    /// A phone system named `name` that rings by `plan`, the same for the same `seed`.
    #[must_use]
    pub fn new(name: &str, plan: Plan, seed: u64) -> Self {
        Simulated {
            name: name.into(),
            plan,
            seed,
            faults: Faults::default(),
            tap: Tap::default(),
        }
    }

    /// The same, with `faults` in what it tells.
    #[must_use]
    pub fn with_faults(self, faults: Faults) -> Self {
        Simulated { faults, ..self }
    }

    /// The same, with a copy of each event, as [`SimulatedReader`] reads it, handed to `tap`.
    #[must_use]
    pub fn tapped(self, tap: Tap) -> Self {
        Simulated { tap, ..self }
    }

    async fn ring(self, signals: Signals) {
        let signal = |what, at| FeedSignal {
            feed: self.name.clone(),
            at,
            what,
        };
        // The keys of an earlier start must not come again: the journal has calls under them.
        let run = format!("sim-{}", Utc::now().timestamp_millis());
        let mut due = Instant::now();
        if signals
            .send(signal(Signal::Up { caveat: None }, Utc::now()))
            .await
            .is_err()
        {
            return;
        }
        let traffic = Traffic::new(self.plan.clone(), self.seed, &run);
        for (delay, event) in Faulty::new(traffic, self.faults, self.seed, ends) {
            due += delay;
            tokio::select! {
                () = signals.closed() => return,
                () = sleep_until(due) => {}
            }
            let now = Utc::now();
            if self.tap.is_open() {
                self.tap.take(now, &reader::line(&event));
            }
            if signals.send(signal(Signal::Event(event), now)).await.is_err() {
                return;
            }
        }
        signals.closed().await;
    }
}

impl Feed for Simulated {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(self: Box<Self>, signals: Signals) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(self.ring(signals))
    }
}

#[cfg(test)]
mod tests;
