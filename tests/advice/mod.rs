//! The advice against published figures and against shops whose rules are known.

mod commands;
mod guards;
mod lifetime;
mod pot;
mod relation;
mod snapshot;
