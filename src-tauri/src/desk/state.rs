//! Everything the desk knows, without a clock or a channel: signals and requests in, panel and journal out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::board::{Board, Shown};
use super::identify::Identify;
use super::panel::Panel;
use super::record;
use super::request::{DeskError, DeskRequest};
use crate::call::{Call, CallChange, CallId, CallTracker, Happened, Line};
use crate::config::Home;
use crate::customer::CustomerRef;
use crate::feed::{FeedSignal, Signal};
use crate::journal::Journal;
use crate::pop::view::{CallLogRow, FeedHealth, FeedView, NoteView};

/// When the panel comes up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShowAt {
    /// When the phone rings.
    #[default]
    Ring,
    /// When the call is answered.
    Answer,
}

/// The wrap-up of a call closes by itself this long after the last thing that was saved.
const WRAP_UP: TimeDelta = TimeDelta::seconds(60);
/// The most rows of the call log that are given at once.
const LOG_PAGE: u32 = 200;

/// The state of one desktop.
pub struct Desk {
    tracker: CallTracker,
    board: Board,
    lines: Vec<Line>,
    identify: Identify,
    journal: Journal,
    home: Home,
    panel: Box<dyn Panel>,
    unlogged: BTreeSet<CallId>,
}

impl Desk {
    /// A desk with nothing on it. `feeds` are the names of all feeds, so that one that never connects is seen too.
    pub fn new(
        home: Home,
        lines: Vec<Line>,
        show_at: ShowAt,
        feeds: &[Arc<str>],
        identify: Identify,
        journal: Journal,
        panel: Box<dyn Panel>,
        now: DateTime<Utc>,
    ) -> Self {
        let starting = |name: &Arc<str>| {
            let view = FeedView { name: name.to_string(), health: FeedHealth::Starting, since: now, detail: None };
            (Arc::clone(name), view)
        };
        let feeds: BTreeMap<Arc<str>, FeedView> = feeds.iter().map(starting).collect();
        Desk {
            tracker: CallTracker::default(),
            board: Board::new(feeds, show_at),
            lines,
            identify,
            journal,
            home,
            panel,
            unlogged: BTreeSet::new(),
        }
    }
}
