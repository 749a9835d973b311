//! Where things are: the checkout, the target folder, the tool home; and how cargo and npm are called from here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// The folders a task works with, all absolute.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The checkout: beside `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever `CARGO_TARGET_DIR` puts it.
    pub(crate) target: PathBuf,
    /// What is kept between runs and checkouts, such as the PBX.
    pub(crate) tools: PathBuf,
}

/// Why the folders could not be worked out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkspaceError {
    #[error("cargo metadata could not be run: {0}")]
    Cargo(#[source] std::io::Error),
    #[error("cargo metadata failed:\n{0}")]
    Metadata(String),
    #[error("cargo metadata gave something unexpected: {0}")]
    Shape(#[from] serde_json::Error),
    #[error(
        "neither RINGSIDE_TOOLS nor XDG_CACHE_HOME nor HOME is set; set RINGSIDE_TOOLS to a folder that may be kept"
    )]
    NoToolHome,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo where the checkout and its target folder are.
    pub(crate) fn find() -> Result<Self, WorkspaceError> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&here)
            .join("../..")
            .canonicalize()
            .map_err(WorkspaceError::Cargo)?;
        let text = metadata(&root, &["--no-deps"])?;
        let target = serde_json::from_str::<Metadata>(&text)?.target_directory;
        let tools = tool_home(|name| std::env::var_os(name)).ok_or(WorkspaceError::NoToolHome)?;
        Ok(Self { root, target, tools })
    }

    /// Cargo, in the checkout, without what `cargo run` has put into the environment: build scripts that watch those
    /// variables (ring's does) would be run again each time.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_set_by_cargo_run(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        command
    }

    /// npm, in `ui/`, quiet about what is no concern here.
    pub(crate) fn npm(&self) -> Command {
        let mut command = Command::new("npm");
        command.current_dir(self.ui()).env("NO_UPDATE_NOTIFIER", "1");
        command
    }

    /// The user interface's folder.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// `cargo metadata` with everything that could ever be linked.
    pub(crate) fn full_metadata(&self) -> Result<String, WorkspaceError> {
        metadata(&self.root, &["--all-features", "--locked"])
    }
}

fn metadata(root: &Path, more: &[&str]) -> Result<String, WorkspaceError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args(["metadata", "--format-version", "1"])
        .args(more)
        .output()
        .map_err(WorkspaceError::Cargo)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(WorkspaceError::Metadata(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ))
    }
}

/// `$RINGSIDE_TOOLS`, else `$XDG_CACHE_HOME/ringside-tools`, else `~/.cache/ringside-tools`; empty counts as unset.
fn tool_home(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("RINGSIDE_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("ringside-tools")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/ringside-tools")))
}

fn is_set_by_cargo_run(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(pairs: &[(&str, &str)]) -> Option<PathBuf> {
        tool_home(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_tool_home_is_the_first_variable_that_is_set_and_not_empty() {
        let all = [("RINGSIDE_TOOLS", "/t"), ("XDG_CACHE_HOME", "/c"), ("HOME", "/h")];
        assert_eq!(home(&all), Some("/t".into()));
        assert_eq!(home(&all[1..]), Some("/c/ringside-tools".into()));
        assert_eq!(
            home(&[("XDG_CACHE_HOME", ""), ("HOME", "/h")]),
            Some("/h/.cache/ringside-tools".into())
        );
        assert_eq!(home(&[]), None);
    }

    #[test]
    fn only_the_variables_of_this_very_package_are_kept_from_cargo() {
        assert!(is_set_by_cargo_run("CARGO_PKG_NAME"));
        assert!(is_set_by_cargo_run("CARGO_MANIFEST_DIR"));
        for name in [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_REGISTRIES_X_INDEX",
            "CARGO_BUILD_JOBS",
        ] {
            assert!(!is_set_by_cargo_run(name), "{name}");
        }
    }
}
