//! Everything that needs no window and no phone system, one file or folder a topic.

mod ami;
mod anonymised;
mod architecture;
mod backup;
mod bindings;
mod calls;
mod config;
mod demo;
mod desk;
mod directory;
mod feed_settings;
mod fuzz;
mod import_command;
mod import_files;
mod journal;
mod matching;
mod numbers;
mod pop;
mod recordings;
mod simulated;
mod sip;
mod start;
mod tracker;
mod vault;
mod webhooks;
mod words;
