//! Campaigns as the pages show them: lists of customers to call, and how far each is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::TicketFilter;

/// A campaign with how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CampaignView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What it is for; may be empty.
    pub goal: String,
    /// How many are to accept; 0 where nobody said.
    pub target: u32,
    /// When it was made.
    #[ts(type = "string")]
    pub made: DateTime<Utc>,
    /// When it was closed.
    #[ts(type = "string | null")]
    pub closed: Option<DateTime<Utc>>,
    /// How many customers stand how.
    pub counts: CampaignCounts,
    /// When the next one waits for, where all that are open wait.
    #[ts(type = "string | null")]
    pub next: Option<DateTime<Utc>>,
}

/// How many customers of a campaign stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CampaignCounts {
    /// All of them.
    pub all: u32,
    /// Still to be called.
    pub open: u32,
    /// Somebody talked to them: accepted, declined, or neither.
    pub reached: u32,
    /// They accepted.
    pub accepted: u32,
    /// They declined.
    pub declined: u32,
    /// Left out by an agent.
    pub skipped: u32,
    /// They want no advertising, so nobody calls them.
    pub opted_out: u32,
    /// Attempts in all.
    pub tries: u32,
}

/// How a customer of a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// To be called.
    Open,
    /// They accepted.
    Accepted,
    /// They declined.
    Declined,
    /// Somebody talked to them, and neither.
    Reached,
    /// Left out by an agent.
    Skipped,
    /// They want no advertising: not to be called.
    OptedOut,
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TryResult {
    /// They accepted.
    Accepted,
    /// They declined.
    Declined,
    /// Somebody talked to them, and neither.
    Reached,
    /// Nobody was there, or they ask to be called later: they stay in the list.
    Again,
    /// They want no more such calls: they are left out of this campaign and of later ones.
    OptedOut,
    /// Left out without a call.
    Skipped,
}

/// One customer of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CampaignEntryView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// The customer's lasting reference.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// The number to call; empty where none is known.
    pub number: String,
    /// What put them into the list: a segment's name, a tier, or what was searched for.
    pub why: String,
    /// How they stand.
    pub state: EntryState,
    /// Not before.
    #[ts(type = "string | null")]
    pub next: Option<DateTime<Utc>>,
    /// How often they were called.
    pub tries: u32,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TryView {
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// At which extension.
    pub line: String,
    /// What came of it.
    pub result: TryResult,
    /// What was written of it; may be empty.
    pub note: String,
    /// When they are to be called again.
    #[ts(type = "string | null")]
    pub next: Option<DateTime<Utc>>,
    /// The call that was made, where one was.
    pub call: Option<String>,
}

/// Whom to call now, with what came of earlier attempts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CampaignWorkView {
    /// The campaign.
    pub campaign: CampaignView,
    /// Whom to call; absent when nobody is due.
    pub entry: Option<CampaignEntryView>,
    /// Their attempts, the newest first.
    pub tries: Vec<TryView>,
}

/// Who is to be in a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Pick {
    /// Those who buy often and lately.
    Valuable,
    /// Those who bought often and are silent now.
    AtRisk,
    /// Those who reached a tier.
    Tier {
        /// Its name.
        name: String,
    },
    /// Those whom a search finds.
    Search {
        /// What is searched for.
        text: String,
    },
    /// Those who have tickets that a filter lets through.
    Tickets {
        /// The filter.
        filter: TicketFilter,
    },
}

/// Somebody who would be in a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PickedView {
    /// The lasting reference.
    pub customer: String,
    /// Their name, or their company.
    pub name: String,
    /// The number to call; empty where none is known.
    pub number: String,
    /// What puts them into the list.
    pub why: String,
    /// They want no advertising: they stand in the list, and nobody calls them.
    pub opted_out: bool,
}

/// What a campaign is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NewCampaign {
    /// What it is called.
    pub name: String,
    /// What it is for; may be empty.
    pub goal: String,
    /// How many are to accept; 0 for no number.
    pub target: u32,
}

/// What came of an attempt, as an agent says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TryRequest {
    /// What.
    pub result: TryResult,
    /// In words; may be empty.
    pub note: String,
    /// When they are to be called again, for [`TryResult::Again`].
    #[ts(type = "string | null")]
    pub next: Option<DateTime<Utc>>,
    /// When it was begun to call them, so that the call that was made is found.
    #[ts(type = "string | null")]
    pub begun: Option<DateTime<Utc>>,
}
