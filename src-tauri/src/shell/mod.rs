//! The windows: the only room that knows Tauri.
//!
//! It shows what the desk says and hands what a person does back as a request. It decides nothing
//! about calls or customers, and it does not know SQL, feeds or how a pop is made.

mod bench;
mod commands;
mod instance;
mod notify;
mod painted;
mod panel;
mod run;
mod windows;

pub use run::{Next, OnPopped, ShellError, ShellOptions, run};
