//! The part of a desktop that shows tray icons, in the place of a real one.

use std::path::Path;
use std::process::Command;

use crate::process::Process;
use crate::{Bus, until};

/// Takes in icons and looks into their menus as a desktop does (StatusNotifierItem, com.canonical.dbusmenu).
pub struct Tray {
    bus: String,
    _host: Process,
}

const NAME: &str = "org.kde.StatusNotifierWatcher";

impl Tray {
    /// Opens it on `bus`.
    pub async fn open(bus: &Bus, folder: &Path) -> Self {
        let mut command = Command::new("/usr/bin/python3");
        command
            .args([
                "-u",
                "-m",
                "dbusmock",
                "--session",
                NAME,
                "/StatusNotifierWatcher",
                NAME,
            ])
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address());
        let host = Process::start(&mut command, &folder.join("tray.log"));
        let tray = Tray {
            bus: bus.address(),
            _host: host,
        };
        let add = [
            "org.freedesktop.DBus.Mock.AddMethod",
            NAME,
            "RegisterStatusNotifierItem",
            "s",
            "",
            "",
        ];
        until("the tray is on the bus", async || {
            tray.call(NAME, "/StatusNotifierWatcher", &add)
        })
        .await;
        tray
    }

    /// The words of all lines of the one icon's menu, once there is one.
    pub async fn menu(&self) -> String {
        until("an icon has a menu", async || self.layout().map(|(_, layout)| layout)).await
    }

    /// Waits until the menu has these words.
    pub async fn wait_for(&self, words: &str) {
        until(&format!("the tray's menu says `{words}`"), async || {
            self.layout()
                .is_some_and(|(_, layout)| layout.contains(words))
                .then_some(())
        })
        .await;
    }

    /// Presses the line with these words.
    pub async fn press(&self, words: &str) {
        let (owner, layout) = until("an icon has a menu", async || self.layout()).await;
        let line = format!("<'{words}'>");
        let before = layout.split(&line).next().unwrap_or_default();
        assert!(before.len() < layout.len(), "no `{words}` in {layout}");
        // each line is its number, then its words: (12, {'label': <'Quit'>}, …)
        let number = before.rsplit("(").next().and_then(|rest| rest.split(',').next());
        let number = number
            .and_then(|number| number.trim().rsplit(' ').next())
            .expect("a number");
        let number = format!("int32 {number}");
        let event = [
            "com.canonical.dbusmenu.Event",
            number.as_str(),
            "clicked",
            "<int32 0>",
            "uint32 0",
        ];
        self.call(&owner, MENU, &event).expect("the menu takes it");
    }

    fn layout(&self) -> Option<(String, String)> {
        let names = self.call(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            &["org.freedesktop.DBus.ListNames"],
        )?;
        let mut owners = names.split('\'').filter(|name| name.starts_with(':'));
        owners.find_map(|owner| {
            let layout = self.call(
                owner,
                MENU,
                &["com.canonical.dbusmenu.GetLayout", "int32 0", "int32 -1", "@as []"],
            )?;
            Some((owner.to_owned(), layout))
        })
    }

    fn call(&self, to: &str, object: &str, call: &[&str]) -> Option<String> {
        let mut command = Command::new("gdbus");
        command.args([
            "call",
            "--session",
            "--timeout",
            "5",
            "--dest",
            to,
            "--object-path",
            object,
            "--method",
        ]);
        let ran = command
            .args(call)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .output()
            .expect("gdbus runs");
        ran.status
            .success()
            .then(|| String::from_utf8_lossy(&ran.stdout).into_owned())
    }
}

/// Where the icon's menu is: its name in the tray is the one that Ringside gives it.
const MENU: &str = "/org/ayatana/NotificationItem/tray_icon_tray_app_ringside/Menu";
