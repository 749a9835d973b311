//! The advice against published figures and against shops whose rules are known.

mod answers;
mod commands;
mod guards;
mod lifetime;
mod loyalty;
mod pot;
mod relation;
mod snapshot;
