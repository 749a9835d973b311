//! A text as numbers, words and marks.

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Its value, and how many digits it was written with.
    Number(u32, usize),
    /// In small letters, without accents.
    Word(String),
    /// `:`, `.`, `/` or `-`.
    Mark(char),
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(text) if text == word)
    }
}

/// The pieces; blanks, commas and other signs only part them. A mark counts only right behind a number.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut together = false;
    for letter in text.chars().flat_map(char::to_lowercase).map(plain) {
        match (letter, tokens.last_mut()) {
            ('0'..='9', Some(Token::Number(value, digits))) if together => {
                *value = value
                    .saturating_mul(10)
                    .saturating_add(letter.to_digit(10).unwrap_or(0));
                *digits += 1;
            }
            ('0'..='9', _) => tokens.push(Token::Number(letter.to_digit(10).unwrap_or(0), 1)),
            (':' | '.' | '/' | '-', Some(Token::Number(..))) if together => tokens.push(Token::Mark(letter)),
            // "p.m." is one word
            ('.', Some(Token::Word(word))) if together && word.len() == 1 => {}
            (letter, Some(Token::Word(word))) if together && letter.is_alphabetic() => word.push(letter),
            (letter, _) if letter.is_alphabetic() => tokens.push(Token::Word(letter.into())),
            _ => {
                together = false;
                continue;
            }
        }
        together = true;
    }
    tokens
}

/// The letter without the accents of the desk's languages.
fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        'č' | 'ć' => 'c',
        'š' => 's',
        'ž' => 'z',
        'đ' => 'd',
        other => other,
    }
}
