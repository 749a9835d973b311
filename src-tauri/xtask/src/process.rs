//! Child processes: each in a group of its own, so that it and what it starts can be ended by number, on success, on
//! failure and on Ctrl-C. Knows nothing of what is run.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a process may take to end after being asked.
const GRACE: Duration = Duration::from_secs(3);

/// The variable that marks every process of a private session, however far it moves from its group.
const MARK: &str = "RINGSIDE_XTASK_SESSION";

/// The groups that are running.
static GROUPS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// The folders that are to go with this run.
static SCRATCH: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// What this run marks its sessions' processes with: no other run, now or later, has the same.
static MARK_VALUE: LazyLock<String> = LazyLock::new(|| {
    let nanos = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_nanos());
    format!("{}-{nanos}", std::process::id())
});

/// A running child with the group it leads; dropping it ends both.
#[derive(Debug)]
pub(crate) struct Group {
    child: Child,
    ended: bool,
}

impl Group {
    /// Starts a command as the leader of a new group.
    pub(crate) fn start(command: &mut Command) -> std::io::Result<Self> {
        let child = command.process_group(0).spawn()?;
        lock(&GROUPS).insert(child.id());
        Ok(Self { child, ended: false })
    }

    /// The child, to take its pipes from.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The exit status, once there is one.
    pub(crate) fn try_wait(&mut self) -> std::io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Asks the whole group to end, waits a little, then makes it.
    pub(crate) fn end(&mut self) {
        if self.ended {
            return;
        }
        self.ended = true;
        let id = self.child.id();
        end_groups(&[id], || drop(self.child.try_wait()));
        let _ = self.child.wait();
        lock(&GROUPS).remove(&id);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// A folder that is removed when this is dropped, and on Ctrl-C.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder, empty and for nobody else to look into.
    pub(crate) fn new(path: PathBuf) -> std::io::Result<Self> {
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        lock(&SCRATCH).insert(path.clone());
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is emptied as far as it goes; it holds nothing of worth.
        let _ = fs::remove_dir_all(&self.0);
        lock(&SCRATCH).remove(&self.0);
    }
}

/// Marks a command as part of a private session, for [`end_marked`].
pub(crate) fn mark(command: &mut Command) {
    command.env(MARK, MARK_VALUE.as_str());
}

/// Ends every process this run has marked, also those that left their group (services the bus started, the browser
/// engine's helpers). Only processes that carry this run's mark are touched.
pub(crate) fn end_marked() {
    let asked = Instant::now();
    let mut signal = Signal::TERM;
    loop {
        let left = marked();
        if left.is_empty() {
            return;
        }
        for pid in left {
            // One that has ended by itself meanwhile is as good.
            let _ = kill_process(pid, signal);
        }
        if asked.elapsed() > GRACE * 2 {
            return;
        }
        if asked.elapsed() > GRACE {
            signal = Signal::KILL;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// From now on Ctrl-C, a closed terminal and SIGTERM end what runs, then this program, with exit code 130.
pub(crate) fn end_all_on_signals() -> std::io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        if signals.forever().next().is_some() {
            // Held to the end: no new group can be registered, and the main thread's next failure waits here.
            let groups = lock(&GROUPS);
            let ids: Vec<u32> = groups.iter().copied().collect();
            end_groups(&ids, || ());
            end_marked();
            for folder in lock(&SCRATCH).iter() {
                let _ = fs::remove_dir_all(folder);
            }
            eprintln!("\nstopped; everything started here has been ended");
            std::process::exit(130);
        }
    });
    Ok(())
}

/// TERM, then KILL for the groups that still have a member. `reap` waits, without blocking, for a leader of ours that
/// has ended: until then it counts as a member.
fn end_groups(ids: &[u32], mut reap: impl FnMut()) {
    let pids: Vec<Pid> = ids
        .iter()
        .filter_map(|id| i32::try_from(*id).ok().and_then(Pid::from_raw))
        .collect();
    for signal in [Signal::TERM, Signal::KILL] {
        for pid in &pids {
            // A group that has ended by itself is as good.
            let _ = kill_process_group(*pid, signal);
        }
        if all_ended(&pids, &mut reap) {
            return;
        }
    }
}

/// Waits a little for the groups to have no member any more: a signal is sent, not carried out, when `kill` returns.
fn all_ended(groups: &[Pid], reap: &mut impl FnMut()) -> bool {
    let asked = Instant::now();
    while asked.elapsed() < GRACE {
        reap();
        if groups.iter().all(|group| test_kill_process_group(*group).is_err()) {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

fn marked() -> Vec<Pid> {
    let needle = format!("{MARK}={}", MARK_VALUE.as_str());
    let own = std::process::id();
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()))
        .filter(|id| *id != own && carries(*id, needle.as_bytes()))
        .filter_map(|id| i32::try_from(id).ok().and_then(Pid::from_raw))
        .collect()
}

fn carries(id: u32, needle: &[u8]) -> bool {
    fs::read(format!("/proc/{id}/environ"))
        .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(|pair| pair == needle))
}

fn lock<T>(shared: &'static Mutex<BTreeSet<T>>) -> MutexGuard<'static, BTreeSet<T>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    use super::*;

    /// Starts a shell that leaves a second process running, and returns it with that process's number.
    fn shell(script: &str, marked: bool) -> (Group, u32) {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdout(Stdio::piped());
        if marked {
            mark(&mut command);
        }
        let mut group = Group::start(&mut command).expect("sh runs");
        let mut line = String::new();
        BufReader::new(group.child().stdout.take().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        (group, line.trim().parse().expect("a number"))
    }

    /// Gone, or a zombie that its new parent has yet to look at.
    fn is_gone(id: u32) -> bool {
        fs::read_to_string(format!("/proc/{id}/stat")).map_or(true, |stat| stat.contains(") Z "))
    }

    #[test]
    fn ending_a_child_ends_what_it_started() {
        let (mut group, grandchild) = shell("sleep 600 & echo $!; wait", false);
        group.end();
        assert!(is_gone(grandchild));
    }

    #[test]
    fn a_child_that_ignores_the_request_is_made_to_end() {
        let (mut group, grandchild) = shell("trap '' TERM; sleep 600 & echo $!; wait; wait", false);
        group.end();
        assert!(is_gone(grandchild));
    }

    #[test]
    fn a_marked_process_is_found_outside_its_group() {
        let (mut group, stray) = shell("setsid sh -c 'echo $$; exec sleep 600'", true);
        group.end();
        assert!(!is_gone(stray), "it is in a group of its own");
        end_marked();
        assert!(is_gone(stray));
    }
}
