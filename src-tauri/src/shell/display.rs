//! How the windows reach the screen: X11, X11 inside of Wayland, or Wayland itself.

use std::env;
use std::ffi::OsString;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::pop::view::WindowSystem;

/// The variable by which GTK is told which window systems to try.
const BACKEND: &str = "GDK_BACKEND";

/// How the windows of this process reach the screen; `None` where there is none.
#[must_use]
pub fn window_system() -> Option<WindowSystem> {
    let (x11, wayland) = (reaches_x11(), named("WAYLAND_DISPLAY").is_some());
    found(
        x11,
        wayland,
        named(BACKEND).and_then(|backend| backend.into_string().ok()).as_deref(),
    )
}

/// Starts this program again on X11, where it is on Wayland and nobody chose: Wayland has no word for a window's place or for
/// staying on top. In the same process, so that whoever waits for it goes on doing so. Returns when nothing is to be done.
pub fn prefer_x11() {
    if named(BACKEND).is_some() || !reaches_x11() || named("WAYLAND_DISPLAY").is_none() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_else(|| program.clone().into_os_string());
    let failed = Command::new(program)
        .arg0(name)
        .args(arguments)
        .env(BACKEND, "x11")
        .exec();
    tracing::warn!(error = %failed, "could not start on X11; the panel can neither choose its corner nor stay on top");
}

/// What GTK finds: it tries the backends in order, and Wayland first when it is not told any.
fn found(x11: bool, wayland: bool, backend: Option<&str>) -> Option<WindowSystem> {
    let order = backend.unwrap_or("wayland,x11").split(',').map(str::trim);
    for backend in order.flat_map(|one| if one == "*" { vec!["wayland", "x11"] } else { vec![one] }) {
        match backend {
            "wayland" if wayland => return Some(WindowSystem::Wayland),
            "x11" if x11 && wayland => return Some(WindowSystem::Xwayland),
            "x11" if x11 => return Some(WindowSystem::X11),
            _ => {}
        }
    }
    None
}

/// Asked before Tauri is: where GTK finds no display, Tauri ends the process in a panic.
fn reaches_x11() -> bool {
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

fn named(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wayland_is_used_only_where_there_is_nothing_else_or_somebody_wants_it() {
        let cases = [
            (true, false, None, Some(WindowSystem::X11)),
            (true, true, Some("x11"), Some(WindowSystem::Xwayland)),
            (true, true, Some("wayland"), Some(WindowSystem::Wayland)),
            (true, true, Some("x11,wayland"), Some(WindowSystem::Xwayland)),
            (true, true, Some("*"), Some(WindowSystem::Wayland)),
            (false, true, None, Some(WindowSystem::Wayland)),
            (false, true, Some("x11"), None),
            (true, false, Some("wayland"), None),
            (false, false, None, None),
        ];
        for (x11, wayland, backend, expected) in cases {
            assert_eq!(found(x11, wayland, backend), expected, "{x11} {wayland} {backend:?}");
        }
    }
}
