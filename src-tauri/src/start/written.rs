//! What an entry in a source says of a call: when, which way, how it ended, what was chosen and what was noted. Pure.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, Utc};
use sha2::{Digest as _, Sha256};

use crate::call::{CallId, Direction};
use crate::journal::{CallRecord, LoggedCall, OutboxEntry};
use crate::note;
use crate::source::rest::Entry;
use crate::words::Words;

/// No note is written longer than this, in characters: every system has its bounds.
const LONGEST_NOTE: usize = 20_000;

/// Writes entries in the language of the settings.
#[derive(Clone, Debug)]
pub struct Writer {
    words: Words,
    dispositions: HashMap<String, String>,
}

impl Writer {
    /// One whose shop calls these dispositions, by code, something else than the catalogue.
    #[must_use]
    pub fn new(words: Words, dispositions: HashMap<String, String>) -> Self {
        Writer { words, dispositions }
    }

    /// The entry for `logged` at the record that `wanted` names. A call that is with somebody else, or is no longer known, is
    /// taken back: nothing but that is said of it. `offset` is that of the place at the time.
    pub(super) fn entry(
        &self,
        wanted: &OutboxEntry,
        logged: Option<&LoggedCall>,
        offset: impl Fn(DateTime<Utc>) -> FixedOffset,
    ) -> Entry {
        let marker = marker(&wanted.call);
        let ours = |logged: &&LoggedCall| {
            let customer = logged.call.customer.as_ref();
            customer.is_some_and(|customer| customer.reference == wanted.customer())
        };
        let Some(logged) = logged.filter(ours) else {
            let title = self.say("written.taken_back");
            return Entry {
                customer: wanted.record.clone(),
                text: format!("{title}\n{marker}"),
                title,
                marker,
                began: wanted.started.unwrap_or(DateTime::UNIX_EPOCH),
                seconds: 0,
                direction: "in".to_owned(),
                number: String::new(),
            };
        };
        let call = &logged.call;
        let title = self.title(call, offset(call.started));
        let mut lines = vec![title.clone()];
        if !call.number_display.is_empty() {
            lines.push(self.line("calls.number", &call.number_display));
        }
        if let Some(by) = &call.answered_by {
            lines.push(self.line("calls.agent", by));
        }
        if let Some(code) = &logged.disposition {
            let named = self.dispositions.get(code).cloned();
            let named = named.unwrap_or_else(|| self.say(&format!("disposition.{code}")));
            lines.push(self.line("disposition.title", &named));
        }
        if let Some(note) = logged.note.as_ref().filter(|note| !note.text.trim().is_empty()) {
            lines.extend([String::new(), cut(note.text.trim()), String::new()]);
        }
        lines.push(marker.clone());
        Entry {
            customer: wanted.record.clone(),
            marker,
            title: note::struck(&title).into_owned(),
            text: note::struck(&lines.join("\n")).into_owned(),
            began: call.started,
            seconds: call.talked_seconds.unwrap_or(0),
            direction: direction(call.direction).to_owned(),
            number: call.number_display.clone(),
        }
    }

    fn title(&self, call: &CallRecord, offset: FixedOffset) -> String {
        let at = call.started.with_timezone(&offset).format("%Y-%m-%d %H:%M").to_string();
        let way = self.say(&format!("calls.{}", direction(call.direction)));
        let outcome = call.outcome.and_then(|outcome| serde_json::to_value(outcome).ok());
        let outcome = outcome
            .as_ref()
            .and_then(serde_json::Value::as_str)
            .unwrap_or("unknown");
        let outcome = self.say(&format!("outcome.{outcome}"));
        let talked = call.talked_seconds.filter(|seconds| *seconds > 0);
        let talked = talked
            .map(|seconds| format!(", {}:{:02}", seconds / 60, seconds % 60))
            .unwrap_or_default();
        let params = [("at", at), ("way", way), ("outcome", outcome), ("talked", talked)];
        self.words.text("written.title", &params)
    }

    fn line(&self, key: &str, value: &str) -> String {
        format!("{}: {value}", self.say(key))
    }

    fn say(&self, key: &str) -> String {
        self.words.text::<&str>(key, &[])
    }
}

/// By which the entry of a call is found again: one word, of letters and digits alone, so that no search takes it apart.
#[must_use]
pub fn marker(call: &CallId) -> String {
    let digest = Sha256::digest(call.0.as_bytes());
    format!("ringside{}", hex::encode(&digest[..10]))
}

/// By which it is known whether an entry says something new.
pub(super) fn digest(entry: &Entry) -> String {
    hex::encode(Sha256::digest(format!("{}\n{}", entry.customer, entry.text).as_bytes()))
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::Internal => "internal",
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_NOTE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
