//! A key with what is held down with it, as people write it: `Alt+F`, `Ctrl+Enter`, `Alt+1-9`.

use std::fmt;

use serde::Deserialize;

/// What is pressed at once. [`fmt::Display`] writes it as the settings do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Chord {
    ctrl: bool,
    alt: bool,
    shift: bool,
    key: Key,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Letter(char),
    Digit(u8),
    /// The digits from 1 to this one.
    Row(u8),
    Function(u8),
    Named(&'static str),
}

const NAMED: [&str; 10] = [
    "Esc", "Enter", "Up", "Down", "Left", "Right", "Home", "End", "Insert", "?",
];

/// Letters that edit a text with Ctrl: all, copy, paste, cut, undo, redo.
const EDITING: &str = "ACVXYZ";

impl Chord {
    /// Whether it stands for a row of digits.
    pub(super) fn is_row(&self) -> bool {
        matches!(self.key, Key::Row(_))
    }

    /// Whether one press can be both.
    pub(super) fn meets(&self, other: &Chord) -> bool {
        let held = |chord: &Chord| (chord.ctrl, chord.alt, chord.shift);
        let digits = |key: Key| match key {
            Key::Digit(digit) => Some(digit..=digit),
            Key::Row(last) => Some(1..=last),
            Key::Letter(_) | Key::Function(_) | Key::Named(_) => None,
        };
        held(self) == held(other)
            && match (digits(self.key), digits(other.key)) {
                (Some(ours), Some(theirs)) => ours.start() <= theirs.end() && theirs.start() <= ours.end(),
                _ => self.key == other.key,
            }
    }

    /// Why it cannot do anything in the panel: it writes, or edits what is written.
    pub(super) fn complaint(&self) -> Option<String> {
        let held = self.ctrl || self.alt;
        match self.key {
            _ if self.ctrl && self.alt => Some(format!(
                "`{self}` types a letter on many keyboards, where Ctrl and Alt are AltGr; use one of them"
            )),
            Key::Letter(letter) if !held => Some(format!(
                "`{self}` writes a letter; use it with Alt or Ctrl: \"Alt+{letter}\""
            )),
            Key::Letter(letter) if self.ctrl && EDITING.contains(letter) => {
                Some(format!("`{self}` edits the text of a field; take another letter"))
            }
            Key::Named("Enter" | "Up" | "Down" | "Left" | "Right" | "Home" | "End" | "Insert") if !held => {
                Some(format!("`{self}` belongs to fields and lists; use it with Alt or Ctrl"))
            }
            Key::Letter(_) | Key::Digit(_) | Key::Row(_) | Key::Function(_) | Key::Named(_) => None,
        }
    }
}

impl TryFrom<String> for Chord {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts: Vec<&str> = text.split('+').map(str::trim).collect();
        let wrong = || {
            format!(
                "`{text}` is no key: write for example \"Alt+F\", \"Ctrl+Enter\", \"F2\" or, for a row, \"Alt+1-9\""
            )
        };
        let key = parts.pop().and_then(key).ok_or_else(wrong)?;
        let mut chord = Chord {
            ctrl: false,
            alt: false,
            shift: false,
            key,
        };
        for part in parts {
            let held = match part.to_ascii_lowercase().as_str() {
                "ctrl" | "control" | "cmd" | "command" => &mut chord.ctrl,
                "alt" | "option" => &mut chord.alt,
                "shift" => &mut chord.shift,
                _ => return Err(wrong()),
            };
            if std::mem::replace(held, true) {
                return Err(wrong());
            }
        }
        Ok(chord)
    }
}

fn key(text: &str) -> Option<Key> {
    let mut letters = text.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        if letter.is_ascii_alphabetic() {
            return Some(Key::Letter(letter.to_ascii_uppercase()));
        }
        if let Some(digit) = letter.to_digit(10) {
            return u8::try_from(digit).ok().map(Key::Digit);
        }
    }
    if let Some(last) = text.strip_prefix("1-").and_then(|last| last.parse().ok()) {
        return (2..=9).contains(&last).then_some(Key::Row(last));
    }
    let function = text.strip_prefix(['F', 'f']).and_then(|number| number.parse().ok());
    if let Some(number) = function {
        return (1..=12).contains(&number).then_some(Key::Function(number));
    }
    let named = NAMED.into_iter().find(|named| named.eq_ignore_ascii_case(text));
    named
        .or_else(|| text.eq_ignore_ascii_case("escape").then_some("Esc"))
        .map(Key::Named)
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, word) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                f.write_str(word)?;
            }
        }
        match self.key {
            Key::Letter(letter) => write!(f, "{letter}"),
            Key::Digit(digit) => write!(f, "{digit}"),
            Key::Row(last) => write!(f, "1-{last}"),
            Key::Function(number) => write!(f, "F{number}"),
            Key::Named(name) => f.write_str(name),
        }
    }
}
