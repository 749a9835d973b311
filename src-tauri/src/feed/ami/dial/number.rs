//! What a phone is told to dial, out of what a person wrote.

use std::fmt;

use crate::words::Saying;

/// The most digits; E.164 has 15, and there may be prefixes.
const MOST: usize = 32;

/// Digits, `+`, `*` and `#`, at least one and at most 32 of them, the plus at the beginning alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialled(String);

/// Why something cannot be dialled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub enum NotDialled {
    /// Nothing is left of it.
    Nothing,
    /// A character that no phone can dial.
    Unknown(char),
    /// Longer than a number can be.
    TooLong,
}

impl NotDialled {
    /// What is wrong with it.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NotDialled::Nothing => Saying::of("dial.no_number"),
            NotDialled::Unknown(c) => Saying::of("dial.no_digit").with("character", c),
            NotDialled::TooLong => Saying::of("dial.too_long").with("most", MOST),
        }
    }
}

impl Dialled {
    /// Leaves out what stands between the digits for the eye, and the `(0)` of `+44 (0)20 …`.
    ///
    /// # Errors
    /// When it is no number.
    pub fn new(written: &str) -> Result<Self, NotDialled> {
        let written = written.trim();
        let bare = if written.starts_with('+') {
            written.replacen("(0)", "", 1)
        } else {
            written.to_owned()
        };
        let mut dialled = String::new();
        for c in bare.chars() {
            match c {
                '0'..='9' | '*' | '#' => dialled.push(c),
                '+' if dialled.is_empty() => dialled.push(c),
                ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}'..='\u{2013}' | '.' | '/' | '(' | ')' => {}
                other => return Err(NotDialled::Unknown(other)),
            }
            if dialled.len() > MOST {
                return Err(NotDialled::TooLong);
            }
        }
        if dialled.bytes().any(|byte| byte.is_ascii_digit()) {
            Ok(Dialled(dialled))
        } else {
            Err(NotDialled::Nothing)
        }
    }

    /// As it is dialled.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Dialled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_dialled_by_its_digits() {
        for (written, dialled) in [
            ("+49 (30) 90 18-20", "+4930901820"),
            ("+44 (0)20 7946 0018", "+442079460018"),
            ("(0)30/901820", "030901820"),
            (" 112 ", "112"),
            ("*43#", "*43#"),
            ("030\u{a0}901\u{2011}820", "030901820"),
        ] {
            assert_eq!(Dialled::new(written), Ok(Dialled(dialled.to_owned())), "{written}");
        }
    }

    #[test]
    fn nothing_that_a_phone_system_reads_as_more_than_a_number_is_dialled() {
        for hostile in [
            "101\r\nApplication: System\r\nData: rm",
            "101&102",
            "101@internal",
            "101,1",
            "${SHELL(id)}",
            "1|2",
            "1;2",
            "1\u{0}",
            "٣٤",
            "49+30",
            "sip:101",
        ] {
            let said = Dialled::new(hostile);
            let trimmed = hostile.trim_end() != hostile && Dialled::new(hostile.trim_end()).is_ok();
            assert!(
                matches!(said, Err(NotDialled::Unknown(_))) || trimmed,
                "{hostile:?}: {said:?}"
            );
        }
    }

    #[test]
    fn no_digit_and_too_many_are_refused() {
        for nothing in ["", " ", "+", "*#", "()"] {
            assert_eq!(Dialled::new(nothing), Err(NotDialled::Nothing), "{nothing:?}");
        }
        assert_eq!(Dialled::new(&"1".repeat(33)), Err(NotDialled::TooLong));
        assert!(Dialled::new(&"1".repeat(32)).is_ok());
    }
}
