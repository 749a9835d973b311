//! What the user interface is given: plain data, from which TypeScript is generated.
//!
//! Codes and parameters, never sentences: the words live in the message catalogue. Amounts are minor
//! units, times are RFC 3339 in UTC; the user interface writes both by the user's locale.
//! Blocks that have nothing to say are absent (`null`), so that no empty box is drawn.

mod after;
mod audit;
mod board;
mod campaign;
mod customer;
mod facts;
mod found;
mod health;
mod log;
mod panel;
mod privacy;
mod relation;
mod report;
mod session;
mod setup;
mod source;
mod suggestion;
mod system;
mod tickets;
mod timeline;
mod today;
mod trial;
mod waits;
mod why;

pub use crate::call::{Cause, Direction, Outcome, QueueOutcome, Side, TransferKind, Trust};
pub use crate::words::{ParamView, SentenceView};
pub use after::*;
pub use audit::*;
pub use board::*;
pub use campaign::*;
pub use customer::*;
pub use facts::*;
pub use found::*;
pub use health::*;
pub use log::*;
pub use panel::*;
pub use privacy::*;
pub use relation::*;
pub use report::*;
pub use session::*;
pub use setup::*;
pub use source::*;
pub use suggestion::*;
pub use system::*;
pub use tickets::*;
pub use timeline::*;
pub use today::*;
pub use trial::*;
pub use waits::*;
pub use why::*;
