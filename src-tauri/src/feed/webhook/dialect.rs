//! Which format a feed speaks: a preset, or a mapping of the settings.
//!
//! It does not know what either says.

use std::sync::Arc;

use super::mapping::Mapping;
use super::preset::{Format, Preset};

/// A format.
#[derive(Clone, Debug)]
pub enum Dialect {
    /// One that is built in.
    Preset(Preset),
    /// One that the settings describe.
    Mapping(Arc<Mapping>),
}

impl Dialect {
    /// Its name, the last part of the address but the token.
    #[must_use]
    pub fn name(&self) -> &str {
        self.format().name()
    }

    pub(super) fn format(&self) -> &dyn Format {
        match self {
            Dialect::Preset(preset) => preset.format(),
            Dialect::Mapping(mapping) => mapping.as_ref(),
        }
    }
}

impl From<Preset> for Dialect {
    fn from(preset: Preset) -> Self {
        Dialect::Preset(preset)
    }
}

impl From<Mapping> for Dialect {
    fn from(mapping: Mapping) -> Self {
        Dialect::Mapping(Arc::new(mapping))
    }
}
