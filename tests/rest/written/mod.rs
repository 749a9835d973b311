//! Calls that are written back into a CRM made for it. What the tests of it share.

mod command;
mod once;
mod which;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::Line;
use ringside::config::Language;
use ringside::customer::CustomerRef;
use ringside::journal::{CallRecord, Journal, LoggedCustomer, OutboxEntry};
use ringside::source::rest::{RestSource, parse};
use ringside::start::{OpenSource, Post, Writer};
use ringside::words::Words;
use serde_json::{Value, json};

use super::server::{Act, Asked, Server};
use super::{given, no_secrets, outside};
use crate::journal::{answered, key};

/// A CRM that keeps notes of its contacts.
fn file(url: &str) -> String {
    format!(
        r#"
name = "crm"
title = "CRM"
[client]
base_url = "{url}"
[[stream]]
name = "people"
gives = "customers"
[stream.ask]
path = "people"
[stream.map]
customer = "$.id"
name = "$.name"
[write_back]
what = "a note"
[write_back.find]
id = "$[0].id"
[write_back.find.ask]
path = "notes"
query = {{ marker = "{{{{ marker }}}}" }}
[write_back.create]
id = "$.id"
[write_back.create.ask]
path = "notes"
body = '{{"contact": {{{{ customer|tojson }}}}, "text": {{{{ text|tojson }}}}}}'
[write_back.update]
method = "PUT"
path = "notes/{{{{ entry }}}}"
body = '{{"text": {{{{ text|tojson }}}}}}'
"#
    )
}

type Notes = Arc<Mutex<Vec<(String, String)>>>;

/// What goes wrong with one request: before it was heeded, or after.
enum Fault {
    Before(Act),
    After(Act),
}

struct Crm {
    server: Server,
    notes: Notes,
}

impl Crm {
    fn start(fault: impl Fn(usize, &Asked) -> Option<Fault> + Send + 'static) -> Self {
        let notes = Notes::default();
        let kept = Arc::clone(&notes);
        let server = Server::start(move |count, asked| match fault(count, asked) {
            Some(Fault::Before(act)) => act,
            Some(Fault::After(act)) => {
                heed(&kept, asked);
                act
            }
            None => heed(&kept, asked),
        });
        Crm { server, notes }
    }

    fn calm() -> Self {
        Crm::start(|_, _| None)
    }

    fn notes(&self) -> Vec<(String, String)> {
        self.notes.lock().expect("not poisoned").clone()
    }

    fn asked(&self) -> Vec<String> {
        let line = |asked: &Asked| {
            format!(
                "{} {}",
                asked.method,
                asked.target.split('?').next().unwrap_or_default()
            )
        };
        self.server.asked().iter().map(line).collect()
    }
}

fn heed(notes: &Notes, asked: &Asked) -> Act {
    let mut notes = notes.lock().expect("not poisoned");
    let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
    let text = body["text"].as_str().unwrap_or_default().to_owned();
    match asked.method.as_str() {
        "GET" => {
            let wanted = asked.query("marker").expect("a marker");
            let found = notes.iter().position(|(_, text)| text.contains(&wanted));
            Act::json(json!(found.map(|id| json!({"id": id})).into_iter().collect::<Vec<_>>()))
        }
        "POST" => {
            notes.push((body["contact"].as_str().expect("a contact").to_owned(), text));
            Act::json(json!({"id": notes.len() - 1}))
        }
        _ => {
            let id: usize = asked
                .target
                .rsplit('/')
                .next()
                .and_then(|id| id.parse().ok())
                .expect("an id");
            notes[id].1 = text;
            Act::json(json!({}))
        }
    }
}

struct Desk {
    folder: tempfile::TempDir,
    journal: Journal,
    post: Post,
}

fn post(path: &Path, text: String) -> Post {
    let open: OpenSource = Box::new(move |_| {
        let system = parse(Path::new("crm.toml"), &text).map_err(|error| error.saying())?;
        RestSource::new(system, given(&[]), no_secrets(), outside().0).map_err(|error| error.saying())
    });
    let journal = Journal::open(path, &key(7)).expect("opened");
    let writer = Writer::new(Words::of(Language::En), HashMap::new());
    Post::new(
        journal,
        open,
        writer,
        Box::new(|| 1.0),
        Arc::new(AtomicBool::new(false)),
    )
}

impl Desk {
    fn new(text: String) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        let mut journal = Journal::open(&path, &key(7)).expect("opened");
        let sources = ["crm".to_owned()];
        journal
            .write_back_to(&sources, TimeDelta::seconds(60), answered("first", -10).started)
            .expect("written");
        journal.set_my_lines(&[Line("101".to_owned())]).expect("written");
        let post = post(&path, text);
        Desk { folder, journal, post }
    }

    fn of(crm: &Crm) -> Self {
        Desk::new(file(&crm.server.url))
    }

    /// A call that 101 talked, with `customer`, is over.
    fn call(&mut self, name: &str, customer: &str) -> CallRecord {
        let call = with(answered(name, 0), customer);
        self.journal.put_call(&call).expect("written");
        call
    }

    fn note(&mut self, call: &CallRecord, text: &str, at: DateTime<Utc>) {
        self.journal.save_note(&call.id, text, at).expect("saved");
    }

    fn turn(&mut self, at: DateTime<Utc>) {
        self.post.turn(at).expect("looked");
    }

    fn waits(&self) -> Vec<OutboxEntry> {
        self.journal.outbox(10).expect("read")
    }

    /// Turns every minute for so many hours.
    fn pass(&mut self, from: DateTime<Utc>, hours: i64) {
        (1..=hours * 60).for_each(|minute| self.turn(from + TimeDelta::minutes(minute)));
    }
}

fn with(mut call: CallRecord, customer: &str) -> CallRecord {
    call.customer = Some(LoggedCustomer {
        reference: CustomerRef(customer.to_owned()),
        name: "Maria Anders".to_owned(),
        company: String::new(),
    });
    call
}

fn ended(call: &CallRecord) -> DateTime<Utc> {
    call.ended.expect("it ended")
}
