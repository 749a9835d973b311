//! Writes traces on a thread of its own, so that the desk never waits for them, and answers what is asked of them.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::DeskError;
use super::request::Reply;
use super::why::{self, Asked};
use crate::feed::Excerpt;
use crate::journal::{FeedState, JournalError, StepRow, TraceHead, Traces};
use crate::pop::view::{StepView, WhatView, WhyView};

/// So many messages may wait for the disk; then traces are dropped, and that is said.
const QUEUE: usize = 1024;
/// What comes within this time is written at once.
const GATHER: Duration = Duration::from_millis(200);
/// So many steps are written at once at most.
const BATCH: usize = 1000;
/// How often what is too old goes.
const PRUNE: TimeDelta = TimeDelta::minutes(30);
/// The most bytes of what a feed heard that one step keeps.
const MOST_RAW: usize = 4096;

/// One step, not yet written: what the feed heard is not looked into.
#[derive(Debug)]
pub(super) struct Traced {
    pub(super) head: TraceHead,
    pub(super) step: StepView,
    pub(super) excerpt: Option<Excerpt>,
    /// Under what names the phone system knows what the step is about.
    pub(super) names: Vec<String>,
}

enum Message {
    Steps(Vec<Traced>),
    Feed(FeedState),
    Ask(Box<Asked>, Reply<WhyView>),
}

/// Takes traces. Cheap to clone; never waits.
#[derive(Clone, Debug)]
pub struct Keeper(SyncSender<Message>);

impl Keeper {
    /// Writes to `traces` from now on, until every clone of this is gone.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(traces: Traces) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (into, out) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("traces".to_owned())
            .spawn(move || Writer::new(traces).run(&out))?;
        Ok((Keeper(into), thread))
    }

    pub(super) fn keep(&self, steps: Vec<Traced>) {
        self.send(Message::Steps(steps));
    }

    pub(super) fn feed(&self, state: FeedState) {
        self.send(Message::Feed(state));
    }

    /// Answers once all that was handed over before is written.
    pub(super) fn ask(&self, asked: Asked, reply: Reply<WhyView>) {
        // a sender that is dropped tells whoever asked
        self.send(Message::Ask(Box::new(asked), reply));
    }

    fn send(&self, message: Message) {
        match self.0.try_send(message) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => tracing::warn!("the disk is behind: the trace of a call has a gap"),
            Err(TrySendError::Disconnected(_)) => tracing::debug!("traces are not written any more"),
        }
    }
}

struct Writer {
    traces: Traces,
    waiting: Vec<Traced>,
    pruned: Option<DateTime<Utc>>,
}

impl Writer {
    fn new(traces: Traces) -> Self {
        Writer {
            traces,
            waiting: Vec::new(),
            pruned: None,
        }
    }

    fn run(mut self, out: &Receiver<Message>) {
        self.say(|traces| traces.begin_run(Utc::now()));
        while let Ok(message) = out.recv() {
            self.take(message);
            let until = Instant::now() + GATHER;
            let over = loop {
                let left = until.saturating_duration_since(Instant::now());
                if self.waiting.len() >= BATCH {
                    break false;
                }
                match out.recv_timeout(left) {
                    Ok(message) => self.take(message),
                    Err(RecvTimeoutError::Timeout) => break false,
                    Err(RecvTimeoutError::Disconnected) => break true,
                }
            };
            self.write();
            if over {
                break;
            }
        }
        self.say(|traces| traces.still_on(Utc::now(), true));
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Steps(steps) => self.waiting.extend(steps),
            Message::Feed(state) => self.say(|traces| traces.note_feed(&state)),
            Message::Ask(asked, reply) => {
                self.write();
                // whoever asked may be gone
                let _ = reply.send(why::answer(&self.traces, *asked).map_err(DeskError::Traces));
            }
        }
    }

    /// Writes what waits. What cannot be written is dropped, and that is said: a trace is worth no call.
    fn write(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let steps = std::mem::take(&mut self.waiting);
        let hidden: Vec<TraceHead> = steps
            .iter()
            .filter(|traced| traced.step.hidden)
            .map(|traced| traced.head.clone())
            .collect();
        let rows: Vec<(TraceHead, StepRow)> = steps.into_iter().filter_map(row).collect();
        self.say(|traces| traces.add(&rows));
        for head in hidden {
            self.say(|traces| traces.hide(&head.call, hide));
        }
        let now = Utc::now();
        self.say(|traces| traces.still_on(now, false));
        if self.pruned.is_none_or(|pruned| now - pruned > PRUNE) {
            self.pruned = Some(now);
            self.say(|traces| traces.prune(now));
        }
    }

    fn say(&mut self, write: impl FnOnce(&mut Traces) -> Result<(), JournalError>) {
        if let Err(error) = write(&mut self.traces) {
            tracing::warn!(%error, "the trace of a call could not be written");
        }
    }
}

fn row(traced: Traced) -> Option<(TraceHead, StepRow)> {
    let Traced {
        head,
        step,
        excerpt,
        names,
    } = traced;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let raw = excerpt
        .filter(|_| !step.hidden)
        .map(|excerpt| excerpt.text(&names, MOST_RAW));
    let body = serde_json::to_string(&step).ok()?;
    Some((head, StepRow { at: step.at, body, raw }))
}

/// A step without anything that tells who called.
fn hide(body: &str) -> String {
    let Ok(mut step) = serde_json::from_str::<StepView>(body) else {
        return "{}".to_owned();
    };
    step.hidden = true;
    step.raw = None;
    if let Some(WhatView::Began { number, name, .. } | WhatView::PartyChanged { number, name }) = &mut step.event {
        (*number, *name) = (None, None);
    }
    if let Some(looked) = &mut step.looked {
        looked.number = None;
        looked.readings.clear();
        looked.candidates.clear();
    }
    serde_json::to_string(&step).unwrap_or_else(|_| "{}".to_owned())
}
