//! The icon in the desktop's tray: how it stands at this desk, and a menu.
//!
//! A desktop without a tray loses nothing but the icon. It decides nothing: the presence comes from what the panel shows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use tauri::menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager as _};

use super::{bus, presence_icon, run, windows};
use crate::desk::{DeskHandle, QuietFor};
use crate::pop::Presence;
use crate::pop::view::PanelView;
use crate::words::Words;

/// The icon, as far as it changes.
pub(super) struct Tray {
    icon: TrayIcon,
    presence: MenuItem<tauri::Wry>,
    end_quiet: MenuItem<tauri::Wry>,
    shown: Mutex<Option<Shown>>,
    words: Words,
}

/// What is shown of it: only a change is told to the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    presence: Presence,
    quiet: bool,
}

const OPEN: &str = "open";
const PANEL: &str = "panel";
const QUIET: &str = "quiet";
const QUIET_HALF_HOUR: &str = "quiet-30";
const QUIET_HOUR: &str = "quiet-60";
const QUIET_END: &str = "quiet-end";
const QUIT: &str = "quit";

/// Makes the icon. Must be called on the main thread. `None` where this computer has no library for it.
pub(super) fn build(app: &AppHandle, words: Words) -> Option<Tray> {
    // the library for it is opened when it is used first, and where there is none that is a panic
    let built = catch_unwind(AssertUnwindSafe(|| make(app, words)));
    let tray = match built {
        Ok(Ok(tray)) => tray,
        Ok(Err(error)) => {
            tracing::warn!(%error, "no tray icon");
            return None;
        }
        Err(_) => {
            tracing::warn!("no tray icon: libayatana-appindicator3 is not installed");
            return None;
        }
    };
    if !bus::shows_tray_icons() {
        tracing::info!(
            "this desktop shows no tray icons: nothing is lost but the icon, and closing the window ends Ringside"
        );
    }
    Some(tray)
}

impl Tray {
    /// Shows how it stands. Never waits.
    pub(super) fn show(&self, app: &AppHandle, view: &PanelView) {
        let now = Shown {
            presence: Presence::of(view),
            quiet: view.quiet.is_some(),
        };
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.replace(now) == Some(now) {
            return;
        }
        let (icon, presence, end_quiet) = (self.icon.clone(), self.presence.clone(), self.end_quiet.clone());
        let word = self.words.text::<&str>(now.presence.key(), &[]);
        windows::on_main_thread(app, move |_| {
            icon.set_icon(Some(presence_icon::icon(now.presence)))?;
            presence.set_text(word)?;
            end_quiet.set_enabled(now.quiet)
        });
    }
}

fn make(app: &AppHandle, words: Words) -> tauri::Result<Tray> {
    let say = |key: &str| words.text::<&str>(key, &[]);
    let item = |id: &str, key: &str| MenuItem::with_id(app, id, say(key), true, None::<&str>);
    let line = || PredefinedMenuItem::separator(app);
    let presence = MenuItem::with_id(app, "presence", say(Presence::Available.key()), false, None::<&str>)?;
    let end_quiet = MenuItem::with_id(app, QUIET_END, say("quiet.end"), false, None::<&str>)?;
    let quiet = Submenu::with_items(
        app,
        say("tray.quiet"),
        true,
        &[
            &item(QUIET, "quiet.ever")? as &dyn IsMenuItem<_>,
            &item(QUIET_HALF_HOUR, "quiet.half_hour")?,
            &item(QUIET_HOUR, "quiet.hour")?,
            &line()?,
            &end_quiet,
        ],
    )?;
    let menu = Menu::with_items(
        app,
        &[
            &presence as &dyn IsMenuItem<_>,
            &line()?,
            &item(OPEN, "tray.open")?,
            &item(PANEL, "tray.panel")?,
            &quiet,
            &line()?,
            &item(QUIT, "tray.quit")?,
        ],
    )?;
    let icon = TrayIconBuilder::with_id("ringside")
        .icon(presence_icon::icon(Presence::Available))
        .menu(&menu)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .build(app)?;
    Ok(Tray {
        icon,
        presence,
        end_quiet,
        shown: Mutex::new(None),
        words,
    })
}

fn chosen(app: &AppHandle, item: &str) {
    match item {
        OPEN => windows::said(windows::show_main(app)),
        PANEL => windows::said(windows::bring_panel(app)),
        QUIET => set_quiet(app, Some(QuietFor::Ever)),
        QUIET_HALF_HOUR => set_quiet(app, Some(QuietFor::Time(TimeDelta::minutes(30)))),
        QUIET_HOUR => set_quiet(app, Some(QuietFor::Time(TimeDelta::hours(1)))),
        QUIET_END => set_quiet(app, None),
        QUIT => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move { run::end(&app).await });
        }
        _ => {}
    }
}

fn set_quiet(app: &AppHandle, wish: Option<QuietFor>) {
    let Some(desk) = app.try_state::<DeskHandle>() else {
        return;
    };
    let desk = desk.inner().clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = desk.set_quiet(wish).await {
            tracing::warn!(%error, "do not disturb");
        }
    });
}
