//! The audit trail, as its page shows it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is written down. A journal holds these words for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Act {
    /// The agent said that the caller was verified, and was shown balance, address and tier.
    Uncovered,
    /// A report was written into a file.
    ReportExported,
    /// The trail itself was written into a file.
    AuditExported,
    /// All that is known of one person was given out.
    PersonExported,
    /// One person was erased.
    PersonErased,
    /// Somebody who was erased is taken in again.
    PersonLetIn,
    /// What was kept for as long as the settings say was dropped.
    Dropped,
    /// Settings were changed.
    SettingsChanged,
    /// Two records were said to be one person.
    RecordsLinked,
    /// A record was said to be nobody else, or a link was taken back.
    RecordsParted,
    /// A fact was written in the place of what the sources say.
    FactsChanged,
    /// Somebody signed in.
    SignedIn,
    /// Somebody could not sign in: the PIN was wrong, or too many were.
    SignInRefused,
    /// Somebody was added to those who share the desk.
    UserAdded,
    /// Name, role, extensions or PIN of somebody were changed.
    UserChanged,
    /// Somebody was removed from those who share the desk.
    UserRemoved,
}

/// Which entries are asked for. What is empty lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditRequest {
    /// The agent's name, or the extension.
    pub agent: String,
    /// What was done.
    pub act: Option<Act>,
    /// Whom it was about, as source/key or the pseudonym of somebody who was erased.
    pub customer: String,
    /// The first day, by the local clock.
    #[ts(type = "string | null")]
    pub from: Option<NaiveDate>,
    /// The last day.
    #[ts(type = "string | null")]
    pub until: Option<NaiveDate>,
}

/// A part of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditView {
    /// The entries, the newest first.
    pub rows: Vec<AuditRowView>,
    /// Everybody who stands in the trail.
    pub agents: Vec<String>,
}

/// An entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditRowView {
    /// Its number; what comes before it is asked for by this.
    #[ts(type = "number")]
    pub id: i64,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// The agent's name; empty without one.
    pub agent: String,
    /// The extension the agent sat at.
    pub line: String,
    /// What was done.
    pub act: Act,
    /// What of it: keys of settings, the name of a report, counts.
    pub detail: String,
    /// The call it was done in.
    pub call: Option<String>,
    /// Whom it was about, as source/key.
    pub customer: Option<String>,
    /// How they are called; empty where that is not known.
    pub name: String,
    /// The pseudonym of whom it was about, once they were erased.
    pub erased: Option<String>,
}
