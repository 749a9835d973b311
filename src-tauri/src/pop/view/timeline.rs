//! A customer's timeline: what was said over every channel, and what came of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CallLogRow, OfferAnswer, TaskView, TicketRowView};

/// A way to reach somebody other than the telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Email,
    /// A form or a message on the web.
    Web,
    /// A chat.
    Chat,
    /// A letter.
    Letter,
    /// They stood here, or we there.
    Visit,
}

/// Who turned to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// They to us.
    In,
    /// We to them.
    Out,
}

/// A contact as an agent writes it down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ContactRequest {
    /// Over which channel.
    pub channel: Channel,
    /// Who turned to whom.
    pub way: Way,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// What was said.
    pub text: String,
}

/// One thing of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventOf {
    /// A call.
    Call {
        /// As the log has it.
        row: Box<CallLogRow>,
    },
    /// A contact over another channel.
    Contact {
        /// Its number, as requests name it.
        #[ts(type = "number")]
        id: i64,
        /// Over which channel.
        channel: Channel,
        /// Who turned to whom.
        way: Way,
        /// What was said.
        text: String,
        /// Who wrote it down.
        line: String,
    },
    /// A ticket was opened.
    Ticket {
        /// The ticket as it is now.
        row: Box<TicketRowView>,
    },
    /// A product was spoken of.
    Offer {
        /// Its name.
        product: String,
        /// What was answered.
        answer: OfferAnswer,
        /// In which call.
        call: String,
    },
}

/// One thing of the timeline, with when it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TimelineView {
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// What.
    pub what: EventOf,
}

/// A place in a list whose latest stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PagePlace {
    /// When the last of the page before was.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// How many of that very time were given already.
    pub given: u32,
}

/// What the journal has of a customer, beside what the panel shows of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryView {
    /// What was said over every channel and what came of it, the latest first.
    pub timeline: Vec<TimelineView>,
    /// Behind which place the timeline goes on; none: that was its end.
    pub next: Option<PagePlace>,
    /// What is still to be done, the first due first.
    pub tasks: Vec<TaskView>,
    /// Tickets that are not closed.
    pub tickets: Vec<TicketRowView>,
}
