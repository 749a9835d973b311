//! The AMI clients of other languages that the bench measures beside: installed below `target/`, at fixed versions.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{Done, Step};
use crate::workspace::Workspace;
use crate::{Failure, run, setup};

/// For Python, from PyPI.
const PANORAMISK: &str = "panoramisk==1.4";
/// For Node.js, from npm.
const ASTERISK_MANAGER: &str = "asterisk-manager@0.2.0";

/// Installs both unless they are there; the folder is handed to the bench in `RINGSIDE_BENCH_CLIENTS`.
pub(crate) fn install(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    let folder = folder(workspace);
    std::fs::create_dir_all(&folder)?;
    let python = folder.join("venv/bin/python");
    if !folder.join("venv/panoramisk").exists() {
        run::quiet(
            step,
            Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")),
        )?;
        run::quiet(
            step,
            Command::new(&python).args(["-m", "pip", "install", "--quiet", PANORAMISK]),
        )?;
        std::fs::write(folder.join("venv/panoramisk"), PANORAMISK)?;
    }
    if !folder.join("node_modules/asterisk-manager").exists() {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .arg(ASTERISK_MANAGER);
        run::quiet(step, &mut npm)?;
    }
    Ok(Done::Noting(format!(
        "{PANORAMISK} and {ASTERISK_MANAGER} in {}",
        folder.display()
    )))
}

/// Where they are.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("bench/clients")
}

/// What keeps them from being installed here, if anything does.
pub(crate) fn hindrance() -> Option<&'static str> {
    match (setup::has_program("python3"), setup::has_program("npm")) {
        (false, _) => Some("they need python3 with venv"),
        (true, false) => Some("they need npm"),
        (true, true) => None,
    }
}
