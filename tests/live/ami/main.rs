//! The Asterisk feed and a real Asterisk: stopped and started in the middle of calls, and calls that it is ordered to make.
//!
//! `RINGSIDE_PBX=FOLDER cargo test --test live-ami -- --test-threads=1` uses, stops and starts the PBX that
//! `tests/pbx/pbx-up FOLDER` started, so nothing else may use it meanwhile. Without `RINGSIDE_PBX` nothing is tried, and
//! it says so.

mod dial;
mod office;
mod phones;
mod restart;

use std::path::{Path, PathBuf};

/// The folder of the PBX; `None`, and a line that says so, where there is none.
fn pbx() -> Option<PathBuf> {
    let folder = std::env::var_os("RINGSIDE_PBX").map(PathBuf::from);
    if folder.is_none() {
        println!("left out: RINGSIDE_PBX is not set, so there is no Asterisk to call through");
    }
    folder
}

/// The folder of the scripts that run the PBX.
fn kit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pbx")
}
