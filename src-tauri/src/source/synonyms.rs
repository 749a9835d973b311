//! What columns are called in the exports of the world: the words of `synonyms.txt`, read once.
//!
//! It does not judge a table; `mapping` does.

use std::sync::LazyLock;

use super::mapping::{Field, Kind};

static TABLE: LazyLock<Vec<KindWords>> = LazyLock::new(|| read(include_str!("synonyms.txt")));

/// Names of one field. All words are plain: lower case, no accents, letters and digits alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// The field.
    pub(super) field: Field,
    /// Names that are the whole header, digits at its end aside.
    pub(super) exact: Vec<&'static str>,
    /// Parts of a header that are enough.
    pub(super) within: Vec<&'static str>,
    /// Parts that say it is something else.
    pub(super) never: Vec<&'static str>,
}

/// What a kind of table calls its own columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KindWords {
    /// The kind; `None`: words that mean the same in every table.
    pub(super) kind: Option<Kind>,
    /// Parts of a file's name that say it.
    pub(super) files: Vec<&'static str>,
    /// Its columns, the surer first.
    pub(super) words: Vec<Words>,
}

/// The words that a table of this kind may use, its own before those of every table.
pub(super) fn of_kind(kind: Kind) -> impl Iterator<Item = &'static Words> {
    let own = TABLE.iter().filter(move |words| words.kind == Some(kind));
    own.chain(TABLE.iter().filter(|words| words.kind.is_none()))
        .flat_map(|words| &words.words)
}

/// Does the name of a file, plain, say that it holds this kind?
pub(super) fn names_kind(file: &str, kind: Kind) -> bool {
    let mut words = TABLE
        .iter()
        .filter(|words| words.kind == Some(kind))
        .flat_map(|words| &words.files);
    words.any(|word| file.contains(word))
}

fn read(text: &'static str) -> Vec<KindWords> {
    let mut table: Vec<KindWords> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some((kind, files)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
            let kind = Kind::ALL.into_iter().find(|known| known.to_string() == kind);
            table.push(KindWords {
                kind,
                files: files.split_whitespace().collect(),
                words: Vec::new(),
            });
            continue;
        }
        let mut parts = line.split(';').map(|part| part.split_whitespace().collect::<Vec<_>>());
        let mut part = || parts.next().unwrap_or_default();
        let field = part().first().and_then(|name| name.parse().ok());
        let words = field.map(|field| Words {
            field,
            exact: part(),
            within: part(),
            never: part(),
        });
        if let Some(kind) = table.last_mut() {
            kind.words.extend(words);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::plain;

    #[test]
    fn every_line_of_the_table_is_understood_and_its_words_are_plain() {
        let lines = include_str!("synonyms.txt")
            .lines()
            .filter(|line| line.contains(';') && !line.starts_with('#'));
        assert_eq!(TABLE.iter().map(|kind| kind.words.len()).sum::<usize>(), lines.count());
        assert_eq!(TABLE.iter().filter(|kind| kind.kind.is_none()).count(), 1);
        for kind in Kind::ALL {
            assert!(of_kind(kind).count() > 3, "{kind}");
        }
        for words in TABLE.iter().flat_map(|kind| &kind.words) {
            for word in words.exact.iter().chain(&words.within).chain(&words.never) {
                assert_eq!(plain(word), **word);
            }
        }
    }
}
