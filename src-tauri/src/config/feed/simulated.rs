//! `kind = "simulated"`.

use serde::{Deserialize, Deserializer};

use crate::config::check;

/// Made-up calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatedFeed {
    /// The same seed makes the same calls; by chance when absent.
    pub seed: Option<u64>,
    /// How many calls an hour on average, 1 to 3600.
    #[serde(deserialize_with = "pace")]
    pub calls_per_hour: u32,
}

impl Default for SimulatedFeed {
    fn default() -> Self {
        SimulatedFeed {
            seed: None,
            calls_per_hour: 60,
        }
    }
}

fn pace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let pace = u32::deserialize(deserializer)?;
    check::checked(
        pace,
        |pace| (1..=3600).contains(pace),
        "calls_per_hour is a number from 1 to 3600",
    )
}
