//! The tests that see Ringside from outside, one file a topic.

mod numbers;
