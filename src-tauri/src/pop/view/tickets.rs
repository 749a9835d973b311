//! Tickets as the pages show them: a list, and one with all that was said and done.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CustomerView, Priority, TicketKind, TicketState};

/// One ticket of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketRowView {
    /// Its number, as requests name it.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is about.
    pub about: TicketKind,
    /// How much it matters.
    pub priority: Priority,
    /// How far it is.
    pub state: TicketState,
    /// In a few words; may be empty.
    pub subject: String,
    /// Whose it is, when that is known.
    pub customer: Option<CustomerView>,
    /// The extension it was opened at.
    pub line: String,
    /// The extension of whoever works on it; empty for nobody.
    pub assignee: String,
    /// Whether that is one of mine.
    pub mine: bool,
    /// By when.
    #[ts(type = "string | null")]
    pub due: Option<DateTime<Utc>>,
    /// When it was opened.
    #[ts(type = "string")]
    pub opened: DateTime<Utc>,
    /// When it was closed.
    #[ts(type = "string | null")]
    pub closed: Option<DateTime<Utc>>,
    /// The call it came from.
    pub call: Option<String>,
}

/// A ticket with all that was said and done, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketView {
    /// The ticket.
    pub row: TicketRowView,
    /// What was said and done since it was opened.
    pub entries: Vec<TicketEntryView>,
}

/// One thing that was said or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketEntryView {
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// At which extension; empty where there was none.
    pub line: String,
    /// What.
    pub change: TicketChange,
}

/// What can be said of a ticket, or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", content = "value", rename_all = "snake_case")]
pub enum TicketChange {
    /// Words, which may have several lines.
    Comment(String),
    /// How far it is.
    State(TicketState),
    /// What it is about.
    About(TicketKind),
    /// How much it matters.
    Priority(Priority),
    /// In a few words.
    Subject(String),
    /// By when; none: no longer.
    Due(#[ts(type = "string | null")] Option<DateTime<Utc>>),
    /// The extension of whoever works on it; empty for nobody.
    Assignee(String),
}

/// Which tickets a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct TicketFilter {
    /// Open ones, closed ones, or both.
    pub state: TicketsOf,
    /// About this alone.
    pub about: Option<TicketKind>,
    /// Of this priority alone.
    pub priority: Option<Priority>,
    /// Whoever works on it.
    pub assignee: Whose,
    /// Words that number, subject or customer begin with.
    pub text: String,
}

/// A page of a list of tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketPage {
    /// The tickets, in the order of the list; may be none although there are more.
    pub rows: Vec<TicketRowView>,
    /// Behind which place the next page begins; none: that was the last one.
    pub next: Option<TicketPlace>,
}

/// A place in a list of tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketPlace {
    /// When the ticket at it was closed; none: it was open.
    #[ts(type = "string | null")]
    pub closed: Option<DateTime<Utc>>,
    /// How much it mattered.
    pub priority: Priority,
    /// By when it was to be settled.
    #[ts(type = "string | null")]
    pub due: Option<DateTime<Utc>>,
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
}

/// Open tickets, closed ones, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketsOf {
    /// Not closed.
    #[default]
    Open,
    /// Closed.
    Closed,
    /// Both.
    All,
}

/// Who works on a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Whoever.
    #[default]
    Anyone,
    /// Somebody at one of my extensions.
    Mine,
    /// Nobody yet.
    Nobody,
}

/// A filter that somebody gave a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedFilterView {
    /// Its name.
    pub name: String,
    /// The filter as the page wrote it (JSON).
    pub filter: String,
}
