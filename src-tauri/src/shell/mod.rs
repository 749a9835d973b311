//! The windows: the only room that knows Tauri.
//!
//! It shows what the desk says and hands what a person does back as a request. It decides nothing
//! about calls or customers, and it does not know SQL, feeds or how a pop is made.

mod after_call;
mod bench;
mod bus;
mod campaigns;
mod choose;
mod commands;
mod deeds;
mod dial;
mod display;
mod door;
mod links;
mod notify;
mod outbox;
mod pages;
mod painted;
mod panel;
mod place;
mod presence_icon;
mod privacy;
mod run;
mod setup;
mod shortcut;
mod supervisor;
mod system;
mod tray;
mod users;
mod windows;

pub use bus::{shows_notifications, shows_tray_icons};
pub use display::{prefer_x11, window_system};
pub use run::{Ended, HandedOver, Next, OnPopped, ShellError, ShellOptions, Started, hand_over, run};
pub use shortcut::read as read_shortcut;
