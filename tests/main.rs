//! The tests that see Ringside from outside, one file a topic.

mod import_files;
mod numbers;
