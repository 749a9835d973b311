//! A session bus of a test's own, with a notification service on it or without.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::Process;
use crate::until;

/// A D-Bus session bus.
pub struct Bus {
    address: String,
    notifications: PathBuf,
    _service: Option<Process>,
    _bus: Process,
}

impl Bus {
    /// A bus on which nobody shows notifications.
    #[must_use]
    pub fn empty(folder: &Path) -> Self {
        let mut command = Command::new("dbus-daemon");
        command
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut bus = Process::spawn(&mut command);
        let said = bus.child().stdout.take().expect("its output");
        let mut address = String::new();
        BufReader::new(said).read_line(&mut address).expect("its address");
        Bus {
            address: address.trim().to_owned(),
            notifications: folder.join("notifications.log"),
            _service: None,
            _bus: bus,
        }
    }

    /// A bus with a notification service that writes down what it is to show.
    pub async fn with_notifications(folder: &Path) -> Self {
        let mut bus = Bus::empty(folder);
        // Python block-buffers what it writes to a file unless told otherwise.
        let mut command = Command::new("/usr/bin/python3");
        command
            .args(["-u", "-m", "dbusmock", "--session", "-t", "notification_daemon"])
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
        let _ = std::fs::remove_file(&bus.notifications);
        bus._service = Some(Process::start(&mut command, &bus.notifications));
        let address = bus.address();
        until("the notification service is on the bus", async || {
            has_notifications(&address).then_some(())
        })
        .await;
        bus
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// The notifications that were asked for, as the service wrote them down.
    #[must_use]
    pub fn notifications(&self) -> Vec<String> {
        let log = std::fs::read_to_string(&self.notifications).unwrap_or_default();
        let notify = |line: &&str| line.split(' ').nth(1) == Some("Notify");
        log.lines().filter(notify).map(str::to_owned).collect()
    }
}

fn has_notifications(address: &str) -> bool {
    let asked = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus"])
        .args(["/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner"])
        .arg("string:org.freedesktop.Notifications")
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .output();
    let said = asked.expect("dbus-send runs").stdout;
    String::from_utf8_lossy(&said).contains("boolean true")
}
