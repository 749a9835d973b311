//! Arguments, logging, start.

fn main() {}
