//! `[keys]`: which key does what in the panel, where it is not the usual one.
//!
//! The usual keys stand in `ui/pop/keys.json`, from which the panel is drawn too. It knows no keyboard: a chord is what
//! stands on the keys.

mod chord;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

pub use chord::Chord;

use super::error::{ConfigError, nearest};

/// Keys by action, as far as the settings change them.
pub type Keys = BTreeMap<String, Vec<Chord>>;

static USUAL: LazyLock<BTreeMap<String, Usual>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../ui/pop/keys.json")).unwrap_or_default());

/// What does an action when the settings say nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Usual {
    place: Place,
    chords: Vec<Chord>,
    /// It cannot be changed.
    #[serde(default)]
    fixed: bool,
}

/// Where an action counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    /// Everywhere.
    Always,
    /// While a call is on.
    On,
    /// In the wrap-up.
    WrapUp,
    /// While somebody is to be chosen; goes before the others.
    Choose,
    /// In a list that was opened; goes before the others.
    List,
}

impl Place {
    /// Whether a key can mean both at one time.
    fn meets(self, other: Place) -> bool {
        self == other || self == Place::Always || other == Place::Always
    }
}

/// The actions whose keys can be changed.
pub(super) fn free() -> impl Iterator<Item = &'static str> {
    USUAL
        .iter()
        .filter(|(_, usual)| !usual.fixed)
        .map(|(name, _)| name.as_str())
}

type Wrong = (Option<Range<usize>>, String);

/// Reads the table and checks it against the keys that stay as they are.
pub(super) fn read_keys(path: &Path, text: &str, keys: Spanned<DeValue<'_>>) -> Result<Keys, ConfigError> {
    changed(keys).map_err(|(place, what)| ConfigError::at(path, text, place, what))
}

fn changed(keys: Spanned<DeValue<'_>>) -> Result<Keys, Wrong> {
    let span = keys.span();
    let DeValue::Table(table) = keys.into_inner() else {
        return Err((
            Some(span),
            "keys are written below `[keys]`, for example `follow_up = \"Ctrl+F\"`".to_owned(),
        ));
    };
    let mut changed = Keys::new();
    let mut places = BTreeMap::new();
    for (action, value) in table {
        let (at, place) = (action.span(), value.span());
        let action = action.into_inner().into_owned();
        let usual = known(&action).map_err(|what| (Some(at), what))?;
        let chords = chords(value.into_inner()).map_err(|what| (Some(place.clone()), what))?;
        for chord in &chords {
            fits(&action, usual, chord).map_err(|what| (Some(place.clone()), what))?;
        }
        places.insert(action.clone(), place);
        changed.insert(action, chords);
    }
    for (action, place) in places {
        if let Some((chord, other)) = conflict(&action, &changed) {
            let what = format!("`{chord}` does `{other}` already; give `{action}` or `{other}` another key");
            return Err((Some(place), what));
        }
    }
    Ok(changed)
}

fn known(action: &str) -> Result<&'static Usual, String> {
    let Some(usual) = USUAL.get(action) else {
        let meant = nearest(action, free()).map(|meant| format!("did you mean `{meant}`? "));
        let all = free().collect::<Vec<_>>().join(", ");
        return Err(format!(
            "no key does `{action}`; {}there are {all}",
            meant.unwrap_or_default()
        ));
    };
    if usual.fixed {
        return Err(format!("the keys of `{action}` cannot be changed"));
    }
    Ok(usual)
}

/// One chord or several.
fn chords(value: DeValue<'_>) -> Result<Vec<Chord>, String> {
    let what = "a key is written as a text such as \"Alt+F\", or several as [\"Alt+F\", \"F2\"]";
    let texts = match value {
        DeValue::String(text) => vec![text.into_owned()],
        DeValue::Array(texts) if !texts.is_empty() => {
            let text = |one: Spanned<DeValue<'_>>| one.get_ref().as_str().map(str::to_owned);
            texts.into_iter().map(text).collect::<Option<_>>().ok_or(what)?
        }
        _ => return Err(what.to_owned()),
    };
    texts.into_iter().map(Chord::try_from).collect()
}

/// Whether an action can have the chord: a row of digits, or one key that does not write or edit.
fn fits(action: &str, usual: &Usual, chord: &Chord) -> Result<(), String> {
    let row = usual.chords.iter().any(Chord::is_row);
    match (row, chord.is_row()) {
        (true, false) => Err(format!("`{action}` takes a row of digits, for example \"Ctrl+1-9\"")),
        (false, true) => Err(format!("`{action}` takes one key, and `{chord}` is nine")),
        _ => chord.complaint().map_or(Ok(()), Err),
    }
}

/// A key of the action that does another one at the same time.
fn conflict(action: &str, changed: &Keys) -> Option<(Chord, String)> {
    let place = USUAL.get(action)?.place;
    let others = USUAL
        .iter()
        .filter(|(other, usual)| *other != action && usual.place.meets(place));
    let mut pairs = others.flat_map(|(other, usual)| {
        let theirs = changed.get(other).unwrap_or(&usual.chords);
        theirs.iter().map(move |chord| (chord, other))
    });
    let ours = changed.get(action)?;
    pairs.find_map(|(theirs, other)| {
        let ours = ours.iter().find(|ours| ours.meets(theirs))?;
        Some((ours.clone(), other.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_keys_can_be_read_and_none_does_two_things_at_once() {
        assert!(USUAL.len() > 15, "{USUAL:?}");
        let as_they_are: Keys = USUAL
            .iter()
            .map(|(name, usual)| (name.clone(), usual.chords.clone()))
            .collect();
        for (action, usual) in USUAL.iter() {
            assert_eq!(conflict(action, &as_they_are), None, "{action}");
            if !usual.fixed {
                for chord in &usual.chords {
                    assert_eq!(fits(action, usual, chord), Ok(()), "{action}");
                }
            }
        }
    }
}
