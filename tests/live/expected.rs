//! What is expected: the panels of `panels.toml`, and the truth of a scenario as `tests/pbx` gives it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

/// The agents whose panels are watched.
pub(crate) const AGENTS: [&str; 3] = ["101", "102", "103"];

/// A panel's states, one after the other, by agent.
pub(crate) type Panels = BTreeMap<String, String>;

/// The file `panels.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// The scenarios of the short run.
    pub(crate) part: Vec<String>,
    /// Every scenario, by name.
    pub(crate) panels: BTreeMap<String, Panels>,
}

impl Expected {
    /// Reads the file; it is part of this program.
    pub(crate) fn read() -> Result<Self, String> {
        let expected: Expected = toml::from_str(include_str!("panels.toml")).map_err(|error| error.to_string())?;
        let stranger = expected.part.iter().find(|name| !expected.panels.contains_key(*name));
        match stranger {
            Some(name) => Err(format!("panels.toml: `part` names {name}, which has no panels")),
            None => Ok(expected),
        }
    }

    /// The states of an agent's panel in a scenario, none when it never comes up.
    pub(crate) fn states(&self, scenario: &str, agent: &str) -> Vec<&str> {
        let states = self.panels.get(scenario).and_then(|panels| panels.get(agent));
        states.map_or_else(Vec::new, |states| states.split(" > ").collect())
    }
}

/// Every stated field of the truth that was told otherwise. What is null or absent is not judged, except who answered,
/// and the number of a caller who withheld it.
pub(crate) fn differences(truth: &Value, told: &Value) -> Vec<String> {
    let (Value::Object(stated), Value::Object(fields)) = (truth, told) else {
        return vec!["no object".to_owned()];
    };
    let withheld = stated.get("presentation").is_some_and(|it| it == "restricted");
    let judged = |field: &str| match field {
        "answered_by" => true,
        "caller_number" => withheld || !truth[field].is_null(),
        _ => !truth[field].is_null(),
    };
    fields
        .iter()
        .filter(|(field, told)| judged(field) && !same(&truth[field.as_str()], told))
        .map(|(field, told)| format!("{field}: expected {}, told {told}", truth[field.as_str()]))
        .collect()
}

/// Lists are sets, and of an object only what is stated counts.
fn same(expected: &Value, told: &Value) -> bool {
    match (expected, told) {
        (Value::Array(expected), Value::Array(told)) => {
            let set = |values: &[Value]| values.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
            set(expected) == set(told)
        }
        (Value::Object(expected), Value::Object(told)) => expected
            .iter()
            .all(|(key, value)| told.get(key).is_some_and(|told| same(value, told))),
        _ => expected == told,
    }
}

/// Call by call, each difference after the name of what told it.
pub(crate) fn pairs(
    truth: &Value,
    told: &[Value],
    what: &str,
    differences: impl Fn(&Value, &Value) -> Vec<String>,
) -> Vec<String> {
    let calls = truth["calls"].as_array().cloned().unwrap_or_default();
    if calls.len() != told.len() {
        let short = |call: &Value| format!("{} {}", call["direction"], call["called"]);
        let told: Vec<String> = told.iter().map(short).collect();
        return vec![format!(
            "{what}: {} calls expected, told: {}",
            calls.len(),
            told.join(", ")
        )];
    }
    let pairs = calls.iter().zip(told);
    pairs
        .flat_map(|(truth, told)| differences(truth, told))
        .map(|difference| format!("{what}: {difference}"))
        .collect()
}
