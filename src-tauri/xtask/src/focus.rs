//! `cargo xtask test --focus`: somebody types into another program while calls pop again and again, under two window
//! managers, and every key arrives there.
//!
//! The test is `no_key_typed_elsewhere_is_lost_while_calls_pop` of the window tests, which has a few pops in an ordinary run;
//! `RINGSIDE_POPS` says how many.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::binary::{self, Profile};
use crate::display::{Session, WindowManager};
use crate::packages::Need;
use crate::steps::{Done, Step, Steps};
use crate::workspace::Workspace;
use crate::{Failure, run, setup};

const STEPS: &[&str] = &[
    "system packages",
    "interface packages",
    "interface",
    "Ringside with its window",
    "typing under openbox",
    "typing under xfwm4",
];
/// How many calls pop under each window manager.
const POPS: u32 = 200;
/// How long they may take with the build of the test.
const LIMIT: Duration = Duration::from_secs(30 * 60);
const TEST: &str = "no_key_typed_elsewhere_is_lost_while_calls_pop";

/// Runs the proof; exit code 0 only when not one key went astray.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Failure> {
    let mut steps = Steps::new(STEPS, workspace.target.join("xtask/focus"))?;
    let mut program = PathBuf::new();
    let result = steps
        .run(|step| {
            let needs = [Need::Build, Need::PrivateDisplay, Need::Test, Need::Focus];
            setup::system_packages(step, &needs)
        })
        .and_then(|()| steps.run(|step| setup::npm_packages(step, workspace)))
        .and_then(|()| steps.run(|step| binary::interface(step, workspace)))
        .and_then(|()| {
            steps.run(|step| {
                program = binary::desktop(step, workspace, Profile::Dev)?;
                Ok(Done::Plain)
            })
        })
        .and_then(|()| steps.run(|step| proof(step, workspace, &program, WindowManager::Openbox)))
        .and_then(|()| steps.run(|step| proof(step, workspace, &program, WindowManager::Xfwm4)));
    let closing = format!("No key was lost in {POPS} pops under openbox, nor in {POPS} under xfwm4");
    Ok(steps.close(&result, &closing))
}

fn proof(step: &mut Step, workspace: &Workspace, program: &Path, windows: WindowManager) -> Result<Done, Failure> {
    let session = Session::under(step, windows)?;
    let shots = workspace.target.join("e2e").join(windows.program());
    std::fs::create_dir_all(&shots)?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--locked", "-p", "ringside-e2e", "--test", "focus", TEST]);
    cargo.args(["--", "--test-threads=1", "--nocapture"]);
    session.apply(&mut cargo);
    cargo
        .env("RINGSIDE_BIN", program)
        .env("RINGSIDE_SHOTS", &shots)
        .env("RINGSIDE_POPS", POPS.to_string());
    run::shown(step, &mut cargo, Some(LIMIT))?;
    Ok(Done::Noting(format!("{POPS} pops")))
}
