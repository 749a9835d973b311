//! People who were erased, as far as it takes to keep a source from bringing them back.
//!
//! Only hashes under a secret key are known: whoever they stand for can be recognised when they come, and not be listed.

use std::collections::HashSet;

use ring::hmac;

use super::CustomerRef;
use crate::number::Key;

/// What a record or a number is remembered by.
pub type Mark = [u8; 32];

/// The marks of records and numbers that are not taken in.
#[derive(Clone, Default)]
pub struct LeftOut {
    key: Vec<u8>,
    marks: HashSet<Mark>,
}

impl LeftOut {
    /// `marks` that were made with `key`.
    #[must_use]
    pub fn new(key: Vec<u8>, marks: HashSet<Mark>) -> Self {
        LeftOut { key, marks }
    }

    /// Whether nobody was erased.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Whether this record is one of somebody who was erased.
    #[must_use]
    pub fn has_record(&self, record: &CustomerRef) -> bool {
        !self.is_empty() && self.marks.contains(&self.record(record))
    }

    /// Whether this number was of somebody who was erased, and of nobody else then.
    #[must_use]
    pub fn has_number(&self, number: Key) -> bool {
        !self.is_empty() && self.marks.contains(&self.number(number))
    }

    /// The mark of a record.
    #[must_use]
    pub fn record(&self, record: &CustomerRef) -> Mark {
        self.mark(&["record\0", &record.0].concat())
    }

    /// The mark of a number.
    #[must_use]
    pub fn number(&self, number: Key) -> Mark {
        self.mark(&format!("number\0{}", number.get()))
    }

    fn mark(&self, text: &str) -> Mark {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.key);
        let tag = hmac::sign(&key, text.as_bytes());
        let mut mark = Mark::default();
        mark.copy_from_slice(tag.as_ref());
        mark
    }
}

impl std::fmt::Debug for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LeftOut({})", self.marks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_erased_is_recognised_under_the_same_key_alone() {
        let record = CustomerRef::new("crm", "17");
        let plain = LeftOut::new(vec![7; 32], HashSet::new());
        let known = LeftOut::new(vec![7; 32], HashSet::from([plain.record(&record)]));
        assert!(known.has_record(&record));
        assert!(!known.has_record(&CustomerRef::new("crm", "18")));
        let other = LeftOut::new(vec![8; 32], HashSet::from([plain.record(&record)]));
        assert!(!other.has_record(&record));
    }

    #[test]
    fn a_record_that_is_called_like_a_number_is_no_number() {
        let number = Key::new(493_023_125_101).expect("a key");
        let plain = LeftOut::new(vec![7; 32], HashSet::new());
        assert_ne!(
            plain.number(number),
            plain.record(&CustomerRef("493023125101".to_owned()))
        );
    }
}
