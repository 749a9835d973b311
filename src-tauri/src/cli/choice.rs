//! Options that are one of some words: what else is typed is answered with all of them.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde::de::DeserializeOwned;

/// What else stands for yes and for no.
const YES: [&str; 5] = ["y", "true", "t", "on", "1"];
const NO: [&str; 5] = ["n", "false", "f", "off", "0"];

/// One of `words`, each as the journal and the JSON have it.
pub(super) fn one_of<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| serde_json::from_value(word.into()))
}

/// Yes or no, also in other words for it.
pub(super) fn yes_or_no() -> impl TypedValueParser<Value = bool> {
    let words = [("yes", YES), ("no", NO)].map(|(word, others)| PossibleValue::new(word).aliases(others));
    PossibleValuesParser::new(words).map(|word| {
        let word = word.to_ascii_lowercase();
        word == "yes" || YES.contains(&word.as_str())
    })
}
