//! What something says, as the user interface takes it: keys and parameters, in no language.

use super::view::SentenceView;
use crate::words::Saying;

/// The messages of a saying.
#[must_use]
pub fn said_view(saying: &Saying) -> Vec<SentenceView> {
    let sentence = |one: &crate::words::Sentence| SentenceView {
        key: one.key.to_owned(),
        params: one
            .params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    };
    saying.sentences().iter().map(sentence).collect()
}
