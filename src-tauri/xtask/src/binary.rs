//! Building the desktop: the user interface, then the binary with the window in it.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::Failure;
use crate::run::{self, Line, Output};
use crate::steps::{Done, Step};
use crate::workspace::Workspace;

/// What the window needs: Tauri, and the interface out of the binary rather than from a development server.
pub(crate) const FEATURES: &str = "shell,custom-protocol";

/// Which way the binary is optimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// Why there is no binary to run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BinaryError {
    #[error("cargo built, but named no program `ringside`; is it still a [[bin]] in Cargo.toml?")]
    NotBuilt,
    #[error("{path} cannot be written: {source}")]
    Copy { path: PathBuf, source: std::io::Error },
}

/// The part of cargo's JSON messages that names a program.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Builds the user interface into `ui/dist`.
pub(crate) fn interface(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    run::quiet(step, workspace.npm().args(["run", "build"]))?;
    Ok(Done::Plain)
}

/// Builds `ringside` with its window and returns a copy that no later build without the window replaces.
pub(crate) fn desktop(step: &mut Step, workspace: &Workspace, profile: Profile) -> Result<PathBuf, Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--locked", "--bin", "ringside", "--features", FEATURES]);
    cargo.arg("--message-format=json-render-diagnostics");
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    let mut built = None;
    run::watch::<Failure>(step, &mut cargo, None, |_, output, line| {
        if output == Output::Err {
            return Ok(Line::Keep);
        }
        built = executable(line, "ringside").or(built.take());
        Ok(Line::Drop)
    })?;
    let built = built.ok_or(BinaryError::NotBuilt)?;
    let folder = workspace
        .target
        .join("shell")
        .join(if profile == Profile::Release { "release" } else { "dev" });
    let copy = folder.join("ringside");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::remove_file(&copy).or(Ok(())))
        .and_then(|()| fs::copy(built, &copy))
        .map_err(|source| BinaryError::Copy {
            path: copy.clone(),
            source,
        })?;
    Ok(copy)
}

/// The program a line of `cargo build --message-format=json` names, if it is this one.
fn executable(line: &str, name: &str) -> Option<PathBuf> {
    let artifact = serde_json::from_str::<Artifact>(line).ok()?;
    artifact.executable.filter(|_| artifact.target.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_program_asked_for_is_taken_from_the_messages_of_cargo() {
        let library = r#"{"reason":"compiler-artifact","target":{"name":"ringside"},"executable":null}"#;
        let other = r#"{"reason":"compiler-artifact","target":{"name":"build-script-build"},"executable":"/t/b"}"#;
        let program = r#"{"reason":"compiler-artifact","target":{"name":"ringside"},"executable":"/t/debug/ringside"}"#;
        let finished = r#"{"reason":"build-finished","success":true}"#;
        let found = [library, other, finished, "", program].map(|line| executable(line, "ringside"));
        assert_eq!(
            found,
            [None, None, None, None, Some(PathBuf::from("/t/debug/ringside"))]
        );
    }
}
