//! `[service_level]`: within how many seconds calls should be answered, and how many of a hundred at least.

use serde::{Deserialize, Deserializer};

use super::check::checked;
use super::error::text_of;

/// `[service_level]`: what a supervisor measures the day by. What is absent is as most centres have it: 80 % within 20 s.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceLevel {
    /// Within how many seconds a call should be answered. See [`ServiceLevel::within_seconds`].
    #[serde(deserialize_with = "seconds")]
    pub within_seconds: Option<u32>,
    /// How many of a hundred calls should be. See [`ServiceLevel::goal_percent`].
    #[serde(deserialize_with = "percent")]
    pub goal_percent: Option<u32>,
}

impl ServiceLevel {
    /// The longest wait that can be asked for: an hour.
    pub const MOST_SECONDS: u32 = 3_600;

    /// `within_seconds`: 20 when absent.
    #[must_use]
    pub fn within_seconds(&self) -> u32 {
        self.within_seconds.unwrap_or(20)
    }

    /// `goal_percent`: 80 when absent.
    #[must_use]
    pub fn goal_percent(&self) -> u32 {
        self.goal_percent.unwrap_or(80)
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    whole(deserializer, ServiceLevel::MOST_SECONDS, "wrong.within_seconds")
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    whole(deserializer, 100, "wrong.goal_percent")
}

/// A whole number from 1 to `most`; else what `wrong` says.
fn whole<'de, D: Deserializer<'de>>(deserializer: D, most: u32, wrong: &'static str) -> Result<Option<u32>, D::Error> {
    let number = i64::deserialize(deserializer).map_err(|_| serde::de::Error::custom(text_of(wrong)))?;
    let number = checked(number, |number| (1..=i64::from(most)).contains(number), text_of(wrong))?;
    Ok(u32::try_from(number).ok())
}
