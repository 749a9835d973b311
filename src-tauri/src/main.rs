//! Arguments, logging, start.

use std::process::ExitCode;

fn main() -> ExitCode {
    ringside::cli::main()
}
