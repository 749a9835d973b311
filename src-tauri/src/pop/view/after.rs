//! What comes of a call: its disposition, what is promised, tickets, and what was said to a suggestion.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Something was promised.
    FollowUp,
    /// Ring back.
    Callback,
}

/// What a ticket is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    /// Something is wrong, and somebody is unhappy.
    Complaint,
    /// Something is asked.
    Question,
    /// A thing came back or shall.
    Return,
    /// A thing does not work.
    Repair,
    /// Anything else.
    Other,
}

/// How much a ticket matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// As they come.
    Normal,
    /// Before others.
    High,
    /// At once.
    Urgent,
}

/// How far a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// Nobody works on it.
    Open,
    /// Somebody does.
    InWork,
    /// It is settled.
    Closed,
}

/// What a customer said to a suggested product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OfferAnswer {
    /// It was spoken of.
    Offered,
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// Another time.
    NotNow,
}

/// Why suggestions are not shown unless the agent wants them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// An invoice is overdue.
    Overdue,
    /// A complaint is open.
    Complaint,
}

/// What an open item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OpenWhat {
    /// A ticket of a source.
    SourceTicket,
    /// A ticket that was opened here.
    Ticket {
        /// Its number, as requests name it.
        #[ts(type = "number")]
        id: i64,
        /// What it is about.
        about: TicketKind,
        /// How much it matters.
        priority: Priority,
        /// How far it is.
        state: TicketState,
    },
    /// Something that was promised.
    Task {
        /// Its number, as requests name it.
        #[ts(type = "number")]
        id: i64,
        /// What there is to do.
        todo: TaskKind,
        /// When.
        #[ts(type = "string")]
        due: DateTime<Utc>,
    },
}

/// How a time that was typed is understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WhenView {
    /// It means this moment.
    Understood {
        /// The moment.
        #[ts(type = "string")]
        at: DateTime<Utc>,
    },
    /// Nothing was typed.
    Empty,
    /// A word is not understood.
    Unknown {
        /// The word.
        word: String,
    },
    /// There is no such day or time.
    Nonsense,
    /// It is over.
    Past,
    /// It is more than two years ahead.
    TooFar,
}

/// How this shop works after a call, for the panel and the call log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AfterCallView {
    /// What an agent may choose as the result of a call, in the order of their keys; two to nine.
    pub dispositions: Vec<DispositionView>,
    /// Texts to put into a note.
    pub templates: Vec<TemplateView>,
    /// Keys that the settings change, by action, as chords such as `Alt+F`.
    pub keys: std::collections::BTreeMap<String, Vec<String>>,
}

/// A result of a call that an agent may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DispositionView {
    /// What is stored.
    pub code: String,
    /// What people read; the catalogue has the words of the code without one.
    pub name: Option<String>,
}

/// A text to put into a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateView {
    /// What it is chosen by.
    pub name: String,
    /// What is put in.
    pub text: String,
}
