//! Starts the windows, hands the desk its panel, and ends in order.

use std::error::Error;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use tauri::{AppHandle, Manager, Window, WindowEvent};

use super::instance::{Instance, InstanceError};
use super::painted::Popped;
use super::panel::{Shown, TauriPanel, Watch};
use super::{bench, commands, windows};
use crate::desk::{DeskHandle, Panel};
use crate::pop::view::{CardView, StartNotice};
use crate::start::{NumberReport, Settings};
use crate::words::Words;

/// Told of each card that was painted, with the time from the desk's word to the second animation frame.
pub type OnPopped = Box<dyn FnMut(&CardView, Duration) -> Next + Send>;

/// What follows a pop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Go on.
    Continue,
    /// End the application after this time, as if its window was closed.
    EndAfter(Duration),
}

/// What the windows need to start.
pub struct ShellOptions {
    /// The folder of this Ringside; one runs on it at a time.
    pub home: PathBuf,
    /// What the person has to be told first, each until it is closed.
    pub notices: Vec<StartNotice>,
    /// What the desk is started with.
    pub settings: Settings,
    /// Looks at the stored numbers.
    pub numbers: NumberReport,
    /// Who is told of every pop, for example the demo.
    pub on_popped: Option<OnPopped>,
}

/// Why the windows could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// The home folder cannot be used.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// There is no window system to open a window on.
    #[error(
        "there is no display to open a window on; set DISPLAY to one that runs (the commands of `ringside --help` need none)"
    )]
    NoDisplay,
    /// The window system refused.
    #[error("the window could not be opened; check that a display is there (DISPLAY or WAYLAND_DISPLAY)")]
    Window(#[from] tauri::Error),
    /// What the desk needs could not be opened.
    #[error("{0}")]
    Desk(#[source] Box<dyn Error + Send + Sync>),
    /// The bench was asked for with something it does not understand.
    #[error(transparent)]
    Bench(#[from] bench::BenchError),
}

/// Opens the windows and runs until the desk's window is closed. `start` starts the desk with the panel
/// it is given; what it returned for the desk must live as long as this call.
///
/// Must be called on the main thread.
pub fn run<S, E>(options: ShellOptions, start: S) -> Result<(), ShellError>
where
    S: FnOnce(Box<dyn Panel>) -> Result<DeskHandle, E>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    if let Some(asked) = bench::asked()? {
        return Ok(bench::run(asked)?);
    }
    if !reaches_a_display() {
        return Err(ShellError::NoDisplay);
    }
    let instance = Instance::take(&options.home)?;
    warn_of_wayland();
    let app = tauri::Builder::default()
        .on_window_event(on_window_event)
        .invoke_handler(tauri::generate_handler![
            commands::panel_state,
            commands::save_note,
            commands::close_card,
            commands::dismiss_missed,
            commands::uncover,
            commands::stay_open,
            commands::drafting,
            commands::after_call,
            commands::set_disposition,
            commands::read_when,
            commands::plan_task,
            commands::finish_task,
            commands::drop_task,
            commands::open_ticket,
            commands::move_ticket,
            commands::answer_offer,
            commands::choose_customer,
            commands::link_customer,
            commands::create_customer,
            commands::take_back,
            commands::search_customers,
            commands::call_log,
            commands::lines,
            commands::set_lines,
            commands::dial,
            commands::webhook_feeds,
            commands::try_webhook,
            commands::why,
            commands::number_health,
            commands::export_number_health,
            commands::notices,
            commands::close_notice,
            commands::hide_panel,
            commands::want_keyboard,
            commands::resize_panel,
            commands::painted,
        ])
        .build(tauri::generate_context!())?;
    let shown = Shown::new(watch(app.handle().clone(), options.on_popped));
    app.manage(shown.clone());
    app.manage(commands::Notices::new(options.notices));
    let (language, words) = (options.settings.language(), Words::of(options.settings.spoken()));
    app.manage(options.settings);
    app.manage(options.numbers);
    let folder = options.home.join("window");
    windows::build_panel(&app, windows::page("panel.html", language), &folder)?;
    let panel = TauriPanel::new(app.handle().clone(), shown, words);
    let desk = start(Box::new(panel)).map_err(|error| ShellError::Desk(error.into()))?;
    app.manage(desk);
    windows::build_main(&app, windows::page("index.html", language), &folder)?;
    app.run_return(|_, _| {});
    drop(instance);
    Ok(())
}

fn watch(app: AppHandle, mut on_popped: Option<OnPopped>) -> Watch {
    Box::new(move |popped: &Popped| {
        let Some(on_popped) = &mut on_popped else { return };
        if let Next::EndAfter(time) = on_popped(&popped.card, popped.after) {
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(time).await;
                end(&app).await;
            });
        }
    })
}

fn on_window_event(window: &Window, event: &WindowEvent) {
    match (window.label(), event) {
        (windows::PANEL, event) => windows::panel_event(window, event),
        (windows::MAIN, WindowEvent::CloseRequested { api, .. }) => {
            api.prevent_close();
            windows::said(window.hide());
            let app = window.app_handle().clone();
            tauri::async_runtime::spawn(async move { end(&app).await });
        }
        _ => {}
    }
}

/// Longer than the pause in typing after which a page sends a note.
const LAST_KEY: Duration = Duration::from_millis(1200);

/// Ends the application when nothing typed is left unsaved: the pages have had time to send the last
/// words, and the desk, which answers in order, has written all that was sent.
async fn end(app: &AppHandle) {
    tokio::time::sleep(LAST_KEY).await;
    if let Some(desk) = app.try_state::<DeskHandle>() {
        let desk = desk.inner().clone();
        if let Err(error) = desk.panel().await {
            tracing::debug!(%error, "the desk had ended before its windows");
        }
    }
    app.exit(0);
}

/// Asked before Tauri is: where GTK finds no display, Tauri ends the process in a panic.
fn reaches_a_display() -> bool {
    let named = |name| std::env::var_os(name).filter(|display| !display.is_empty());
    if named("WAYLAND_DISPLAY").is_some() {
        return true;
    }
    let Some(display) = named("DISPLAY") else { return false };
    let display = display.to_string_lossy();
    match display.strip_prefix(':') {
        Some(number) => {
            let number = number.split('.').next().unwrap_or_default();
            UnixStream::connect(format!("/tmp/.X11-unix/X{number}")).is_ok()
        }
        // on another computer: whether it answers is for GTK to find out
        None => true,
    }
}

/// Wayland has no word for a window's place or for staying on top.
fn warn_of_wayland() {
    let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|display| !display.is_empty());
    if wayland && std::env::var_os("GDK_BACKEND").is_none() {
        tracing::warn!(
            "on Wayland the panel can neither choose its corner nor stay on top; start Ringside with GDK_BACKEND=x11 for both"
        );
    }
}
