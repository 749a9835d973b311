//! Starts the windows, hands the desk its panel, and ends in order.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tauri::{AppHandle, Manager, Window, WindowEvent};

use super::door::{self, Knock};
use super::links::{self, Opened};
use super::painted::Popped;
use super::panel::{Shown, TauriPanel, Watch};
use super::place::Place;
use super::system::Shortcut;
use super::{
    after_call, bench, campaigns, choose, commands, deeds, display, outbox, pages, privacy, setup, shortcut,
    supervisor, tray, users, windows,
};
use crate::config::Memory;
use crate::desk::{DeskHandle, Panel};
use crate::feed::Heard;
use crate::pop::said_view;
use crate::pop::view::{CardView, StartNotice, WindowSystem};
use crate::start::{
    AdviceReport, AuditTrail, CallLists, CallReport, Instance, InstanceError, NumberReport, Outbox, People, Schedule,
    Settings,
};
use crate::words::{Saying, Words};

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

/// How the windows ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Somebody closed them.
    Closed,
    /// Somebody wants to start again, with other settings.
    Again,
}

/// What the windows need to start.
pub struct ShellOptions {
    /// The folder of this Ringside; one runs on it at a time.
    pub home: PathBuf,
    /// How long to wait for a Ringside on it that ends.
    pub patience: Duration,
    /// What the person has to be told first, each until it is closed.
    pub notices: Vec<StartNotice>,
    /// What the desk is started with.
    pub settings: Settings,
    /// Reports how well advice does.
    pub advice: AdviceReport,
    /// Reports what a period of calls came to.
    pub reports: CallReport,
    /// Who did what with whose data.
    pub trail: AuditTrail,
    /// Whose data is given out and erased.
    pub people: People,
    /// Looks at the stored numbers.
    pub numbers: NumberReport,
    /// Looks for customers to call.
    pub lists: CallLists,
    /// What is remembered of the run before.
    pub memory: Memory,
    /// A link to open first.
    pub link: Option<String>,
    /// Who is told of every pop, for example the demo.
    pub on_popped: Option<OnPopped>,
}

/// What came of handing a start over to a Ringside that runs already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandedOver {
    /// None runs on this home folder.
    Nobody,
    /// It has it, and its window is in front.
    Taken,
    /// It refused the link, with why.
    Refused(String),
}

/// Hands `link`, or just that somebody wants the window, to the Ringside that runs on `home`. One that is there and does not
/// answer counts as nobody: whoever starts is then told that the folder is taken.
#[must_use]
pub fn hand_over(home: &Path, link: Option<&str>) -> HandedOver {
    match door::knock(home, link) {
        Knock::Nobody | Knock::Silent => HandedOver::Nobody,
        Knock::Taken => HandedOver::Taken,
        Knock::Refused(why) => HandedOver::Refused(why),
    }
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

/// What a start gives the windows: the desk, what reads the sources and writes into them, what the feeds received, and what to say
/// first.
pub type Started = (DeskHandle, Schedule, Outbox, Heard, Vec<StartNotice>);

/// Opens the windows and runs until the desk's window is closed. `start` starts the desk with the panel
/// it is given; what it returned must live as long as this call.
///
/// Must be called on the main thread.
pub fn run<S, E>(options: ShellOptions, start: S) -> Result<Ended, ShellError>
where
    S: FnOnce(Box<dyn Panel>) -> Result<Started, E>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    if let Some(asked) = bench::asked()? {
        bench::run(asked)?;
        return Ok(Ended::Closed);
    }
    let windows = display::window_system().ok_or(ShellError::NoDisplay)?;
    let instance = Instance::take_within(&options.home, options.patience)?;
    say_what_is_lost(windows);
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .on_window_event(on_window_event)
        .invoke_handler(tauri::generate_handler![
            commands::panel_state,
            commands::save_note,
            commands::close_card,
            commands::dismiss_missed,
            commands::uncover,
            commands::stay_open,
            after_call::drafting,
            after_call::after_call,
            after_call::set_disposition,
            after_call::read_when,
            after_call::plan_task,
            after_call::finish_task,
            after_call::drop_task,
            after_call::open_ticket,
            after_call::move_ticket,
            after_call::answer_offer,
            commands::choose_customer,
            commands::link_customer,
            commands::create_customer,
            commands::take_back,
            commands::search_customers,
            commands::call_log,
            pages::today,
            pages::close_missed,
            pages::snooze_task,
            pages::tickets,
            pages::ticket,
            pages::change_ticket,
            pages::new_ticket,
            pages::search_all,
            pages::customer_page,
            pages::history,
            pages::orders,
            pages::add_contact,
            pages::drop_contact,
            pages::plan_for,
            pages::filters,
            pages::keep_filter,
            commands::lines,
            commands::set_lines,
            commands::dial,
            commands::set_quiet,
            commands::opened_link,
            commands::close_link,
            commands::system,
            commands::set_start_at_login,
            commands::drag_panel,
            commands::webhook_feeds,
            commands::try_webhook,
            commands::why,
            commands::advice_report,
            users::session,
            users::sign_in,
            users::sign_out,
            users::lock_desk,
            users::at_the_desk,
            users::users,
            users::add_user,
            users::change_user,
            users::set_pin,
            users::remove_user,
            supervisor::board,
            supervisor::today_so_far,
            supervisor::feeds_heard,
            supervisor::last_hour,
            supervisor::give_missed,
            supervisor::call_report,
            supervisor::export_call_report,
            supervisor::log_rows,
            supervisor::log_choices,
            supervisor::log_link,
            supervisor::story,
            supervisor::comment_call,
            supervisor::mark_call,
            supervisor::audit_trail,
            supervisor::export_audit,
            privacy::known_of,
            privacy::give_out,
            privacy::erase_person,
            commands::number_health,
            commands::export_number_health,
            commands::sources,
            commands::sync_source,
            outbox::unwritten,
            outbox::write_again,
            outbox::drop_unwritten,
            campaigns::campaigns,
            campaigns::tiers,
            campaigns::pick,
            campaigns::new_campaign,
            campaigns::campaign_entries,
            campaigns::campaign_work,
            campaigns::campaign_try,
            campaigns::close_campaign,
            campaigns::link_records,
            campaigns::undo_link,
            campaigns::part_record,
            setup::settings,
            setup::change_settings,
            setup::keep_secret,
            setup::restart,
            setup::try_phone_system,
            setup::phone_system_heard,
            setup::end_phone_trial,
            choose::choose_file,
            setup::data_files,
            setup::preview_file,
            setup::import_source,
            setup::pretend_call,
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
    app.manage(Place::new(options.settings.panel(), options.memory));
    app.manage(Opened::default());
    app.manage(setup::Again::default());
    app.manage(setup::Trial::default());
    app.manage(commands::Notices::new(options.notices));
    let (language, words) = (options.settings.language(), Words::of(options.settings.spoken()));
    let keys = options.settings.panel().shortcut().map(str::to_owned);
    app.manage(options.settings);
    app.manage(options.advice);
    app.manage(options.reports);
    app.manage(options.trail);
    app.manage(options.people);
    app.manage(options.numbers);
    app.manage(options.lists);
    let folder = options.home.join("window");
    windows::build_panel(&app, windows::page("panel.html", language), &folder)?;
    let tray = tray::build(app.handle(), words);
    let act = deeds::act(app.handle());
    let panel = TauriPanel::new(app.handle().clone(), shown, words, act, tray);
    let (desk, sources, writing, heard, notices) =
        start(Box::new(panel)).map_err(|error| ShellError::Desk(error.into()))?;
    app.state::<commands::Notices>().add(notices);
    app.manage(desk);
    app.manage(sources);
    app.manage(writing);
    app.manage(heard);
    app.manage(Shortcut(keys.and_then(|keys| grab(app.handle(), &keys))));
    open_door(app.handle(), &options.home);
    if let Some(link) = &options.link
        && let Err(why) = links::open(app.handle(), Some(link))
    {
        tracing::warn!(%why, "a link was refused");
    }
    windows::build_main(&app, windows::page("index.html", language), &folder)?;
    let handle = app.handle().clone();
    app.run_return(|_, _| {});
    Ok(match handle.state::<setup::Again>().wanted() {
        true => {
            instance.hold_to_the_end();
            Ended::Again
        }
        false => Ended::Closed,
    })
}

/// Takes the keys that bring the panel. What is wrong with them is said, and costs nothing else.
fn grab(app: &AppHandle, keys: &str) -> Option<Saying> {
    let why = shortcut::grab(app, keys).err()?;
    tracing::warn!(%why, "the keys that bring the panel do nothing");
    if let Some(notices) = app.try_state::<commands::Notices>() {
        notices.add([StartNotice::Said { said: said_view(&why) }]);
    }
    Some(why)
}

/// Takes in what a second start on this home folder is started with.
fn open_door(app: &AppHandle, home: &Path) {
    let app = app.clone();
    let take = move |link: Option<String>| links::open(&app, link.as_deref()).map_err(|why| why.to_string());
    if let Err(error) = door::open(home, Box::new(take)) {
        tracing::warn!(%error, "a second start cannot hand a link over");
    }
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
            tauri::async_runtime::spawn(async move {
                // where there is an icon to bring it back, calls go on popping without the window
                if !shows_tray_icons().await {
                    end(&app).await;
                }
            });
        }
        _ => {}
    }
}

async fn shows_tray_icons() -> bool {
    let asked = tauri::async_runtime::spawn_blocking(super::bus::shows_tray_icons).await;
    asked.unwrap_or(false)
}

/// Longer than the pause in typing after which a page sends a note.
const LAST_KEY: Duration = Duration::from_millis(1200);

/// Ends the application when nothing typed is left unsaved: the pages have had time to send the last
/// words, and the desk, which answers in order, has written all that was sent.
pub(super) async fn end(app: &AppHandle) {
    tokio::time::sleep(LAST_KEY).await;
    if let Some(desk) = app.try_state::<DeskHandle>() {
        let desk = desk.inner().clone();
        if let Err(error) = desk.panel().await {
            tracing::debug!(%error, "the desk had ended before its windows");
        }
    }
    app.exit(0);
}

fn say_what_is_lost(windows: WindowSystem) {
    match windows {
        WindowSystem::X11 => {}
        WindowSystem::Xwayland => tracing::info!(
            "on Wayland through X11: the keys that bring the panel work only while an X11 window has the keyboard"
        ),
        WindowSystem::Wayland => tracing::warn!(
            "on Wayland the panel can neither choose its corner nor stay on top, and no keys bring it; install Xwayland, or \
             start Ringside with GDK_BACKEND=x11"
        ),
    }
}
