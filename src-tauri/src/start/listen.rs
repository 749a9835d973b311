//! A phone system that is tried before it is saved: what it says, and whose phone rings. Nothing of it is kept.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use super::feeds::{self, Feeds};
use super::settings::Settings;
use crate::call::{CallEvent, CallKey, Endpoint, LegKey};
use crate::config::Config;
use crate::config::sheet::{Change, Refused, preview};
use crate::feed::{FeedSignal, Heard, SIGNALS, Signal};
use crate::pop::said_view;
use crate::pop::view::HeardView;
use crate::words::Saying;

/// How many phones are remembered.
const MOST_LINES: usize = 12;

/// A feed that is being tried. It stops when this is dropped.
#[derive(Debug)]
pub struct Listening {
    heard: Arc<Mutex<HeardView>>,
    runtime: Option<Runtime>,
}

impl Listening {
    /// What was heard so far.
    #[must_use]
    pub fn heard(&self) -> HeardView {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // a runtime may not be dropped within another one
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Why a phone system cannot be tried.
#[derive(Debug, thiserror::Error)]
pub enum NoListening {
    /// The settings would be wrong.
    #[error(transparent)]
    Settings(#[from] Refused),
    /// They name no such feed.
    #[error("the settings name no phone system `{0}`")]
    NoFeed(String),
    /// The system gives no thread.
    #[error("the system gives no thread; close other programs and try again")]
    Thread(#[from] std::io::Error),
}

impl NoListening {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NoListening::Settings(Refused::File(error)) => error.saying(),
            NoListening::Settings(Refused::Overtaken) => Saying::of("set.overtaken"),
            NoListening::Settings(Refused::Wrong(_)) => Saying::quoted(self),
            NoListening::NoFeed(name) => Saying::of("refused.no_such_feed").with("name", name),
            NoListening::Thread(_) => Saying::of("refused.no_thread"),
        }
    }
}

impl Settings {
    /// Connects to the feed `name` of the settings as they would be after `changes`, which were made on revision `on`.
    ///
    /// # Errors
    /// See [`NoListening`]. That the phone system does not answer is in what is heard.
    pub fn listen(&self, on: &str, changes: &[Change], name: &str) -> Result<Listening, NoListening> {
        let mut config = preview(self.home(), on, changes)?;
        config.feeds.retain(|feed| feed.name == name);
        if config.feeds.is_empty() {
            return Err(NoListening::NoFeed(name.to_owned()));
        }
        Ok(self.try_out(&config)?)
    }

    fn try_out(&self, config: &Config) -> std::io::Result<Listening> {
        let planned = Feeds {
            home: self.home(),
            config,
            keyring: self.keyring().cloned(),
            demo: None,
        };
        let built = planned.build_feeds(None, &Heard::default());
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let (signals, mut inbox) = mpsc::channel(SIGNALS);
        feeds::start(built, &signals, &runtime);
        let heard = Arc::new(Mutex::new(HeardView::default()));
        let (told, began) = (Arc::clone(&heard), Instant::now());
        runtime.spawn(async move {
            let mut offers = Vec::new();
            while let Some(signal) = inbox.recv().await {
                let mut heard = told.lock().unwrap_or_else(PoisonError::into_inner);
                take(&mut heard, &mut offers, signal, began);
            }
        });
        Ok(Listening {
            heard,
            runtime: Some(runtime),
        })
    }
}

/// Who is dialled in which leg, so that a ring has its phone.
type Offers = Vec<((CallKey, LegKey), String)>;

fn take(heard: &mut HeardView, offers: &mut Offers, signal: FeedSignal, began: Instant) {
    heard.at = Some(signal.at);
    match signal.what {
        Signal::Up { caveat } => {
            let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            (heard.up, heard.refused) = (true, false);
            heard.after_ms.get_or_insert(took);
            heard.said = caveat.map(|caveat| said_view(&caveat)).unwrap_or_default();
        }
        Signal::Lost(why) => (heard.up, heard.said) = (false, said_view(&why)),
        Signal::Refused(why) => (heard.up, heard.refused, heard.said) = (false, true, said_view(&why)),
        Signal::Resync(_) => {}
        Signal::Event(CallEvent::Began { origin, .. }) => {
            heard.calls += 1;
            if let Some(line) = origin {
                rang(heard, line.0);
            }
        }
        Signal::Event(CallEvent::Offered {
            call,
            leg,
            to: Endpoint::Line(line),
        }) => {
            rang(heard, line.0.clone());
            offers.push(((call, leg), line.0));
            let surplus = offers.len().saturating_sub(MOST_LINES);
            offers.drain(..surplus);
        }
        Signal::Event(CallEvent::Ringing { call, leg } | CallEvent::Answered { call, leg }) => {
            let of = (call, leg);
            let line = offers
                .iter()
                .find(|(known, _)| *known == of)
                .map(|(_, line)| line.clone());
            if let Some(line) = line {
                rang(heard, line);
            }
        }
        Signal::Event(_) => {}
    }
}

fn rang(heard: &mut HeardView, line: String) {
    heard.lines.retain(|known| *known != line);
    heard.lines.insert(0, line);
    heard.lines.truncate(MOST_LINES);
}
