//! `kind = "replay"`.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer};

use crate::config::check;
use crate::number::Region;

/// A recording that is played as if it happened now.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayFeed {
    /// The recording; a relative path counts from the home folder.
    pub file: PathBuf,
    /// How many times as fast as it was, 0.01 to 10000.
    #[serde(default = "real_time", deserialize_with = "speed")]
    pub speed: f64,
    /// Regular expression for the whole name of our phones, for a recording that does not say.
    #[serde(default, deserialize_with = "optional_pattern")]
    pub agents: Option<String>,
    /// Where national numbers are read, when not in the home region.
    #[serde(default, deserialize_with = "check::region")]
    pub region: Option<Region>,
}

impl Eq for ReplayFeed {}

fn real_time() -> f64 {
    1.0
}

fn speed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let what = "speed says how many times as fast as it was, from 0.01 to 10000";
    check::checked(
        f64::deserialize(deserializer)?,
        |speed| (0.01..=10_000.0).contains(speed),
        what,
    )
}

fn optional_pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    check::pattern(deserializer).map(Some)
}
