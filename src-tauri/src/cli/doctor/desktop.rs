//! What `doctor` says of the desktop around Ringside: the start at log-in and, where the windows are built in, the screen, the
//! tray, the notifications and the keys that bring the panel.

use super::{Check, State, chain, check};
use crate::config::{Config, Home};
use crate::login::AtLogin;

/// All checks of the desktop. None of them is a failure: the command line needs no desktop.
pub(super) fn examine(home: &Home, config: &Config) -> Vec<Check> {
    #[cfg_attr(
        not(feature = "shell"),
        expect(unused_mut, reason = "nothing is added without the windows")
    )]
    let mut checks = vec![check_login(home, config)];
    #[cfg(feature = "shell")]
    checks.extend(windows::examine(config));
    checks
}

fn check_login(home: &Home, config: &Config) -> Check {
    let what = "start at log-in";
    let on = match AtLogin::of(home).and_then(|login| login.is_on()) {
        Ok(on) => on,
        Err(error) => return check(what, State::Warn, chain(&error)),
    };
    let word = |on| if on { "on" } else { "off" };
    match config.start_at_login {
        Some(wish) if wish != on => {
            let says = format!(
                "{}; the next start turns it {}, because start_at_login is {wish} in config.toml",
                word(on),
                word(wish)
            );
            check(what, State::Warn, says)
        }
        _ => check(what, State::Ok, word(on)),
    }
}

#[cfg(feature = "shell")]
mod windows {
    use super::{Check, Config, State, check};
    use crate::pop::view::WindowSystem;
    use crate::shell::{read_shortcut, shows_notifications, shows_tray_icons, window_system};

    pub(super) fn examine(config: &Config) -> Vec<Check> {
        let mut checks = vec![check_screen()];
        // without a session there is nobody to ask
        if window_system().is_some() {
            checks.extend([check_tray(), check_notifications()]);
        }
        checks.extend(config.panel.shortcut().map(check_shortcut));
        checks
    }

    fn check_screen() -> Check {
        let (state, says) = match window_system() {
            Some(WindowSystem::X11) => (State::Ok, "X11"),
            Some(WindowSystem::Xwayland) => (
                State::Warn,
                "Wayland, through X11: the keys that bring the panel work only while an X11 window has the keyboard; the \
                 tray's menu brings it too",
            ),
            Some(WindowSystem::Wayland) => (
                State::Warn,
                "Wayland: Ringside starts itself on X11 where Xwayland is installed (DISPLAY is set); without it the panel \
                 can neither choose its corner nor stay on top, and no keys bring it",
            ),
            None => (
                State::Warn,
                "there is no display here, so no window can open; the commands of `ringside --help` need none",
            ),
        };
        check("window system", state, says)
    }

    fn check_tray() -> Check {
        if shows_tray_icons() {
            return check("tray icon", State::Ok, "this desktop shows it");
        }
        let says = "this desktop shows no tray icons: nothing is lost but the icon (GNOME needs the extension AppIndicator), \
                    and closing the window ends Ringside";
        check("tray icon", State::Warn, says)
    }

    fn check_notifications() -> Check {
        let (state, says) = match shows_notifications() {
            Ok(true) => (State::Ok, "this desktop shows them".to_owned()),
            Ok(false) => (
                State::Warn,
                "no program shows them, so missed calls and reminders are announced in the panel alone; install one, for \
                 example dunst"
                    .to_owned(),
            ),
            Err(why) => (
                State::Warn,
                format!("there is no session bus, so nothing is announced outside of the windows ({why})"),
            ),
        };
        check("notifications", state, says)
    }

    fn check_shortcut(keys: &str) -> Check {
        match read_shortcut(keys) {
            Ok(_) => check("shortcut", State::Ok, format!("{keys}, unless another program has it")),
            Err(why) => check("shortcut", State::Warn, why.to_string()),
        }
    }
}
