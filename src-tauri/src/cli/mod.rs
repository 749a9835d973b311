//! The command line: one file a command. Data goes to standard output, everything else to standard error.

pub mod backup;
pub mod doctor;
pub mod pop;
pub mod replay;
pub mod restore;
pub mod secret;
pub mod simulate;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Home;

/// Who is calling, before you say hello.
#[derive(Parser, Debug)]
#[command(name = "ringside", version, about, propagate_version = true)]
struct Arguments {
    /// Folder of settings, stores and keys [default: the system's place for application data]
    #[arg(long, global = true, env = "RINGSIDE_HOME", value_name = "DIR")]
    home: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Doctor(doctor::DoctorArgs),
    Secret(secret::SecretArgs),
    /// Read a recording of a phone system and tell what every caller lived through
    Replay(replay::ReplayArgs),
    /// Send believable calls to a webhook, as a phone system would
    Simulate(simulate::SimulateArgs),
}

/// Why a command failed: what was done and why it did not work.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "ringside: {}", chain(failure.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let home = || Home::find(arguments.home.as_deref());
    match arguments.command {
        Command::Backup(args) => backup::run(&args, &home()?, &mut out)?,
        Command::Restore(args) => restore::run(&args, &home()?, &mut out)?,
        Command::Doctor(args) => doctor::run(&args, &home()?, &mut out)?,
        Command::Secret(args) => secret::run(&args, &home()?, &mut out)?,
        Command::Replay(args) => replay::run(&args, &mut out)?,
        Command::Simulate(args) => {
            let runtime = tokio::runtime::Runtime::new()?;
            runtime.block_on(simulate::run(&args, &mut out, &mut io::stderr()))?;
        }
    }
    Ok(())
}

/// An error with its causes, in one line. A cause that its error has told already is not told again.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
