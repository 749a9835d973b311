//! The phones and the callers: `tests/pbx/play.py`, a line in and a line of JSON out.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc;

/// How long the player may take to hang up and unregister before it is killed.
const FAREWELL: Duration = Duration::from_secs(5);

/// The player of one PBX, with the phones of three agents registered.
#[derive(Debug)]
pub(crate) struct Player {
    child: Child,
    commands: Option<ChildStdin>,
    answers: mpsc::UnboundedReceiver<String>,
    /// Port of the manager interface on 127.0.0.1.
    pub(crate) ami_port: u16,
    /// User of the manager interface.
    pub(crate) ami_user: String,
    /// The user's password.
    pub(crate) ami_secret: String,
}

impl Player {
    /// Registers the phones at the PBX that `tests/pbx/pbx-up` started from `folder`.
    pub(crate) async fn start(folder: &Path) -> Result<Self, String> {
        let mut child = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pbx/play.py"))
            .arg(folder)
            .args(["--phones", "101,102,103"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("python3 could not be started: {error}"))?;
        let commands = child.stdin.take();
        let output = child.stdout.take().ok_or("the player has no output")?;
        let (lines, answers) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            BufReader::new(output)
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| lines.send(line))
        });
        let mut player = Player {
            child,
            commands,
            answers,
            ami_port: 0,
            ami_user: String::new(),
            ami_secret: String::new(),
        };
        let ready = player.answer().await?;
        let text = |name: &str| ready[name].as_str().unwrap_or_default().to_owned();
        (player.ami_user, player.ami_secret) = (text("ami_user"), text("ami_secret"));
        player.ami_port = ready["ami_port"]
            .as_u64()
            .and_then(|port| port.try_into().ok())
            .ok_or("the player names no port")?;
        Ok(player)
    }

    /// Does one command of `play.py`; what it gives when it is done.
    pub(crate) async fn perform(&mut self, command: &str) -> Result<Value, String> {
        let commands = self.commands.as_mut().ok_or("the player was told to end")?;
        writeln!(commands, "{command}").map_err(|error| format!("the player does not listen: {error}"))?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Value, String> {
        let line = self.answers.recv().await.ok_or("the player ended")?;
        let answer: Value = serde_json::from_str(&line).map_err(|_| format!("the player said `{line}`"))?;
        match answer["ok"] == true {
            true => Ok(answer),
            false => Err(format!("the phones: {}", answer["error"].as_str().unwrap_or(&line))),
        }
    }

    /// Hangs up and unregisters; the phones' ports are free when this returns.
    pub(crate) fn end(&mut self) {
        // the end of its input makes it do so
        self.commands = None;
        let start = Instant::now();
        while start.elapsed() < FAREWELL {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // it hangs: the phones stay registered until that expires
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.end();
    }
}
