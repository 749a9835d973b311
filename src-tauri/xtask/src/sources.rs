//! `cargo xtask test --sources`: customer data read from a real Tryton on PostgreSQL, a real PostgreSQL and a real MariaDB.
//!
//! `tests/sources/tryton/kit.py` installs Tryton and makes its database once; both stay in the folder for tools. Without this the
//! tests of the databases run where these are installed, and that of Tryton says that it was left out.

use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::packages::Need;
use crate::steps::{Done, Step, Steps};
use crate::workspace::Workspace;
use crate::{Failure, run, setup};

const STEPS: &[&str] = &["system packages", "Tryton", "real sources"];
/// The parties of the Tryton; there are twice as many sales.
const PARTIES: &str = "1000";
/// How long the first set-up of Tryton may take: a minute or two of work, on a machine that does nothing else.
const SETUP_LIMIT: Duration = Duration::from_secs(30 * 60);
/// How long the tests may take with their build.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// Runs them; exit code 0 only when all passed and nothing was left out.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Failure> {
    let mut steps = Steps::new(STEPS, workspace.target.join("xtask/sources"))?;
    let result = steps
        .run(|step| setup::system_packages(step, &[Need::Build, Need::Sources]))
        .and_then(|()| steps.run(|step| tryton(step, workspace)))
        .and_then(|()| steps.run(|step| tests(step, workspace)));
    let closing = format!("All passed: Tryton with {PARTIES} parties, PostgreSQL and MariaDB");
    Ok(steps.close(&result, &closing))
}

fn tryton(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    let mut kit = Command::new("python3");
    kit.arg(workspace.root.join("tests/sources/tryton/kit.py"))
        .arg("prepare");
    kit.arg(workspace.tools.join("tryton8")).arg(PARTIES);
    run::shown(step, &mut kit, Some(SETUP_LIMIT))?;
    Ok(Done::Plain)
}

fn tests(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    let mut cargo = workspace.cargo();
    cargo.args([
        "test",
        "--locked",
        "--workspace",
        "--exclude",
        "ringside-e2e",
        "--test",
        "ringside",
    ]);
    cargo.args(["--", "rest::", "sql::", "--nocapture"]);
    cargo.env("RINGSIDE_TRYTON", workspace.tools.join("tryton8"));
    cargo
        .env("RINGSIDE_TRYTON_PARTIES", PARTIES)
        .env("RINGSIDE_SOURCES", "1");
    run::shown(step, &mut cargo, Some(LIMIT))?;
    Ok(Done::Plain)
}
