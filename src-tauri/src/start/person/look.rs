//! What is known of one person: whole, as one document, or as counts for whoever is to erase them.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::find::shown;
use super::{NoPerson, People, Person, mentions};
use crate::config::write_durably;
use crate::customer::CustomerRef;
use crate::journal::{Act, AuditEntry, Kept, Traces, stays};
use crate::pop::view::{KnownKind, KnownRowView, KnownView, SharedNumberView};

/// What is known of somebody, in rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// How they are called.
    pub name: String,
    /// Every record of theirs.
    pub records: Vec<CustomerRef>,
    /// Rows of the customer cache, by table.
    pub directory: Vec<(String, u64)>,
    /// Rows of the journal, by table.
    pub journal: Vec<(String, u64)>,
    /// Traces of calls.
    pub traces: u64,
}

/// A file that all about somebody was written into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenOut {
    /// Which.
    pub path: PathBuf,
    /// How many rows of the stores are in it.
    pub rows: u64,
}

/// All that the stores have of somebody.
struct Everything {
    directory: Map<String, Value>,
    journal: Map<String, Value>,
    traces: Vec<Value>,
}

impl People {
    /// All that is known of a person, as one document. That it was given out stands in the audit trail first.
    ///
    /// # Errors
    /// When a store cannot be used.
    pub fn export(&self, person: &Person, now: DateTime<Utc>) -> Result<Value, NoPerson> {
        Ok(document(person, &self.given_out(person, now)?, now))
    }

    /// The same, written into a file that its owner alone can read. A crash leaves the file that was there or the new one.
    ///
    /// # Errors
    /// When a store cannot be used, the file cannot be written, or it is one of Ringside's own.
    pub fn write(&self, person: &Person, path: &Path, now: DateTime<Utc>) -> Result<GivenOut, NoPerson> {
        if self.is_ours(path) {
            return Err(NoPerson::OurFile(path.to_owned()));
        }
        let everything = self.given_out(person, now)?;
        let rows = everything.rows();
        let text = format!("{:#}\n", document(person, &everything, now));
        let written = write_durably(path, text.as_bytes()).map_err(|source| NoPerson::NotWritten {
            path: path.to_owned(),
            source,
        });
        written.map(|()| GivenOut {
            path: path.to_owned(),
            rows,
        })
    }

    /// What is known of a person, in rows; nothing of it is given out and nothing is changed.
    ///
    /// # Errors
    /// When a store cannot be used.
    pub fn look(&self, person: &Person) -> Result<Look, NoPerson> {
        let everything = self.everything(person)?;
        Ok(Look {
            name: person.name.clone(),
            records: person.subject.records.clone(),
            directory: counts(&everything.directory),
            journal: counts(&everything.journal),
            traces: everything.traces.len() as u64,
        })
    }

    /// The same as the window shows it, with the shared numbers and the files that somebody has to look into.
    ///
    /// # Errors
    /// When a store cannot be used.
    pub fn known(&self, person: &Person) -> Result<KnownView, NoPerson> {
        let look = self.look(person)?;
        let shared = person.shared.iter().map(|(number, others)| SharedNumberView {
            number: number.clone(),
            others: others.iter().map(ToString::to_string).collect(),
        });
        let files = self.other_files().into_iter().map(|file| file.display().to_string());
        Ok(KnownView {
            name: person.name.clone(),
            records: look.records.iter().map(ToString::to_string).collect(),
            rows: look.by_kind(),
            shared: shared.collect(),
            files: files.collect(),
        })
    }

    fn given_out(&self, person: &Person, now: DateTime<Utc>) -> Result<Everything, NoPerson> {
        self.journal()?.audit(&AuditEntry {
            at: now,
            agent: self.by.agent.clone(),
            line: self.by.line.clone(),
            act: Act::PersonExported,
            detail: String::new(),
            call: None,
            customer: person.subject.records.first().cloned(),
        })?;
        self.everything(person)
    }

    fn everything(&self, person: &Person) -> Result<Everything, NoPerson> {
        let (mut directory, journal, subject) = (self.directory()?, self.journal()?, &person.subject);
        let (calls, _) = journal.calls_of_person(subject)?;
        let traces = Traces::open(&self.traces_db, &self.key)?.of_person(&calls, &mentions(subject))?;
        Ok(Everything {
            directory: directory.read()?.everything_of(&subject.records)?,
            journal: journal.everything_of(subject)?,
            traces: traces.iter().map(trace).collect(),
        })
    }
}

impl Everything {
    fn rows(&self) -> u64 {
        let tables = self.directory.values().chain(self.journal.values());
        tables.map(rows_of).sum::<u64>() + self.traces.len() as u64
    }
}

impl Look {
    /// The rows by kind, those that go first.
    fn by_kind(&self) -> Vec<KnownRowView> {
        let directory = self
            .directory
            .iter()
            .map(|(table, rows)| (of_the_cache(table), false, *rows));
        let journal = self
            .journal
            .iter()
            .map(|(table, rows)| (of_the_journal(table), stays(table), *rows));
        let traces = (self.traces > 0).then_some((KnownKind::Traces, false, self.traces));
        let mut all: Vec<KnownRowView> = Vec::new();
        for (kind, stays, rows) in directory.chain(journal).chain(traces) {
            match all.iter_mut().find(|one| (one.kind, one.stays) == (kind, stays)) {
                Some(one) => one.rows += rows,
                None => all.push(KnownRowView { kind, rows, stays }),
            }
        }
        all.sort_by_key(|one| (one.stays, one.kind));
        all
    }
}

fn document(person: &Person, everything: &Everything, now: DateTime<Utc>) -> Value {
    let shared = person.shared.iter().map(
        |(number, others)| json!({"number": number, "also_of": others.len(), "calls_of_others_and_of_nobody": "not in this file"}),
    );
    json!({
        "made": now,
        "name": person.name,
        "records": person.subject.records,
        "numbers": person.subject.numbers.iter().map(|key| shown(*key)).collect::<Vec<_>>(),
        "shared_numbers": shared.collect::<Vec<_>>(),
        "directory": everything.directory,
        "journal": everything.journal,
        "traces": everything.traces,
    })
}

/// The tables that have rows, with how many.
fn counts(tables: &Map<String, Value>) -> Vec<(String, u64)> {
    let counts = tables.iter().map(|(name, rows)| (name.clone(), rows_of(rows)));
    counts.filter(|(_, rows)| *rows > 0).collect()
}

fn rows_of(table: &Value) -> u64 {
    table.as_array().map_or(0, Vec::len) as u64
}

fn trace(kept: &Kept) -> Value {
    let steps = kept.steps.iter().map(|step| {
        let body = serde_json::from_str(&step.body).unwrap_or_else(|_| Value::String(step.body.clone()));
        json!({"at": step.at, "step": body, "heard": step.raw})
    });
    json!({
        "call": kept.head.call,
        "feed": kept.head.feed,
        "began": kept.head.began,
        "steps": steps.collect::<Vec<_>>(),
    })
}

/// What the rows of a table of the cache are, for a person.
fn of_the_cache(table: &str) -> KnownKind {
    match table {
        "customers" => KnownKind::Records,
        "phones" | "unread_phones" => KnownKind::Numbers,
        "purchases" | "order_totals" => KnownKind::Orders,
        "balances" | "invoices" => KnownKind::Invoices,
        "tickets" => KnownKind::Tickets,
        "same_as" => KnownKind::Corrections,
        _ => KnownKind::Other,
    }
}

/// The same of a table of the journal.
fn of_the_journal(table: &str) -> KnownKind {
    match table {
        "customers" => KnownKind::Records,
        "calls" | "call_lines" | "missed_closed" => KnownKind::Calls,
        "dispositions" => KnownKind::Results,
        "call_steps" | "call_waits" | "call_words" | "call_comments" | "call_marks" => KnownKind::Stories,
        "notes" | "note_revisions" | "handed_notes" => KnownKind::Notes,
        "tasks" => KnownKind::Tasks,
        "tickets" | "ticket_entries" => KnownKind::Tickets,
        "contacts" => KnownKind::Contacts,
        "offers" => KnownKind::Suggestions,
        "campaign_entries" | "campaign_tries" => KnownKind::Campaigns,
        "links" | "choices" | "record_links" | "records_apart" | "edits" => KnownKind::Corrections,
        "saved_filters" => KnownKind::Filters,
        "outbox" => KnownKind::WrittenBack,
        "audit" | "audit_about" => KnownKind::Audit,
        _ => KnownKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use crate::journal::{Journal, Subject};
    use crate::vault::MasterKey;

    #[test]
    fn every_table_that_has_rows_of_somebody_is_of_a_kind_that_has_a_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = MasterKey::from_hex(&"07".repeat(32)).expect("a key");
        let journal = Journal::open(&folder.path().join("journal.db"), &key).expect("a journal");
        let mut directory = Directory::open(&folder.path().join("cache.db"), key.bytes()).expect("a cache");
        let tables = journal.everything_of(&Subject::default()).expect("read");
        let other = tables.keys().filter(|table| of_the_journal(table) == KnownKind::Other);
        assert_eq!(other.collect::<Vec<_>>(), Vec::<&String>::new());
        let tables = directory
            .read()
            .and_then(|reading| reading.everything_of(&[]))
            .expect("read");
        let other = tables.keys().filter(|table| of_the_cache(table) == KnownKind::Other);
        assert_eq!(other.collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
