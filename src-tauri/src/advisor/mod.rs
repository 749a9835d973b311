//! What would suit a customer next: pure over a snapshot of what the shop's orders teach.
//!
//! It reads no clock, file or network, does not know who is calling, and never decides for a person:
//! each suggestion carries the counts it rests on.
//!
//! `baskets` holds the purchases; `company`, `ease` and `market` are what is counted in them; `features` puts it into a row of
//! numbers for a customer and a product; two heads of `logistic` turn a row into a chance; `replay` plays the past
//! again, on which `champion` chooses between the heads and simpler ways; `train` does all of it and makes an [`Advice`].
//! `answers` is what customers said to suggestions, `check` and `report` say whether advice came true, and `tier` is the
//! shop's own loyalty scheme.

pub mod advice;
pub mod answers;
pub mod baskets;
pub mod bgnbd;
pub mod champion;
pub mod check;
pub mod company;
pub mod cross_sell;
pub mod ease;
pub mod evidence;
pub mod features;
pub mod gamma;
pub mod gamma_gamma;
pub mod guard;
pub mod history;
pub mod learn;
pub mod logistic;
pub mod market;
pub mod purse;
pub mod relation;
pub mod replay;
pub mod report;
pub mod suggest;
pub mod tier;
mod tile;
pub mod train;
pub mod up_sell;

pub use advice::{Advice, Ranked};
pub use cross_sell::Suggestion;
pub use evidence::{Catalogue, ProductId, Related};
pub use guard::{Guard, Guards};
pub use suggest::{Advised, Asked, Kind, Silenced, suggest};
