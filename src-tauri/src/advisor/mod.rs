//! What would suit a customer next: pure over a snapshot of what the shop's orders teach.
//!
//! It reads no clock, file or network, does not know who is calling, and never decides for a person:
//! each suggestion carries the counts it rests on.

pub mod cross_sell;
pub mod evidence;
pub mod learn;

pub use cross_sell::{Suggestion, cross_sell};
pub use evidence::{Catalogue, ProductId, Related};
