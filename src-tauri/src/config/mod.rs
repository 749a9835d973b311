//! Settings and places.
mod home;
mod secret;
pub use home::{Home, HomeError, sync_folder, write_durably};
pub use secret::SecretRef;
