//! `kind = "simulated"`.

use serde::{Deserialize, Deserializer};

use crate::config::check;

/// Made-up calls.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatedFeed {
    /// The same seed makes the same calls; by chance when absent.
    pub seed: Option<u64>,
    /// How many calls an hour on average, 1 to 3600.
    #[serde(deserialize_with = "pace")]
    pub calls_per_hour: u32,
    /// It rings by the time of day, as in an office; else as often at night.
    pub day: bool,
    /// What goes wrong.
    #[serde(deserialize_with = "possible")]
    pub faults: SimulatedFaults,
}

impl Eq for SimulatedFeed {}

/// What goes wrong in simulated calls, as probabilities from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatedFaults {
    /// That something is told twice.
    pub duplicate: f64,
    /// That something is told up to 50 ms late.
    pub reorder: f64,
    /// That nobody tells how a call ends.
    pub lost_hangup: f64,
}

impl Default for SimulatedFeed {
    fn default() -> Self {
        SimulatedFeed {
            seed: None,
            calls_per_hour: 60,
            day: false,
            faults: SimulatedFaults::default(),
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

fn possible<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SimulatedFaults, D::Error> {
    let faults = SimulatedFaults::deserialize(deserializer)?;
    let shares = [faults.duplicate, faults.reorder, faults.lost_hangup];
    check::checked(
        faults,
        |_| shares.iter().all(|share| (0.0..=1.0).contains(share)),
        "faults are probabilities from 0 to 1, for example { duplicate = 0.1 }",
    )
}
