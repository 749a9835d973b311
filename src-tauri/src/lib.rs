//! Ringside: who is calling, before you say hello.
//!
//! Data flows one way: a phone system's bytes become events in `feed`, events become calls in `call`, the `desk` asks
//! `directory` who it is, `matching` gives the verdict, `advisor` and `pop` say what to show, and a `Panel` shows it.
//! What comes back from a person is a `DeskRequest`, an event like any other. `ARCHITECTURE.md` has the picture and the
//! invariants. The rooms stand in reading order.

// Ground: settings, the key, the encrypted databases.
pub mod config;

pub mod vault;

pub mod store;

pub mod login;

mod background;

// What everybody speaks of. Pure.
pub mod words;

pub mod link;

pub mod number;

pub mod customer;

pub mod call;

pub mod note;

pub mod role;

// In: from phone systems and from files.
pub mod feed;

pub mod directory;

pub mod source;

// Who is it, and what is shown? Pure.
pub mod matching;

pub mod advisor;

pub mod pop;

pub mod review;

// What must never be lost.
pub mod journal;

pub mod backup;

// The one event loop, and all of it put together.
pub mod desk;

pub mod start;

// Out: the command line and the windows.
pub mod cli;

#[cfg(feature = "shell")]
pub mod shell;
