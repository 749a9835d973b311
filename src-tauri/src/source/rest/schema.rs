//! The JSON schema of the files, for editors: made from the types that read them, and every ready file fits it.

use serde_json::Value;

use super::system::System;
use super::systems;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/src/source/rest/schema.json");

fn made() -> Value {
    serde_json::to_value(schemars::schema_for!(System)).expect("JSON")
}

/// Does `value` fit `schema`? As much of JSON Schema (2020-12) as is made here; where it does not, the place.
fn fits(value: &Value, schema: &Value, root: &Value, place: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{place}: {what}"));
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = root
            .pointer(reference.trim_start_matches('#'))
            .expect("a reference leads somewhere");
        fits(value, target, root, place)?;
    }
    for word in ["anyOf", "oneOf"] {
        let Some(choices) = schema.get(word).and_then(Value::as_array) else {
            continue;
        };
        let fitting = choices
            .iter()
            .filter(|choice| fits(value, choice, root, place).is_ok())
            .count();
        if fitting == 0 {
            return wrong(&format!("fits none of {word}"));
        }
    }
    if schema.get("const").is_some_and(|wanted| wanted != value) {
        return wrong("is another constant");
    }
    if schema
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|known| !known.contains(value))
    {
        return wrong("is no known word");
    }
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    };
    match schema.get("type") {
        Some(Value::String(kind)) if !is(kind) => return wrong(&format!("is no {kind}")),
        Some(Value::Array(kinds)) if !kinds.iter().filter_map(Value::as_str).any(is) => {
            return wrong("has another type");
        }
        _ => {}
    }
    if let Some(items) = schema.get("items") {
        for (at, item) in value.as_array().into_iter().flatten().enumerate() {
            fits(item, items, root, &format!("{place}[{at}]"))?;
        }
    }
    let Some(fields) = value.as_object() else { return Ok(()) };
    for needed in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !fields.contains_key(needed.as_str().expect("a name")) {
            return wrong(&format!("lacks {needed}"));
        }
    }
    for (name, field) in fields {
        let place = format!("{place}.{name}");
        match (
            schema.get("properties").and_then(|known| known.get(name)),
            schema.get("additionalProperties"),
        ) {
            (Some(known), _) => fits(field, known, root, &place)?,
            (None, Some(Value::Bool(false))) => return Err(format!("{place} is not known")),
            (None, Some(other @ Value::Object(_))) => fits(field, other, root, &place)?,
            (None, _) => {}
        }
    }
    Ok(())
}

#[test]
fn the_schema_in_the_repository_is_that_of_the_types() {
    let text = format!("{}\n", serde_json::to_string_pretty(&made()).expect("JSON"));
    if std::env::var_os("RINGSIDE_BLESS").is_some() {
        std::fs::write(FILE, &text).expect("written");
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        kept == text,
        "schema.json is of other types: RINGSIDE_BLESS=1 cargo test schema writes it"
    );
}

#[test]
fn every_ready_file_fits_the_schema_and_a_slip_does_not() {
    let schema = made();
    for ready in systems::ALL {
        let file: Value = toml::from_str(ready.text).expect("TOML");
        fits(&file, &schema, &schema, ready.name).unwrap_or_else(|what| panic!("{what}"));
    }
    for (from, to) in [
        ("title =", "titel ="),
        ("kind = \"last-id\"", "kind = \"last\""),
        ("gives = \"orders\"", "gives = \"sales\""),
        ("path = \"model/sale.sale\"", "path = 5"),
        (
            "each = \"$.contact_mechanisms[?@.active == true]\", path",
            "each = \"$.contact_mechanisms[?@.active == true]\", paht",
        ),
        ("customer = \"^.party\"", "custmer = \"^.party\""),
    ] {
        let text = systems::find("tryton").expect("there").text.replacen(from, to, 1);
        let file: Value = toml::from_str(&text).expect("TOML");
        assert!(fits(&file, &schema, &schema, "tryton").is_err(), "{to}");
    }
}
