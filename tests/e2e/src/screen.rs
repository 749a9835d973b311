//! The screen as X11 and a person at the keyboard have it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::process::{Process, output};

/// The display in `DISPLAY`.
#[derive(Clone, Copy, Debug)]
pub struct Screen;

/// One window on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window(String);

/// Where a window is on the screen, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Keys being typed in the background into whatever has the keyboard.
pub struct Typing(Process);

/// A line being typed again and again in the background.
pub struct Repeating {
    stop: Arc<AtomicBool>,
    typist: JoinHandle<usize>,
}

impl Repeating {
    /// Ends with the line that is being typed. Gives how many were.
    #[must_use]
    pub fn stop(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.typist.join().expect("every line could be typed")
    }
}

impl Screen {
    /// The window of process `pid` whose title is `title`, in view or not.
    #[must_use]
    pub fn window(self, pid: u32, title: &str) -> Option<Window> {
        self.windows(pid, title).pop()
    }

    /// All windows of process `pid` whose title is `title`.
    #[must_use]
    pub fn windows(self, pid: u32, title: &str) -> Vec<Window> {
        let pid = pid.to_string();
        let title = format!("^{title}$");
        let found = Command::new("xdotool")
            .args(["search", "--all", "--pid", &pid, "--name", &title])
            .stderr(Stdio::null())
            .output();
        let found = found.expect("xdotool runs").stdout;
        let found = String::from_utf8_lossy(&found);
        found.lines().map(|id| Window(id.to_owned())).collect()
    }

    /// The window that has the keyboard.
    #[must_use]
    pub fn focused(self) -> Window {
        let id = output(Command::new("xdotool").arg("getwindowfocus"));
        Window(id.trim().to_owned())
    }

    /// Presses the left button at this point.
    pub fn click(self, x: i32, y: i32) {
        let (x, y) = (x.to_string(), y.to_string());
        output(Command::new("xdotool").args(["mousemove", &x, &y, "click", "1"]));
    }

    /// Presses the left button at one point and lets it go at another, moving in between as a hand does.
    pub fn drag(self, from: (i32, i32), to: (i32, i32)) {
        let mut xdotool = Command::new("xdotool");
        let at = |(x, y): (i32, i32)| {
            [
                "mousemove".to_owned(),
                x.to_string(),
                y.to_string(),
                "sleep".to_owned(),
                "0.1".to_owned(),
            ]
        };
        xdotool.args(at(from)).args(["mousedown", "1", "sleep", "0.2"]);
        for step in 1..=10 {
            xdotool.args(at((
                from.0 + (to.0 - from.0) * step / 10,
                from.1 + (to.1 - from.1) * step / 10,
            )));
        }
        output(xdotool.args(["mouseup", "1"]));
    }

    /// Presses the key with this X11 name.
    pub fn press(self, key: &str) {
        output(Command::new("xdotool").args(["key", "--clearmodifiers", key]));
    }

    /// The whole of it.
    #[must_use]
    pub fn area(self) -> Area {
        area(&output(Command::new("xwininfo").arg("-root")))
    }

    /// Types `text` with `pause` between two keys, and returns at once.
    #[must_use]
    pub fn start_typing(self, text: &str, pause: Duration) -> Typing {
        let pause = pause.as_millis().to_string();
        let mut command = Command::new("xdotool");
        command.args(["type", "--delay", &pause, "--", text]);
        Typing(Process::spawn(&mut command))
    }

    /// Types `line` with `pause` between two keys, again and again until it is told to stop.
    #[must_use]
    pub fn type_again_and_again(self, line: &str, pause: Duration) -> Repeating {
        let stop = Arc::new(AtomicBool::new(false));
        let (line, told) = (line.to_owned(), Arc::clone(&stop));
        let typist = std::thread::spawn(move || {
            let mut lines = 0;
            while !told.load(Ordering::Relaxed) {
                self.start_typing(&line, pause).finish();
                lines += 1;
            }
            lines
        });
        Repeating { stop, typist }
    }

    /// Saves a picture of the whole screen.
    pub fn shoot(self, file: &Path) {
        output(Command::new("import").args(["-silent", "-window", "root"]).arg(file));
    }
}

impl Window {
    /// Saves a picture of it as it stands on the screen, with what lies over it.
    pub fn shoot(&self, file: &Path) {
        let Area { x, y, width, height } = self.area();
        let crop = format!("{width}x{height}{x:+}{y:+}");
        let mut import = Command::new("import");
        import.args(["-silent", "-window", "root", "-crop", &crop, "+repage"]);
        output(import.arg(file));
    }

    /// Whether it can be seen.
    #[must_use]
    pub fn in_view(&self) -> bool {
        self.about().contains("IsViewable")
    }

    /// Where it is.
    #[must_use]
    pub fn area(&self) -> Area {
        area(&self.about())
    }

    /// Gives it the keyboard as a window manager does.
    pub fn activate(&self) {
        output(Command::new("xdotool").args(["windowactivate", "--sync", &self.0]));
    }

    /// Asks it to close, as its close button does.
    pub fn close(&self) {
        output(Command::new("wmctrl").args(["-i", "-c", &self.0]));
    }

    fn about(&self) -> String {
        output(Command::new("xwininfo").args(["-id", &self.0]))
    }
}

fn area(about: &str) -> Area {
    let number = |name: &str| {
        let line = about.lines().find_map(|line| line.trim().strip_prefix(name));
        let number = line.and_then(|number| number.trim().parse::<i32>().ok());
        number.unwrap_or_else(|| panic!("no `{name}` in {about}"))
    };
    Area {
        x: number("Absolute upper-left X:"),
        y: number("Absolute upper-left Y:"),
        width: number("Width:").unsigned_abs(),
        height: number("Height:").unsigned_abs(),
    }
}

impl Typing {
    /// Waits until the last key was typed.
    pub fn finish(mut self) {
        let done = self.0.child().wait().expect("xdotool ends");
        assert!(done.success(), "xdotool failed: {done}");
    }
}
