//! What the computer around Ringside gives, and what a link asked for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{LogFilter, SentenceView};

/// What works with this desktop and what does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SystemView {
    /// How the windows reach the screen.
    pub windows: WindowSystem,
    /// The desktop shows tray icons.
    pub tray: bool,
    /// The keys that bring the panel; absent when there are none.
    pub shortcut: Option<String>,
    /// Why these keys do nothing; empty when they do.
    pub shortcut_said: Vec<SentenceView>,
    /// Whether Ringside starts when somebody logs in; absent when that is not known.
    pub start_at_login: Option<bool>,
}

/// How the windows reach the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WindowSystem {
    /// X11: everything works.
    X11,
    /// X11 inside of Wayland: keys reach Ringside from its own and other X11 windows only.
    Xwayland,
    /// Wayland: a window can neither choose its place nor stay on top.
    Wayland,
}

/// What a link asked for. Nothing of it has happened yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkView {
    /// Call a number; a person has to say so.
    Dial {
        /// What would be dialled.
        number: String,
        /// The extension behind it; not dialled.
        extension: Option<String>,
    },
    /// Show a call.
    Call {
        /// The call.
        call: String,
    },
    /// Show a customer.
    Customer {
        /// The lasting reference.
        reference: String,
    },
    /// Show the calls of the log that a filter lets through.
    Log {
        /// The filter.
        filter: LogFilter,
    },
    /// It was refused.
    Refused {
        /// Why, and what to do.
        said: Vec<SentenceView>,
    },
}
