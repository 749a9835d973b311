//! `cargo xtask shots`: a picture of every state of the panel and every page of the desk from their real windows, and what
//! axe-core finds wrong in each.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::binary::{self, Profile};
use crate::display::Session;
use crate::packages::Need;
use crate::steps::{Done, Step, Steps, Stopped};
use crate::workspace::Workspace;
use crate::{Failure, run, setup};

const STEPS: &[&str] = &[
    "system packages",
    "interface packages",
    "interface",
    "Ringside",
    "display",
    "pictures",
];

/// Some seventy pictures at a second or two each, and building what takes them.
const LIMIT: Duration = Duration::from_secs(1800);

/// Takes them all; exit code 0 only if nothing was found wrong.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Failure> {
    let mut steps = Steps::new(STEPS, workspace.target.join("xtask/shots"))?;
    let result = shots(&mut steps, workspace);
    let folder = workspace.target.join("shots/states");
    Ok(steps.close(&result, &format!("The pictures are in {}", folder.display())))
}

fn shots(steps: &mut Steps, workspace: &Workspace) -> Result<(), Stopped> {
    let needs = [Need::Build, Need::PrivateDisplay, Need::Test];
    steps.run(|step| setup::system_packages(step, &needs))?;
    steps.run(|step| setup::npm_packages(step, workspace))?;
    steps.run(|step| binary::interface(step, workspace))?;
    let mut program = PathBuf::new();
    steps.run(|step| {
        program = binary::desktop(step, workspace, Profile::Dev)?;
        Ok(Done::Plain)
    })?;
    let mut session = None;
    steps.run(|step| {
        session = Some(Session::start(step)?);
        Ok(Done::Plain)
    })?;
    let Some(session) = session else { return Err(Stopped) };
    steps.run(|step| pictures(step, workspace, &program, &session))
}

fn pictures(step: &mut Step, workspace: &Workspace, program: &Path, session: &Session) -> Result<Done, Failure> {
    let folder = workspace.target.join("shots");
    std::fs::create_dir_all(&folder)?;
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--locked", "-p", "ringside-e2e", "--bin", "window-shots"]);
    session.apply(&mut cargo);
    cargo.env("RINGSIDE_BIN", program).env("RINGSIDE_SHOTS", &folder);
    run::shown(step, &mut cargo, Some(LIMIT))?;
    Ok(Done::Plain)
}
