//! The panel's window as the desk sees it. It says the same words as the recorder and never waits:
//! everything goes to the main thread as a message.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;
use tauri::{AppHandle, Emitter};

use super::notify::{Act, Announcer};
use super::painted::{Painted, Popped};
use super::tray::Tray;
use super::windows;
use crate::desk::{Panel, Reminder};
use crate::pop::view::{MissedView, PanelView};
use crate::words::Words;

/// Told of every card that can be seen since now, and after how long.
pub(super) type Watch = Box<dyn FnMut(&Popped) + Send>;

/// What was shown and what a person can see of it; shared by the desk and the pages.
#[derive(Clone)]
pub(super) struct Shown {
    painted: Arc<Mutex<Painted>>,
    watch: Arc<Mutex<Watch>>,
}

impl Shown {
    /// Nothing was shown yet.
    pub(super) fn new(watch: Watch) -> Self {
        Shown {
            painted: Arc::default(),
            watch: Arc::new(Mutex::new(watch)),
        }
    }

    /// `view` is shown at `at`: the mark that the page is to give back.
    pub(super) fn begin(&self, view: &PanelView, at: Instant) -> u64 {
        self.with(|painted| painted.begin(view, at))
    }

    /// The page gave `mark` back.
    pub(super) fn painted(&self, mark: u64, at: Instant) {
        let popped = self.with(|painted| painted.painted(mark, at));
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        for popped in &popped {
            tracing::debug!(call = popped.card.call, after = ?popped.after, "popped");
            watch(popped);
        }
    }

    /// The panel went out of view.
    pub(super) fn hidden(&self) {
        self.with(Painted::hidden);
    }

    fn with<T>(&self, change: impl FnOnce(&mut Painted) -> T) -> T {
        change(&mut self.painted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Event: the whole panel, a [`PanelView`].
const CONTENT: &str = "panel";

/// Event: give the mark back when it is painted.
const MARK: &str = "mark";

/// Event: what the journal holds of calls, or of what is to be done after them, changed.
const LOG: &str = "call-log-changed";

#[derive(Clone, Copy, Serialize)]
struct Mark {
    id: u64,
}

/// Shows the panel in its window.
pub(super) struct TauriPanel {
    app: AppHandle,
    shown: Shown,
    announcer: Announcer,
    tray: Option<Tray>,
}

impl TauriPanel {
    pub(super) fn new(app: AppHandle, shown: Shown, words: Words, act: Act, tray: Option<Tray>) -> Self {
        TauriPanel {
            app,
            shown,
            announcer: Announcer::start(words, act),
            tray,
        }
    }

    /// What the pages and the tray show.
    fn tell(&self, view: &PanelView) {
        self.emit(CONTENT, view);
        if let Some(tray) = &self.tray {
            tray.show(&self.app, view);
        }
    }

    fn emit<T: Serialize + Clone>(&self, event: &str, payload: T) {
        windows::said(self.app.emit(event, payload));
    }

    fn on_main_thread(&self, change: impl FnOnce(&AppHandle) -> tauri::Result<()> + Send + 'static) {
        windows::on_main_thread(&self.app, change);
    }
}

impl Panel for TauriPanel {
    fn show(&mut self, view: &PanelView) {
        let mark = self.shown.begin(view, Instant::now());
        self.tell(view);
        self.on_main_thread(windows::show_panel);
        self.emit(MARK, Mark { id: mark });
    }

    fn update(&mut self, view: &PanelView) {
        self.tell(view);
    }

    fn hide(&mut self, view: &PanelView) {
        self.shown.hidden();
        self.on_main_thread(windows::hide_panel);
        self.tell(view);
    }

    fn missed(&mut self, missed: &MissedView) {
        self.announcer.announce(missed);
    }

    fn remind(&mut self, reminder: &Reminder) {
        self.announcer.remind(reminder);
    }

    fn log_changed(&mut self) {
        self.emit(LOG, ());
    }
}
