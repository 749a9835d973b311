//! The loop: waits for signals, requests and the next deadline, and hands each to the [`Desk`].

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::request::{Asked, DeskHandle};
use super::state::Desk;
use crate::feed::{FeedSignal, SIGNALS, Signals};

/// Both ends of what the desk listens to.
#[derive(Debug)]
pub struct Inbox {
    signals: mpsc::Receiver<FeedSignal>,
    requests: mpsc::Receiver<Asked>,
}

/// The ways to a desk: for feeds, for people, and its inbox for [`run`].
#[must_use]
pub fn ways() -> (Signals, DeskHandle, Inbox) {
    let (to_signals, signals) = mpsc::channel(SIGNALS);
    let (to_requests, requests) = mpsc::channel(DeskHandle::WAITING);
    (to_signals, DeskHandle::new(to_requests), Inbox { signals, requests })
}

/// Runs until every [`DeskHandle`] is gone. What is shown comes before what is written: the journal is
/// written when no signal waits.
pub async fn run(mut desk: Desk, mut inbox: Inbox) {
    let mut feeds_on = true;
    loop {
        let deadline = desk.poll_timeout();
        tokio::select! {
            signal = inbox.signals.recv(), if feeds_on => match signal {
                Some(signal) => desk.taken_up(signal, Utc::now()),
                None => feeds_on = false,
            },
            request = inbox.requests.recv() => match request {
                Some(asked) => desk.asked(asked, Utc::now()),
                None => break,
            },
            () = sleep_until(deadline), if deadline.is_some() => desk.timeout(Utc::now()),
        }
        if inbox.signals.is_empty() {
            desk.keep(Utc::now());
        }
    }
    desk.keep(Utc::now());
}

async fn sleep_until(deadline: Option<DateTime<Utc>>) {
    let left = deadline.map_or(Duration::MAX, |at| (at - Utc::now()).to_std().unwrap_or(Duration::ZERO));
    tokio::time::sleep(left).await;
}
