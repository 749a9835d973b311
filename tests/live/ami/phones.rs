//! The phones and callers: `tests/pbx/play.py`, a line in and a line of JSON out.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::kit;

/// The phones and callers of `tests/pbx/play.py`.
pub(crate) struct Phones {
    child: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Port of the manager interface on 127.0.0.1.
    pub(crate) ami_port: u16,
}

impl Phones {
    /// The phones 101 and 102, registered.
    pub(crate) fn at(folder: &Path) -> Self {
        let mut child = Command::new("python3")
            .arg(kit().join("play.py"))
            .arg(folder)
            .args(["--phones", "101,102"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let commands = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("its output"));
        let mut phones = Phones {
            child,
            commands,
            answers,
            ami_port: 0,
        };
        let ready = phones.answer("the phones register");
        let port = ready["ami_port"].as_u64().and_then(|port| port.try_into().ok());
        phones.ami_port = port.expect("the port of its manager");
        phones
    }

    /// Does one command.
    pub(crate) fn play(&mut self, command: &str) {
        writeln!(self.commands.as_mut().expect("on"), "{command}").expect("the player listens");
        self.answer(command);
    }

    fn answer(&mut self, to: &str) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("readable");
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("`{to}` gave `{line}`"));
        assert_eq!(answer["ok"], true, "`{to}`: {line}");
        answer
    }
}

impl Drop for Phones {
    fn drop(&mut self) {
        // its calls are gone with Asterisk, so there is nobody to say farewell to
        self.commands = None;
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
