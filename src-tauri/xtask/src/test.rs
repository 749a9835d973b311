//! `cargo xtask test`: everything that is checked, cheapest first, stopping at the first failure.
//!
//! What it asks of the window tests: `cargo test -p ringside-e2e` finds the binary in `RINGSIDE_BIN`, puts screenshots
//! in `RINGSIDE_SHOTS`, and uses the PBX in `RINGSIDE_PBX` where that is set, leaving its calls out where it is not.
//! The live suite (`tests/live`) uses the same PBX; `RINGSIDE_LIVE=part` makes it play its few quick scenarios.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::args::TestOptions;
use crate::binary::{self, FEATURES, Profile};
use crate::display::Session;
use crate::packages::Need;
use crate::pbx::{self, Pbx};
use crate::sources::NO_TRYTON;
use crate::steps::{Done, Step, Steps, Stopped};
use crate::workspace::Workspace;
use crate::{Failure, focus, licences, process, run, setup, sources};

const STEPS: &[&str] = &[
    "system packages",
    "format",
    "interface packages",
    "interface check",
    "interface tests",
    "interface in a browser",
    "interface",
    "lints",
    "lints with the window",
    "licences",
    "Tryton",
    "Rust tests",
    "Ringside with its window",
    "real PBX",
    "live calls",
    "restarts and orders",
    "SIP through Kamailio",
    "display",
    "window tests",
];

/// What `ui/tests/browser` looks for.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const NO_BROWSER: &str = "no Chromium is installed";

/// How long the window tests may take with their build: a window that never answers must not hold the run for ever.
const WINDOW_LIMIT: Duration = Duration::from_secs(20 * 60);
/// How long the live calls may take with their build; all of them last about nine minutes.
const LIVE_LIMIT: Duration = Duration::from_secs(25 * 60);

/// The Rust tests and the live calls are one build.
const RUST_TESTS: [&str; 5] = ["test", "--locked", "--workspace", "--exclude", "ringside-e2e"];

/// Why what takes long is left out.
const WITH_PBX: &str = "it takes minutes: --pbx";
/// Why the parts that need a window are left out by `--fast`.
const FAST: &str = "by --fast";

/// Runs all checks; exit code 0 only if all of them passed.
pub(crate) fn run(workspace: &Workspace, options: &TestOptions) -> Result<ExitCode, Failure> {
    if options.focus {
        return focus::run(workspace);
    }
    if options.sources {
        return sources::run(workspace);
    }
    if options.odoo {
        return sources::odoo(workspace);
    }
    let mut steps = Steps::new(STEPS, workspace.target.join("xtask/test"))?;
    let result = checks(&mut steps, workspace, options).and_then(|()| {
        if options.fast {
            without_window(&mut steps)
        } else {
            window(&mut steps, workspace, options)
        }
    });
    let is_of_pbx = |why: &&str| *why != NO_BROWSER && !why.starts_with(NO_TRYTON);
    let closing = closing_line(options, steps.left_out().filter(is_of_pbx).last());
    let closing = and_tryton(closing, steps.left_out().find(|why| why.starts_with(NO_TRYTON)));
    Ok(steps.close(&result, &closing))
}

fn checks(steps: &mut Steps, workspace: &Workspace, options: &TestOptions) -> Result<(), Stopped> {
    let all = [Need::Build, Need::PrivateDisplay, Need::Test, Need::Sources];
    // Database servers are not put on a machine that belongs to a person: there they are used where they are.
    let needs = match (options.fast, setup::is_root()) {
        (true, _) => &all[..1],
        (false, false) => &all[..3],
        (false, true) => &all,
    };
    steps.run(|step| setup::system_packages(step, needs))?;
    steps.run(|step| cargo(step, workspace, &["fmt", "--all", "--check"]))?;
    steps.run(|step| setup::npm_packages(step, workspace))?;
    steps.run(|step| npm(step, workspace, &["run", "check"]))?;
    steps.run(|step| npm(step, workspace, &["test"]))?;
    in_browser(steps, workspace)?;
    steps.run(|step| binary::interface(step, workspace))?;
    steps.run(|step| {
        lint(
            step,
            workspace,
            &["--workspace", "--exclude", "ringside-e2e", "--all-targets"],
        )?;
        lint(step, workspace, &["--package", "ringside-e2e", "--all-targets"])
    })?;
    steps.run(|step| lint(step, workspace, &["--lib", "--bins", "--features", FEATURES]))?;
    steps.run(|step| licences::check(step, workspace))?;
    let no_tryton = sources::small_hindrance(workspace, options.fast);
    if let Some(why) = &no_tryton {
        steps.leave_out(why)?;
    } else {
        steps.run(|step| sources::prepare_small(step, workspace))?;
    }
    steps.run(|step| {
        let mut cargo = workspace.cargo();
        cargo
            .args(RUST_TESTS)
            .env_remove("RINGSIDE_PBX")
            .env_remove("RINGSIDE_TRYTON");
        if no_tryton.is_none() {
            sources::name_small(&mut cargo, workspace);
        }
        run::shown(step, &mut cargo, None)?;
        Ok(Done::Plain)
    })
}

/// The real window and the real PBX; both are gone again when this returns.
fn window(steps: &mut Steps, workspace: &Workspace, options: &TestOptions) -> Result<(), Stopped> {
    let mut program = PathBuf::new();
    steps.run(|step| {
        program = binary::desktop(step, workspace, Profile::Dev)?;
        Ok(Done::Plain)
    })?;
    let mut pbx = None;
    match pbx::hindrance().filter(|_| !options.pbx) {
        Some(what) => {
            let why = format!("it needs {what}");
            (0..4).try_for_each(|_| steps.leave_out(&why))?;
        }
        None => {
            steps.run(|step| {
                pbx = Some(Pbx::up(step, workspace)?);
                Ok(Done::Plain)
            })?;
            steps.run(|step| live_calls(step, workspace, options, pbx.as_ref()))?;
            if options.pbx {
                steps.run(|step| restarts(step, workspace, pbx.as_ref()))?;
                steps.run(|step| kamailio(step, workspace, pbx.as_ref()))?;
            } else {
                (0..2).try_for_each(|_| steps.leave_out(WITH_PBX))?;
            }
        }
    }
    let mut session = None;
    steps.run(|step| {
        session = Some(Session::start(step)?);
        Ok(Done::Plain)
    })?;
    let Some(session) = session else { return Err(Stopped) };
    steps.run(|step| window_tests(step, workspace, &program, &session, pbx.as_ref()))
}

fn live_calls(
    step: &mut Step,
    workspace: &Workspace,
    options: &TestOptions,
    pbx: Option<&Pbx>,
) -> Result<Done, Failure> {
    let Some(pbx) = pbx else {
        return Ok(Done::LeftOut("there is no PBX".to_owned()));
    };
    let mut cargo = workspace.cargo();
    cargo
        .args(RUST_TESTS)
        .args(["--test", "live"])
        .env("RINGSIDE_PBX", &pbx.folder);
    let which = if options.pbx { "all" } else { "part" };
    cargo.env("RINGSIDE_LIVE", which);
    run::shown(step, &mut cargo, Some(LIVE_LIMIT))?;
    Ok(match options.pbx {
        true => Done::Plain,
        false => Done::Noting("the quick ones; all of them with --pbx".to_owned()),
    })
}

/// Asterisk stopped, killed and started in the middle of calls, and calls ordered from it. It ends with Asterisk up.
fn restarts(step: &mut Step, workspace: &Workspace, pbx: Option<&Pbx>) -> Result<Done, Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(RUST_TESTS).args(["--test", "live-ami"]);
    cargo.envs(pbx.map(|pbx| ("RINGSIDE_PBX", &pbx.folder)));
    cargo.args(["--", "--test-threads=1"]);
    run::shown(step, &mut cargo, Some(LIVE_LIMIT))?;
    Ok(Done::Plain)
}

/// What a watcher and a second contact are told and change, at a real Kamailio and at the PBX.
fn kamailio(step: &mut Step, workspace: &Workspace, pbx: Option<&Pbx>) -> Result<Done, Failure> {
    let tests = workspace.cargo();
    let mut run = Command::new(workspace.root.join("tests/pbx/kamailio/kam-run"));
    run.arg(workspace.tools.join("kamailio")).arg(tests.get_program());
    run.args(tests.get_args()).args(RUST_TESTS);
    run.args(["--test", "ringside", "sip::live", "--", "--test-threads=1"]);
    run.current_dir(&workspace.root);
    run.envs(tests.get_envs().filter_map(|(name, value)| Some((name, value?))));
    run.envs(pbx.map(|pbx| ("RINGSIDE_PBX", &pbx.folder)));
    process::mark(&mut run);
    run::shown(step, &mut run, Some(LIVE_LIMIT))?;
    Ok(Done::Plain)
}

fn window_tests(
    step: &mut Step,
    workspace: &Workspace,
    program: &Path,
    session: &Session,
    pbx: Option<&Pbx>,
) -> Result<Done, Failure> {
    let shots = workspace.target.join("e2e");
    std::fs::create_dir_all(&shots)?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--locked", "-p", "ringside-e2e", "--", "--test-threads=1"]);
    session.apply(&mut cargo);
    cargo
        .env("RINGSIDE_BIN", program)
        .env("RINGSIDE_SHOTS", &shots)
        .env_remove("RINGSIDE_PBX");
    if let Some(pbx) = pbx {
        cargo.env("RINGSIDE_PBX", &pbx.folder);
    }
    run::shown(step, &mut cargo, Some(WINDOW_LIMIT))?;
    Ok(Done::Noting(format!("screenshots in {}", shots.display())))
}

fn without_window(steps: &mut Steps) -> Result<(), Stopped> {
    (0..7).try_for_each(|_| steps.leave_out(FAST))
}

fn cargo(step: &mut Step, workspace: &Workspace, args: &[&str]) -> Result<Done, Failure> {
    run::quiet(step, workspace.cargo().args(args))?;
    Ok(Done::Plain)
}

/// Clippy with warnings denied, over a build rather than a check: the dependencies are then compiled once, for the lints,
/// the tests and the window alike. Checking Tauri's alone takes 5 min of CPU and serves nothing else.
///
/// The two variables are those that cargo-clippy sets itself. The window tests have dependencies that change the features
/// of shared crates, so they are linted apart, as they are built.
fn lint(step: &mut Step, workspace: &Workspace, args: &[&str]) -> Result<Done, Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--locked"]).args(args);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    cargo.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    run::quiet(step, &mut cargo)?;
    Ok(Done::Plain)
}

/// Contrast, sizes and the focus ring need a layout; the real window is looked at by `cargo xtask shots`.
fn in_browser(steps: &mut Steps, workspace: &Workspace) -> Result<(), Stopped> {
    if BROWSERS.iter().any(|name| setup::has_program(name)) {
        steps.run(|step| npm(step, workspace, &["run", "browser"]))
    } else {
        steps.leave_out(NO_BROWSER)
    }
}

fn npm(step: &mut Step, workspace: &Workspace, args: &[&str]) -> Result<Done, Failure> {
    run::quiet(step, workspace.npm().args(args).env("CI", "1"))?;
    Ok(Done::Plain)
}

/// The last line: what passed, and plainly what was not tried.
fn closing_line(options: &TestOptions, left_out: Option<&str>) -> String {
    match left_out {
        _ if options.fast => {
            "All passed, except that the real window and the real PBX were left out by --fast".to_owned()
        }
        Some(WITH_PBX) | None if !options.pbx => {
            "All passed, in the real window and through a real PBX; --pbx plays every kind of call".to_owned()
        }
        Some(why) => format!("All passed, but the calls through a real PBX were LEFT OUT: {why}"),
        None => "All passed, in the real window and through a real PBX, every kind of call".to_owned(),
    }
}

/// The same, saying why no Tryton was read, if none was.
fn and_tryton(closing: String, left_out: Option<&str>) -> String {
    match left_out {
        None => closing,
        Some(why) => format!("{closing}; customer data from a real Tryton was LEFT OUT: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_says_what_was_not_tried() {
        let all = TestOptions::default();
        assert_eq!(
            closing_line(&all, Some(WITH_PBX)),
            "All passed, in the real window and through a real PBX; --pbx plays every kind of call"
        );
        let without = closing_line(&all, Some("it needs root"));
        assert_eq!(
            without,
            "All passed, but the calls through a real PBX were LEFT OUT: it needs root"
        );
        let fast = TestOptions {
            fast: true,
            ..TestOptions::default()
        };
        assert!(closing_line(&fast, Some(FAST)).ends_with("left out by --fast"));
        let closing = and_tryton("All passed".to_owned(), Some("Tryton could not be fetched"));
        assert_eq!(
            closing,
            "All passed; customer data from a real Tryton was LEFT OUT: Tryton could not be fetched"
        );
        assert_eq!(and_tryton(closing.clone(), None), closing);
    }
}
