//! Telephone numbers: from what people type and phone systems send to one integer key.
//!
//! The only room that knows `phonenumber`. Pure: no clock, no file, no network. It does not know
//! customers, calls or which numbers are ours; `matching` decides what a key means.

use std::fmt;
use std::num::NonZeroU64;

/// An E.164 number as an integer: country code and national (significant) number, at most 15 digits.
///
/// `+49 30 23125101` is `493023125101`. Two spellings of one number have one key
/// (ITU-T E.164, <https://www.itu.int/rec/T-REC-E.164>).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(NonZeroU64);

impl Key {
    /// A key from its integer, as it stands in the cache. `None` for zero or more than 15 digits.
    #[must_use]
    pub fn new(digits: u64) -> Option<Self> {
        (digits < 1_000_000_000_000_000)
            .then(|| NonZeroU64::new(digits).map(Key))
            .flatten()
    }

    /// The digits as an integer, without the plus.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key(+{})", self.0)
    }
}

/// Whether a text carried the country code itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Given {
    /// The country code stood in the text: the reading is certain.
    International,
    /// A region had to be supplied: the reading is as good as the region.
    National,
}
