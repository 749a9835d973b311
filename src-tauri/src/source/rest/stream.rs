//! One kind of record of a system: what is asked, what changed, what is gone, and what stands where.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, de};

use super::path::{Condition, OneOrMore, Path};
use super::system::{Ask, ErrorRule};
use super::value::As;
use crate::source::{Field, Kind};

/// One kind of record.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Stream {
    /// Its name within the system; stands in progress, messages and marks.
    pub(super) name: String,
    /// What its records are.
    #[serde(deserialize_with = "kind")]
    #[cfg_attr(test, schemars(with = "Gives"))]
    pub(super) gives: Kind,
    /// What is asked.
    pub(super) ask: Ask,
    /// How it is asked what changed; everything is read each time when absent.
    #[serde(default)]
    pub(super) watermark: Option<Watermark>,
    /// What is asked about the records that were given, where they do not say enough themselves.
    #[serde(default)]
    pub(super) follow: Option<Follow>,
    /// Each record holds a list of what is wanted, and this is it: its items are the records, `^` the one around them.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) each: Option<Path>,
    /// Only records of which this holds; others are passed over.
    #[serde(default)]
    pub(super) only: Option<OneOrMore<Condition>>,
    /// How it is known what is gone.
    #[serde(default)]
    pub(super) deletes: Option<Deletes>,
    /// What answers of this stream mean, before what the client says.
    #[serde(default)]
    pub(super) errors: Vec<ErrorRule>,
    /// Where a record has each field.
    #[serde(deserialize_with = "fields")]
    #[cfg_attr(test, schemars(with = "Fields"))]
    pub(super) map: Vec<(Field, Vec<Pick>)>,
}

/// How it is asked what changed.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Watermark {
    /// Where a record says when it changed; the latest of several.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<OneOrMore<String>>"))]
    pub(super) field: Option<OneOrMore<Path>>,
    /// Where an answer has a token that stands for all it gave; the next run asks with it as `since`. An address is
    /// asked as it is.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) token: Option<Path>,
    /// How `since` is written: `unix`, `unix-ms`, or as strftime has it; `%Y-%m-%dT%H:%M:%SZ` when absent.
    #[serde(default)]
    pub(super) format: Option<String>,
    /// How far back it is asked again, in seconds, for what was being written meanwhile; 120 when absent.
    #[serde(default)]
    pub(super) overlap_seconds: Option<u32>,
    /// What changed earlier than so many days ago is no longer told: everything is read again.
    #[serde(default)]
    pub(super) oldest_days: Option<u32>,
}

/// What is asked about the records that were given.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Follow {
    /// Where a given record has the key to ask for; all of a page are `ids`.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) key: Path,
    /// How many are asked for at once, 100 when absent.
    #[serde(default)]
    pub(super) size: Option<u32>,
    /// What is asked.
    pub(super) ask: Ask,
    /// Where a record of the answer has the key it was asked for: it then belongs to the given record (`^`), and all
    /// that belong to one stand in one batch.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) of: Option<Path>,
}

/// How it is known what is gone.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Deletes {
    /// A given record is gone when this holds of it.
    #[serde(default)]
    pub(super) when: Option<OneOrMore<Condition>>,
    /// Where such a record has its key; as `map` has it when absent.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) key: Option<Path>,
    /// A list of what is gone that is asked for apart, once there is a `since`.
    #[serde(default)]
    pub(super) ask: Option<Ask>,
}

/// Where a record has a field: a path, or a table.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub(super) struct Pick {
    /// Where it stands.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) path: Option<Path>,
    /// It is always this.
    pub(super) value: Option<String>,
    /// A list whose items are looked at one by one, each `$` in turn.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) each: Option<Path>,
    /// What a telephone number is called: a path, or the word itself.
    pub(super) label: Option<String>,
    /// Only when this holds, of the item where there is `each`.
    pub(super) only: Option<Condition>,
    /// How it is written.
    #[serde(rename = "as")]
    pub(super) written: As,
    /// What its words stand for; a word that is not here stands for itself.
    pub(super) words: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for Pick {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PathOrTable)
    }
}

struct PathOrTable;

impl<'de> de::Visitor<'de> for PathOrTable {
    type Value = Pick;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path such as $.name, or a table with path, value, each, label, only, as, words")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Pick, E> {
        let path = Some(Path::parse(text).map_err(E::custom)?);
        Ok(Pick {
            path,
            ..Pick::default()
        })
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Pick, A::Error> {
        Pick::deserialize(de::value::MapAccessDeserializer::new(map))
    }
}

fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    Gives::deserialize(deserializer).map(|gives| match gives {
        Gives::Customers => Kind::Customers,
        Gives::Products => Kind::Products,
        Gives::Orders => Kind::Orders,
        Gives::Invoices => Kind::Invoices,
        Gives::Balances => Kind::Balances,
        Gives::Tickets => Kind::Tickets,
    })
}

/// What records are.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum Gives {
    Customers,
    Products,
    Orders,
    Invoices,
    Balances,
    Tickets,
}

/// Each key is a field of `Field`.
fn fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(Field, Vec<Pick>)>, D::Error> {
    let written = BTreeMap::<String, OneOrMore<Pick>>::deserialize(deserializer)?;
    let field = |(name, picks): (String, OneOrMore<Pick>)| {
        let field = Field::ALL.iter().find(|field| field.name() == name);
        let names = || {
            Field::ALL
                .iter()
                .map(|field| format!("`{}`", field.name()))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let field =
            field.ok_or_else(|| de::Error::custom(format!("unknown field `{name}`, expected one of {}", names())))?;
        Ok((*field, picks.iter().cloned().collect()))
    };
    written.into_iter().map(field).collect()
}

/// The schema of a map: a path or a table for each field.
#[cfg(test)]
struct Fields;

#[cfg(test)]
impl schemars::JsonSchema for Fields {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Map".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let table = generator.subschema_for::<Pick>();
        let one = serde_json::json!({"anyOf": [{"type": "string"}, table]});
        let picks = serde_json::json!({"anyOf": [{"type": "string"}, table, {"type": "array", "items": one}]});
        let field = |field: &Field| {
            let mut picks = picks.clone();
            picks["description"] = field.describe().into();
            (field.name().to_owned(), picks)
        };
        let fields: serde_json::Map<_, _> = Field::ALL.iter().map(field).collect();
        schemars::json_schema!({"type": "object", "properties": fields, "additionalProperties": false})
    }
}
