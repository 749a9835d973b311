//! `cargo xtask bench`: measures, prints one table, writes `target/bench/ringside.json`.
//!
//! What it asks of a bench: it writes a JSON array of figures to the file named in `RINGSIDE_BENCH_OUT`, and does fewer
//! rounds where `RINGSIDE_BENCH_QUICK` is set. The window bench finds the binary in `RINGSIDE_BIN`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde::{Deserialize, Serialize};

use crate::args::BenchOptions;
use crate::binary::{self, Profile};
use crate::display::Session;
use crate::packages::Need;
use crate::steps::{Done, Step, Steps, Stopped};
use crate::workspace::Workspace;
use crate::{Failure, clients, rivals, run, setup, sources};

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

/// One measured figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Figure {
    name: String,
    unit: String,
    value: f64,
    /// What the machine does for the bare work, in the same unit: the figure's floor.
    #[serde(default)]
    floor: Option<f64>,
    /// `value` to `floor`, as the bench puts it.
    #[serde(default)]
    ratio: Option<f64>,
    #[serde(default)]
    note: Option<String>,
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
    let names = match (options.million, options.desk) {
        (true, _) => MILLION,
        (false, true) => DESK,
        (false, false) => STEPS,
    };
    let mut steps = Steps::new(names, workspace.target.join("xtask/bench"))?;
    let mut figures = Vec::new();
    let (result, file) = if options.million {
        (
            million(&mut steps, workspace, options, &mut figures),
            "bench/million.json",
        )
    } else if options.desk {
        (desk(&mut steps, workspace, options, &mut figures), "bench/desk.json")
    } else {
        (
            measure(&mut steps, workspace, options, &mut figures),
            "bench/ringside.json",
        )
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
        let mut cargo = workspace.cargo();
        cargo.args([
            "run",
            "--locked",
            "--release",
            "-p",
            "ringside-e2e",
            "--bin",
            "window-bench",
        ]);
        session.apply(&mut cargo);
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

/// The customer cache alone.
fn million(
    steps: &mut Steps,
    workspace: &Workspace,
    options: &BenchOptions,
    figures: &mut Vec<Figure>,
) -> Result<(), Stopped> {
    steps.run(|step| setup::system_packages(step, &[Need::Build]))?;
    steps.run(|step| {
        let mut pop = of_cargo(workspace, "pop");
        pop.env("RINGSIDE_BENCH_MILLION", "1");
        bench(step, workspace, options, "pop-million", &mut pop, figures)
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
        let mut cargo = workspace.cargo();
        cargo.args([
            "run",
            "--locked",
            "--release",
            "-p",
            "ringside-e2e",
            "--bin",
            "desk-bench",
        ]);
        session.apply(&mut cargo);
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

fn table(figures: &[Figure]) -> String {
    let head = ["figure", "value", "unit", "floor", "ratio", "note"].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(figures.iter().map(cells)).collect();
    let widths: [usize; 6] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    rows.iter().map(|row| row_line(row, &widths) + "\n").collect()
}

fn cells(figure: &Figure) -> [String; 6] {
    let ratio = figure.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let floor = figure.floor.map_or_else(String::new, short);
    let note = figure.note.clone().unwrap_or_default();
    [
        figure.name.clone(),
        short(figure.value),
        figure.unit.clone(),
        floor,
        ratio,
        note,
    ]
}

/// Names, units and notes to the left, numbers to the right.
fn row_line(row: &[String; 6], widths: &[usize; 6]) -> String {
    let [name, value, unit, floor, ratio, note] = row;
    let [w0, w1, w2, w3, w4, _] = *widths;
    let line = format!("{name:w0$}  {value:>w1$} {unit:w2$}  {floor:>w3$}  {ratio:>w4$}  {note}");
    line.trim_end().to_owned()
}

/// Three figures that mean something are enough.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_aligned_columns_and_what_is_unknown_stays_empty() {
        let text = r#"[
            {"name": "verdict and pop, p50", "unit": "CPU µs", "value": 72.4, "floor": 41.2, "ratio": 1.757},
            {"name": "AMI", "unit": "MB/s", "value": 1300.4, "note": "zero-copy", "floor": null}
        ]"#;
        let figures: Vec<Figure> = serde_json::from_str(text).unwrap_or_default();
        let expected = "figure                value unit    floor  ratio  note\n\
                        verdict and pop, p50   72.4 CPU µs   41.2   1.76\n\
                        AMI                    1300 MB/s                  zero-copy\n";
        assert_eq!(table(&figures), expected);
    }
}
