//! Getting a machine ready: system packages by apt where that can be done, the user interface's packages by npm. Changes
//! nothing that is there already.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;
use crate::packages::{Need, Package, Sign, System, missing, node_will_do, packages, system};
use crate::run;
use crate::steps::{Done, Step};
use crate::workspace::Workspace;

/// What keeps the machine from being made ready; each says what the person can do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error(
        "these system packages are missing: {0}\nand apt needs root. Run this, then the same command again:\n  sudo apt-get install --no-install-recommends {0}"
    )]
    NotRoot(String),
    #[error(
        "{system} is not a system this can set up (Debian 12 is, Ubuntu should be). Missing here:\n{list}Install what provides them (the names are Debian's), then run the same command again"
    )]
    OtherSystem { system: String, list: String },
    #[error(
        "Node.js is not installed: install version 20.19 or newer from https://nodejs.org or with your version manager"
    )]
    NoNode,
    #[error(
        "Node.js {0} is too old for the user interface: install 20.19 or newer (22.12 of the 22 line) from https://nodejs.org"
    )]
    OldNode(String),
    #[error("{path} cannot be used: {source}")]
    File { path: PathBuf, source: std::io::Error },
}

/// How apt can be called.
enum Rights {
    Root,
    Sudo,
}

/// Installs what is missing for these needs, or says exactly what is missing and how to get it.
pub(crate) fn system_packages(step: &mut Step, needs: &[Need]) -> Result<Done, Failure> {
    let wanted = packages(needs);
    let system = system(&fs::read_to_string("/etc/os-release").unwrap_or_default());
    if let System::Other(name) = system {
        return elsewhere(name, &wanted);
    }
    let lacking = missing(&wanted, &installed(&wanted));
    if lacking.is_empty() {
        return Ok(Done::Noting(format!("all {} are installed", wanted.len())));
    }
    if let System::Ubuntu { version } = &system {
        step.say(&format!(
            "        Ubuntu {version}: set up like Debian 12, but not tested"
        ));
    }
    apt(step, &names(&lacking))?;
    Ok(Done::Noting(format!("{} installed", lacking.len())))
}

/// Checks for a Node that will do, then installs the interface's packages unless the lock file is the one they were
/// installed from.
pub(crate) fn npm_packages(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    let node = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|_| SetupError::NoNode)?;
    let version = String::from_utf8_lossy(&node.stdout).trim().to_owned();
    if !node_will_do(&version) {
        return Err(SetupError::OldNode(version).into());
    }
    let lock = workspace.ui().join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|source| SetupError::File { path: lock, source })?;
    let stamp = workspace.ui().join("node_modules/.ringside-installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Done::Noting("unchanged since the last time".to_owned()));
    }
    run::quiet(step, workspace.npm().args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).map_err(|source| SetupError::File { path: stamp, source })?;
    Ok(Done::Plain)
}

/// Whether this process may do anything.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether a program is on the search path.
pub(crate) fn has_program(name: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// dpkg's view of these packages; those it does not know are simply not in it.
fn installed(wanted: &[Package]) -> String {
    let mut query = Command::new("dpkg-query");
    query
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(wanted.iter().map(|package| package.name));
    query
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

fn apt(step: &mut Step, names: &[&str]) -> Result<(), Failure> {
    let rights = rights(step).ok_or_else(|| SetupError::NotRoot(names.join(" ")))?;
    run::quiet(step, apt_get(&rights).args(["update", "-qq"]))?;
    run::quiet(
        step,
        apt_get(&rights)
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(names),
    )?;
    Ok(())
}

fn apt_get(rights: &Rights) -> Command {
    let mut command = match rights {
        Rights::Root => Command::new("env"),
        Rights::Sudo => {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "env"]);
            sudo
        }
    };
    command.args([
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]);
    command
}

/// Root, or sudo that asks for no password any more; at a terminal the person is asked for it here.
fn rights(step: &Step) -> Option<Rights> {
    if is_root() {
        return Some(Rights::Root);
    }
    if !has_program("sudo") {
        return None;
    }
    let silent = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    if silent.is_ok_and(|status| status.success()) {
        return Some(Rights::Sudo);
    }
    if !std::io::stdin().is_terminal() {
        return None;
    }
    let asked = step.paused(|| {
        println!("        system packages are missing: sudo asks for your password to install them");
        Command::new("sudo").arg("-v").status()
    });
    asked.is_ok_and(|status| status.success()).then_some(Rights::Sudo)
}

/// On a system without apt: what of the list is not to be seen.
fn elsewhere(system: String, wanted: &[Package]) -> Result<Done, Failure> {
    let absent: Vec<&Package> = wanted.iter().filter(|package| !is_there(package.sign)).collect();
    if absent.is_empty() {
        return Ok(Done::Noting(format!("all found, but {system} is not tested")));
    }
    let list = absent
        .iter()
        .map(|package| format!("  {:30} {}\n", package.name, described(package.sign)))
        .collect();
    Err(SetupError::OtherSystem { system, list }.into())
}

fn is_there(sign: Sign) -> bool {
    match sign {
        Sign::Program(name) => has_program(name),
        Sign::Library(name) => {
            let found = Command::new("pkg-config").args(["--exists", name]).status();
            found.is_ok_and(|status| status.success())
        }
        Sign::Header(name) => Path::new("/usr/include").join(name).is_file(),
        Sign::Unknown => true,
    }
}

fn described(sign: Sign) -> String {
    match sign {
        Sign::Program(name) => format!("the program {name}"),
        Sign::Library(name) => format!("the library {name} with its headers, as pkg-config sees it"),
        Sign::Header(name) => format!("the header {name}"),
        Sign::Unknown => String::new(),
    }
}

fn names(packages: &[Package]) -> Vec<&'static str> {
    packages.iter().map(|package| package.name).collect()
}
