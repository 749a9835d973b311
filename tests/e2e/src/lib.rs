//! Ringside in its real window.
//!
//! A test starts the built application under WebDriver on a home folder of its own, lets calls come in
//! through a real feed, looks at the window as X11 and as the page show it, and types with real keys.
//!
//! Needs a display with a window manager, and these in the environment:
//! `RINGSIDE_BIN` the program, `RINGSIDE_SHOTS` a folder for screenshots and logs, and for the tests over a
//! real Asterisk `RINGSIDE_PBX`, the folder `tests/pbx/pbx-up` was given. `cargo xtask test` sets all of it.

mod app;
mod bus;
mod driver;
mod home;
mod pbx;
mod process;
mod programs;
mod screen;
mod seat;
mod states;
mod terminal;
mod tray;
mod webhook;

pub use app::App;
pub use bus::Bus;
pub use driver::free_port;
pub use home::{Feed, Home};
pub use pbx::{Ami, Pbx};
pub use process::memory_of;
pub use programs::Programs;
pub use screen::{Area, Repeating, Screen, Typing, Window};
pub use seat::Seat;
pub use terminal::Terminal;
pub use tray::Tray;
pub use webhook::Caller;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long anything that must happen may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The program under test.
#[must_use]
pub fn program() -> PathBuf {
    PathBuf::from(set("RINGSIDE_BIN"))
}

/// The folder of one test, for what it leaves to look at.
#[must_use]
pub fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(set("RINGSIDE_SHOTS")).join(test);
    std::fs::create_dir_all(&folder).expect("RINGSIDE_SHOTS can be written");
    folder
}

/// The root of the project.
#[must_use]
pub fn root() -> PathBuf {
    crate_folder().join("../..")
}

/// The folder of this crate. Asked for when it runs: clones that share a target folder share what is compiled.
#[must_use]
pub fn crate_folder() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from)
}

fn set(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; run `cargo xtask test`"))
}

/// Asks until `found` gives something; fails with `what` when it never does.
pub async fn until<T>(what: &str, found: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, what, found).await
}

/// The same for what comes at its own time, however fast the machine is.
pub async fn within<T>(patience: Duration, what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = found().await {
            return found;
        }
        assert!(
            start.elapsed() < patience,
            "waited {} s in vain: {what}",
            patience.as_secs()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
