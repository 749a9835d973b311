//! The two windows: where they are, when they are in view, and who has the keyboard.
//!
//! The panel is built once, hidden, and never takes the keyboard by itself: a window built while the
//! phone rings stays blank for seconds under load, and one that takes the focus swallows what the
//! agent is typing elsewhere. It does not know what the windows show.

use std::path::Path;

use tauri::webview::WebviewWindowBuilder;
use tauri::{
    AppHandle, LogicalSize, Manager, PhysicalPosition, PhysicalRect, Runtime, WebviewUrl, WebviewWindow, Window,
    WindowEvent,
};

use crate::config::Language;

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

/// Distance from the edges of the work area, logical pixels.
const MARGIN: f64 = 16.0;

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
    if let Some(monitor) = panel.primary_monitor()?.or(panel.current_monitor()?) {
        panel.set_position(corner(monitor.work_area(), monitor.scale_factor()))?;
    }
    panel.show()
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

/// Makes the panel `height` logical pixels high, as far as the screen allows. It grows downwards.
pub(super) fn resize_panel<R: Runtime>(app: &AppHandle<R>, height: f64) -> tauri::Result<()> {
    let Some(panel) = app.get_webview_window(PANEL) else {
        return Ok(());
    };
    let room = match panel.primary_monitor()?.or(panel.current_monitor()?) {
        Some(monitor) => f64::from(monitor.work_area().size.height) / monitor.scale_factor(),
        None => PANEL_HEIGHT + 2.0 * MARGIN,
    };
    panel.set_size(LogicalSize::new(PANEL_WIDTH, fitting(height, room)))
}

/// What the panel's window does by itself: it gives the keyboard up when it loses it, and closing
/// it only takes it out of view.
pub(super) fn panel_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    let done = match event {
        WindowEvent::Focused(false) => window.set_focusable(false),
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

/// Where the panel stands on a screen: the top right corner of its work area.
fn corner(work_area: &PhysicalRect<i32, u32>, scale: f64) -> PhysicalPosition<f64> {
    let right = f64::from(work_area.position.x) + f64::from(work_area.size.width);
    PhysicalPosition::new(
        right - (PANEL_WIDTH + MARGIN) * scale,
        f64::from(work_area.position.y) + MARGIN * scale,
    )
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
    use tauri::PhysicalSize;

    fn work_area(x: i32, y: i32, width: u32, height: u32) -> PhysicalRect<i32, u32> {
        PhysicalRect {
            position: PhysicalPosition::new(x, y),
            size: PhysicalSize::new(width, height),
        }
    }

    #[test]
    fn the_panel_stands_in_the_top_right_corner_below_a_bar() {
        let at = corner(&work_area(0, 30, 1280, 770), 1.0);
        assert_eq!((at.x, at.y), (1280.0 - 420.0 - 16.0, 46.0));
    }

    #[test]
    fn on_a_fine_screen_the_margin_and_the_width_are_scaled() {
        let at = corner(&work_area(1920, 0, 3840, 2160), 2.0);
        assert_eq!((at.x, at.y), (1920.0 + 3840.0 - 872.0, 32.0));
    }

    #[test]
    fn the_panel_never_grows_beyond_the_screen_nor_vanishes() {
        let heights = [(300.2, 301.0), (5000.0, 768.0), (0.0, PANEL_LEAST), (-5.0, PANEL_LEAST)];
        for (asked, given) in heights {
            assert_eq!(fitting(asked, 800.0), given, "asked for {asked}");
        }
        assert_eq!(fitting(f64::NAN, 800.0), PANEL_HEIGHT);
    }
}
