//! The real PBX of the tests: an Asterisk in the tool home, brought up by `tests/pbx/pbx-up` and left as it was found.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::run::{self, RunError};
use crate::setup;
use crate::steps::Step;
use crate::workspace::Workspace;

/// Why there is no PBX.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PbxError {
    #[error("the calls through a real PBX need {0}")]
    Impossible(&'static str),
    #[error("{path} cannot be used: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Run(#[from] RunError),
}

/// A PBX that is up and ours alone until this is dropped; then it is taken down, if it was down before.
#[derive(Debug)]
pub(crate) struct Pbx {
    pub(crate) folder: PathBuf,
    kit: PathBuf,
    was_up: bool,
    _alone: File,
}

/// What keeps a PBX from running here, if anything does.
pub(crate) fn hindrance() -> Option<&'static str> {
    match (
        setup::is_root(),
        setup::has_program("debootstrap"),
        setup::has_program("python3"),
    ) {
        (false, _, _) => Some("root"),
        (true, false, _) => Some("debootstrap"),
        (true, true, false) => Some("python3"),
        (true, true, true) => None,
    }
}

impl Pbx {
    /// Builds it if need be (minutes, once) and starts it. Waits for another run that is using it.
    pub(crate) fn up(step: &mut Step, workspace: &Workspace) -> Result<Self, PbxError> {
        if let Some(what) = hindrance() {
            return Err(PbxError::Impossible(what));
        }
        let alone = alone(step, &workspace.tools)?;
        let folder = workspace.tools.join("pbx");
        let kit = workspace.root.join("tests/pbx");
        let pbx = Self {
            was_up: is_up(&folder),
            folder,
            kit,
            _alone: alone,
        };
        let mut up = Command::new(pbx.kit.join("pbx-up"));
        process::mark(&mut up);
        run::quiet(step, up.arg(&pbx.folder))?;
        Ok(pbx)
    }
}

impl Drop for Pbx {
    fn drop(&mut self) {
        if !self.was_up {
            // Should this fail, the sweep at the end of the session still finds the process by its mark.
            let _ = Command::new(self.kit.join("pbx-down")).arg(&self.folder).status();
        }
    }
}

/// Only one run at a time can hold the phones of one PBX.
fn alone(step: &Step, tools: &Path) -> Result<File, PbxError> {
    let path = tools.join("pbx.lock");
    let open = std::fs::create_dir_all(tools).and_then(|()| File::create(&path));
    let file = open.map_err(|source| PbxError::File {
        path: path.clone(),
        source,
    })?;
    let locked = match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            step.say("        another run is using the PBX: waiting for it");
            file.lock()
        }
        Err(TryLockError::Error(source)) => Err(source),
    };
    locked.map(|()| file).map_err(|source| PbxError::File { path, source })
}

/// A process whose root is this tree, as pbx-up itself looks at it.
fn is_up(folder: &Path) -> bool {
    let pid = std::fs::read_to_string(folder.join("pid")).unwrap_or_default();
    let root = std::fs::read_link(format!("/proc/{}/root", pid.trim()));
    matches!((root, folder.join("root").canonicalize()), (Ok(root), Ok(own)) if root == own)
}
