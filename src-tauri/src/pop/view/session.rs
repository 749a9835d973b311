//! Who sits at the desk, who else may, and what an admin sees of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::role::Role;

/// Who sits at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionView {
    /// Those who share it; none: it is one person's, and no PIN is asked.
    pub people: Vec<PersonView>,
    /// Who is signed in.
    pub signed_in: Option<PersonView>,
    /// Whether whoever is signed in has to show that it is still them. Calls go on popping for them.
    pub locked: bool,
    /// After so many minutes without a key or the pointer it locks; never when 0.
    pub lock_minutes: u32,
}

/// Somebody who shares the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// The name.
    pub name: String,
    /// What they may.
    pub role: Role,
}

/// Somebody as an admin sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UserView {
    /// The number, as requests name them.
    #[ts(type = "number")]
    pub id: i64,
    /// The name.
    pub name: String,
    /// What they may.
    pub role: Role,
    /// Where they sit; empty: where the settings say.
    pub extensions: Vec<String>,
    /// When they were added.
    #[ts(type = "string")]
    pub added: DateTime<Utc>,
    /// Until then no PIN of theirs is looked at, after too many wrong ones.
    #[ts(type = "string | null")]
    pub waits_until: Option<DateTime<Utc>>,
    /// Whether it is whoever asks.
    pub me: bool,
}

/// Somebody as an admin writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UserRequest {
    /// The name.
    pub name: String,
    /// What they may.
    pub role: Role,
    /// Where they sit.
    pub extensions: Vec<String>,
}
