//! The message catalogue of the windows, for whoever speaks outside of them: notifications and the command line.
//!
//! Every sentence stands in `ui/messages/`, once a language; nobody writes one here. It knows the rules of plurals of these
//! three languages and nothing of what is said.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use crate::config::Language;

/// Something to be said: messages of the catalogue with their parameters. Written out ([`fmt::Display`]) it is English, for
/// logs and the command line; a window says it in its own language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying(Vec<Sentence>);

/// One message of the catalogue with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its key.
    pub key: &'static str,
    /// What stands in the place of `{name}`.
    pub params: Vec<(&'static str, String)>,
}

impl Saying {
    /// The message `key` without parameters.
    #[must_use]
    pub fn of(key: &'static str) -> Self {
        Saying(vec![Sentence {
            key,
            params: Vec::new(),
        }])
    }

    /// What somebody else says, in the language it came in.
    #[must_use]
    pub fn quoted(says: impl fmt::Display) -> Self {
        Saying::of("said.quoted").with("says", says)
    }

    /// The same with `value` for the parameter `name` of its last message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        if let Some(last) = self.0.last_mut() {
            last.params.push((name, value.to_string()));
        }
        self
    }

    /// The same, and then `next`.
    #[must_use]
    pub fn and(mut self, next: Saying) -> Self {
        self.0.extend(next.0);
        self
    }

    /// Its messages in order; never none.
    #[must_use]
    pub fn sentences(&self) -> &[Sentence] {
        &self.0
    }

    /// Written out in a language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> String {
        let words = Words::of(language);
        let sentences = self.0.iter().map(|Sentence { key, params }| words.text(key, params));
        sentences.collect::<Vec<_>>().join(". ")
    }
}

impl fmt::Display for Saying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::En))
    }
}

/// The catalogue in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    language: Language,
    messages: &'static HashMap<String, String>,
}

static EN: LazyLock<HashMap<String, String>> = LazyLock::new(|| read(include_str!("../../ui/messages/en.json")));
static ES: LazyLock<HashMap<String, String>> = LazyLock::new(|| read(include_str!("../../ui/messages/es.json")));
static HR: LazyLock<HashMap<String, String>> = LazyLock::new(|| read(include_str!("../../ui/messages/hr.json")));

impl Words {
    /// The catalogue in `language`.
    #[must_use]
    pub fn of(language: Language) -> Self {
        let messages: &HashMap<String, String> = match language {
            Language::En => &EN,
            Language::Es => &ES,
            Language::Hr => &HR,
        };
        Words { language, messages }
    }

    /// The message `key` with its parameters; the key itself where the catalogue has none.
    #[must_use]
    pub fn text<V: AsRef<str>>(self, key: &str, params: &[(&str, V)]) -> String {
        let message = self.messages.get(key).or_else(|| EN.get(key));
        message.map_or_else(|| key.to_owned(), |message| fill(message, params))
    }

    /// The message `key` for `count` things; `{n}` is the count.
    #[must_use]
    pub fn count(self, key: &str, count: u64) -> String {
        let form = plural(self.language, count);
        let one_of = [form, "other"].map(|form| format!("{key}.{form}"));
        let found = one_of.iter().find_map(|key| self.messages.get(key));
        found.map_or_else(|| key.to_owned(), |message| fill(message, &[("n", count.to_string())]))
    }
}

/// The form of a plural for whole numbers (Unicode CLDR 48, cardinal rules).
fn plural(language: Language, count: u64) -> &'static str {
    let (ones, tens) = (count % 10, count % 100);
    match language {
        Language::En if count == 1 => "one",
        Language::Es if count == 1 => "one",
        Language::Es if count != 0 && count.is_multiple_of(1_000_000) => "many",
        Language::Hr if ones == 1 && tens != 11 => "one",
        Language::Hr if (2..=4).contains(&ones) && !(12..=14).contains(&tens) => "few",
        Language::En | Language::Es | Language::Hr => "other",
    }
}

/// Parameters are not read again: a name with braces in it stays as it is.
fn fill<V: AsRef<str>>(message: &str, params: &[(&str, V)]) -> String {
    let mut filled = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let found = after.split_once('}').and_then(|(name, after)| {
            let value = params.iter().find(|(known, _)| *known == name)?;
            Some((value.1.as_ref(), after))
        });
        match found {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The catalogues are part of the program; `tests/words.rs` reads them all.
fn read(json: &str) -> HashMap<String, String> {
    serde_json::from_str(json).unwrap_or_default()
}
