//! The fields of a delivery, out of JSON or a form, with the spelling of their names evened out.
//!
//! Pure. It does not know what any field means, nor which provider sent it.

use std::borrow::Cow;

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::spelling::{decoded, even, even_path, plain};
use super::told::Bad;
use crate::words::Saying;

/// Characters that a field may have. Numbers, names and ids of real phone systems stay far below.
const LONGEST: usize = 256;

/// Values that a list may have.
const MOST: usize = 64;

/// Fields that a delivery may have, over all levels of JSON.
const FIELDS: usize = 2000;

/// What `true` and `false` are called: a message of the catalogue.
const TRUTH: &str = "said.hook_is_truth";

/// Why a delivery cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub(super) enum Malformed {
    /// The body is not JSON.
    NotJson(String),
    /// The body is JSON, but no object: a message of the catalogue says what.
    NotAnObject(&'static str),
    /// A field that is needed as text is something else.
    NotText {
        /// The field.
        field: String,
        /// What it is instead: a message of the catalogue.
        is: &'static str,
    },
    /// A field is longer than anything a phone system has to say.
    TooLong(String),
    /// A list has more values than a call has phones.
    TooMany(String),
    /// There are more fields than any event has.
    TooManyFields,
}

impl Malformed {
    /// What is wrong and what to do.
    pub(super) fn saying(&self) -> Saying {
        match self {
            Malformed::NotJson(why) => Saying::of("said.hook_not_json").with("why", why),
            Malformed::NotAnObject(is) => Saying::of("said.hook_not_object").with_said("is", Saying::of(is)),
            Malformed::NotText { field, is } => Saying::of("said.hook_not_text")
                .with("field", field)
                .with_said("is", Saying::of(is)),
            Malformed::TooLong(field) => Saying::of("said.hook_too_long")
                .with("field", field)
                .with("most", LONGEST),
            Malformed::TooMany(field) => Saying::of("said.hook_too_many").with("field", field).with("most", MOST),
            Malformed::TooManyFields => Saying::of("said.hook_too_many_fields").with("most", FIELDS),
        }
    }
}

/// Fields by evened-out name: lower case, without `_`, `-` and a trailing `[]`. A field of an object within the object
/// is named by its path, `data.payload.from`. A plain list: an event has ten to thirty, and looking through them is
/// cheaper than hashing them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, Given)>);

/// A value as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    Text(String),
    Truth(bool),
    Other(&'static str),
}

impl Fields {
    /// Reads a JSON object. Whole numbers count as text, `null` as absent, a list as its values.
    ///
    /// # Errors
    /// [`Malformed::NotJson`] also for JSON that is nested deeper than 128 levels.
    pub(super) fn from_json(body: &[u8]) -> Result<Self, Malformed> {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let value = serde_json::from_slice(body).map_err(|error| Malformed::NotJson(error.to_string()))?;
        let Value::Object(object) = value else {
            return Err(Malformed::NotAnObject(kind(&value)));
        };
        let mut fields = Fields::default();
        fields.add_object("", object)?;
        Ok(fields)
    }

    /// Reads a form (`application/x-www-form-urlencoded`). Text that is not UTF-8 is read as
    /// Windows-1252, which older phone systems send: a name with an umlaut must not cost the call.
    #[must_use]
    pub(super) fn from_form(body: &[u8]) -> Self {
        let mut fields = Fields::default();
        for (name, value) in form_pairs(body) {
            fields.0.push((even(&name), Given::Text(plain(value))));
        }
        fields
    }

    /// Adds the pairs of a form as fields `PREFIX.NAME`; `prefix` begins with `@`, which no name of a field does.
    pub(super) fn add_form(&mut self, prefix: &str, form: &[u8]) {
        for (name, value) in form_pairs(form) {
            self.0
                .push((format!("{prefix}.{}", even(&name)), Given::Text(plain(value))));
        }
    }

    /// Adds headers that are text as fields `PREFIX.NAME`.
    pub(super) fn add_headers(&mut self, prefix: &str, headers: &HeaderMap) {
        for (name, value) in headers {
            if let Ok(value) = value.to_str() {
                self.0.push((
                    format!("{prefix}.{}", even(name.as_str())),
                    Given::Text(plain(value.into())),
                ));
            }
        }
    }

    /// Whether field `name` is `true`, in JSON or in words; `None` when it is not there or neither.
    #[must_use]
    pub(super) fn truth(&self, name: &str) -> Option<bool> {
        match self.given(name).next()? {
            Given::Truth(yes) => Some(*yes),
            Given::Text(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => Some(true),
                "false" | "0" | "no" => Some(false),
                _ => None,
            },
            Given::Other(_) => None,
        }
    }

    /// How many objects the list `name` has; their fields are `name.0.field`, `name.1.field`.
    #[must_use]
    pub(super) fn count(&self, name: &str) -> usize {
        self.given(name).count()
    }

    /// The first value of field `name` that is not empty.
    ///
    /// # Errors
    /// As [`Fields::text`], and when there is none.
    pub(super) fn needed(&self, name: &str) -> Result<String, Bad> {
        self.text(name)?.ok_or_else(|| Bad::Missing(name.to_owned()))
    }

    /// The first value of field `name` that is not empty.
    ///
    /// # Errors
    /// When the value is no text, or too long.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Malformed> {
        Ok(self.texts(name)?.into_iter().next())
    }

    /// All values of field `name` that are not empty, in their order.
    ///
    /// # Errors
    /// When one of them is no text or too long, or when there are too many.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Malformed> {
        let mut texts = Vec::new();
        for (index, value) in self.given(name).enumerate() {
            if index == MOST {
                return Err(Malformed::TooMany(name.to_owned()));
            }
            match value {
                Given::Text(text) if text.is_empty() => {}
                Given::Text(text) if text.chars().count() > LONGEST => return Err(Malformed::TooLong(name.to_owned())),
                Given::Text(text) => texts.push(text.clone()),
                Given::Truth(_) => {
                    return Err(Malformed::NotText {
                        field: name.to_owned(),
                        is: TRUTH,
                    });
                }
                Given::Other(is) => {
                    let field = name.to_owned();
                    return Err(Malformed::NotText { field, is });
                }
            }
        }
        Ok(texts)
    }

    /// The values of field `name`, in their order.
    fn given(&self, name: &str) -> impl Iterator<Item = &Given> {
        let wanted = even_path(name);
        let named = self.0.iter().filter(move |(name, _)| *name == wanted);
        named.map(|(_, value)| value)
    }

    fn add_object(&mut self, path: &str, object: Map<String, Value>) -> Result<(), Malformed> {
        for (name, value) in object {
            let name = even(&name);
            let path = if path.is_empty() {
                name
            } else {
                format!("{path}.{name}")
            };
            match value {
                Value::Object(object) => {
                    self.add_object(&path, object)?;
                    self.add(path, Value::Object(Map::new()));
                }
                Value::Array(values) => {
                    for (index, value) in values.into_iter().enumerate() {
                        match value {
                            Value::Object(object) => {
                                self.add_object(&format!("{path}.{index}"), object)?;
                                self.add(path.clone(), Value::Object(Map::new()));
                            }
                            value => self.add(path.clone(), value),
                        }
                    }
                }
                value => self.add(path, value),
            }
        }
        if self.0.len() > FIELDS {
            Err(Malformed::TooManyFields)
        } else {
            Ok(())
        }
    }

    /// Adds to the field of that evened-out name.
    fn add(&mut self, name: String, value: Value) {
        let given = match value {
            Value::Null => return,
            Value::String(text) => Given::Text(plain(text.into())),
            Value::Number(number) if !number.is_f64() => Given::Text(number.to_string()),
            Value::Bool(yes) => Given::Truth(yes),
            other => Given::Other(kind(&other)),
        };
        self.0.push((name, given));
    }
}

/// The pairs of a form, exactly as they were written, in their order.
pub(super) fn form_pairs(form: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = match memchr::memchr(b'=', pair) {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            (decoded(name), decoded(value))
        })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "said.hook_is_null",
        Value::Bool(_) => TRUTH,
        Value::Number(_) => "said.hook_is_number",
        Value::String(_) => "said.hook_is_text",
        Value::Array(_) => "said.hook_is_list",
        Value::Object(_) => "said.hook_is_object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Fields {
        Fields::from_json(text.as_bytes()).expect("an object")
    }

    #[test]
    fn names_are_one_however_they_are_written() {
        for name in ["callId", "call_id", "callid", "Call-ID", "CALLID"] {
            let fields = json(&format!("{{\"{name}\":\"c-1\"}}"));
            assert_eq!(fields.text("callId"), Ok(Some("c-1".into())), "{name}");
        }
    }

    #[test]
    fn a_form_list_is_read_with_and_without_an_index() {
        for form in [
            "user[]=Ada&user[]=Bo",
            "user%5B%5D=Ada&user%5B%5D=Bo",
            "user[0]=Ada&user[1]=Bo",
            "user=Ada&user=Bo",
        ] {
            let fields = Fields::from_form(form.as_bytes());
            assert_eq!(fields.texts("user"), Ok(vec!["Ada".into(), "Bo".into()]), "{form}");
        }
    }

    #[test]
    fn whole_numbers_are_text_and_null_is_absent() {
        let fields = json(r#"{"from":493055501234,"to":null,"user":[101,null]}"#);
        assert_eq!(fields.text("from"), Ok(Some("493055501234".into())));
        assert_eq!(fields.text("to"), Ok(None));
        assert_eq!(fields.texts("user"), Ok(vec!["101".into()]));
    }

    #[test]
    fn what_is_no_text_is_refused_by_name_but_only_when_it_is_read() {
        let fields = json(r#"{"from":{"a":1},"user":[["x"]],"to":4.9e11,"extra":{"deep":[]},"cause":"busy"}"#);
        let refused = |field: &str, is| {
            let field = field.to_owned();
            Err(Malformed::NotText { field, is })
        };
        assert_eq!(fields.text("from"), refused("from", "said.hook_is_object"));
        assert_eq!(fields.text("to"), refused("to", "said.hook_is_number"));
        assert_eq!(
            fields.texts("user"),
            Err(Malformed::NotText {
                field: "user".into(),
                is: "said.hook_is_list"
            })
        );
        assert_eq!(fields.text("cause"), Ok(Some("busy".into())));
    }

    #[test]
    fn deep_json_is_refused_without_harm() {
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert!(matches!(Fields::from_json(deep.as_bytes()), Err(Malformed::NotJson(_))));
        assert_eq!(
            Fields::from_json(b"[1]"),
            Err(Malformed::NotAnObject("said.hook_is_list"))
        );
        assert!(matches!(Fields::from_json(b""), Err(Malformed::NotJson(_))));
        assert!(matches!(
            Fields::from_json(b"{\"a\":\"\xFF\"}"),
            Err(Malformed::NotJson(_))
        ));
    }

    #[test]
    fn a_name_in_windows_1252_is_still_read() {
        let fields = Fields::from_form(b"user=M%FCller&from=\xE9t\xE9&to=100%&cause=%zz%4");
        assert_eq!(fields.text("user"), Ok(Some("Müller".into())));
        assert_eq!(fields.text("from"), Ok(Some("été".into())));
        assert_eq!(fields.text("to"), Ok(Some("100%".into())));
        assert_eq!(fields.text("cause"), Ok(Some("%zz%4".into())));
    }

    #[test]
    fn control_characters_never_reach_a_log_line() {
        let fields = Fields::from_form(b"user=Ada%0A2026+ERROR%00&from=%0D%0A");
        assert_eq!(fields.text("user"), Ok(Some("Ada 2026 ERROR".into())));
        assert_eq!(fields.text("from"), Ok(None));
    }

    #[test]
    fn too_long_and_too_many_are_refused() {
        let long = json(&format!("{{\"from\":\"{}\"}}", "9".repeat(257)));
        assert_eq!(long.text("from"), Err(Malformed::TooLong("from".into())));
        let many = Fields::from_form("user=1&".repeat(65).as_bytes());
        assert_eq!(many.texts("user"), Err(Malformed::TooMany("user".into())));
    }
}
