//! What a mistyped word may have meant: beginnings of known words that are one mistake away.
//!
//! A mistake is a letter too many, too few, another letter, or two neighbours exchanged (Damerau 1964: four of five
//! misspellings are one of these). The sorted list of known words is walked like a tree, asking only for letters that
//! some word has at that place, so that a word costs some hundred look-ups instead of a scan.

use rusqlite::{Connection, OptionalExtension, params};

use super::DirectoryError;

/// Shorter words mean too many things.
const LEAST_LETTERS: usize = 4;
/// Alternatives that are looked for.
const MOST_ALTERNATIVES: usize = 8;

/// Beginnings of known words that are one mistake away from `word`. Nothing for short words and for numbers.
pub(super) fn near(connection: &Connection, word: &str) -> Result<Vec<String>, DirectoryError> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < LEAST_LETTERS || letters.iter().any(char::is_ascii_digit) {
        return Ok(Vec::new());
    }
    let mut walk = Walk {
        connection,
        found: Vec::new(),
    };
    // From the end: the beginning of a word is seldom wrong.
    for place in (0..letters.len()).rev() {
        walk.at(&letters, place)?;
        if walk.found.len() >= MOST_ALTERNATIVES {
            break;
        }
    }
    walk.found.truncate(MOST_ALTERNATIVES);
    Ok(walk.found)
}

/// Whether some known word begins with this.
pub(super) fn is_known(connection: &Connection, beginning: &str) -> Result<bool, DirectoryError> {
    let word = first_from(connection, beginning)?;
    Ok(word.is_some_and(|word| word.starts_with(beginning)))
}

/// The first known words that begin like this.
pub(super) fn beginning_with(
    connection: &Connection,
    beginning: &str,
    most: u32,
) -> Result<Vec<String>, DirectoryError> {
    let mut find = connection.prepare_cached("SELECT word FROM words WHERE word >= ?1 ORDER BY word LIMIT ?2")?;
    let mut rows = find.query(params![beginning, most])?;
    let mut words = Vec::new();
    while let Some(row) = rows.next()? {
        let word: String = row.get(0)?;
        if !word.starts_with(beginning) {
            break;
        }
        words.push(word);
    }
    Ok(words)
}

struct Walk<'c> {
    connection: &'c Connection,
    found: Vec<String>,
}

impl Walk<'_> {
    /// Tries every mistake at one place.
    fn at(&mut self, letters: &[char], place: usize) -> Result<(), DirectoryError> {
        let before: String = letters[..place].iter().collect();
        let from_here: String = letters[place..].iter().collect();
        let behind: String = letters[place + 1..].iter().collect();
        if !behind.is_empty() || letters.len() > LEAST_LETTERS {
            self.keep_if_known(format!("{before}{behind}"))?;
        }
        if let Some(&next) = letters.get(place + 1).filter(|next| **next != letters[place]) {
            let rest: String = letters[place + 2..].iter().collect();
            self.keep_if_known(format!("{before}{next}{}{rest}", letters[place]))?;
        }
        let mut letter = self.letter_behind(&before, '\0')?;
        while let Some(one) = letter {
            if one != letters[place] {
                self.keep_if_known(format!("{before}{one}{from_here}"))?;
                if !behind.is_empty() {
                    self.keep_if_known(format!("{before}{one}{behind}"))?;
                }
            }
            letter = self.letter_behind(&before, one)?;
        }
        Ok(())
    }

    fn keep_if_known(&mut self, beginning: String) -> Result<(), DirectoryError> {
        if !self.found.contains(&beginning) && is_known(self.connection, &beginning)? {
            self.found.push(beginning);
        }
        Ok(())
    }

    /// The next letter that some word has behind `before`.
    fn letter_behind(&mut self, before: &str, last: char) -> Result<Option<char>, DirectoryError> {
        let Some(next) = char::from_u32(u32::from(last) + 1) else {
            return Ok(None);
        };
        let word = first_from(self.connection, &format!("{before}{next}"))?;
        Ok(word.and_then(|word| word.strip_prefix(before).and_then(|rest| rest.chars().next())))
    }
}

/// The first known word that is not before `text`.
fn first_from(connection: &Connection, text: &str) -> Result<Option<String>, DirectoryError> {
    let mut find = connection.prepare_cached("SELECT word FROM words WHERE word >= ?1 ORDER BY word LIMIT 1")?;
    Ok(find.query_row([text], |row| row.get(0)).optional()?)
}
