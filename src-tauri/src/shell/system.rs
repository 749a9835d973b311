//! What works with this desktop and what does not, for whoever looks at the page Connection.

use tauri::{AppHandle, Manager as _};

use super::{bus, display};
use crate::config;
use crate::login::AtLogin;
use crate::pop::said_view;
use crate::pop::view::{SystemView, WindowSystem};
use crate::start::Settings;
use crate::words::Saying;

/// Why the keys that bring the panel do nothing; `None` when they do.
pub(super) struct Shortcut(pub(super) Option<Saying>);

/// What works with this desktop. Waits for the session bus.
pub(super) fn look(app: &AppHandle, settings: &Settings) -> SystemView {
    let refused = app.try_state::<Shortcut>().and_then(|shortcut| shortcut.0.clone());
    SystemView {
        windows: display::window_system().unwrap_or(WindowSystem::X11),
        tray: bus::shows_tray_icons(),
        shortcut: settings.panel().shortcut().map(str::to_owned),
        shortcut_said: refused.as_ref().map(said_view).unwrap_or_default(),
        start_at_login: AtLogin::of(settings.home()).and_then(|login| login.is_on()).ok(),
    }
}

/// Whether Ringside starts when somebody logs in, from now on and in the settings.
pub(super) fn set_start_at_login(settings: &Settings, on: bool) -> Result<(), Saying> {
    let failed = |why: &dyn std::fmt::Display| Saying::of("refused.start_at_login").with("why", why);
    let login = AtLogin::of(settings.home()).map_err(|error| failed(&error))?;
    login.set(on).map_err(|error| failed(&error))?;
    config::set_start_at_login(settings.home(), on).map_err(|error| failed(&error))
}
