//! Where customer data comes from: files read into typed records, and what could not be read.
//!
//! It does not know SQL or the cache: what it yields, `directory` stores.

pub mod demo;
pub mod record;
