//! `cargo xtask`: sets a machine up, shows Ringside, tests, measures and packages it. Knows how Ringside is built and
//! started, and nothing of how it works.

mod args;
mod bench;
mod binary;
mod clients;
mod demo;
mod display;
mod focus;
mod fuzz;
mod help;
mod licences;
mod package;
mod packages;
mod pbx;
mod process;
mod rivals;
mod run;
mod setup;
mod shots;
mod sources;
mod states;
mod steps;
mod test;
mod workspace;

use std::process::ExitCode;

use args::Task;
use workspace::Workspace;

/// Why a task or one of its steps failed, in the words of whatever failed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) enum Failure {
    Bench(#[from] bench::BenchError),
    Binary(#[from] binary::BinaryError),
    Demo(#[from] demo::DemoError),
    Display(#[from] display::DisplayError),
    Fuzz(#[from] fuzz::FuzzError),
    Io(#[from] std::io::Error),
    Licence(#[from] licences::LicenceError),
    Package(#[from] package::PackageError),
    Pbx(#[from] pbx::PbxError),
    Run(#[from] run::RunError),
    Setup(#[from] setup::SetupError),
    Shot(#[from] shots::ShotError),
    Workspace(#[from] workspace::WorkspaceError),
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if fuzz::is_rustc() {
        return fuzz::rustc(&words).unwrap_or(ExitCode::FAILURE);
    }
    let task = match args::parse(&words) {
        Ok(task) => task,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    perform(&task).unwrap_or_else(|failure| {
        eprintln!("{failure}");
        ExitCode::FAILURE
    })
}

fn perform(task: &Task) -> Result<ExitCode, Failure> {
    if let Task::Help(text) = task {
        println!("{text}");
        return Ok(ExitCode::SUCCESS);
    }
    process::end_all_on_signals()?;
    let workspace = Workspace::find()?;
    match task {
        Task::Help(_) => Ok(ExitCode::SUCCESS),
        Task::Demo(options) => demo::run(&workspace, options),
        Task::Test(options) => test::run(&workspace, options),
        Task::Bench(options) => bench::run(&workspace, options),
        Task::Fuzz(options) => fuzz::run(&workspace, options),
        Task::Package => package::run(&workspace),
        Task::Shots => states::run(&workspace),
    }
}
