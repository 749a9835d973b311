//! Ringside: who is calling, before you say hello.
//!
//! The rooms, in reading order. Data flows one way: a phone system's bytes become events in `feed`,
//! events become calls in `call`, the `desk` asks `directory` who it is, `matching` gives the verdict,
//! `advisor` and `pop` say what to show, and a `Panel` shows it. What comes back from a person is a
//! `DeskRequest`, an event like any other. `ARCHITECTURE.md` has the picture and the invariants.

pub mod config;

pub mod vault;

pub mod store;

pub mod number;

pub mod customer;

pub mod call;

pub mod feed;

pub mod directory;

pub mod source;

pub mod matching;

pub mod advisor;

pub mod pop;

pub mod journal;

pub mod backup;

pub mod desk;

pub mod start;

pub mod cli;

#[cfg(feature = "shell")]
pub mod shell;
