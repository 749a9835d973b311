//! Formats that the settings describe.

use std::path::Path;

use chrono::{DateTime, Utc};
use ringside::call::{CallEvent, Direction, Endpoint, Trust};
use ringside::config::{FeedKind, WebhookFeed, parse};
use ringside::feed::webhook::{Dialect, Keys, Lack, Names, Proof, Reader, Teller, Unproven, examine};

use super::round_trip::{calls, moments, names};
use super::{ED25519_PUBLIC, SEED, at};

/// Everything a mapping can have: nested JSON, events of single phones, a signature over time and body.
const EVERYTHING: &str = r#"
[[feed]]
name = "pbx"
kind = "webhook"
listen = "127.0.0.1:8730"
token = "env:TOKEN"

[feed.mapping]
name = "mypbx"
written = "json"
directions = { "1" = "in", "2" = "out", "3" = "internal" }
number = '^(?:sip:)?([^@]+)'
withheld = ["0000"]

[feed.mapping.proof]
kind = "hmac"
hash = "sha256"
header = "X-Signature"
prefix = "v1="
encoding = "base64"
signed = "{time}.{body}"
time_header = "X-Time"
time_unit = "milliseconds"

[feed.mapping.fields]
call = "call.id"
event = "type"
direction = "call.dir"
from = "call.parties[0].number"
to = "call.parties[1].number"
name = "call.parties[0].name"
dialler = "call.dialler"
users = "agents.*.id"
phone = "leg"
cause = "reason"
attestation = "call.verstat"

[feed.mapping.events]
new = "began"
dial = "dialled"
ring = "rings"
talk = "answered"
hold = "held"
unhold = "resumed"
mailbox = "voicemail"
drop = "phone-ended"
bye = "ended"

[feed.mapping.causes]
"16" = "normal"
"17" = "busy"
"19" = "no-answer"
"21" = "rejected"
"26" = "answered-elsewhere"
"487" = "cancelled"
"1" = "unreachable"
"#;

fn feed(text: &str) -> Result<WebhookFeed, String> {
    let config = parse(Path::new("config.toml"), text).map_err(|error| error.to_string())?;
    match config.feeds.into_iter().next().map(|feed| feed.kind) {
        Some(FeedKind::Webhook(feed)) => Ok(feed),
        other => Err(format!("{other:?}")),
    }
}

fn dialect(text: &str) -> Dialect {
    feed(text).expect("right").dialect().expect("a mapping")
}

/// A mapping with this proof and little else.
fn with_proof(proof: &str) -> String {
    format!(
        "[[feed]]\nname = \"pbx\"\nkind = \"webhook\"\nlisten = \"127.0.0.1:8730\"\n[feed.mapping]\nname = \"my\"\n\
         fields = {{ call = \"id\", event = [\"@query.event\", \"event\"], from = \"from\", direction = \"dir\", \
         users = \"users\" }}\nevents = {{ new = \"rings-all\", end = \"ended\" }}\nproof = {proof}\n"
    )
}

fn keys() -> Keys {
    Keys {
        token: Some("sesame".to_owned().into()),
        secrets: vec![SEED.to_owned().into()],
        public_key: Some(ED25519_PUBLIC.to_owned()),
        public_url: Some("https://pop.example.test".to_owned()),
        ..Keys::default()
    }
}

#[test]
fn a_mapping_reads_the_calls_that_it_writes() {
    let dialect = dialect(EVERYTHING);
    let mut teller = Teller::new(dialect.clone(), keys(), "https://pop.example.test/in/mypbx/sesame");
    let mut reader = Reader::new(dialect.clone(), names());
    let moments = moments();
    let mut read: Vec<(DateTime<Utc>, CallEvent)> = Vec::new();
    for (at, events) in &moments {
        for telling in teller.tell(events, *at) {
            let text = telling.request.to_text(&[]);
            let found = examine(dialect.clone(), keys(), names(), &text, *at);
            assert_eq!(found.proof, Proof::Signed);
            read.extend(reader.read(&text, *at).into_iter().map(|event| (*at, event)));
        }
    }
    let lacks = [Lack::Ender, Lack::Dialler];
    let told = calls(read.iter().map(|(at, event)| (*at, event)), &lacks);
    let simulated = moments
        .iter()
        .flat_map(|(at, events)| events.iter().map(|event| (*at, event)));
    let simulated = calls(simulated, &lacks);
    for (told, simulated) in told.iter().zip(&simulated) {
        assert_eq!(told, simulated);
    }
    assert_eq!(told.len(), simulated.len());
    assert!(told.len() > 40);
}

#[test]
fn every_proof_takes_what_is_signed_for_it_and_refuses_what_was_changed() {
    let proofs = [
        (
            r#"{ kind = "header", header = "X-Key", prefix = "Key " }"#,
            Proof::TokenOnly,
        ),
        (r#"{ kind = "basic", user = "pbx" }"#, Proof::TokenOnly),
        (r#"{ kind = "hmac", hash = "sha1", header = "X-Sig" }"#, Proof::Signed),
        (
            r#"{ kind = "hmac", hash = "sha256", header = "X-Sig", encoding = "base64", signed = "{method} {url}\n{body}" }"#,
            Proof::Signed,
        ),
        (
            r#"{ kind = "ed25519", header = "X-Sig", signed = "{time}|{body}", time_header = "X-Time" }"#,
            Proof::Signed,
        ),
        (r#"{ kind = "jwt", body_claim = "payload_hash" }"#, Proof::Signed),
        (r#"{ kind = "jwt" }"#, Proof::TokenOnly),
        (r#"{ kind = "token" }"#, Proof::TokenOnly),
    ];
    for (proof, right) in proofs {
        let dialect = dialect(&with_proof(proof));
        let mut teller = Teller::new(dialect.clone(), keys(), "https://pop.example.test/in/my/sesame");
        let told: Vec<_> = moments()
            .iter()
            .flat_map(|(_, events)| teller.tell(events, at(1000)))
            .collect();
        let request = told.first().expect("something is told").request.to_text(&[]);
        let found =
            |request: &[u8], keys: Keys| examine(dialect.clone(), keys, Names::default(), request, at(1000)).proof;
        assert_eq!(found(&request, keys()), right, "{proof}");
        let other = Keys {
            secrets: vec!["another".to_owned().into()],
            public_key: Some("A".repeat(43) + "="),
            ..keys()
        };
        let refused = matches!(found(&request, other), Proof::Failed(_));
        assert!(refused || proof.contains("token"), "{proof}");
        if right == Proof::Signed {
            let changed = [&request[..], b" "].concat();
            assert_eq!(found(&changed, keys()), Proof::Failed(Unproven::Signature), "{proof}");
        }
    }
}

#[test]
fn a_signed_time_outside_the_window_is_refused() {
    let dialect = dialect(EVERYTHING);
    let mut teller = Teller::new(dialect.clone(), keys(), "https://pop.example.test/in/mypbx/sesame");
    let (first, events) = moments().into_iter().next().expect("a call");
    let request = teller.tell(&events, first)[0].request.to_text(&[]);
    let late = first + chrono::TimeDelta::seconds(301);
    let found = examine(dialect, keys(), Names::default(), &request, late);
    assert_eq!(found.proof, Proof::Failed(Unproven::Stale(301)));
}

/// What the mapping with `proof = token` and these fields makes of a request.
fn events(fields: &str, request: &str) -> Vec<CallEvent> {
    let text = format!(
        "[[feed]]\nname = \"pbx\"\nkind = \"webhook\"\nlisten = \"127.0.0.1:8730\"\n[feed.mapping]\nname = \"my\"\n\
         proof = {{ kind = \"token\" }}\n{fields}\nevents = {{ new = \"rings-all\", end = \"ended\" }}\n"
    );
    let found = examine(dialect(&text), keys(), Names::default(), request.as_bytes(), at(0));
    assert!(found.trouble.is_none(), "{found:?}");
    found.events
}

#[test]
fn a_field_may_stand_in_the_query_a_header_a_list_or_deep_in_json() {
    let fields = r#"only_direction = "in"
number = 'tel:([^;]+)'
fields = { call = "@header.X-Call-Id", event = "@query.event", from = "data.legs[1].uri", users = "data.agents.*.ext", attestation = "data.stir" }"#;
    let request = "POST /in/my/sesame?event=new HTTP/1.1\ncontent-type: application/json\nx-call-id: c-7\n\n\
        {\"data\":{\"legs\":[{\"uri\":\"sip:x\"},{\"uri\":\"tel:+493055501234;cpc=ordinary\"}],\
        \"agents\":[{\"ext\":101},{\"ext\":\"102\"}],\"stir\":\"A\"}}";
    let events = events(fields, request);
    assert!(
        matches!(&events[0], CallEvent::Began { call, direction: Direction::In, remote, .. }
            if call.0 == "c-7" && remote.number == "+493055501234" && remote.trust == Trust::Verified),
        "{events:?}"
    );
    let rung = events.iter().filter_map(|event| match event {
        CallEvent::Offered {
            to: Endpoint::Line(line),
            ..
        } => Some(line.0.as_str()),
        _ => None,
    });
    assert_eq!(rung.collect::<Vec<_>>(), ["101", "102"]);
}

#[test]
fn a_get_has_its_fields_in_the_query() {
    let fields = "method = \"GET\"\nfields = { call = \"id\", event = \"e\", from = \"caller\", direction = \"d\" }";
    let request = "GET /in/my/sesame?e=new&id=5&caller=%2B493055501234&d=Inbound HTTP/1.1\n\n";
    let events = events(fields, request);
    assert!(matches!(&events[0], CallEvent::Began { remote, .. } if remote.number == "+493055501234"));
}

#[test]
fn a_mistake_in_a_mapping_is_said_with_what_to_write() {
    let mistakes = [
        ("name = \"mypbx\"", "name = \"My PBX\"", "small letters"),
        (
            "signed = \"{time}.{body}\"",
            "signed = \"{bdy}\"",
            "for example \"{time}.{body}\"",
        ),
        (
            "signed = \"{time}.{body}\"",
            "signed = \"{time}\"",
            "it has {body} or {url}",
        ),
        (
            "header = \"X-Signature\"",
            "header = \"X Signature\"",
            "name of a header",
        ),
        (
            "number = '^(?:sip:)?([^@]+)'",
            "number = '^sip:'",
            "first group is the number",
        ),
        (
            "number = '^(?:sip:)?([^@]+)'",
            "number = '('",
            "first group is the number",
        ),
        ("call = \"call.id\"", "", "call"),
        ("call = \"call.id\"", "call = \"\"", "a field has a name"),
        ("call = \"call.id\"", "call = []", "a field has a name"),
        ("new = \"began\"", "new = \"begun\"", "begun"),
        ("\"16\" = \"normal\"", "\"16\" = \"norml\"", "norml"),
        ("\"1\" = \"in\"", "\"1\" = \"inn\"", "inn"),
        ("hash = \"sha256\"", "hash = \"md5\"", "md5"),
        ("kind = \"hmac\"", "kind = \"hmack\"", "hmack"),
        (
            "[feed.mapping]",
            "preset = \"zammad\"\n[feed.mapping]",
            "either `preset` or",
        ),
    ];
    for (right, wrong, said) in mistakes {
        assert!(EVERYTHING.contains(right), "{right}");
        let error = feed(&EVERYTHING.replace(right, wrong)).expect_err(wrong);
        assert!(error.contains(said), "{wrong}\n gave {error}");
    }
    let none = "[[feed]]\nname = \"a\"\nkind = \"webhook\"\nlisten = \"127.0.0.1:1\"\ntoken = \"env:T\"\n";
    assert!(feed(none).expect_err("no format").contains("either `preset` or"));
}
