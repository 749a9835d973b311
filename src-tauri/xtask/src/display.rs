//! A desktop session of our own: an X server on a free number, a window manager, a message bus and a notification
//! daemon, all of them children of this program. Knows nothing of Ringside.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{self, Group, Scratch};
use crate::run::{self, RunError};
use crate::steps::Step;

/// How long a part of the session may take to come up, on a machine that is busy building.
const PATIENCE: Duration = Duration::from_secs(30);

/// The screen: room for the panel in a corner and for other windows beside it.
const SCREEN: &str = "1600x1000x24";

/// Notifications stand below on the left, beside every window: what one test raised would take the press that the next
/// one meant for its panel, in the corner above on the right.
const NOTIFICATIONS: &str = "\
[global]
    origin = bottom-left
    offset = 4x4
    width = 220
    notification_limit = 2
";

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DisplayError {
    #[error("{program} did not come up within 30 s; what it said is in {log}")]
    Silent { program: &'static str, log: PathBuf },
    #[error("the folder {path} for the private display cannot be made: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("no cookie for the private display: {0}; is xauth installed?")]
    Cookie(#[source] std::io::Error),
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Who places the windows and gives them the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WindowManager {
    Openbox,
    /// Xfce's: it keeps windows from stealing the focus by rules of its own.
    Xfwm4,
}

impl WindowManager {
    pub(crate) fn program(self) -> &'static str {
        match self {
            WindowManager::Openbox => "openbox",
            WindowManager::Xfwm4 => "xfwm4",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            WindowManager::Openbox => &["--sm-disable"],
            WindowManager::Xfwm4 => &["--compositor=off"],
        }
    }
}

/// A running session; dropping it ends everything that was started in it.
#[derive(Debug)]
pub(crate) struct Session {
    folder: Scratch,
    display: String,
    bus: String,
    // Fields drop in order: the daemons before the server they talk to.
    dunst: Option<Group>,
    windows: Option<Group>,
    dbus: Option<Group>,
    xvfb: Option<Group>,
}

impl Session {
    /// Starts the four parts, with openbox, and waits until it answers.
    pub(crate) fn start(step: &mut Step) -> Result<Self, DisplayError> {
        Self::under(step, WindowManager::Openbox)
    }

    /// The same under another window manager.
    pub(crate) fn under(step: &mut Step, windows: WindowManager) -> Result<Self, DisplayError> {
        let mut session = Self {
            folder: private_folder()?,
            display: String::new(),
            bus: String::new(),
            dunst: None,
            windows: None,
            dbus: None,
            xvfb: None,
        };
        session.start_server(step)?;
        session.start_bus(step)?;
        session.windows = Some(session.daemon(step, windows.program(), windows.arguments())?);
        session.wait_for_window_manager(step, windows)?;
        session.start_notifications(step)?;
        Ok(session)
    }

    /// The display's name, such as `:3`.
    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    /// Puts a command into this session and out of the person's own.
    ///
    /// WebKit is told not to use DMA buffers: without a graphics card its first paint then takes half the time.
    pub(crate) fn apply(&self, command: &mut Command) {
        process::mark(command);
        command
            .env("DISPLAY", &self.display)
            .env("XAUTHORITY", self.cookie())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("SESSION_MANAGER");
    }

    fn start_server(&mut self, step: &mut Step) -> Result<(), DisplayError> {
        // The server reads the cookie whatever number stands beside it; the clients look theirs up by the number.
        let cookie = random_cookie()?;
        self.add_cookie(":0", &cookie)?;
        let mut command = Command::new("Xvfb");
        command
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                SCREEN,
                "-nolisten",
                "tcp",
                "-noreset",
                "-auth",
            ])
            .arg(self.cookie())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(step.log().stdio()?);
        process::mark(&mut command);
        let mut server = run::start(&mut command)?;
        let number = first_line(server.child().stdout.take());
        self.xvfb = Some(server);
        self.display = format!(":{}", number.ok_or_else(|| silent("Xvfb", step))?);
        self.add_cookie(&self.display, &cookie)
    }

    fn start_bus(&mut self, step: &mut Step) -> Result<(), DisplayError> {
        let mut command = Command::new("dbus-daemon");
        command
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .arg(format!(
                "--address=unix:path={}",
                self.folder.path().join("bus").display()
            ));
        self.apply(&mut command);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(step.log().stdio()?);
        let mut bus = run::start(&mut command)?;
        let address = first_line(bus.child().stdout.take());
        self.dbus = Some(bus);
        self.bus = address.ok_or_else(|| silent("dbus-daemon", step))?;
        Ok(())
    }

    fn start_notifications(&mut self, step: &mut Step) -> Result<(), DisplayError> {
        let path = self.folder.path().join("dunstrc");
        fs::write(&path, NOTIFICATIONS).map_err(|source| DisplayError::Folder {
            path: path.clone(),
            source,
        })?;
        self.dunst = Some(self.daemon(step, "dunst", &["-conf", &path.display().to_string()])?);
        Ok(())
    }

    fn daemon(&self, step: &mut Step, program: &'static str, args: &[&str]) -> Result<Group, DisplayError> {
        let mut command = Command::new(program);
        command
            .args(args)
            .stdin(Stdio::null())
            .stdout(step.log().stdio()?)
            .stderr(step.log().stdio()?);
        self.apply(&mut command);
        Ok(run::start(&mut command)?)
    }

    /// A window manager that is ready says so on the root window (EWMH, `_NET_SUPPORTING_WM_CHECK`).
    fn wait_for_window_manager(&self, step: &mut Step, windows: WindowManager) -> Result<(), DisplayError> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let mut ask = Command::new("xprop");
            ask.args(["-root", "_NET_SUPPORTING_WM_CHECK"]);
            self.apply(&mut ask);
            if ask
                .output()
                .is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains("window id"))
            {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(silent(windows.program(), step))
    }

    fn cookie(&self) -> PathBuf {
        self.folder.path().join("xauthority")
    }

    fn add_cookie(&self, display: &str, cookie: &str) -> Result<(), DisplayError> {
        let mut xauth = Command::new("xauth");
        xauth
            .arg("-q")
            .arg("-f")
            .arg(self.cookie())
            .args(["add", display, ".", cookie]);
        xauth
            .stderr(Stdio::null())
            .status()
            .map_err(DisplayError::Cookie)
            .map(drop)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for part in [&mut self.dunst, &mut self.windows, &mut self.dbus, &mut self.xvfb] {
            part.take();
        }
        process::end_marked();
    }
}

/// Whether the person has a display that windows can open on.
pub(crate) fn is_there() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Whether a keyring (org.freedesktop.secrets) runs on the person's own bus, so that nobody need be asked for anything.
pub(crate) fn keyring_is_there() -> bool {
    let mut ask = Command::new("dbus-send");
    ask.args([
        "--session",
        "--print-reply",
        "--reply-timeout=2000",
        "--dest=org.freedesktop.DBus",
    ])
    .args([
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus.NameHasOwner",
        "string:org.freedesktop.secrets",
    ]);
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        && ask
            .output()
            .is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains("boolean true"))
}

fn silent(program: &'static str, step: &mut Step) -> DisplayError {
    DisplayError::Silent {
        program,
        log: step.log().path().to_owned(),
    }
}

/// A folder only we can read, for the cookie and the bus's socket. Short: a socket's path may have 107 bytes.
fn private_folder() -> Result<Scratch, DisplayError> {
    let path = std::env::temp_dir().join(format!("ringside-x-{}", std::process::id()));
    Scratch::new(path.clone()).map_err(|source| DisplayError::Folder { path, source })
}

/// 128 random bits in hexadecimal, as xauth wants them.
fn random_cookie() -> Result<String, DisplayError> {
    let mut bytes = [0_u8; 16];
    fs::File::open(Path::new("/dev/urandom"))
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(DisplayError::Cookie)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The first line a program prints, if it comes in time; what follows is read and dropped, so that it never blocks.
fn first_line(pipe: Option<impl Read + Send + 'static>) -> Option<String> {
    let (sender, line) = channel();
    let mut reader = BufReader::new(pipe?);
    thread::spawn(move || {
        let mut first = String::new();
        let read = reader.read_line(&mut first);
        let _ = sender.send(first.trim().to_owned());
        if read.is_ok() {
            let _ = std::io::copy(&mut reader, &mut std::io::sink());
        }
    });
    line.recv_timeout(PATIENCE).ok().filter(|line| !line.is_empty())
}
