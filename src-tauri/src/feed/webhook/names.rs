//! Whose phone a name is, and how numbers are written.
//!
//! Pure. It does not know events or providers.

use std::collections::HashMap;

use crate::call::{Line, Party, Presentation};

/// How the format writes numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// With the country code and without the plus, as in Zammad's samples; the plus is put back
    /// before 8 to 15 digits that begin with none. What begins with 0 is left as it came.
    #[default]
    CountryCode,
    /// As people dial them.
    AsDialled,
}

/// Whose phone rings when a delivery names a user.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Lines by the phone system's names for their users, for example `Ada Example` for 101. A name that
    /// is not here is itself the line.
    pub agents: HashMap<String, Line>,
    /// The lines that ring when a new call names no user.
    pub unnamed: Vec<Line>,
    /// How numbers are written.
    pub numbers: Numbers,
}

/// [`Names`] as they are looked up: by name in small letters, however many agents there are.
#[derive(Debug, Default)]
pub(super) struct Book {
    lines: HashMap<String, Line>,
    pub(super) unnamed: Vec<Line>,
    numbers: Numbers,
}

impl Book {
    pub(super) fn new(names: Names) -> Self {
        let small = |name: &str| name.trim().to_lowercase();
        // A line is a name of itself, but what the settings say of a name comes first.
        let own = names.agents.values().chain(&names.unnamed);
        let own = own.map(|line| (small(&line.0), line.clone()));
        let given = names.agents.iter().map(|(name, line)| (small(name), line.clone()));
        Book {
            lines: own.chain(given).collect(),
            unnamed: names.unnamed,
            numbers: names.numbers,
        }
    }

    pub(super) fn line(&self, name: &str) -> Line {
        self.known(name).unwrap_or_else(|| Line(name.to_owned()))
    }

    pub(super) fn known(&self, name: &str) -> Option<Line> {
        self.lines.get(&name.to_lowercase()).cloned()
    }

    pub(super) fn lines(&self, users: &[String]) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for line in users.iter().map(|user| self.line(user)) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    pub(super) fn party(&self, number: &str) -> Party {
        let (number, presentation) = match number.to_lowercase().as_str() {
            "anonymous" | "restricted" | "private" | "withheld" => (String::new(), Presentation::Restricted),
            "" | "unknown" | "unavailable" => (String::new(), Presentation::Unknown),
            _ => (self.number(number), Presentation::Allowed),
        };
        Party {
            number,
            presentation,
            ..Party::default()
        }
    }

    pub(super) fn number(&self, number: &str) -> String {
        let digits = number.bytes().all(|byte| byte.is_ascii_digit()) && (8..=15).contains(&number.len());
        match self.numbers {
            Numbers::CountryCode if digits && !number.starts_with('0') => format!("+{number}"),
            Numbers::CountryCode | Numbers::AsDialled => number.to_owned(),
        }
    }
}
