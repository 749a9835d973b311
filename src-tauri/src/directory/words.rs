//! Text as the search sees it: folded words.
//!
//! Pure. Both sides go through it, what is stored and what is typed, so that spellings of one name meet. The index
//! forgets a customer by the words it was given: whoever changes what a word is must have it filled anew by a new step
//! in `schema`.

use crate::number::plain;

/// Bytes of text that are looked at: more is no name.
const MOST_TEXT: usize = 512;
/// Letters of a word that count.
const MOST_LETTERS: usize = 32;

/// The words of a text: lower case, no accents, `ae`, `oe`, `ue` and `dj` as the letter they stand for, so that
/// `Müller`, `Mueller` and `Muller` are one word. Letters and digits alone; an apostrophe parts nothing.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let text = &text[..text.floor_char_boundary(MOST_TEXT)];
    text.split(parts).flat_map(undotted).filter(|word| !word.is_empty())
}

/// Dots part words, but not the letters of `d.o.o.` and `S.L.`, which would be letters that everybody has.
fn undotted(text: &str) -> Vec<String> {
    if text.split('.').all(|piece| piece.chars().count() <= 1) {
        return vec![fold(text)];
    }
    text.split('.').map(fold).collect()
}

/// Whether every word of what was typed is the beginning of a word in `text`, for what stands outside of the cache. Nothing
/// typed fits nothing.
#[must_use]
pub fn fits(typed: &str, text: &str) -> bool {
    let stands: Vec<String> = words(text).collect();
    let mut typed = words(typed).peekable();
    typed.peek().is_some() && typed.all(|begun| stands.iter().any(|word| word.starts_with(&begun)))
}

fn parts(c: char) -> bool {
    let accent = ('\u{300}'..='\u{36f}').contains(&c);
    !(c.is_alphanumeric() || accent || matches!(c, '.' | '\'' | '’' | 'ʼ' | '`'))
}

fn fold(word: &str) -> String {
    let plain = plain(word);
    let mut folded = String::with_capacity(plain.len());
    let mut before = ' ';
    for c in plain.chars().take(MOST_LETTERS) {
        match (before, c) {
            ('a' | 'o' | 'u', 'e') | ('d', 'j') => {}
            _ => folded.push(c),
        }
        before = c;
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).collect()
    }

    #[test]
    fn spellings_of_one_name_are_one_word() {
        for name in ["Müller", "Mueller", "MULLER", "Mu\u{308}ller", "muller"] {
            assert_eq!(folded(name), ["muller"], "{name}");
        }
        assert_eq!(folded("Đurđević"), folded("Djurdjevic"));
        assert_eq!(folded("Muñoz Škrtić"), ["munoz", "skrtic"]);
        assert_eq!(folded("Weiß"), folded("Weiss"));
    }

    #[test]
    fn addresses_and_companies_fall_into_their_words() {
        assert_eq!(
            folded("maria.lopez@acme-tea.com"),
            ["maria", "lopez", "acme", "tea", "com"]
        );
        assert_eq!(folded("O'Brien & D’Angelo, Ltd."), ["obrien", "dangelo", "ltd"]);
        assert_eq!(folded("Zlatna ptica d.o.o."), ["zlatna", "ptica", "doo"]);
        assert_eq!(folded("j.doe@a.b.example"), ["j", "do", "a", "b", "example"]);
        assert_eq!(folded("  \"* - . .."), Vec::<String>::new());
        assert_eq!(folded("Иванов 王芳"), ["иванов", "王芳"]);
    }

    #[test]
    fn words_that_were_begun_fit_in_any_order_whatever_their_accents() {
        for typed in ["stra", "KATHE", "strahl ka", "str cat"] {
            assert!(fits(typed, "Käthe Strahl Catering"), "{typed}");
        }
        for typed in ["", " - ", "rahl", "strahl x"] {
            assert!(!fits(typed, "Käthe Strahl Catering"), "{typed}");
        }
    }

    #[test]
    fn no_text_is_too_long() {
        let long = "ü".repeat(100_000);
        assert_eq!(folded(&long), ["u".repeat(MOST_LETTERS)]);
    }
}
