//! `cargo xtask bench`: measures, prints one table, writes `target/bench/ringside.json`.
//!
//! What it asks of a bench: it writes a JSON array of figures to the file named in `RINGSIDE_BENCH_OUT`, and does fewer
//! rounds where `RINGSIDE_BENCH_QUICK` is set. The window bench finds the binary in `RINGSIDE_BIN`.

mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde::Serialize;

use crate::args::{BenchOptions, Part};
use crate::binary::{self, Profile};
use crate::display::Session;
use crate::packages::Need;
use crate::steps::{Done, Step, Steps, Stopped};
use crate::workspace::Workspace;
use crate::{Failure, clients, rivals, run, setup, sources};
use table::{Figure, table};

const STEPS: &[&str] = &[
    "system packages",
    "interface packages",
    "interface",
    "Ringside for release",
    "verdict and pop",
    "other AMI clients",
    "AMI and tracker",
    "webhook",
    "other advisers",
    "advice",
    "sources",
    "display",
    "window",
];

const MILLION: &[&str] = &["system packages", "a million customers"];

const CALLS: &[&str] = &["system packages", "a million calls"];

const DESK: &[&str] = &[
    "system packages",
    "interface packages",
    "interface",
    "Ringside for release",
    "a million customers and their calls",
    "display",
    "the desk's window",
];

/// What the home of the desk bench is opened with.
const PASSPHRASE: &str = "a passphrase for tests alone";

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    #[error("{path} cannot be used: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path} holds no list of figures: {source}")]
    Figures { path: PathBuf, source: serde_json::Error },
    #[error("{path} holds no figure at all; what the bench said is in {log}")]
    Empty { path: PathBuf, log: PathBuf },
}

/// The figures of all benches with what they were measured on.
#[derive(Serialize)]
struct Report<'a> {
    cores: usize,
    quick: bool,
    figures: &'a [Figure],
}

/// Runs all benches; exit code 0 only if each gave figures.
pub(crate) fn run(workspace: &Workspace, options: &BenchOptions) -> Result<ExitCode, Failure> {
    let (names, file) = match options.part {
        Part::Usual => (STEPS, "bench/ringside.json"),
        Part::Million => (MILLION, "bench/million.json"),
        Part::Calls => (CALLS, "bench/calls.json"),
        Part::Desk => (DESK, "bench/desk.json"),
    };
    let mut steps = Steps::new(names, workspace.target.join("xtask/bench"))?;
    let mut figures = Vec::new();
    let result = match options.part {
        Part::Usual => measure(&mut steps, workspace, options, &mut figures),
        Part::Million => alone(&mut steps, workspace, options, "pop", &mut figures),
        Part::Calls => alone(&mut steps, workspace, options, "calls", &mut figures),
        Part::Desk => desk(&mut steps, workspace, options, &mut figures),
    };
    if !figures.is_empty() {
        let path = workspace.target.join(file);
        write(&path, &figures, options)?;
        println!("\n{}\nwritten to {}", table(&figures), path.display());
    }
    Ok(steps.close(&result, "All measured"))
}

fn measure(
    steps: &mut Steps,
    workspace: &Workspace,
    options: &BenchOptions,
    figures: &mut Vec<Figure>,
) -> Result<(), Stopped> {
    steps.run(|step| setup::system_packages(step, &[Need::Build, Need::PrivateDisplay]))?;
    steps.run(|step| setup::npm_packages(step, workspace))?;
    steps.run(|step| binary::interface(step, workspace))?;
    let mut program = PathBuf::new();
    steps.run(|step| {
        program = binary::desktop(step, workspace, Profile::Release)?;
        Ok(Done::Plain)
    })?;
    steps.run(|step| {
        bench(
            step,
            workspace,
            options,
            "pop",
            &mut of_cargo(workspace, "pop"),
            figures,
        )
    })?;
    let mut ami = of_cargo(workspace, "ami");
    ami.env_remove("RINGSIDE_BENCH_CLIENTS");
    match clients::hindrance() {
        Some(what) => steps.leave_out(what)?,
        None => {
            steps.run(|step| clients::install(step, workspace))?;
            ami.env("RINGSIDE_BENCH_CLIENTS", clients::folder(workspace));
        }
    }
    steps.run(|step| bench(step, workspace, options, "ami", &mut ami, figures))?;
    steps.run(|step| {
        let mut webhook = of_cargo(workspace, "webhook");
        bench(step, workspace, options, "webhook", &mut webhook, figures)
    })?;
    let mut advice = of_cargo(workspace, "advice");
    advice.env_remove("RINGSIDE_BENCH_RIVALS");
    match rivals::hindrance() {
        Some(what) => steps.leave_out(what)?,
        None => {
            steps.run(|step| rivals::install(step, workspace))?;
            advice.env("RINGSIDE_BENCH_RIVALS", rivals::python(workspace));
        }
    }
    steps.run(|step| bench(step, workspace, options, "advice", &mut advice, figures))?;
    match sources::bench_hindrance() {
        Some(what) => steps.leave_out(what)?,
        None => steps.run(|step| {
            let mut sources = of_cargo(workspace, "sources");
            bench(step, workspace, options, "sources", &mut sources, figures)
        })?,
    }
    let mut session = None;
    steps.run(|step| {
        session = Some(Session::start(step)?);
        Ok(Done::Plain)
    })?;
    let Some(session) = session else { return Err(Stopped) };
    steps.run(|step| {
        let mut cargo = of_window(workspace, "window-bench", &session);
        bench(
            step,
            workspace,
            options,
            "window",
            cargo.env("RINGSIDE_BIN", &program),
            figures,
        )
    })
}

/// One of the benches that need nothing but the stores; `pop` on its large shop.
fn alone(
    steps: &mut Steps,
    workspace: &Workspace,
    options: &BenchOptions,
    name: &str,
    figures: &mut Vec<Figure>,
) -> Result<(), Stopped> {
    steps.run(|step| setup::system_packages(step, &[Need::Build]))?;
    steps.run(|step| {
        let mut cargo = of_cargo(workspace, name);
        cargo.env("RINGSIDE_BENCH_MILLION", "1");
        bench(
            step,
            workspace,
            options,
            &format!("{name}-million"),
            &mut cargo,
            figures,
        )
    })
}

/// The desk's window over a large home, which is made once and kept.
fn desk(
    steps: &mut Steps,
    workspace: &Workspace,
    options: &BenchOptions,
    figures: &mut Vec<Figure>,
) -> Result<(), Stopped> {
    steps.run(|step| setup::system_packages(step, &[Need::Build, Need::PrivateDisplay]))?;
    steps.run(|step| setup::npm_packages(step, workspace))?;
    steps.run(|step| binary::interface(step, workspace))?;
    let mut program = PathBuf::new();
    steps.run(|step| {
        program = binary::desktop(step, workspace, Profile::Release)?;
        Ok(Done::Plain)
    })?;
    let name = if options.quick { "desk-home-quick" } else { "desk-home" };
    let home = workspace.target.join("bench").join(name);
    steps.run(|step| {
        let mut make = of_cargo(workspace, "pop");
        make.env("RINGSIDE_BENCH_DESK", &home)
            .env("RINGSIDE_PASSPHRASE", PASSPHRASE);
        if options.quick {
            make.env("RINGSIDE_BENCH_QUICK", "1");
        }
        run::quiet(step, &mut make)?;
        Ok(Done::Plain)
    })?;
    let mut session = None;
    steps.run(|step| {
        session = Some(Session::start(step)?);
        Ok(Done::Plain)
    })?;
    let Some(session) = session else { return Err(Stopped) };
    steps.run(|step| {
        let mut cargo = of_window(workspace, "desk-bench", &session);
        cargo
            .env("RINGSIDE_BIN", &program)
            .env("RINGSIDE_SHOTS", workspace.target.join("bench"))
            .env("RINGSIDE_BENCH_HOME", &home);
        bench(step, workspace, options, "desk-window", &mut cargo, figures)
    })
}

fn of_cargo(workspace: &Workspace, name: &str) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--locked", "--bench", name]);
    cargo
}

/// A bench of a real window, on the display of `session`.
fn of_window(workspace: &Workspace, name: &str, session: &Session) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--locked", "--release", "-p", "ringside-e2e", "--bin", name]);
    session.apply(&mut cargo);
    cargo
}

/// Runs one bench and adds what it wrote.
fn bench(
    step: &mut Step,
    workspace: &Workspace,
    options: &BenchOptions,
    name: &str,
    command: &mut Command,
    figures: &mut Vec<Figure>,
) -> Result<Done, Failure> {
    let path = workspace.target.join("bench").join(format!("{name}.json"));
    empty(&path)?;
    command.env("RINGSIDE_BENCH_OUT", &path);
    if options.quick {
        command.env("RINGSIDE_BENCH_QUICK", "1");
    }
    run::quiet(step, command)?;
    let mut read = read(&path)?;
    if read.is_empty() {
        return Err(BenchError::Empty {
            path,
            log: step.log().path().to_owned(),
        }
        .into());
    }
    let count = read.len();
    figures.append(&mut read);
    Ok(Done::Noting(format!("{count} figures")))
}

/// Makes the folder and takes last time's figures away, so that they are not taken for this time's.
fn empty(path: &Path) -> Result<(), BenchError> {
    let folder = path.parent().unwrap_or(path);
    let made = fs::create_dir_all(folder).and_then(|()| fs::remove_file(path).or(Ok(())));
    made.map_err(|source| BenchError::File {
        path: path.to_owned(),
        source,
    })
}

fn read(path: &Path) -> Result<Vec<Figure>, BenchError> {
    let text = fs::read_to_string(path).map_err(|source| BenchError::File {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_str(&text).map_err(|source| BenchError::Figures {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, figures: &[Figure], options: &BenchOptions) -> Result<(), BenchError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let report = Report {
        cores,
        quick: options.quick,
        figures,
    };
    let text = serde_json::to_string_pretty(&report);
    let text = text.map_err(|source| BenchError::Figures {
        path: path.to_owned(),
        source,
    })?;
    fs::write(path, text + "\n").map_err(|source| BenchError::File {
        path: path.to_owned(),
        source,
    })
}
