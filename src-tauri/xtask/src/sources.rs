//! Customer data from a real Tryton on PostgreSQL, a real PostgreSQL and a real MariaDB: with a thousand parties by
//! `cargo xtask test --sources`, with a hundred by `cargo xtask test`.
//!
//! A real Odoo is read by `cargo xtask test --odoo`.
//!
//! `tests/sources/tryton/kit.py` installs Tryton and makes its database once; both stay in the folder for tools. Without a Tryton
//! its tests say that they were left out.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::packages::Need;
use crate::steps::{Done, Step, Steps};
use crate::workspace::Workspace;
use crate::{Failure, run, setup};

const STEPS: &[&str] = &["system packages", "Tryton", "real sources"];
const ODOO_STEPS: &[&str] = &["system packages", "Odoo", "real source"];
/// The parties of the Tryton; there are twice as many sales.
const PARTIES: &str = "1000";
/// Those of the one that every run of the tests has.
const FEW: &str = "100";
/// The program of the tests alone, built as `cargo xtask test` builds it.
const RUST_TESTS: [&str; 7] = [
    "test",
    "--locked",
    "--workspace",
    "--exclude",
    "ringside-e2e",
    "--test",
    "ringside",
];
/// What the closing line of a run without Tryton begins its reason with.
pub(crate) const NO_TRYTON: &str = "Tryton";
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

/// Runs the tests with Odoo; exit code 0 only when they passed.
pub(crate) fn odoo(workspace: &Workspace) -> Result<ExitCode, Failure> {
    let mut steps = Steps::new(ODOO_STEPS, workspace.target.join("xtask/odoo"))?;
    let kit = |what: &str| {
        let mut kit = Command::new("python3");
        kit.arg(workspace.root.join("tests/sources/odoo/kit.py")).arg(what);
        kit.arg(workspace.tools.join("odoo14"));
        kit
    };
    let result = steps
        .run(|step| setup::system_packages(step, &[Need::Build, Need::Test, Need::Sources]))
        .and_then(|()| {
            steps.run(|step| {
                run::shown(step, &mut kit("prepare"), Some(SETUP_LIMIT))?;
                Ok(Done::Plain)
            })
        })
        .and_then(|()| {
            steps.run(|step| {
                let mut cargo = workspace.cargo();
                cargo.args(RUST_TESTS).args(["--", "rest::odoo", "--nocapture"]);
                cargo.env("RINGSIDE_ODOO", workspace.tools.join("odoo14"));
                run::shown(step, &mut cargo, Some(LIMIT))?;
                Ok(Done::Plain)
            })
        });
    Ok(steps.close(&result, "All passed: Odoo 14"))
}

fn tryton(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    for parties in [FEW, PARTIES] {
        run::shown(step, kit(workspace, "prepare").arg(parties), Some(SETUP_LIMIT))?;
    }
    Ok(Done::Plain)
}

/// Why an ordinary run has no Tryton, if it has none. Making one takes more than two minutes of CPU the first time.
pub(crate) fn small_hindrance(workspace: &Workspace, fast: bool) -> Option<String> {
    let there = workspace.tools.join(format!("tryton8/tryton-8.2-{FEW}.dump")).exists();
    match (Path::new("/usr/lib/postgresql").is_dir(), there || !fast) {
        (false, _) => Some(format!(
            "{NO_TRYTON} needs PostgreSQL: cargo xtask test --sources installs it"
        )),
        (true, false) => Some(format!(
            "{NO_TRYTON} is not set up yet, which --fast leaves to other runs"
        )),
        (true, true) => None,
    }
}

/// Makes the Tryton with a hundred parties, once.
pub(crate) fn prepare_small(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    run::shown(step, kit(workspace, "prepare").arg(FEW), Some(SETUP_LIMIT))?;
    Ok(Done::Noting("read in the Rust tests".to_owned()))
}

/// Names the Tryton with a hundred parties to the tests.
pub(crate) fn name_small(tests: &mut Command, workspace: &Workspace) {
    tests
        .env("RINGSIDE_TRYTON", workspace.tools.join("tryton8"))
        .env("RINGSIDE_TRYTON_PARTIES", FEW);
}

/// What keeps reading a database from being measured here, if anything does.
pub(crate) fn bench_hindrance() -> Option<&'static str> {
    let postgresql = Path::new("/usr/lib/postgresql").is_dir();
    match (postgresql, setup::has_program("sqlite3")) {
        (false, _) => Some("PostgreSQL is not installed"),
        (true, false) => Some("sqlite3 is not installed"),
        (true, true) => None,
    }
}

fn kit(workspace: &Workspace, what: &str) -> Command {
    let mut kit = Command::new("python3");
    kit.arg(workspace.root.join("tests/sources/tryton/kit.py")).arg(what);
    kit.arg(workspace.tools.join("tryton8"));
    kit
}

fn tests(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(RUST_TESTS).args(["--", "rest::", "sql::", "--nocapture"]);
    cargo.env("RINGSIDE_TRYTON", workspace.tools.join("tryton8"));
    cargo
        .env("RINGSIDE_TRYTON_PARTIES", PARTIES)
        .env("RINGSIDE_SOURCES", "1");
    run::shown(step, &mut cargo, Some(LIMIT))?;
    Ok(Done::Plain)
}
