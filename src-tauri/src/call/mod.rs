//! One true story of each call, from first ring to last hang-up.
//!
//! Pure: no clock, no file, no network; time is an argument. It does not know which phone system
//! the events came from, who the customer is, or which extensions are ours.

mod event;
mod steps;
mod story;
mod summary;
mod tracked;
mod tracker;
mod waits;

pub use event::{
    CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, Presentation, QueueOutcome, Side, Then,
    Transfer, TransferKind, Trust,
};
pub use steps::{Step, Stepped};
pub use story::{Call, CallId, Leg, Outcome};
pub use summary::{Passed, Summary};
pub use tracked::Happened;
pub use tracker::{CallChange, CallTracker};
pub use waits::Wait;
