//! An agent at extension 101: a home folder, a phone system that tells of calls, and the running application.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::{App, Bus, Caller, Feed, Home, PATIENCE, Screen};

/// The agent's place.
pub struct Seat {
    /// The application.
    pub app: App,
    /// Its home folder.
    pub home: Home,
    /// Where it listens for calls.
    pub port: u16,
    bus: Option<Bus>,
}

/// Keys are ignored for the first moments after the panel got them, so that a stray one decides nothing; a little longer
/// than that.
const GUARD: Duration = Duration::from_millis(700);

impl Seat {
    /// An agent whose home folder is prepared by `prepare`, before the application starts.
    pub async fn new(folder: &Path, prepare: impl FnOnce(&Home)) -> Self {
        Self::start(folder, prepare, None).await
    }

    /// The same without a notification service: what it shows of a missed call would lie over the panel.
    pub async fn undisturbed(folder: &Path, prepare: impl FnOnce(&Home)) -> Self {
        Self::start(folder, prepare, Some(Bus::empty(folder))).await
    }

    /// The same with the session bus `bus`.
    pub async fn on(bus: Bus, folder: &Path, prepare: impl FnOnce(&Home)) -> Self {
        Self::start(folder, prepare, Some(bus)).await
    }

    async fn start(folder: &Path, prepare: impl FnOnce(&Home), bus: Option<Bus>) -> Self {
        let (feed, port) = Feed::webhook();
        let home = Home::new(folder, "101", &feed);
        prepare(&home);
        let app = Self::open(&home, bus.as_ref()).await;
        Seat { app, home, port, bus }
    }

    async fn open(home: &Home, bus: Option<&Bus>) -> App {
        match bus {
            Some(bus) => App::start_on(home, bus).await,
            None => App::start(home).await,
        }
    }

    /// Ends the application as a power cut does, changes its home folder, and starts it again.
    pub async fn starts_again(self, change: impl FnOnce(&Home)) -> Self {
        let Seat { app, home, port, bus } = self;
        app.kill();
        change(&home);
        let app = Self::open(&home, bus.as_ref()).await;
        Seat { app, home, port, bus }
    }

    /// What was announced on the session bus that the seat was given.
    ///
    /// # Panics
    /// Where it was given none.
    #[must_use]
    pub fn bus(&self) -> &Bus {
        self.bus.as_ref().expect("a seat with a bus")
    }

    /// A call rings, and the panel shows it.
    pub async fn rings(&self, call: &str, from: &str) -> Caller {
        let caller = Caller::new(self.port, call, from);
        caller.rings().await;
        self.app.wait_for_panel(true).await;
        self.app.panel().await;
        self.app.wait_for_card("ringing").await;
        caller
    }

    /// The panel's page as it stands, and what its fields hold.
    pub async fn page(&self) -> String {
        self.app.panel().await;
        let script = "const fields = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
            arguments[0]([document.documentElement.outerHTML, ...fields].join('\\n'))";
        let page = self.app.run_script(script).await;
        page.as_str().expect("a text").to_owned()
    }

    /// The agent clicks on the one with this test id, and keys go to the panel from then on.
    pub async fn takes_the_keyboard_at(&self, id: &str) {
        let panel = self.app.panel_window().await;
        let watch = "window.pressed = 'nothing'; arguments[0](null);
            addEventListener('pointerdown', e => window.pressed = e.target.outerHTML.slice(0, 200), { capture: true, once: true })";
        self.app.run_script(watch).await;
        self.app.click_in_panel(id).await;
        let start = Instant::now();
        while Screen.focused() != panel {
            if start.elapsed() > PATIENCE {
                let picture = self.home.log().with_file_name("the-panel-has-no-keyboard.png");
                Screen.shoot(&picture);
                let pressed = self.app.run_script("arguments[0](window.pressed)").await;
                let (has, at, log) = (Screen.focused(), panel.area(), self.app.log());
                panic!(
                    "pressed at `{id}`, the page saw {pressed}, {has:?} has the keyboard, not {panel:?} at {at:?}: {picture:?}\n{log}"
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(GUARD).await;
    }

    /// The agent types.
    pub fn types(&self, text: &str) {
        Screen.start_typing(text, Duration::from_millis(20)).finish();
    }

    /// The caller gives up, and the card goes.
    pub async fn gives_up(&self, caller: &Caller) {
        caller.gives_up().await;
        self.app.wait_for_none("card").await;
    }

    /// The caller hangs up, and the agent has time to write.
    pub async fn wraps_up(&self, caller: &Caller) {
        caller.hangs_up().await;
        self.app.wait_for_card("wrap_up").await;
    }

    /// Saves and closes by keys, and waits until the card has gone.
    pub async fn closes(&self) {
        Screen.press("ctrl+Return");
        self.app.wait_for_none("card").await;
    }
}
