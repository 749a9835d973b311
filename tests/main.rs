//! Everything that needs no window and no phone system, one file a topic.

mod ami;
mod architecture;
mod bindings;
mod calls;
mod config;
mod desk;
mod directory;
mod import_files;
mod journal;
mod numbers;
mod vault;
