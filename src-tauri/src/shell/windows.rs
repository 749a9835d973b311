//! The two windows: where they are, when they are in view, and who has the keyboard.
//!
//! The panel is built once, hidden, and never takes the keyboard by itself: a window built while the
//! phone rings stays blank for seconds under load, and one that takes the focus swallows what the
//! agent is typing elsewhere. It does not know what the windows show.

use std::path::Path;
use std::time::Duration;

use tauri::webview::WebviewWindowBuilder;
use tauri::{AppHandle, LogicalSize, Manager, Runtime, WebviewUrl, WebviewWindow, Window, WindowEvent};

use super::place::{self, MARGIN, Place};
use crate::config::Language;
use crate::desk::DeskHandle;

/// Label of the panel's window.
pub(super) const PANEL: &str = "panel";

/// Label of the desk's window.
pub(super) const MAIN: &str = "main";

/// Width of the panel, logical pixels.
const PANEL_WIDTH: f64 = 420.0;

/// Height of the panel until the page says how much it needs, logical pixels.
const PANEL_HEIGHT: f64 = 480.0;

/// The panel is never lower than this, logical pixels.
const PANEL_LEAST: f64 = 48.0;

/// A page of the user interface in `language`, or in the system's.
pub(super) fn page(file: &str, language: Option<Language>) -> WebviewUrl {
    let wish = language.map(|language| format!("?lang={}", language.code()));
    WebviewUrl::App(format!("{file}{}", wish.unwrap_or_default()).into())
}

/// Builds the panel's window with `page` in it, out of view. `folder` keeps what WebKit stores.
pub(super) fn build_panel<R: Runtime, M: Manager<R>>(
    app: &M,
    page: WebviewUrl,
    folder: &Path,
) -> tauri::Result<WebviewWindow<R>> {
    WebviewWindowBuilder::new(app, PANEL, page)
        .title("Ringside panel")
        .data_directory(folder.to_owned())
        .inner_size(PANEL_WIDTH, PANEL_HEIGHT)
        .decorations(false)
        .visible(false)
        .focused(false)
        .focusable(false)
        .always_on_top(true)
        .skip_taskbar(true)
        .build()
}

/// Builds the desk's window, in view.
pub(super) fn build_main<R: Runtime, M: Manager<R>>(
    app: &M,
    page: WebviewUrl,
    folder: &Path,
) -> tauri::Result<WebviewWindow<R>> {
    WebviewWindowBuilder::new(app, MAIN, page)
        .title("Ringside")
        .data_directory(folder.to_owned())
        .inner_size(1120.0, 720.0)
        .min_inner_size(640.0, 480.0)
        .build()
}

/// Brings the panel in view, on top, without the keyboard. One that is in view stays where it is.
pub(super) fn show_panel<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let Some(panel) = app.get_webview_window(PANEL) else {
        return Ok(());
    };
    if panel.is_visible()? {
        return Ok(());
    }
    if let Some(place) = place::of(app) {
        place.put(&panel, PANEL_WIDTH, height(&panel)?)?;
    }
    panel.show()
}

/// Brings the panel in view with the keyboard, because the agent asked for it.
pub(super) fn bring_panel(app: &AppHandle) -> tauri::Result<()> {
    show_panel(app)?;
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if is_there(&app).await {
            on_main_thread(&app, give_keyboard);
        }
        if let Some(desk) = app.try_state::<DeskHandle>()
            && let Err(error) = desk.brought().await
        {
            tracing::debug!(%error, "the desk had ended before its panel");
        }
    });
    Ok(())
}

/// How often a window that is being shown is looked at, and how long.
const LOOK: (Duration, u32) = (Duration::from_millis(20), 100);

/// Waits until the panel is in view: it is only asked to be shown, and the keyboard cannot be given to a window that is not
/// there yet. False when it never comes.
async fn is_there(app: &AppHandle) -> bool {
    let (pause, times) = LOOK;
    for _ in 0..times {
        let panel = app.get_webview_window(PANEL);
        if panel.is_some_and(|panel| panel.is_visible().unwrap_or(false)) {
            return true;
        }
        tokio::time::sleep(pause).await;
    }
    false
}

/// Brings the desk's window to the front.
pub(super) fn show_main<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let Some(main) = app.get_webview_window(MAIN) else {
        return Ok(());
    };
    main.unminimize()?;
    main.show()?;
    main.set_focus()
}

/// The agent drags the panel.
pub(super) fn drag_panel<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let Some(panel) = app.get_webview_window(PANEL) else {
        return Ok(());
    };
    if let Some(place) = place::of(app) {
        place.begin_drag();
    }
    panel.start_dragging()
}

/// Changes something where the window system wants it to be changed. Never waits.
pub(super) fn on_main_thread(app: &AppHandle, change: impl FnOnce(&AppHandle) -> tauri::Result<()> + Send + 'static) {
    let on = app.clone();
    said(app.run_on_main_thread(move || said(change(&on))));
}

/// Takes the panel out of view; the keyboard goes back to where it was.
pub(super) fn hide_panel<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let Some(panel) = app.get_webview_window(PANEL) else {
        return Ok(());
    };
    panel.set_focusable(false)?;
    panel.hide()
}

/// Gives the panel the keyboard, because the agent asked for it.
pub(super) fn give_keyboard<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let Some(panel) = app.get_webview_window(PANEL) else {
        return Ok(());
    };
    panel.set_focusable(true)?;
    panel.set_focus()
}

/// Makes the panel `wanted` logical pixels high, as far as the screen allows, and says how high that is.
pub(super) fn resize_panel<R: Runtime>(app: &AppHandle<R>, wanted: f64) -> tauri::Result<f64> {
    let Some(panel) = app.get_webview_window(PANEL) else {
        return Ok(wanted);
    };
    let place = place::of(app);
    let monitor = match &place {
        Some(place) => place.monitor(&panel)?,
        None => panel.primary_monitor()?,
    };
    let room = match monitor {
        Some(monitor) => f64::from(monitor.work_area().size.height) / monitor.scale_factor(),
        None => PANEL_HEIGHT + 2.0 * MARGIN,
    };
    let height = fitting(wanted, room);
    panel.set_size(LogicalSize::new(PANEL_WIDTH, height))?;
    match place {
        Some(place) if panel.is_visible()? => place.grown(&panel, PANEL_WIDTH, height)?,
        _ => {}
    }
    Ok(height)
}

/// How high the panel is, logical pixels.
fn height<R: Runtime>(panel: &WebviewWindow<R>) -> tauri::Result<f64> {
    Ok(panel.inner_size()?.to_logical::<f64>(panel.scale_factor()?).height)
}

/// What the panel's window does by itself: it gives the keyboard up when it loses it, and closing
/// it only takes it out of view.
pub(super) fn panel_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    let done = match event {
        WindowEvent::Focused(false) => window.set_focusable(false),
        WindowEvent::Moved(_) => Place::moved(window),
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            hide_panel(window.app_handle())
        }
        _ => Ok(()),
    };
    said(done);
}

/// A window system that refuses is a line in the log: the call goes on without it.
pub(super) fn said(done: tauri::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "the window system refused");
    }
}

/// The height that fits into `room`, both in logical pixels. A page that asks for nonsense gets the usual height.
fn fitting(height: f64, room: f64) -> f64 {
    let asked = if height.is_finite() {
        height.ceil()
    } else {
        PANEL_HEIGHT
    };
    asked.min(room - 2.0 * MARGIN).max(PANEL_LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_panel_never_grows_beyond_the_screen_nor_vanishes() {
        let heights = [(300.2, 301.0), (5000.0, 768.0), (0.0, PANEL_LEAST), (-5.0, PANEL_LEAST)];
        for (asked, given) in heights {
            assert_eq!(fitting(asked, 800.0), given, "asked for {asked}");
        }
        assert_eq!(fitting(f64::NAN, 800.0), PANEL_HEIGHT);
    }
}
