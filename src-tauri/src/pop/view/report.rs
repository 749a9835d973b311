//! What a period of calls came to, as the page of the reports shows it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a report is wanted of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportRequest {
    /// When.
    pub period: PeriodView,
    /// Only calls that last waited in this queue; empty for all.
    pub queue: String,
    /// Only calls in which this extension of ours talked; empty for all.
    pub agent: String,
    /// Within how many seconds a call should be answered; as the settings have it when absent.
    pub target_seconds: Option<u32>,
}

/// Days of the local clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PeriodView {
    /// So many days until today, which is one of them.
    Days {
        /// How many.
        days: u32,
    },
    /// From one day to another, both in it.
    Between {
        /// The first, as in 2026-11-01.
        #[ts(type = "string")]
        from: NaiveDate,
        /// The last.
        #[ts(type = "string")]
        until: NaiveDate,
    },
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReportView {
    /// The first day.
    #[ts(type = "string")]
    pub from: NaiveDate,
    /// How many days.
    pub days_long: u32,
    /// Within how many seconds a call should be answered.
    pub target_seconds: u32,
    /// When it was made.
    #[ts(type = "string")]
    pub made: DateTime<Utc>,
    /// Every figure, as they are read.
    pub figures: Vec<FigureView>,
    /// By weekday and hour; those without a call are absent.
    pub hours: Vec<HourView>,
    /// Every day of the period.
    pub days: Vec<DayView>,
    /// Seconds that callers waited until somebody answered.
    pub waits: BandsView,
    /// Seconds of talk and wrap-up.
    pub handles: BandsView,
    /// By extension.
    pub agents: Vec<AgentReportView>,
    /// By queue.
    pub queues: Vec<QueueReportView>,
    /// By the result that agents chose.
    pub results: Vec<ResultReportView>,
    /// By product that was suggested, the one that was suggested most at the beginning.
    pub products: Vec<ProductReportView>,
    /// Every extension that talked in the period or the one before, whatever the report is of.
    pub all_agents: Vec<String>,
    /// Every queue of both.
    pub all_queues: Vec<String>,
}

/// One figure, beside the same of the period before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FigureView {
    /// Its lasting code.
    pub code: String,
    /// In what it is measured.
    pub unit: FigureUnit,
    /// Of the period; absent where there is nothing to measure.
    pub now: Option<f64>,
    /// Of as many days before it; beside a day so far, of the same weekday a week before until the same time.
    pub before: Option<f64>,
}

/// In what a figure is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FigureUnit {
    /// How many.
    Count,
    /// A part of one, 0 to 1.
    Share,
    /// Seconds.
    Seconds,
    /// Thousandths of a second.
    Millis,
}

/// Calls from outside that fall together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CellView {
    /// All that are over.
    pub offered: u32,
    /// Of these, those that somebody answered.
    pub answered: u32,
    /// Those that rang in vain: missed, or given up by the caller.
    pub in_vain: u32,
    /// Share answered within the target; absent where there is nothing to measure.
    pub service_level: Option<f64>,
}

/// An hour of a weekday.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HourView {
    /// Monday is 0.
    pub weekday: u8,
    /// Of the local clock.
    pub hour: u8,
    /// What fell into it on all such days.
    pub calls: CellView,
}

/// A local day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DayView {
    /// As in 2026-11-01.
    #[ts(type = "string")]
    pub day: NaiveDate,
    /// What fell into it.
    pub calls: CellView,
}

/// How many lie below each bound and not below the one before it; the last count is of those at or above all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BandsView {
    /// Seconds.
    pub bounds: Vec<u32>,
    /// One more than there are bounds.
    pub counts: Vec<u32>,
}

/// What one of our extensions did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgentReportView {
    /// The extension.
    pub agent: String,
    /// Calls answered.
    pub answered: u32,
    /// Calls to the outside that were answered there.
    pub dialled: u32,
    /// Seconds talked.
    #[ts(type = "number")]
    pub talked: u64,
}

/// What fell into one queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QueueReportView {
    /// As the phone system names it.
    pub queue: String,
    /// What waited in it last.
    pub calls: CellView,
}

/// How often a result was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResultReportView {
    /// One of the shop's codes.
    pub code: String,
    /// How often.
    pub calls: u32,
}

/// What was said to one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProductReportView {
    /// What people call it.
    pub product: String,
    /// How often it was suggested.
    pub suggested: u32,
    /// Accepted.
    pub accepted: u32,
    /// Declined.
    pub declined: u32,
    /// Not now.
    pub not_now: u32,
}
