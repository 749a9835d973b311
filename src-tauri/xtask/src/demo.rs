//! `cargo xtask demo`: from a fresh checkout to Ringside on a demo shop, with calls that ring.
//!
//! What it asks of the binary: `ringside demo --home DIR [--calls N] [--seed S] [--shots DIR]` seeds the shop in DIR,
//! opens the window, prints a line for a person about each pop, and ends with 0 after N calls. With `--shots` it also
//! prints `popped <number> …` once a pop has been painted, and the picture is taken here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::args::DemoOptions;
use crate::binary::{self, Profile};
use crate::display::{self, Session};
use crate::packages::Need;
use crate::process::Scratch;
use crate::run::{self, Line, Output};
use crate::shots;
use crate::steps::{Done, Step, Steps, Stopped};
use crate::workspace::Workspace;
use crate::{Failure, setup};

/// How many calls ring where nobody watches, unless told.
const CALLS_WITHOUT_DISPLAY: u32 = 5;

/// What unlocks the demo's stores where no keyring does; they hold invented people only.
const PASSPHRASE: &str = "ringside-demo";

const STEPS: &[&str] = &[
    "system packages",
    "interface packages",
    "interface",
    "Ringside with its window",
    "display",
    "demo",
];

/// Why the demo did not show what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    #[error("{path} cannot be used: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("{calls} calls were to pop, {popped} did; what was said is in {log}")]
    TooFewPops { calls: u32, popped: u32, log: PathBuf },
}

/// Runs the demo; exit code 0 only if all of it worked.
pub(crate) fn run(workspace: &Workspace, options: &DemoOptions) -> Result<ExitCode, Failure> {
    let private = options.shots || !display::is_there();
    let mut steps = Steps::new(STEPS, workspace.target.join("xtask/demo"))?;
    let result = demo(&mut steps, workspace, options, private);
    Ok(steps.close(&result, "The demo ended well"))
}

fn demo(steps: &mut Steps, workspace: &Workspace, options: &DemoOptions, private: bool) -> Result<(), Stopped> {
    let needs: &[Need] = if private {
        &[Need::Build, Need::PrivateDisplay]
    } else {
        &[Need::Build]
    };
    steps.run(|step| setup::system_packages(step, needs))?;
    steps.run(|step| setup::npm_packages(step, workspace))?;
    steps.run(|step| binary::interface(step, workspace))?;
    let mut program = PathBuf::new();
    steps.run(|step| {
        program = binary::desktop(step, workspace, Profile::Dev)?;
        Ok(Done::Plain)
    })?;
    let mut session = None;
    if private {
        steps.run(|step| {
            let started = Session::start(step)?;
            let note = format!("private display {}", started.display());
            session = Some(started);
            Ok(Done::Noting(note))
        })?;
    } else {
        steps.leave_out("yours is used")?;
    }
    steps.run(|step| show(step, workspace, options, &program, session.as_ref()))
}

fn show(
    step: &mut Step,
    workspace: &Workspace,
    options: &DemoOptions,
    program: &Path,
    session: Option<&Session>,
) -> Result<Done, Failure> {
    let path = workspace.tools.join(format!("demo-{}", std::process::id()));
    let home = Scratch::new(path.clone()).map_err(|source| DemoError::Folder { path, source })?;
    let calls = options.calls.or(session.map(|_| CALLS_WITHOUT_DISPLAY));
    let mut command = ringside(program, home.path(), options.seed, calls);
    unlock(step, &mut command, session);
    match session {
        Some(session) => photographed(
            step,
            workspace,
            &mut command,
            session,
            calls.unwrap_or(CALLS_WITHOUT_DISPLAY),
        ),
        None => {
            run::shown(step, &mut command, None)?;
            Ok(Done::Plain)
        }
    }
}

/// Runs the demo in the private session and takes a picture at each `popped N` line.
fn photographed(
    step: &mut Step,
    workspace: &Workspace,
    command: &mut Command,
    session: &Session,
    calls: u32,
) -> Result<Done, Failure> {
    let folder = workspace.target.join("demo");
    fresh(&folder)?;
    session.apply(command);
    command.arg("--shots").arg(&folder);
    let limit = Duration::from_secs(120 + 60 * u64::from(calls));
    let mut popped = 0;
    run::watch::<Failure>(step, command, Some(limit), |step, output, line| {
        match pop_number(line).filter(|_| output == Output::Out) {
            Some(number) => {
                let path = folder.join(format!("pop-{number}.png"));
                let what = shots::panel(session, &path)?;
                popped += 1;
                step.say(&format!("        {what} is in {}", path.display()));
                Ok(Line::Keep)
            }
            None if output == Output::Out => Ok(Line::Show),
            None => Ok(Line::Keep),
        }
    })?;
    if popped < calls {
        return Err(DemoError::TooFewPops {
            calls,
            popped,
            log: step.log().path().to_owned(),
        }
        .into());
    }
    Ok(Done::Noting(format!(
        "pops: {popped}, pictures in {}",
        folder.display()
    )))
}

fn ringside(program: &Path, home: &Path, seed: Option<u64>, calls: Option<u32>) -> Command {
    let mut command = Command::new(program);
    command.arg("demo").arg("--home").arg(home);
    // What the browser engine keeps goes there too, rather than beside the person's own.
    command
        .env("XDG_DATA_HOME", home.join("xdg-data"))
        .env("XDG_CACHE_HOME", home.join("xdg-cache"));
    if let Some(calls) = calls {
        command.args(["--calls", &calls.to_string()]);
    }
    if let Some(seed) = seed {
        command.args(["--seed", &seed.to_string()]);
    }
    command
}

/// Sets a passphrase where no keyring would answer, and says so.
fn unlock(step: &Step, command: &mut Command, session: Option<&Session>) {
    let set = std::env::var_os("RINGSIDE_PASSPHRASE").is_some_and(|value| !value.is_empty());
    if set || (session.is_none() && display::keyring_is_there()) {
        return;
    }
    step.say("        no keyring here: the demo's stores are unlocked by a passphrase (RINGSIDE_PASSPHRASE) instead");
    command.env("RINGSIDE_PASSPHRASE", PASSPHRASE);
}

/// The number in `popped 3 {"call": …}`.
fn pop_number(line: &str) -> Option<u32> {
    line.strip_prefix("popped ")?.split_whitespace().next()?.parse().ok()
}

fn fresh(folder: &Path) -> Result<(), DemoError> {
    let emptied = if folder.exists() {
        fs::remove_dir_all(folder)
    } else {
        Ok(())
    };
    emptied
        .and_then(|()| fs::create_dir_all(folder))
        .map_err(|source| DemoError::Folder {
            path: folder.to_owned(),
            source,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_that_starts_with_popped_and_a_number_asks_for_a_picture() {
        assert_eq!(pop_number("popped 3 {\"name\": \"Ana\"}"), Some(3));
        assert_eq!(pop_number("popped 12"), Some(12));
        for line in ["Ana Kovač popped: one customer", "popped", "popped up 3", " popped 3"] {
            assert_eq!(pop_number(line), None, "{line}");
        }
    }
}
