//! The keys that bring the panel from anywhere. Bad keys, or keys that another program has, cost the shortcut and nothing
//! else.

use tauri::AppHandle;
use tauri_plugin_global_shortcut::{Builder, Code, GlobalShortcutExt as _, Modifiers, Shortcut, ShortcutState};

use super::windows;
use crate::words::Saying;

/// Reads keys as people write them: `Ctrl Alt R`, `Ctrl+Alt+R`, `F9`.
///
/// # Errors
/// What is wrong, when they are no keys, or keys that are needed for typing.
pub fn read(keys: &str) -> Result<Shortcut, Saying> {
    let joined = keys.split(|letter: char| letter == '+' || letter.is_whitespace());
    let joined: Vec<&str> = joined.filter(|part| !part.is_empty()).collect();
    let bad = || Saying::of("said.shortcut_bad").with("keys", keys);
    let shortcut: Shortcut = joined.join("+").parse().map_err(|_| bad())?;
    let needed_for_typing = (shortcut.mods - Modifiers::SHIFT).is_empty() && !is_function_key(shortcut.key);
    if needed_for_typing {
        Err(Saying::of("said.shortcut_typing").with("keys", keys))
    } else {
        Ok(shortcut)
    }
}

/// Brings the panel whenever `keys` are pressed, from now on.
///
/// # Errors
/// Why they do nothing.
pub(super) fn grab(app: &AppHandle, keys: &str) -> Result<(), Saying> {
    let shortcut = read(keys)?;
    let failed =
        |error: &dyn std::fmt::Display| Saying::of("said.shortcut_failed").with("keys", keys).with("why", error);
    app.plugin(Builder::new().build()).map_err(|error| failed(&error))?;
    let grabbed = app.global_shortcut().on_shortcut(shortcut, |app, _, event| {
        if event.state == ShortcutState::Pressed {
            windows::on_main_thread(app, windows::bring_panel);
        }
    });
    grabbed.map_err(|error| {
        let said = error.to_string();
        // the plugin has one kind of error, and a text in it
        if said.to_ascii_lowercase().contains("already registered") {
            Saying::of("said.shortcut_taken").with("keys", keys)
        } else {
            failed(&said)
        }
    })
}

fn is_function_key(key: Code) -> bool {
    let name = key.to_string();
    name.strip_prefix('F')
        .is_some_and(|number| number.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_people_write_them() {
        let usual = read("Ctrl Alt R").expect("keys");
        for same in ["Ctrl+Alt+R", "ctrl alt r", " Control  Alt + R "] {
            assert_eq!(read(same), Ok(usual), "{same}");
        }
        assert!(read("F9").is_ok() && read("Super Shift Space").is_ok());
    }

    #[test]
    fn what_is_no_key_or_needed_for_typing_is_refused_with_what_to_write() {
        for bad in [
            "Ctrl",
            "Ctrl Alt",
            "Strg Alt R",
            "Ctrl Alt RR",
            "",
            "R R",
            "Ctrl Alt \u{202e}R",
        ] {
            let said = read(bad).expect_err(bad).to_string();
            assert!(said.contains("Ctrl Alt R"), "{said}");
        }
        for typed in ["R", "Shift R", "Space"] {
            let said = read(typed).expect_err(typed).to_string();
            assert!(said.contains("Ctrl"), "{said}");
        }
    }
}
