//! What the ready files ask for when a call is written back, against answers as the documents of the services have them.

use ringside::call::CallId;
use ringside::source::rest::{Entry, RestSource, Secrets, parse, systems};
use ringside::start::marker;
use serde_json::{Value, json};

use super::server::{Act, Asked, Server};
use super::{given, now, outside};

/// What a ready file asks for when an entry is made, found and changed.
fn asks(name: &str, base: &str, values: &[(&str, &str)], answers: fn(usize) -> Value) -> Vec<Asked> {
    let server = Server::start(move |count, _| Act::json(answers(count)));
    let ready = systems::find(name).expect("there");
    let text = ready.text.replace(base, &server.url);
    let system = parse(std::path::Path::new("ready.toml"), &text).expect("a good file");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("key"), "s3cret").expect("written");
    std::fs::set_permissions(
        folder.path().join("key"),
        std::os::unix::fs::PermissionsExt::from_mode(0o600),
    )
    .expect("set");
    let secrets = Secrets::new(folder.path().to_owned(), None);
    let mut all = vec![("url", server.url.as_str())];
    all.retain(|_| text.contains("[parameters.url]"));
    all.extend(values);
    let mut source = RestSource::new(system, given(&all), secrets, outside().0).expect("usable");
    let entry = Entry {
        customer: "17".to_owned(),
        marker: marker(&CallId("pbx:a".to_owned())),
        title: "Phone call".to_owned(),
        text: "Phone call\n\"x\" <y> & z".to_owned(),
        began: now(),
        seconds: 61,
        direction: "in".to_owned(),
        number: "+49 30 23125101".to_owned(),
    };
    assert_eq!(source.create_entry(&entry).expect("made"), "55");
    assert_eq!(source.find_entry(&entry).expect("asked"), Some("55".to_owned()));
    source.update_entry("55", &entry).expect("changed");
    server.asked()
}

#[test]
fn odoo_is_asked_for_messages_below_the_contact() {
    let values = [("database", "shop"), ("user", "ann"), ("key", "file:key")];
    let answers = |count| match count {
        0 => json!({"result": 7}),
        1 => json!({"result": 55}),
        2 => json!({"result": [{"id": 55}]}),
        _ => json!({"result": true}),
    };
    let asked = asks("odoo", "{{ url }}", &values, answers);
    let args = |at: usize| {
        let body: Value = serde_json::from_str(&asked[at].body).expect("JSON");
        body["params"]["args"].clone()
    };
    let body = "Phone call<br/>&quot;x&quot; &lt;y&gt; &amp; z";
    assert_eq!((&args(1)[3], &args(1)[4]), (&json!("mail.message"), &json!("create")));
    assert_eq!(
        (&args(1)[5][0]["res_id"], &args(1)[5][0]["body"]),
        (&json!(17), &json!(body))
    );
    assert_eq!(args(2)[5][0][1], json!(["res_id", "=", 17]));
    assert_eq!(args(3)[5], json!([[55], {"body": body}]));
}

#[test]
fn hubspot_is_asked_for_calls_at_the_contact() {
    let answers = |count| match count {
        1 => json!({"results": [{"id": "55"}]}),
        _ => json!({"id": "55"}),
    };
    let asked = asks("hubspot", "https://api.hubapi.com", &[("token", "file:key")], answers);
    let body = |at: usize| serde_json::from_str::<Value>(&asked[at].body).expect("JSON");
    assert_eq!(body(0)["properties"]["hs_call_direction"], "INBOUND");
    assert_eq!(body(0)["properties"]["hs_call_duration"], "61000");
    assert_eq!(body(0)["associations"][0]["to"]["id"], "17");
    assert_eq!(body(1)["filterGroups"][0]["filters"][0]["operator"], "CONTAINS_TOKEN");
    assert_eq!(
        (asked[2].method.as_str(), asked[2].target.as_str()),
        ("PATCH", "/crm/v3/objects/calls/55")
    );
    assert_eq!(asked[2].header("authorization"), "Bearer s3cret");
}
