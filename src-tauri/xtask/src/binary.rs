//! Building the desktop: the user interface, then the binary with the window in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

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

/// Builds the user interface into `ui/dist`, unless it was built since anything in `ui` changed: a new `ui/dist` means
/// linking the binary again, which takes minutes in release.
pub(crate) fn interface(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    let built = fs::metadata(workspace.ui().join("dist/index.html")).and_then(|page| page.modified());
    if let (Ok(built), Ok(changed)) = (built, newest(&workspace.ui(), &["node_modules", "dist"]))
        && changed < built
    {
        return Ok(Done::Noting("unchanged since the last time".to_owned()));
    }
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

/// When anything below a folder last changed, folders included, so that a file taken away counts too; the folder's own
/// time does not, as building writes into it.
fn newest(folder: &Path, except: &[&str]) -> std::io::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if except.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        newest = newest.max(entry.metadata()?.modified()?);
        if entry.file_type()?.is_dir() {
            newest = newest.max(self::newest(&entry.path(), &[])?);
        }
    }
    Ok(newest)
}

/// The program a line of `cargo build --message-format=json` names, if it is this one.
fn executable(line: &str, name: &str) -> Option<PathBuf> {
    let artifact = serde_json::from_str::<Artifact>(line).ok()?;
    artifact.executable.filter(|_| artifact.target.name == name)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::process::Scratch;

    #[test]
    fn the_newest_change_is_found_in_depth_but_not_in_what_is_left_out() {
        let folder = Scratch::new(std::env::temp_dir().join(format!("ringside-newest-{}", std::process::id())));
        let folder = folder.expect("a folder");
        let day = |days: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(days * 86_400);
        for (name, days) in [
            ("dist/index.html", 9),
            ("pop/deep/Panel.svelte", 5),
            ("vite.config.ts", 3),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::File::create(path)
                .and_then(|file| file.set_modified(day(days)))
                .expect("a file");
        }
        for (name, days) in [("pop/deep", 1), ("pop", 2)] {
            fs::File::open(folder.path().join(name))
                .and_then(|it| it.set_modified(day(days)))
                .expect("its time");
        }
        assert_eq!(newest(folder.path(), &["dist"]).expect("a time"), day(5));
    }

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
