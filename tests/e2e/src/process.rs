//! Programs a test starts and ends again, whatever happens to the test.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program with a process group of its own, so that all it started ends with it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts `command`; what it says goes to the file `log`.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log)
            .expect("the log can be written");
        let errors = log.try_clone().expect("a second handle");
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        Self::spawn(command)
    }

    /// Starts `command` as its input and output are set.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let child = command.process_group(0).spawn();
        let child = child.unwrap_or_else(|error| panic!("{} could not be started: {error}", name(command)));
        Process { child }
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Processes that this one started and that still run.
    pub(crate) fn children(&self) -> Vec<u32> {
        let of = self.id().to_string();
        let found = Command::new("ps").args(["-o", "pid=", "--ppid", &of]).output();
        let found = found.expect("ps runs").stdout;
        let found = String::from_utf8_lossy(&found);
        found.split_whitespace().filter_map(|id| id.parse().ok()).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let group = format!("-{}", self.id());
        signal("TERM", &group);
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(2) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        signal("KILL", &group);
        let _ = self.child.wait();
    }
}

/// The memory of a process and of all that it started, in MB: their proportional set sizes, in which what several share
/// counts once (proc(5), `smaps_rollup`).
///
/// # Errors
/// When there is no such process, or the system does not tell.
pub fn memory_of(process: u32) -> std::io::Result<f64> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")?
        .flatten()
        .filter_map(|entry| parent(&entry))
        .collect();
    let (mut family, mut next) = (vec![process], 0);
    while let Some(&one) = family.get(next) {
        family.extend(
            parents
                .iter()
                .filter(|(_, parent)| *parent == one)
                .map(|(child, _)| *child),
        );
        next += 1;
    }
    let mut kib = proportional_kib(process)?;
    // A child may have ended since it was listed.
    kib += family[1..]
        .iter()
        .filter_map(|child| proportional_kib(*child).ok())
        .sum::<f64>();
    Ok(kib / 1_000.0)
}

/// A process and the one that started it.
fn parent(entry: &std::fs::DirEntry) -> Option<(u32, u32)> {
    let id = entry.file_name().to_str()?.parse().ok()?;
    let status = std::fs::read_to_string(entry.path().join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    Some((id, line.trim().parse().ok()?))
}

fn proportional_kib(process: u32) -> std::io::Result<f64> {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kib.ok_or_else(|| std::io::Error::other("the system does not tell the proportional set size"))
}

/// Sends a signal to a process, or with a minus before it to a process group. That it has gone already is no failure.
pub(crate) fn signal(signal: &str, to: &str) {
    let sent = Command::new("kill")
        .args(["-s", signal, "--", to])
        .stderr(Stdio::null())
        .status();
    sent.expect("kill runs");
}

/// What `command` prints; fails with what it says when it fails.
pub(crate) fn output(command: &mut Command) -> String {
    let ran = command.output();
    let ran = ran.unwrap_or_else(|error| panic!("{} could not be started: {error}", name(command)));
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{command:?} failed ({}): {said}", ran.status);
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
