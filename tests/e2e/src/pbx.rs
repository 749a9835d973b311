//! A real Asterisk, its callers and its phones, under a test's hand.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::process::Process;
use crate::root;

/// The PBX with two phones registered, 101 and 102.
pub struct Pbx {
    ami: Ami,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _player: Process,
}

/// How to log in to its manager interface.
#[derive(Clone, Debug)]
pub struct Ami {
    /// Port on 127.0.0.1.
    pub port: u64,
    /// User.
    pub user: String,
    /// Password.
    pub secret: String,
}

impl Pbx {
    /// The PBX in `RINGSIDE_PBX`; `None`, and a line that says so, where there is none.
    #[must_use]
    pub fn start() -> Option<Self> {
        let Ok(folder) = std::env::var("RINGSIDE_PBX") else {
            println!("left out: RINGSIDE_PBX is not set, so there is no Asterisk to call through");
            return None;
        };
        Some(Self::play(Path::new(&folder)))
    }

    fn play(folder: &Path) -> Self {
        let mut command = Command::new("python3");
        command
            .arg(root().join("tests/pbx/play.py"))
            .arg(folder)
            .args(["--phones", "101,102"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut player = Process::spawn(&mut command);
        let commands = player.child().stdin.take().expect("its input");
        let mut answers = BufReader::new(player.child().stdout.take().expect("its output")).lines();
        let ready = answer(&mut answers, "the phones register");
        let text = |name: &str| ready[name].as_str().unwrap_or_default().to_owned();
        let ami = Ami {
            port: ready["ami_port"].as_u64().expect("the port of its manager interface"),
            user: text("ami_user"),
            secret: text("ami_secret"),
        };
        Pbx {
            ami,
            commands,
            answers,
            _player: player,
        }
    }

    /// How to log in to its manager interface.
    #[must_use]
    pub fn ami(&self) -> &Ami {
        &self.ami
    }

    /// Does one command of `tests/pbx/play.py`, as in `call 101 from +4930901820`, and gives its answer.
    pub fn play_command(&mut self, command: &str) -> Value {
        writeln!(self.commands, "{command}").expect("the player listens");
        answer(&mut self.answers, command)
    }
}

fn answer(answers: &mut Lines<BufReader<ChildStdout>>, what: &str) -> Value {
    let line = answers.next().and_then(Result::ok);
    let line = line.unwrap_or_else(|| panic!("the player ended before `{what}`"));
    let answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("`{what}` gave `{line}`"));
    assert_eq!(answer["ok"], true, "`{what}`: {}", answer["error"]);
    answer
}
