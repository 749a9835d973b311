//! Who is on the session bus: whether this desktop shows tray icons and notifications.

use zbus::{Connection, block_on, fdo};

/// The name of what shows tray icons (StatusNotifierItem, freedesktop.org's draft that KDE, GNOME's extension and Xfce follow).
const TRAY: &str = "org.kde.StatusNotifierWatcher";
/// The name of what shows notifications (Desktop Notifications Specification 1.2).
const NOTIFICATIONS: &str = "org.freedesktop.Notifications";

/// Whether this desktop shows tray icons.
#[must_use]
pub fn shows_tray_icons() -> bool {
    block_on(is_on_the_bus(TRAY, false)).unwrap_or(false)
}

/// Whether this desktop shows notifications, now or when the first one comes. The error says why it is not known.
///
/// # Errors
/// When there is no session bus.
pub fn shows_notifications() -> Result<bool, String> {
    block_on(is_on_the_bus(NOTIFICATIONS, true)).map_err(|error| error.to_string())
}

/// Whether somebody has this name, or, where it counts, would be started to have it.
async fn is_on_the_bus(name: &str, started: bool) -> zbus::Result<bool> {
    let connection = Connection::session().await?;
    let bus = fdo::DBusProxy::new(&connection).await?;
    let name = zbus::names::BusName::try_from(name)?;
    if bus.name_has_owner(name.clone()).await? {
        return Ok(true);
    }
    Ok(started
        && bus
            .list_activatable_names()
            .await?
            .iter()
            .any(|one| one.as_str() == name.as_str()))
}
