//! The files of systems that come with Ringside.

use std::path::Path;

use super::read::parse;
use super::system::System;
use crate::config::ConfigError;

/// A file that comes with Ringside.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    /// The system's name.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
}

macro_rules! ready {
    ($($name:literal,)*) => {
        /// All of them, by name.
        pub const ALL: &[Ready] = &[$(Ready { name: $name, text: include_str!(concat!("systems/", $name, ".toml")) },)*];
    };
}

ready! {
    "dynamics",
    "erpnext",
    "hubspot",
    "odoo",
    "odoo-json2",
    "pipedrive",
    "quickbooks",
    "salesforce",
    "shopify",
    "stripe",
    "tryton",
    "woocommerce",
    "xero",
    "zoho",
}

/// The file of a system of this name.
#[must_use]
pub fn find(name: &str) -> Option<Ready> {
    ALL.iter().find(|ready| ready.name == name).copied()
}

impl Ready {
    /// The system.
    ///
    /// # Errors
    /// Never, as a test sees to.
    pub fn system(&self) -> Result<System, ConfigError> {
        parse(Path::new(&format!("{}.toml", self.name)), self.text)
    }
}
