//! A session bus of a test's own, with a notification service on it or without.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::{Process, output};
use crate::until;

/// A D-Bus session bus.
pub struct Bus {
    address: String,
    notifications: PathBuf,
    _service: Option<Process>,
    _bus: Process,
}

/// No service files: a bus that may start the desktop's own notification service would never be without one.
const CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

impl Bus {
    /// A bus on which nobody shows notifications.
    #[must_use]
    pub fn empty(folder: &Path) -> Self {
        let configuration = folder.join("bus.conf");
        fs::write(&configuration, CONFIGURATION).expect("the test's folder can be written");
        let mut command = Command::new("dbus-daemon");
        command
            .arg(format!("--config-file={}", configuration.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
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
            .args(["-p", r#"{"capabilities": "actions body body-markup"}"#])
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
        let _ = fs::remove_file(&bus.notifications);
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

    /// Presses the button with these words in the last notification that has it.
    pub fn press(&self, words: &str) {
        let asked = self.notifications();
        let (nth, key) = asked
            .iter()
            .enumerate()
            .rev()
            .find_map(|(nth, said)| Some((nth + 1, key_of(said, words)?)))
            .unwrap_or_else(|| panic!("no button `{words}` in {asked:?}"));
        output(
            Command::new("gdbus")
                .args(["call", "--session", "--dest", "org.freedesktop.Notifications"])
                .args(["--object-path", "/org/freedesktop/Notifications"])
                .args(["--method", "org.freedesktop.DBus.Mock.EmitSignal"])
                .args(["org.freedesktop.Notifications", "ActionInvoked", "us"])
                .arg(format!("[<uint32 {nth}>, <'{key}'>]"))
                .env("DBUS_SESSION_BUS_ADDRESS", &self.address),
        );
    }

    /// The notifications that were asked for, as the service wrote them down.
    #[must_use]
    pub fn notifications(&self) -> Vec<String> {
        let log = fs::read_to_string(&self.notifications).unwrap_or_default();
        let mut asked: Vec<String> = Vec::new();
        let mut within = false;
        for line in log.lines() {
            // An entry begins with the time; a body of several lines goes on without one.
            let (time, rest) = line.split_once(' ').unwrap_or((line, ""));
            let begins = time
                .split_once('.')
                .is_some_and(|(seconds, _)| seconds.parse::<u64>().is_ok());
            within = if begins { rest.starts_with("Notify ") } else { within };
            match asked.last_mut() {
                Some(last) if within && !begins => *last = format!("{last}\n{line}"),
                _ if within => asked.push(rest.to_owned()),
                _ => {}
            }
        }
        asked
    }
}

/// The name of the action whose button has these words: in the list of actions each name stands before its words.
fn key_of(notification: &str, words: &str) -> Option<String> {
    let (before, _) = notification.split_once(&format!(", \"{words}\""))?;
    let key = before.rsplit('"').nth(1)?;
    Some(key.to_owned())
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
