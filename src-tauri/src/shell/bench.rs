//! How long a pop takes in the window: from the desk's word to the second animation frame.
//!
//! Asked for by environment: `RINGSIDE_BENCH=panel` pops the panel in the file `RINGSIDE_BENCH_VIEW` again and
//! again, `RINGSIDE_BENCH=empty` sends the same to an empty page in the same window, so that the two can
//! be compared. Prints `ready` once the page has painted, then the time of each pop in microseconds as it is measured, a
//! line each. It knows no desk and no customer.

use std::env;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tauri::{Manager, WebviewUrl, http};

use super::panel::{Shown, TauriPanel};
use super::{commands, windows};
use crate::config::Language;
use crate::desk::Panel;
use crate::pop::view::PanelView;
use crate::words::Words;

/// What to measure.
#[derive(Debug)]
pub(super) struct Asked {
    page: Page,
    view: PanelView,
    pops: NonZeroU32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Panel,
    Empty,
}

/// Why the bench could not be run.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The environment asks for a page that is not there.
    #[error("RINGSIDE_BENCH is `panel` or `empty`, not `{0}`")]
    Page(String),
    /// The panel to show could not be read.
    #[error("RINGSIDE_BENCH_VIEW must name a file with a panel as JSON ({0})")]
    View(String),
    /// The number of pops makes no sense.
    #[error("RINGSIDE_BENCH_POPS is a number from 1, not `{0}`")]
    Pops(String),
    /// The window system refused.
    #[error("the bench's window could not be opened")]
    Window(#[from] tauri::Error),
    /// The page did not paint.
    #[error("the page painted nothing for {} s", PATIENCE.as_secs())]
    Blank,
    /// The bench's own thread could not be started or did not end.
    #[error("the bench was broken off")]
    BrokenOff,
    /// Nobody reads what was measured.
    #[error("the times could not be printed")]
    Unread(#[from] io::Error),
}

/// How long a page may take to paint.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two pops the window is out of view for this long.
const PAUSE: Duration = Duration::from_millis(80);

/// A page that is not there yet hears nothing: it is asked again this soon.
const RETRY: Duration = Duration::from_millis(20);

/// What the environment asks to be measured, if anything.
pub(super) fn asked() -> Result<Option<Asked>, BenchError> {
    let Ok(page) = env::var("RINGSIDE_BENCH") else {
        return Ok(None);
    };
    let page = match page.as_str() {
        "panel" => Page::Panel,
        "empty" => Page::Empty,
        _ => return Err(BenchError::Page(page)),
    };
    let file = env::var_os("RINGSIDE_BENCH_VIEW").ok_or(BenchError::View("it is not set".to_owned()))?;
    let view = read(Path::new(&file))?;
    let pops = env::var("RINGSIDE_BENCH_POPS").unwrap_or_else(|_| "100".to_owned());
    let pops = pops.parse().map_err(|_| BenchError::Pops(pops))?;
    Ok(Some(Asked { page, view, pops }))
}

fn read(file: &Path) -> Result<PanelView, BenchError> {
    let text = std::fs::read_to_string(file).map_err(|error| BenchError::View(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| BenchError::View(error.to_string()))
}

/// Pops as often as asked and prints the times.
pub(super) fn run(asked: Asked) -> Result<(), BenchError> {
    let app = tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| empty_page())
        .invoke_handler(tauri::generate_handler![
            panel_state,
            commands::hide_panel,
            commands::want_keyboard,
            commands::resize_panel,
            commands::painted,
        ])
        .build(tauri::generate_context!())?;
    let (painted, paints) = channel();
    let shown = Shown::new(Box::new(move |popped| {
        // The receiver has gone when the last pop is counted.
        let _ = painted.send(popped.after);
    }));
    app.manage(shown.clone());
    let folder = tempfile::tempdir().map_err(tauri::Error::from)?;
    windows::build_panel(&app, page_address(asked.page)?, folder.path())?;
    let handle = app.handle().clone();
    let driver = thread::Builder::new()
        .name("bench".to_owned())
        .spawn(move || {
            let times = pop_all(
                &asked,
                TauriPanel::new(handle.clone(), shown, Words::of(Language::En), Arc::new(|_| {}), None),
                &paints,
            );
            handle.exit(0);
            times
        })
        .map_err(|_| BenchError::BrokenOff)?;
    app.run_return(|_, _| {});
    driver.join().map_err(|_| BenchError::BrokenOff)?
}

/// Listens for the mark and gives it back after two frames, as the panel does, and shows nothing.
const EMPTY_PAGE: &str = "<!doctype html><title>Empty</title><script>
const tauri = window.__TAURI_INTERNALS__;
const handler = tauri.transformCallback(({ payload }) => requestAnimationFrame(() => requestAnimationFrame(
  () => tauri.invoke('painted', { id: payload.id }))));
tauri.invoke('plugin:event|listen', { event: 'mark', target: { kind: 'Any' }, handler });
</script>";

fn empty_page() -> http::Response<&'static [u8]> {
    let mut response = http::Response::new(EMPTY_PAGE.as_bytes());
    let html = http::HeaderValue::from_static("text/html");
    response.headers_mut().insert(http::header::CONTENT_TYPE, html);
    response
}

fn page_address(page: Page) -> Result<WebviewUrl, BenchError> {
    Ok(match page {
        Page::Panel => WebviewUrl::App("panel.html".into()),
        Page::Empty => WebviewUrl::CustomProtocol(
            "empty://localhost/"
                .parse()
                .map_err(|_| BenchError::Page("empty".to_owned()))?,
        ),
    })
}

/// The page starts with nothing in it.
#[tauri::command]
fn panel_state() -> PanelView {
    PanelView::default()
}

fn pop_all(asked: &Asked, mut panel: TauriPanel, paints: &Receiver<Duration>) -> Result<(), BenchError> {
    let nothing = PanelView::default();
    wait_for_the_page(asked, &mut panel, paints)?;
    for pop in 0..asked.pops.get() {
        panel.hide(&nothing);
        thread::sleep(PAUSE);
        panel.show(&numbered(&asked.view, &format!("pop-{pop}")));
        let after = paints.recv_timeout(PATIENCE).map_err(|_| BenchError::Blank)?;
        say(after.as_micros())?;
    }
    Ok(())
}

fn say(what: impl std::fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{what}")?;
    out.flush()
}

/// Pops until the page has loaded and answers.
fn wait_for_the_page(asked: &Asked, panel: &mut TauriPanel, paints: &Receiver<Duration>) -> Result<(), BenchError> {
    let start = Instant::now();
    for attempt in 0.. {
        panel.show(&numbered(&asked.view, &format!("start-{attempt}")));
        match paints.recv_timeout(RETRY) {
            Ok(_) => break,
            Err(RecvTimeoutError::Timeout) if start.elapsed() < PATIENCE => {}
            Err(_) => return Err(BenchError::Blank),
        }
    }
    say("ready")?;
    while paints.recv_timeout(Duration::from_secs(1)).is_ok() {}
    Ok(())
}

/// The same panel for calls of their own, so that each is a new pop.
fn numbered(view: &PanelView, call: &str) -> PanelView {
    let mut view = view.clone();
    for (at, card) in view.cards.iter_mut().enumerate() {
        card.call = format!("{call}-{at}");
    }
    view
}
