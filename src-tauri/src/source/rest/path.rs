//! Places in an answer, as a file writes them: `$.contact.phone`, `$.lines[*].product`, `^.customer` for what the record
//! that this one belongs to says; and conditions on what stands there.

use std::fmt;
use std::marker::PhantomData;

use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use serde_json_path::JsonPath;

/// A JSONPath (RFC 9535); with `^` in place of `$` it is looked for in the parent.
#[derive(Clone)]
pub(super) struct Path {
    text: String,
    path: JsonPath,
    of_parent: bool,
}

/// A record and what it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Place<'v> {
    pub(super) record: &'v Value,
    pub(super) parent: Option<&'v Value>,
}

impl<'v> Place<'v> {
    /// A record by itself.
    pub(super) fn alone(record: &'v Value) -> Self {
        Place { record, parent: None }
    }
}

impl Path {
    /// Reads a path.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let of_parent = text.starts_with('^');
        let plain = text.strip_prefix('^').map(|rest| format!("${rest}"));
        let path = JsonPath::parse(plain.as_deref().unwrap_or(text)).map_err(|error| {
            format!("`{text}` is no path into an answer ({error}); one is written like $.customer.name or $.items[*]")
        })?;
        Ok(Path {
            text: text.to_owned(),
            path,
            of_parent,
        })
    }

    /// Everything that stands there.
    pub(super) fn all<'v>(&self, place: Place<'v>) -> Vec<&'v Value> {
        let root = if self.of_parent {
            place.parent
        } else {
            Some(place.record)
        };
        root.map(|root| self.path.query(root).all()).unwrap_or_default()
    }

    /// The first that stands there and is not null.
    pub(super) fn first<'v>(&self, place: Place<'v>) -> Option<&'v Value> {
        self.all(place).into_iter().find(|value| !value.is_null())
    }

    /// The first text or number there, as text; an empty text is none.
    pub(super) fn text_in(&self, value: &Value) -> Option<String> {
        match self.first(Place::alone(value))? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Path::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// What must hold of a place in an answer or a record. All that is said must hold.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    /// The place.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) path: Path,
    /// It is one of these; a text also fits a number that is written so.
    #[serde(default)]
    pub(super) is: Option<OneOrMore<Value>>,
    /// It is none of these.
    #[serde(default)]
    pub(super) is_not: Option<OneOrMore<Value>>,
    /// Its text has this in it, in any case.
    #[serde(default)]
    pub(super) contains: Option<String>,
    /// Something stands there, or (`false`) nothing does.
    #[serde(default)]
    pub(super) exists: Option<bool>,
}

impl Condition {
    /// Does it hold?
    pub(super) fn holds(&self, place: Place<'_>) -> bool {
        let found = self.path.first(place);
        let among =
            |values: &OneOrMore<Value>| found.is_some_and(|found| values.iter().any(|value| same(found, value)));
        let has = |part: &String| {
            let text = found.map(|found| found.as_str().map_or_else(|| found.to_string(), str::to_owned));
            text.is_some_and(|text| text.to_lowercase().contains(&part.to_lowercase()))
        };
        // what only names a place asks whether something stands there
        let bare = self.is.is_none() && self.is_not.is_none() && self.contains.is_none();
        let exists = self.exists.or(bare.then_some(true));
        self.is.as_ref().is_none_or(among)
            && !self.is_not.as_ref().is_some_and(among)
            && self.contains.as_ref().is_none_or(has)
            && exists.is_none_or(|wanted| wanted == found.is_some())
    }
}

fn same(found: &Value, wanted: &Value) -> bool {
    found == wanted
        || match (found, wanted) {
            (Value::Number(number), Value::String(text)) | (Value::String(text), Value::Number(number)) => {
                number.to_string() == *text
            }
            _ => false,
        }
}

/// One, or a list.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(untagged))]
pub(super) enum OneOrMore<T> {
    /// One.
    One(T),
    /// A list.
    More(Vec<T>),
}

impl<T> OneOrMore<T> {
    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        match self {
            OneOrMore::One(one) => std::slice::from_ref(one).iter(),
            OneOrMore::More(more) => more.iter(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMore<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either(PhantomData))
    }
}

/// Serde's own reading of "this or that" forgets what was wrong with either.
struct Either<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Either<T> {
    type Value = OneOrMore<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one, or a list")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        T::deserialize(text.into_deserializer()).map(OneOrMore::One)
    }

    fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Self::Value, E> {
        T::deserialize(yes.into_deserializer()).map(OneOrMore::One)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        T::deserialize(number.into_deserializer()).map(OneOrMore::One)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        T::deserialize(number.into_deserializer()).map(OneOrMore::One)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(map)).map(OneOrMore::One)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(OneOrMore::More)
    }
}
