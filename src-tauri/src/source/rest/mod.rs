//! Services that answer over HTTP, described by one TOML file a system.
//!
//! `system` is the file; `read` checks it. `template` fills requests in, `web` sends them and minds addresses and bounds,
//! `auth` proves who asks, `answer` says what an answer means, `paging` where the next page is, `pick` what a record has
//! of each field; `run` puts them together and `trial` walks them step by step. `entry` writes a call into a system. No service is known here but by its
//! file in `systems/`; nothing is known of where records are kept.

mod address;
mod answer;
mod ask;
mod auth;
mod connect;
mod entry;
mod gather;
mod mark;
mod pages;
mod paging;
mod path;
mod pick;
mod read;
mod run;
#[cfg(test)]
mod schema;
mod stream;
mod system;
pub mod systems;
mod tell;
mod template;
mod trial;
mod value;
mod web;

pub use ask::Outside;
pub use connect::{Given, RestSource, Secrets, Unusable};
pub use entry::{Entry, Unwritten};
pub use read::parse;

pub use system::{Parameter, System};
pub use trial::trial;
