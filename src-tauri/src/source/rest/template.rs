//! Texts of a file that are filled in for each request: `{{ since }}`, `{% if last %}…{% endif %}` (Jinja).
//!
//! What may stand in them is known beforehand, so that a slip shows when the file is read and not at night.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use minijinja::{Environment, UndefinedBehavior};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// What every request may speak of, beside the parameters of its file.
pub(super) const KNOWN: [&str; 10] = [
    "since", "since_at", "now", "size", "page", "offset", "cursor", "last", "ids", "session",
];

/// A text to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(String);

/// What texts are filled in with, by name.
pub(super) type Words = BTreeMap<String, Value>;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.add_filter("base64", |text: String| STANDARD.encode(text));
    environment.add_filter("base64url", |text: String| URL_SAFE.encode(text));
    environment.add_filter("quoted", |text: String| text.replace('\\', "\\\\").replace('\'', "\\'"));
    environment
});

impl Template {
    /// Reads a text; what is wrong with it otherwise.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = |error: minijinja::Error| {
            let what = error.detail().unwrap_or("it cannot be read").to_owned();
            format!(
                "this text cannot be filled in: {what}; what is filled in stands in {{{{ }}}}, as in {{{{ since }}}}"
            )
        };
        ENVIRONMENT.template_from_str(text).map_err(wrong)?;
        Ok(Template(text.to_owned()))
    }

    /// The names that it speaks of, but for functions that are always there.
    pub(super) fn names(&self) -> HashSet<String> {
        let template = ENVIRONMENT.template_from_str(&self.0);
        let mut names = template
            .map(|template| template.undeclared_variables(false))
            .unwrap_or_default();
        ENVIRONMENT.globals().for_each(|(global, _)| {
            names.remove(global);
        });
        names
    }

    /// The text, filled in; what is wrong otherwise, without any of the words.
    pub(super) fn fill(&self, words: &Words) -> Result<String, String> {
        if !self.0.contains('{') {
            return Ok(self.0.clone());
        }
        ENVIRONMENT
            .render_str(&self.0, minijinja::value::Serde(words))
            .map_err(|error| {
                let names: Vec<String> = self
                    .names()
                    .into_iter()
                    .filter(|name| !words.contains_key(name))
                    .collect();
                let unknown = if names.is_empty() {
                    String::new()
                } else {
                    format!("; not known here: {}", names.join(", "))
                };
                format!("`{}` cannot be filled in ({}){unknown}", self.0, error.kind())
            })
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a text, a number, true or false")]
        enum Written {
            Text(String),
            Whole(i64),
            Yes(bool),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Whole(number) => number.to_string(),
            Written::Yes(yes) => yes.to_string(),
        };
        Template::parse(&text).map_err(de::Error::custom)
    }
}
