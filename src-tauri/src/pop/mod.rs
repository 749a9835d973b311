//! What a pop is: pure, over what `directory` and `matching` gave.

pub mod view;
