//! `cargo xtask package`: the .deb and the .rpm, by the Tauri bundler. An AppImage is left out: its runtime would be
//! downloaded from outside at each build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::binary::FEATURES;
use crate::packages::Need;
use crate::steps::{Done, Step, Steps, Stopped};
use crate::workspace::Workspace;
use crate::{Failure, run, setup};

const STEPS: &[&str] = &["system packages", "interface packages", "bundles"];

/// Why there are no packages.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackageError {
    #[error("the bundler ended well, but there is no .deb and .rpm below {0}")]
    NoBundles(PathBuf),
}

/// Builds both; exit code 0 only if both are there.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Failure> {
    let mut steps = Steps::new(STEPS, workspace.target.join("xtask/package"))?;
    let result = package(&mut steps, workspace);
    Ok(steps.close(
        &result,
        "Packaged; installing them on another machine was not tried here",
    ))
}

fn package(steps: &mut Steps, workspace: &Workspace) -> Result<(), Stopped> {
    steps.run(|step| setup::system_packages(step, &[Need::Build, Need::Bundle]))?;
    steps.run(|step| setup::npm_packages(step, workspace))?;
    steps.run(|step| bundles(step, workspace))
}

fn bundles(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    let folder = workspace.target.join("release/bundle");
    for old in found(&folder) {
        fs::remove_file(old)?;
    }
    let mut tauri = tauri(workspace);
    tauri
        .args(["build", "--ci", "--features", FEATURES, "--bundles", "deb,rpm"])
        .current_dir(&workspace.root);
    run::quiet(step, &mut tauri)?;
    let made = found(&folder);
    if made.len() < 2 {
        return Err(PackageError::NoBundles(folder).into());
    }
    made.iter()
        .for_each(|path| step.say(&format!("        {}", path.display())));
    Ok(Done::Noting(format!("{} packages", made.len())))
}

/// The CLI of the interface's own packages where it is among them, else whatever npx finds.
fn tauri(workspace: &Workspace) -> Command {
    let own = workspace.ui().join("node_modules/.bin/tauri");
    if own.exists() {
        return Command::new(own);
    }
    let mut npx = Command::new("npx");
    npx.args(["--yes", "@tauri-apps/cli@2"]);
    npx
}

fn found(folder: &Path) -> Vec<PathBuf> {
    let in_folder = |kind: &str| {
        let entries = fs::read_dir(folder.join(kind)).into_iter().flatten().flatten();
        let kind = kind.to_owned();
        entries
            .map(|entry| entry.path())
            .filter(move |path| path.extension().is_some_and(|end| end == kind.as_str()))
    };
    in_folder("deb").chain(in_folder("rpm")).collect()
}
