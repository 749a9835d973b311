//! The message catalogue of the windows, for whoever speaks outside of them: notifications and the command line.
//!
//! Every sentence stands in `ui/messages/`, once a language; nobody writes one here. It knows the rules of plurals of these
//! three languages and nothing of what is said.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    pub params: Vec<(&'static str, Param)>,
}

/// What stands in the place of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// This text, in every language.
    Text(String),
    /// What is said in the language of the whole.
    Said(Saying),
}

/// A message of the catalogue with its parameters, as the user interface takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SentenceView {
    /// Its key.
    pub key: String,
    /// What stands in the place of `{name}`.
    pub params: BTreeMap<String, ParamView>,
}

/// What stands in the place of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum ParamView {
    /// This text, in every language.
    Text(String),
    /// What is said in the language of the page.
    Said(Vec<SentenceView>),
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

    /// The message that `text` is in English, of those whose key begins with `of`: for what came through a reader of others
    /// that hands on texts alone. Of two that fit the one with more words of its own is meant.
    #[must_use]
    pub fn recognised(of: &str, text: &str) -> Option<Self> {
        let of_these = EN.iter().filter(|(key, _)| key.starts_with(of));
        let read = of_these.filter_map(|(key, message)| {
            let params = values(message, text)?;
            let given: usize = params.iter().map(|(_, value)| value.len()).sum();
            // a message without words of its own could be anything
            let own = (text.len() - given).checked_sub(1)?;
            Some((own, key, params))
        });
        let (_, key, params) = read.max_by_key(|(own, key, _)| (*own, *key))?;
        let param = |(name, value)| (name, Param::Text(value));
        Some(Saying(vec![Sentence {
            key,
            params: params.into_iter().map(param).collect(),
        }]))
    }

    /// The same with `value` for the parameter `name` of its last message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        if let Some(last) = self.0.last_mut() {
            last.params.push((name, Param::Text(value.to_string())));
        }
        self
    }

    /// The same with another saying for the parameter `name`: [`Saying::with`] would write it out in English.
    #[must_use]
    pub fn with_said(mut self, name: &'static str, said: Saying) -> Self {
        if let Some(last) = self.0.last_mut() {
            last.params.push((name, Param::Said(said)));
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
        let sentences = self.0.iter().map(|Sentence { key, params }| {
            let params = params.iter().map(|(name, param)| (*name, param.in_language(language)));
            words.text(key, &params.collect::<Vec<_>>())
        });
        sentences.collect::<Vec<_>>().join(". ")
    }
}

impl Param {
    fn in_language(&self, language: Language) -> Cow<'_, str> {
        match self {
            Param::Text(text) => Cow::Borrowed(text),
            Param::Said(said) => Cow::Owned(said.in_language(language)),
        }
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

/// The messages of a saying, as the user interface takes them: keys and parameters, in no language.
#[must_use]
pub fn said_view(saying: &Saying) -> Vec<SentenceView> {
    let param = |param: &Param| match param {
        Param::Text(text) => ParamView::Text(text.clone()),
        Param::Said(said) => ParamView::Said(said_view(said)),
    };
    let sentence = |one: &Sentence| SentenceView {
        key: one.key.to_owned(),
        params: one
            .params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), param(value)))
            .collect(),
    };
    saying.sentences().iter().map(sentence).collect()
}

/// What [`said_view`] made of a saying, written out in a language. A message that the catalogue does not have, as one of a later
/// version, is its parameters.
#[must_use]
pub fn view_text(sentences: &[SentenceView], language: Language) -> String {
    let words = Words::of(language);
    let sentences = sentences.iter().map(|SentenceView { key, params }| {
        let filled: Vec<(&str, String)> = params
            .iter()
            .map(|(name, param)| match param {
                ParamView::Text(text) => (name.as_str(), text.clone()),
                ParamView::Said(said) => (name.as_str(), view_text(said, language)),
            })
            .collect();
        if EN.contains_key(key) {
            words.text(key, &filled)
        } else {
            let values: Vec<String> = filled.into_iter().map(|(_, value)| value).collect();
            values.join(" ")
        }
    });
    sentences.collect::<Vec<_>>().join(". ")
}

/// What stands in `text` in the place of the parameters of `message`; `None` where it is another message.
fn values(message: &'static str, text: &str) -> Option<Vec<(&'static str, String)>> {
    let (own, mut rest) = message
        .split_once('{')
        .map_or((message, None), |(own, rest)| (own, Some(rest)));
    let mut text = text.strip_prefix(own)?;
    let mut found = Vec::new();
    while let Some((name, after)) = rest.and_then(|rest| rest.split_once('}')) {
        let (value, behind) = match after.split_once('{') {
            Some((own, next)) => {
                rest = Some(next);
                text.split_once(own)?
            }
            None => {
                rest = None;
                (text.strip_suffix(after)?, "")
            }
        };
        found.push((name, value.to_owned()));
        text = behind;
    }
    text.is_empty().then_some(found)
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
