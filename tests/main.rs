//! Everything that needs no window and no phone system, one file a topic.

mod ami;
mod architecture;
mod bindings;
mod calls;
mod directory;
mod import_command;
mod import_files;
mod numbers;
mod vault;
