//! Running one command inside a step: its output goes line by line to the step's log and to whoever asked for it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::process::Group;
use crate::steps::{Step, duration};

/// How often, with no bar to watch, a long step says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Why a command did not do what was wanted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("`{program}` could not be started: {source}")]
    Start { program: String, source: std::io::Error },
    #[error("a running command cannot be waited for: {0}")]
    Wait(#[source] std::io::Error),
    #[error("`{command}` failed ({status})")]
    Status { command: String, status: ExitStatus },
    #[error("`{command}` was ended after {}: it should have been done long before", duration(*.after))]
    TooLong { command: String, after: Duration },
    #[error("the log {path} cannot be written: {source}; is the disk full?")]
    Log { path: PathBuf, source: std::io::Error },
}

/// Which of a command's two outputs a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Out,
    Err,
}

/// What is to happen with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// To the log only.
    Keep,
    /// To the log and to the person.
    Show,
    /// Nowhere: it was for the program.
    Drop,
}

/// A step's log: opened at the first line.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    file: Option<File>,
}

impl Log {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line.
    pub(crate) fn add(&mut self, line: &str) -> Result<(), RunError> {
        self.try_add(line).map_err(|source| RunError::Log {
            path: self.path.clone(),
            source,
        })
    }

    /// The open file again, for a process that is to write there by itself.
    pub(crate) fn stdio(&mut self) -> Result<Stdio, RunError> {
        let clone = self.open().and_then(|file| file.try_clone());
        clone.map(Stdio::from).map_err(|source| RunError::Log {
            path: self.path.clone(),
            source,
        })
    }

    fn try_add(&mut self, line: &str) -> std::io::Result<()> {
        writeln!(self.open()?, "{line}")
    }

    fn open(&mut self) -> std::io::Result<&mut File> {
        let file = match self.file.take() {
            Some(file) => file,
            None => OpenOptions::new().create(true).append(true).open(&self.path)?,
        };
        Ok(self.file.insert(file))
    }
}

/// Runs a command with all output in the log.
pub(crate) fn quiet(step: &mut Step, command: &mut Command) -> Result<(), RunError> {
    watch(step, command, None, |_, _, _| Ok(Line::Keep))
}

/// Runs a command with all output shown as well; ended, as a failure, after `limit`.
pub(crate) fn shown(step: &mut Step, command: &mut Command, limit: Option<Duration>) -> Result<(), RunError> {
    watch(step, command, limit, |_, _, _| Ok(Line::Show))
}

/// Runs a command; `each` sees every line as it comes and decides where it goes. Ended, as a failure, after `limit`.
/// The command has no standard input. Its whole group is ended when this returns.
pub(crate) fn watch<E: From<RunError>>(
    step: &mut Step,
    command: &mut Command,
    limit: Option<Duration>,
    mut each: impl FnMut(&mut Step, Output, &str) -> Result<Line, E>,
) -> Result<(), E> {
    let name = words(command);
    step.log().add(&format!("$ {name}"))?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut group = start(command)?;
    let lines = lines_of(&mut group);
    let status = follow(step, &mut group, &lines, limit, &mut each)?;
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(RunError::Status { command: name, status }.into()),
        None => Err(RunError::TooLong {
            command: name,
            after: limit.unwrap_or_default(),
        }
        .into()),
    }
}

/// Hands on the lines until the command has ended and is silent; `None` when the limit came first.
fn follow<E: From<RunError>>(
    step: &mut Step,
    group: &mut Group,
    lines: &Receiver<(Output, String)>,
    limit: Option<Duration>,
    each: &mut impl FnMut(&mut Step, Output, &str) -> Result<Line, E>,
) -> Result<Option<ExitStatus>, E> {
    let started = Instant::now();
    let mut said = started;
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok((output, line)) => hand_on(step, output, &line, each)?,
            // Something in the background may keep the pipe open for good, so silence after the end is enough.
            Err(silence) => {
                if let Some(status) = ended(group)? {
                    return Ok(Some(status));
                }
                if silence == RecvTimeoutError::Disconnected {
                    thread::sleep(Duration::from_millis(20));
                }
            }
        }
        if limit.is_some_and(|limit| started.elapsed() > limit) {
            return Ok(None);
        }
        if !step.has_bar() && said.elapsed() > HEARTBEAT {
            said = Instant::now();
            step.say(&format!("        … {} so far", duration(step.elapsed())));
        }
    }
}

fn hand_on<E: From<RunError>>(
    step: &mut Step,
    output: Output,
    line: &str,
    each: &mut impl FnMut(&mut Step, Output, &str) -> Result<Line, E>,
) -> Result<(), E> {
    let fate = each(step, output, line)?;
    if fate == Line::Drop {
        return Ok(());
    }
    step.log().add(line)?;
    if fate == Line::Show {
        step.say(line);
    } else {
        step.show(line);
    }
    Ok(())
}

/// Starts a command as a group of its own, with its name in the error.
pub(crate) fn start(command: &mut Command) -> Result<Group, RunError> {
    Group::start(command).map_err(|source| RunError::Start {
        program: command.get_program().to_string_lossy().into_owned(),
        source,
    })
}

fn ended(group: &mut Group) -> Result<Option<ExitStatus>, RunError> {
    group.try_wait().map_err(RunError::Wait)
}

fn lines_of(group: &mut Group) -> Receiver<(Output, String)> {
    let (sender, lines) = channel();
    if let Some(pipe) = group.child().stdout.take() {
        read_lines(Output::Out, pipe, sender.clone());
    }
    if let Some(pipe) = group.child().stderr.take() {
        read_lines(Output::Err, pipe, sender);
    }
    lines
}

/// Reads bytes, not text: a compiler or a test may print what is no UTF-8.
fn read_lines(output: Output, pipe: impl Read + Send + 'static, sender: Sender<(Output, String)>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let line = String::from_utf8_lossy(&bytes)
                .trim_end_matches(['\n', '\r'])
                .to_owned();
            bytes.clear();
            if sender.send((output, line)).is_err() {
                return;
            }
        }
    });
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_named_by_its_words_without_its_folder() {
        let mut command = Command::new("/usr/bin/apt-get");
        command.args(["install", "-y"]);
        assert_eq!(words(&command), "apt-get install -y");
    }
}
