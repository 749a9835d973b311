//! The one event loop: owns all state, decides what to show.
//!
//! Feeds and people send it events; it asks the directory, writes the journal and tells a [`Panel`].
//! It does not know Tauri, SQL or any wire format.

mod panel;
mod request;

pub use panel::{Panel, RecordedPanel, Told};
pub use request::{DeskError, DeskHandle, DeskRequest, Reply};
