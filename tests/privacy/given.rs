//! What the window gives out of one person, and what it shows before they are erased.

use std::fs;

use clap::Parser;
use ringside::cli::export::{self, ExportArgs};
use ringside::journal::Act;
use ringside::pop::view::KnownKind;
use ringside::start::{Declined, NoPerson};
use serde_json::Value;

use super::asked::give_out;
use super::{Shop, now, reference};

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: ExportArgs,
}

#[tokio::test]
async fn the_file_of_the_window_is_that_of_the_command_line() {
    let shop = Shop::full();
    let running = shop.start();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let out = path("command.json").display().to_string();
    let command = Command::parse_from(["export", "crm/17", "--out", &out]);
    let mut said = Vec::new();
    export::run(&command.args, &shop.people(), now(), &mut said).expect("given out");
    fs::write(path("window.json"), "an older file").expect("written");
    let rows = give_out(&shop, &running, path("window.json")).await.expect("given out");
    let read = |name: &str| -> Value {
        let text = fs::read_to_string(path(name)).expect("the file");
        assert!(text.ends_with("}\n"));
        serde_json::from_str(&text).expect("JSON")
    };
    let (mut window, mut command) = (read("window.json"), read("command.json"));
    let tables = [&window["directory"], &window["journal"]];
    let tables = tables
        .iter()
        .flat_map(|part| part.as_object().expect("tables").values());
    let there = tables
        .chain([&window["traces"]])
        .map(|table| table.as_array().map_or(0, Vec::len) as u64);
    assert_eq!(rows, there.sum::<u64>());
    // the export of the command stands in that of the window
    let trail = |all: &mut Value| all["journal"]["audit"].take().as_array().map_or(0, Vec::len);
    assert_eq!(trail(&mut window), trail(&mut command) + 1);
    // the running desk may remind somebody of what is due between the two
    for task in [&mut window, &mut command]
        .into_iter()
        .filter_map(|all| all["journal"]["tasks"].as_array_mut())
        .flatten()
    {
        assert!(task.get("reminded").is_some(), "{task}");
        task["reminded"].take();
    }
    assert_eq!(window, command);
    let names = fs::read_dir(folder.path()).expect("listed").count();
    assert_eq!(names, 2, "no half file is left beside them");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path("window.json")).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "its owner alone can read it");
    }
    running.stop();
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_named_and_no_store_is_written_over() {
    let shop = Shop::full();
    let running = shop.start();
    let home = shop.folder.path();
    for ours in ["journal.db", "cache.db-wal", "config.toml", "sub/../traces.db"] {
        fs::create_dir_all(home.join("sub")).expect("made");
        let refused = give_out(&shop, &running, home.join(ours)).await.expect_err(ours);
        assert!(
            matches!(refused, Declined::Person(NoPerson::OurFile(_))),
            "{ours}: {refused}"
        );
    }
    assert_eq!(shop.acts(Act::PersonExported), [""; 0]);
    for nowhere in [home.join("not/there/request.json"), home.to_owned()] {
        let refused = give_out(&shop, &running, nowhere.clone()).await.expect_err("nowhere");
        assert_eq!(refused.code(), "not_written");
        let said = refused.saying().to_string();
        assert!(
            said.contains(&nowhere.display().to_string()) && said.contains("check the folder"),
            "{said}"
        );
    }
    shop.journal().check().expect("the journal is whole");
    running.stop();
}

#[tokio::test]
async fn what_is_known_is_what_the_dry_run_counts_and_says_what_stays() {
    let shop = Shop::full();
    let running = shop.start();
    fs::write(shop.folder.path().join("customers.csv"), "Quendolin").expect("written");
    let people = shop.people();
    let known = people
        .asked_what_is_known(&running.desk, "shop/9001".to_owned())
        .await
        .expect("known");
    let look = people.look(&people.find("crm/17").expect("found")).expect("looked");
    let tables = look.directory.iter().chain(&look.journal).map(|(_, rows)| *rows);
    let shown: u64 = known.rows.iter().map(|row| row.rows).sum();
    assert_eq!(shown, tables.sum::<u64>() + look.traces);
    let rows = |kind, stays| {
        let found = known.rows.iter().find(|row| (row.kind, row.stays) == (kind, stays));
        found.map_or(0, |row| row.rows)
    };
    assert_eq!(
        rows(KnownKind::Notes, false),
        5,
        "two, what they said before, and one handed over"
    );
    assert!(
        rows(KnownKind::Calls, true) >= 6 && rows(KnownKind::Audit, true) >= 1,
        "{:?}",
        known.rows
    );
    assert!(known.rows.iter().all(|row| row.kind != KnownKind::Other));
    assert!(known.rows.is_sorted_by_key(|row| row.stays));
    assert_eq!(known.records.len(), 3);
    assert_eq!(known.shared.len(), 1);
    assert_eq!(known.shared[0].others, [reference("crm/18").to_string()]);
    assert!(known.files[0].ends_with("customers.csv"), "{:?}", known.files);
    running.stop();
}
