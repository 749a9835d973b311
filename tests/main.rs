//! The tests of the whole crate, one module a topic.

mod bindings;
