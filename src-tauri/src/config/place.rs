//! Where the panel stands, and what brings it.

use serde::{Deserialize, Deserializer, Serialize};

/// A corner of a monitor's work area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corner {
    /// Above, at the right.
    #[default]
    TopRight,
    /// Above, at the left.
    TopLeft,
    /// Below, at the right.
    BottomRight,
    /// Below, at the left.
    BottomLeft,
}

/// The monitor that the panel comes up on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Monitor {
    /// The main one.
    Primary,
    /// The one that the pointer is on.
    Pointer,
    /// The one that the window system calls by this name, for example `DP-1`; the main one while it is not there.
    Named(String),
}

impl<'de> Deserialize<'de> for Monitor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(match name.as_str() {
            "primary" => Monitor::Primary,
            "pointer" => Monitor::Pointer,
            _ => Monitor::Named(name),
        })
    }
}
