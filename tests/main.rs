//! Tests.

mod vault;
