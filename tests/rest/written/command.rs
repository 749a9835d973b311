//! `ringside source outbox`.

use std::path::Path;
use std::process::Command;

use chrono::{TimeDelta, Utc};
use ringside::config::Home;
use ringside::journal::Journal;
use ringside::vault::{self, Ways};
use ringside::words::{Saying, said_view};
use serde_json::Value;
use zeroize::Zeroizing;

use super::with;
use crate::journal::answered;

fn outbox(home: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("--home")
        .arg(home)
        .args(["source", "outbox"])
        .args(arguments)
        .env("RINGSIDE_PASSPHRASE", "of a test")
        .output()
        .expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn what_waits_is_listed_with_why_and_tried_again_or_dropped_by_its_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    home.create().expect("created");
    let passphrase = Some(Zeroizing::new("of a test".to_owned()));
    let ways = Ways {
        passphrase,
        keyring: None,
    };
    let unlocked = vault::unlock(&home, &ways).expect("unlocked");
    let mut journal = Journal::open(&unlocked.journal_db(), &unlocked.key).expect("opened");
    let began = answered("a", -60).started;
    journal
        .write_back_to(&["crm".to_owned()], TimeDelta::zero(), began)
        .expect("written");
    for (name, customer) in [("a", "crm/17"), ("b", "crm/18")] {
        let call = with(answered(name, 0), customer);
        journal.put_call(&call).expect("written");
        journal.save_note(&call.id, "x", Utc::now()).expect("saved");
    }
    let ids: Vec<String> = journal
        .outbox(9)
        .expect("read")
        .iter()
        .map(|entry| entry.id.0.to_string())
        .collect();
    for entry in journal.outbox(9).expect("read") {
        journal
            .outbox_refuse(
                entry.id,
                &said_view(&Saying::quoted("CRM (a note): answered 400: no such contact")),
            )
            .expect("written");
    }
    drop(journal);

    let (good, said) = outbox(folder.path(), &[]);
    assert!(
        good && said.contains("crm/17 (Maria Anders)") && said.contains("no such contact"),
        "{said}"
    );
    assert!(
        said.contains(&format!("ringside source outbox --again {}", ids[0])),
        "{said}"
    );
    let (good, said) = outbox(folder.path(), &["--again", &ids[0], "--drop", &ids[1], "--json"]);
    let left: Value = serde_json::from_str(&said).expect("JSON");
    assert!(good && left.as_array().is_some_and(|left| left.len() == 1), "{said}");
    assert_eq!(
        (left[0]["waits_for_you"].as_bool(), left[0]["tries"].as_i64()),
        (Some(false), Some(0))
    );
    let (good, said) = outbox(folder.path(), &["--drop", "4711"]);
    assert!(
        !good && said.contains("4711: that is not waiting to be written any more"),
        "{said}"
    );
    let (good, said) = outbox(folder.path(), &["--drop", &ids[0]]);
    assert!(good && said.contains("Nothing waits"), "{said}");
}
