//! The one event loop: owns all state, decides what to show.
//!
//! Feeds and people send it events; it asks the directory, writes the journal and tells a [`Panel`].
//! It does not know Tauri, SQL or any wire format.

mod advice_report;
mod advise;
mod after;
mod board;
mod call_report;
mod campaigns;
mod card;
mod customer;
mod decide;
mod error;
mod history;
mod identify;
mod keeper;
mod looked;
mod merge;
mod numbers;
mod open;
mod pages;
mod panel;
mod people;
mod pretend;
mod quiet;
mod record;
mod reminders;
mod request;
mod review;
mod rules;
mod run;
mod search;
mod seat;
mod state;
mod story;
mod take;
mod tickets;
mod today;
mod trace;
mod verify;
mod when;
mod who;
mod why;
mod words;

pub use advice_report::{NoAdviceReport, advice_report};
pub use advise::{AdviceRules, HEEDED_FOR, answer, day, declined, offered};
pub use after::{TicketRequest, ToDo};
pub use call_report::{call_report, report_view};
pub use error::DeskError;
pub use identify::{Found, How, Identify, Moment};
pub use keeper::Keeper;
pub use numbers::{FeedNumbers, Via};
pub use pages::PageRequest;
pub use panel::{Panel, RecordedPanel, Told};
pub use quiet::{KeepQuiet, QuietFor};
pub use record::row as log_row;
pub use reminders::{Reminder, SNOOZE};
pub use request::{DeskHandle, DeskRequest, Reply};
pub use review::{ReviewRequest, log_entry};
pub use rules::Rules;
pub use run::{Inbox, run, ways};
pub use state::{Desk, KeepLines, Parts, ShowAt, past_notes};
pub use story::story;
pub use when::read_when;
pub use why::{Asked, answer as why};
