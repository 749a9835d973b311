//! What the house decided about the panel: what stays covered, how long a wrap-up stands, what is old,
//! what may come of a call.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::call::Line;
use crate::config::Disposition;
use crate::pop::Cover;
use crate::review::Target;

/// The rules of one desk. The default is what an absent setting means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// For whom balance, address and tier stay covered until the agent says that the caller was verified.
    pub cover: Cover,
    /// How long after the last thing that was saved a wrap-up closes by itself; `None` when it never does.
    pub wrap_up: Option<TimeDelta>,
    /// A fact that its source gave longer ago than this looks old.
    pub stale_after: TimeDelta,
    /// What an agent may choose as the result of a call, as codes.
    pub dispositions: Vec<String>,
    /// My name, for the audit trail; empty when the settings have none.
    pub agent: String,
    /// After so many minutes without a key or the pointer a shared desk locks; never when 0.
    pub lock_minutes: u32,
    /// Who sits at which extension, as the settings have it.
    pub colleagues: BTreeMap<Line, String>,
    /// Within how long a call should be answered.
    pub target: Target,
    /// How many of a hundred calls should be.
    pub goal_percent: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            cover: Cover::Never,
            wrap_up: Some(TimeDelta::seconds(60)),
            stale_after: TimeDelta::hours(48),
            dispositions: Disposition::usual().into_iter().map(|one| one.code).collect(),
            agent: String::new(),
            lock_minutes: 10,
            colleagues: BTreeMap::new(),
            target: Target::default(),
            goal_percent: 80,
        }
    }
}
