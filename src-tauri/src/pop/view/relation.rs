//! What kind of relation a customer has with the shop, in counts that came true for others.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::facts::MoneyView;

/// A relation. It hides nothing and decides nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RelationView {
    /// The segment by how lately, how often and for how much they bought.
    pub segment: Option<SegmentView>,
    /// How many of those who were as silent and as frequent came back.
    pub came_back: Option<CameBackView>,
    /// Orders to be expected within a year, to one decimal.
    pub orders: Option<f64>,
    /// What those in the currency they buy in most are worth.
    pub value: Option<MoneyView>,
    /// About how many days lie between two of their orders.
    pub every_days: Option<u32>,
    /// They are silent for more than twice that.
    pub overdue: bool,
}

/// A tier of the shop, in its own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TierView {
    /// What the shop calls it.
    pub name: String,
    /// What it entitles to; empty for nothing.
    pub entitles: String,
}

/// Of a group of customers, how many bought again within 90 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CameBackView {
    /// So many.
    pub came: u32,
    /// Of so many, ten or more.
    pub of: u32,
}

/// The segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SegmentView {
    /// Recent, frequent and worth much.
    Champion,
    /// Frequent and recent.
    Loyal,
    /// One order, recent.
    New,
    /// They come now and then.
    Regular,
    /// Frequent once, silent now.
    AtRisk,
    /// Among the best once, silent for longest.
    CannotLose,
    /// Silent.
    Dormant,
}
