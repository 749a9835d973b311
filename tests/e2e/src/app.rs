//! One running Ringside, seen through WebDriver and on the screen.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, Locator};

use crate::driver::Driver;
use crate::process::signal;
use crate::screen::{Screen, Window};
use crate::{Bus, Home, Programs, program, until};

/// The application on one home folder.
pub struct App {
    pub(crate) client: Client,
    driver: Driver,
    log: PathBuf,
}

/// The two pages. The desk's is the address without a file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Panel,
    Desk,
}

/// Title of the panel's window.
const PANEL: &str = "Ringside panel";

impl App {
    /// Starts the application on `home` and waits until both pages are there.
    pub async fn start(home: &Home) -> Self {
        Self::start_with(home, home.environment()).await
    }

    /// The same with the session bus `bus`.
    pub async fn start_on(home: &Home, bus: &Bus) -> Self {
        let mut environment = home.environment();
        environment.push(("DBUS_SESSION_BUS_ADDRESS", bus.address()));
        Self::start_with(home, environment).await
    }

    /// The same with the session bus `bus` and this search path for programs.
    pub async fn start_among(home: &Home, bus: &Bus, programs: &Programs) -> Self {
        let mut environment = home.environment();
        environment.push(("DBUS_SESSION_BUS_ADDRESS", bus.address()));
        environment.push(("PATH", programs.path()));
        Self::start_with(home, environment).await
    }

    async fn start_with(home: &Home, environment: Vec<(&str, String)>) -> Self {
        let log = home.log();
        let driver = Driver::start(&environment, &log).await;
        let client = driver.open(&program()).await;
        let app = App { client, driver, log };
        app.page(Page::Panel).await;
        app.page(Page::Desk).await;
        app
    }

    /// Looks into the panel from now on.
    pub async fn panel(&self) {
        self.page(Page::Panel).await;
    }

    /// Looks into the desk's window from now on.
    pub async fn desk(&self) {
        self.page(Page::Desk).await;
    }

    /// The one with this test id, once it is there.
    pub async fn find(&self, id: &str) -> Element {
        let selector = selector(id);
        until(&format!("`{id}` is on the page"), async || {
            self.client.find(Locator::Css(&selector)).await.ok()
        })
        .await
    }

    /// The text of each with this test id, as it is now.
    pub async fn texts(&self, id: &str) -> Vec<String> {
        // Read at one moment: an element found may be gone before it is asked.
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)";
        let texts = self.client.execute(script, vec![selector(id).into()]).await;
        let texts = texts.expect("the page answers");
        serde_json::from_value(texts).expect("a list of texts")
    }

    /// Waits until one with this test id says `text`.
    pub async fn wait_for(&self, id: &str, text: &str) {
        let mut last = Vec::new();
        let start = Instant::now();
        while start.elapsed() < crate::PATIENCE {
            last = self.texts(id).await;
            if last.iter().any(|found| found.contains(text)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("`{id}` never said `{text}`, but {last:?}");
    }

    /// What is typed into the one with this test id.
    pub async fn value(&self, id: &str) -> String {
        let value = self.find(id).await.prop("value").await.expect("the page answers");
        value.unwrap_or_default()
    }

    /// Presses the left button of the mouse in the middle of the one with this test id, in the panel.
    pub async fn click_in_panel(&self, id: &str) {
        self.click_on(&self.find(id).await).await;
    }

    async fn click_on(&self, element: &Element) {
        self.rest().await;
        let (x, y) = self.middle(element).await;
        Screen.click(x, y);
    }

    /// Waits until the panel has the height its content needs.
    pub async fn rest(&self) {
        let panel = self.panel_window().await;
        let mut last = None;
        until("the panel is at rest", async || {
            let now = Some(panel.area());
            let rests = std::mem::replace(&mut last, now) == now;
            tokio::time::sleep(Duration::from_millis(200)).await;
            rests.then_some(())
        })
        .await;
    }

    async fn middle(&self, element: &Element) -> (i32, i32) {
        let (x, y, width, height) = element.rectangle().await.expect("it has a place");
        let window = self.panel_window().await.area();
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
        let below = ((x + width / 2.0) as i32, (y + height / 2.0) as i32);
        (window.x + below.0, window.y + below.1)
    }

    /// Presses the button that takes the first missed call out of the panel, with the mouse.
    pub async fn dismiss_missed(&self) {
        self.panel().await;
        let missed = self.find("missed").await;
        let button = missed
            .find(Locator::Css("[data-testid='dismiss']"))
            .await
            .expect("it has a button");
        self.click_on(&button).await;
    }

    /// Waits until a card is in this state.
    pub async fn wait_for_card(&self, state: &str) {
        let selector = format!("[data-testid='card'][data-state='{state}']");
        until(&format!("a card is {state}"), async || {
            self.client.find(Locator::Css(&selector)).await.ok()
        })
        .await;
    }

    /// Goes on by the Tab key until the one with this test id has the focus.
    pub async fn tab_to(&self, id: &str) {
        // a Tab that is still on its way would lead on from where this stops
        let moved = "return document.activeElement !== window.tabbedFrom";
        let here = "window.tabbedFrom = document.activeElement; return document.activeElement?.dataset.testid ?? ''";
        until(&format!("Tab comes to `{id}`"), async || {
            if self.client.execute(here, Vec::new()).await.ok()? == id {
                return Some(());
            }
            Screen.press("Tab");
            for _ in 0..20 {
                if self.client.execute(moved, Vec::new()).await.ok()? == true {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            None
        })
        .await;
    }

    /// Waits until none with this test id is on the page.
    pub async fn wait_for_none(&self, id: &str) {
        until(&format!("`{id}` has gone"), async || {
            self.texts(id).await.is_empty().then_some(())
        })
        .await;
    }

    /// Waits until the panel knows of a connection and all are up.
    pub async fn wait_for_feeds(&self) {
        self.desk().await;
        let script = "return window.__TAURI_INTERNALS__.invoke('panel_state').then(v => v.feeds.map(f => f.health))";
        until("the connections are up", async || {
            let health = self.client.execute(script, Vec::new()).await.ok()?;
            let health = health.as_array()?;
            (!health.is_empty() && health.iter().all(|health| health == "up")).then_some(())
        })
        .await;
    }

    /// Makes `line` the only extension, on the desk's connection page.
    pub async fn change_line(&self, line: &str) {
        self.desk().await;
        self.click("nav-connection").await;
        let input = self.find("line-input").await;
        input.send_keys(line).await.expect("it takes text");
        self.click("line-add").await;
        self.find("lines-saved").await;
    }

    /// Presses the one with this test id, in the page that is looked into.
    pub async fn click(&self, id: &str) {
        self.find(id).await.click().await.expect("it can be pressed");
    }

    /// The panel's window on the screen, once it was in view.
    pub async fn panel_window(&self) -> Window {
        self.window(PANEL).await
    }

    /// The desk's window on the screen.
    pub async fn desk_window(&self) -> Window {
        self.window("Ringside").await
    }

    /// How many panel windows there are.
    #[must_use]
    pub fn panels(&self) -> usize {
        Screen.windows(self.pid(), PANEL).len()
    }

    /// Whether the panel is in view. One that never was is no window yet.
    #[must_use]
    pub fn panel_in_view(&self) -> bool {
        let panel = Screen.window(self.pid(), PANEL);
        panel.is_some_and(|panel| panel.in_view())
    }

    /// Waits until the pop of this call can be seen, not only found in the page.
    pub async fn wait_until_painted(&self, call: &str) {
        let call = format!("{call}\" after=");
        until("the pop is painted", async || self.log().contains(&call).then_some(())).await;
    }

    /// Waits until the panel is in view, or out of it.
    pub async fn wait_for_panel(&self, in_view: bool) {
        until(&format!("the panel's window is in view: {in_view}"), async || {
            (self.panel_in_view() == in_view).then_some(())
        })
        .await;
    }

    /// Ends the application as a power cut does.
    pub fn kill(self) {
        signal("KILL", &self.pid().to_string());
    }

    /// Waits until it has ended by itself.
    pub async fn wait_for_the_end(&self) {
        until("the application ends", async || (!self.runs()).then_some(())).await;
    }

    /// Whether it still runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.driver.application().is_some()
    }

    /// Runs a script in the page, with a last argument to call with the result.
    pub async fn run_script(&self, script: &str) -> serde_json::Value {
        self.client
            .execute_async(script, Vec::new())
            .await
            .expect("the page answers")
    }

    /// The same with other arguments before it.
    pub async fn run_script_with(&self, script: &str, arguments: Vec<serde_json::Value>) -> serde_json::Value {
        self.client
            .execute_async(script, arguments)
            .await
            .expect("the page answers")
    }

    /// Shows an empty page in the window that is looked into; gives the address that it had.
    pub async fn empty_page(&self) -> String {
        let address = self.client.current_url().await.expect("the page has an address");
        self.client.goto("about:blank").await.expect("the page opens");
        address.to_string()
    }

    /// Shows the page at an address in the window that is looked into.
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.expect("the page opens");
    }

    /// Notes from now on, frame by frame, where in the panel each thing stands from the second frame on that has it.
    pub async fn watch_places(&self) {
        self.panel().await;
        self.client
            .execute(WATCH_PLACES, Vec::new())
            .await
            .expect("the page answers");
    }

    /// What stood in more than one place since [`App::watch_places`]: test id and places, from the left and the top.
    pub async fn moved(&self) -> Vec<String> {
        let script = "return Object.entries(window.places).filter(([, at]) => at.size > 1)
            .map(([id, at]) => `${id}: ${[...at].join(' -> ')}`)";
        let moved = self.client.execute(script, Vec::new()).await.expect("the page answers");
        serde_json::from_value(moved).expect("a list of texts")
    }

    /// All it said so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log can be read")
    }

    fn pid(&self) -> u32 {
        self.driver.application().expect("the application runs")
    }

    async fn window(&self, title: &str) -> Window {
        let pid = self.pid();
        until(&format!("a window `{title}`"), async || Screen.window(pid, title)).await
    }

    async fn page(&self, page: Page) {
        until(&format!("the page of the {page:?}"), async || {
            for window in self.client.windows().await.ok()? {
                self.client.switch_to_window(window).await.ok()?;
                let address = self.client.current_url().await.ok()?;
                if address.path().ends_with("panel.html") == (page == Page::Panel) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }
}

/// Offsets leave out transforms: that the panel comes up by six pixels moves nothing in it.
const WATCH_PLACES: &str = "
    const places = window.places = {};
    const frames = {};
    const place = (element) => {
        let [left, top] = [0, 0];
        for (let at = element; at; at = at.offsetParent) [left, top] = [left + at.offsetLeft, top + at.offsetTop];
        return `${left},${top}`;
    };
    const look = () => {
        const counts = {};
        for (const element of document.querySelectorAll('[data-testid]:not([hidden], [hidden] *)')) {
            const id = element.dataset.testid;
            const key = `${id} ${counts[id] = (counts[id] ?? 0) + 1}`;
            if ((frames[key] = (frames[key] ?? 0) + 1) > 2) (places[key] ??= new Set()).add(place(element));
        }
        if (places === window.places) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);";

/// What stands ready out of sight for the next call is not on the page.
fn selector(id: &str) -> String {
    format!("[data-testid='{id}']:not([hidden], [hidden] *)")
}
