//! The command line: one file a command. Data goes to standard output, everything else to standard error.

pub mod import;
pub mod lookup;
pub mod replay;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Who is calling, before you say hello.
#[derive(Parser, Debug)]
#[command(name = "ringside", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Read a recording of a phone system and tell what every caller lived through
    Replay(replay::ReplayArgs),
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
            let _ = writeln!(io::stderr(), "ringside: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match arguments.command {
        Command::Replay(args) => replay::run(&args, &mut out)?,
    }
    Ok(())
}
