//! Who asks is proved in every way that a file can say, and secrets go nowhere else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ringside::source::rest::{RestSource, Secrets, parse};
use serde_json::json;

use super::server::{Act, Asked, Server};
use super::{given, message, outside, pull};

fn file(url: &str, auth: &str) -> String {
    format!(
        r#"
name = "shop"
title = "Shop"
[parameters.user]
default = "ana"
[parameters.secret]
secret = true
[client]
base_url = "{url}"
auth = {auth}
[[client.errors]]
body = {{ path = "$.error" }}
then = "log-in"
[[stream]]
name = "people"
gives = "customers"
[stream.ask]
path = "people"
[stream.map]
customer = "$.id"
name = "$.name"
"#
    )
}

/// A source whose secret is `secret` in a file of a home folder.
fn with_secret(text: &str, secret: &str) -> (RestSource, tempfile::TempDir) {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("secret");
    fs::write(&path, secret).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
    let system = parse(Path::new("test.toml"), text).expect("a good file");
    let secrets = Secrets::new(home.path().to_owned(), None);
    let source = RestSource::new(system, given(&[("secret", "file:secret")]), secrets, outside().0).expect("usable");
    (source, home)
}

fn one() -> Act {
    Act::json(json!([{"id": 1, "name": "Ana"}]))
}

#[test]
fn each_proof_stands_where_the_file_says() {
    for (auth, check) in [
        (
            r#"{ kind = "basic", user = "{{ user }}", password = "{{ secret }}" }"#,
            (|asked| asked.header("authorization") == "Basic YW5hOnMzY3JldA==") as fn(&Asked) -> bool,
        ),
        (r#"{ kind = "bearer", token = "{{ secret }}" }"#, |asked| {
            asked.header("authorization") == "Bearer s3cret"
        }),
        (
            r#"{ kind = "header", name = "X-Key", value = "Token {{ secret }}" }"#,
            |asked| asked.header("x-key") == "Token s3cret",
        ),
        (
            r#"{ kind = "query", name = "api_key", value = "{{ secret }}" }"#,
            |asked| asked.query("api_key").as_deref() == Some("s3cret"),
        ),
    ] {
        let server = Server::start(|_, _| one());
        let (mut source, _home) = with_secret(&file(&server.url, auth), "s3cret");
        assert_eq!(pull(&mut source, None).0.customers(), ["1"]);
        assert_eq!(server.asked()[0].method, "GET");
        assert!(check(&server.asked()[0]), "{auth}: {:?}", server.asked());
    }
}

#[test]
fn a_token_that_ends_in_the_middle_is_fetched_anew_once() {
    let server = Server::start(|count, asked| match asked.target.as_str() {
        "/token" => Act::json(json!({"access_token": format!("token-{count}"), "expires_in": 3600})),
        // the first token is taken back before its time
        _ if asked.header("authorization") == "Bearer token-0" => Act::status(401, "{}"),
        _ => one(),
    });
    let auth = format!(
        r#"{{ kind = "oauth2", grant = "client-credentials", token_url = "{}/token", client_id = "{{{{ user }}}}", client_secret = "{{{{ secret }}}}", form = {{ scope = "read" }} }}"#,
        server.url
    );
    let (mut source, _home) = with_secret(&file(&server.url, &auth), "s3cret");
    assert_eq!(pull(&mut source, None).0.customers(), ["1"]);
    let asked = server.asked();
    assert_eq!(asked.len(), 4);
    assert_eq!(
        asked[0].body,
        "grant_type=client_credentials&client_id=ana&client_secret=s3cret&scope=read"
    );
    assert_eq!(asked[3].header("authorization"), "Bearer token-2");
}

#[test]
fn a_token_that_is_never_good_ends_the_run() {
    let server = Server::start(|_, asked| match asked.target.as_str() {
        "/token" => Act::json(json!({"access_token": "never"})),
        _ => Act::status(401, "{}"),
    });
    let auth = format!(
        r#"{{ kind = "oauth2", grant = "client-credentials", token_url = "{}/token", client_id = "x", client_secret = "{{{{ secret }}}}" }}"#,
        server.url
    );
    let (mut source, _home) = with_secret(&file(&server.url, &auth), "s3cret");
    assert!(message(pull(&mut source, None).1).contains("token is not accepted"));
    assert_eq!(server.asked().len(), 4, "renewed once and no more");
}

#[test]
fn a_new_refresh_token_is_on_the_disk_before_anything_is_asked_with_what_came_along() {
    let home = std::sync::Arc::new(std::sync::Mutex::new(std::path::PathBuf::new()));
    let seen = std::sync::Arc::clone(&home);
    let server = Server::start(move |_, asked| match asked.target.as_str() {
        "/token" => Act::json(json!({"access_token": "a", "refresh_token": "second", "expires_in": "1800"})),
        _ => {
            let kept = fs::read_to_string(seen.lock().expect("not poisoned").join("secret")).expect("there");
            Act::json(json!([{"id": 1, "name": kept}]))
        }
    });
    let auth = format!(
        r#"{{ kind = "oauth2", grant = "refresh-token", refresh_token = "secret", token_url = "{}/token", client_id = "x", client_secret = "y", client_in = "basic" }}"#,
        server.url
    );
    let (mut source, folder) = with_secret(&file(&server.url, &auth), "first");
    folder.path().clone_into(&mut home.lock().expect("not poisoned"));
    let (given, end) = pull(&mut source, None);
    assert!(end.is_ok(), "{end:?}");
    let [ringside::source::record::Record::Customer(row)] = given.records()[..] else {
        panic!("one customer")
    };
    assert_eq!(row.name, "second");
    assert_eq!(server.asked()[0].body, "grant_type=refresh_token&refresh_token=first");
    assert_eq!(server.asked()[0].header("authorization"), "Basic eDp5");
    let mode = fs::metadata(folder.path().join("secret"))
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_session_is_opened_and_opened_anew_when_the_answer_says_so() {
    let server = Server::start(|count, asked| match asked.target.as_str() {
        "/login" => Act::json(json!({"result": {"uid": count + 7}})),
        _ if asked.header("x-session") == "7" => Act::json(json!({"error": "session expired"})),
        _ => one(),
    });
    let auth = r#"{ kind = "session", path = "login", body = '{"user": {{ user|tojson }}, "password": {{ secret|tojson }}}', session = "$.result.uid", headers = { X-Session = "{{ session }}" } }"#;
    let (mut source, _home) = with_secret(&file(&server.url, auth), "s3\"cret");
    assert_eq!(pull(&mut source, None).0.customers(), ["1"]);
    let body: serde_json::Value = serde_json::from_str(&server.asked()[0].body).expect("JSON");
    assert_eq!(body, json!({"user": "ana", "password": "s3\"cret"}));
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn a_log_in_that_is_refused_says_what_to_correct() {
    let server = Server::start(|_, _| Act::json(json!({"result": false})));
    let auth = r#"{ kind = "session", path = "login", body = '{}', session = "$.result" }"#;
    let (mut source, _home) = with_secret(&file(&server.url, auth), "s3cret");
    assert!(message(pull(&mut source, None).1).contains("correct the user, the password and the database"));
}

#[test]
fn a_redirect_stays_on_the_host_and_no_message_has_a_secret_in_it() {
    let server = Server::start(|_, asked| match asked.target.as_str() {
        "/people" => Act::status(307, "").with("location", "/people/"),
        _ => Act::status(500, "{}"),
    });
    let (mut source, _home) = with_secret(
        &file(&server.url, r#"{ kind = "bearer", token = "{{ secret }}" }"#),
        "s3cret",
    );
    let said = message(pull(&mut source, None).1);
    assert_eq!(server.asked()[1].header("authorization"), "Bearer s3cret");
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn a_host_on_a_private_address_is_asked_only_when_it_is_named() {
    let text = file("https://localhost:1", r#"{ kind = "none" }"#);
    let system = parse(Path::new("test.toml"), &text).expect("a good file");
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("secret");
    fs::write(&path, "x").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
    let secrets = Secrets::new(home.path().to_owned(), None);
    // the name leads to a private address: that shows when it is looked up
    let mut source =
        RestSource::new(system, given(&[("secret", "file:secret")]), secrets, outside().0).expect("usable");
    let said = message(pull(&mut source, None).1);
    assert!(
        said.contains("localhost is on a private address: name it under private_hosts"),
        "{said}"
    );
}

#[test]
fn what_was_not_said_is_asked_for() {
    let text = file("https://shop.example", r#"{ kind = "none" }"#);
    let open = |values: &[(&str, &str)]| {
        let system = parse(Path::new("test.toml"), &text).expect("a good file");
        RestSource::new(system, given(values), super::no_secrets(), outside().0)
            .err()
            .expect("unusable")
            .to_string()
    };
    assert!(open(&[]).starts_with("Shop needs `secret`"));
    assert!(
        open(&[("secret", "hunter2")]).contains("keyring:NAME") && !open(&[("secret", "hunter2")]).contains("hunter2")
    );
    assert!(open(&[("secret", "env:NO_SUCH_VARIABLE_HERE")]).contains("NO_SUCH_VARIABLE_HERE"));
    assert!(open(&[("sekret", "env:X")]).contains("has no parameter `sekret`; it has secret, user"));
}
