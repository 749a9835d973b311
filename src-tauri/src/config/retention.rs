//! `[retention]`: for how many days what is kept of people is kept.

use serde::{Deserialize, Deserializer};

use super::check::checked;

/// The most days: a hundred years.
const MOST_DAYS: u32 = 36_500;

/// `[retention]`, in days; what is absent is kept for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Calls, with all that hangs on them; since they began.
    #[serde(deserialize_with = "days")]
    pub calls: Option<u32>,
    /// Notes of calls; since they were written last.
    #[serde(deserialize_with = "days")]
    pub notes: Option<u32>,
    /// Contacts over other channels; since they were.
    #[serde(deserialize_with = "days")]
    pub contacts: Option<u32>,
    /// Follow-ups and callbacks; since they were done.
    #[serde(deserialize_with = "days")]
    pub tasks: Option<u32>,
    /// Tickets; since they were closed.
    #[serde(deserialize_with = "days")]
    pub tickets: Option<u32>,
    /// Traces of why calls did or did not pop. They are bounded in any case.
    #[serde(deserialize_with = "days")]
    pub traces: Option<u32>,
    /// The audit trail.
    #[serde(deserialize_with = "days")]
    pub audit: Option<u32>,
}

fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let what = format!(
        "a retention is a whole number of days from 1 to {MOST_DAYS}; what has no line in [retention] is kept for ever"
    );
    let days = i64::deserialize(deserializer).map_err(|_| serde::de::Error::custom(&what))?;
    let days = checked(days, |days| (1..=i64::from(MOST_DAYS)).contains(days), what)?;
    Ok(u32::try_from(days).ok())
}
