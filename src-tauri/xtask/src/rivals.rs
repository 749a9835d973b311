//! The libraries that the bench of the advice measures beside, from PyPI: installed below `target/`, at fixed versions.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{Done, Step};
use crate::workspace::Workspace;
use crate::{Failure, run, setup};

const PACKAGES: [&str; 4] = ["implicit==0.7.3", "rusket==0.1.101", "numpy==2.4.6", "scipy==1.17.1"];

/// Installs them unless they are there; the Python that has them is handed to the bench in `RINGSIDE_BENCH_RIVALS`.
pub(crate) fn install(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    let (folder, python) = (folder(workspace), python(workspace));
    let (done, wanted) = (folder.join("installed"), PACKAGES.join(" "));
    if std::fs::read_to_string(&done).ok().as_deref() != Some(wanted.as_str()) {
        std::fs::create_dir_all(&folder)?;
        run::quiet(step, Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet"]).args(PACKAGES);
        run::quiet(step, &mut pip)?;
        std::fs::write(&done, &wanted)?;
    }
    Ok(Done::Noting(format!("{wanted} in {}", folder.display())))
}

/// The Python that has them.
pub(crate) fn python(workspace: &Workspace) -> PathBuf {
    folder(workspace).join("bin/python")
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("bench/rivals")
}

/// What keeps them from being installed here, if anything does.
pub(crate) fn hindrance() -> Option<&'static str> {
    (!setup::has_program("python3")).then_some("they need python3 with venv")
}
