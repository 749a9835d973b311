//! What an agent writes beside a call: card numbers struck out of it, and times to call back understood.
//!
//! Pure: no clock, no store. It does not know whose note it is.

mod card;
mod when;

pub use card::{begins_a_card_of, struck};
pub use when::{WhenError, when};
