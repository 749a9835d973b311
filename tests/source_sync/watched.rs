//! Files that are watched: saved by somebody, read by Ringside, asked by nobody.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ringside::config::{self, Home};
use ringside::directory::{Directory, Hand};
use ringside::pop::view::{ParamView, SourceState};
use ringside::start::{Schedule, Sources};
use tempfile::TempDir;

use super::workbook::{row, workbook};
use crate::directory::KEY;

/// A home whose only source is the folder `shop` in it, read when its files change and never else.
struct Office {
    folder: TempDir,
    directory: Directory,
    schedule: Schedule,
}

impl Office {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("shop")).unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join("shop").join(name), bytes).unwrap();
        }
        let settings =
            "home_region = \"DE\"\n[[source]]\nname = \"shop\"\nkind = \"files\"\npath = \"shop\"\nevery_minutes = 0\n";
        fs::write(folder.path().join("config.toml"), settings).unwrap();
        let home = Home::find(Some(folder.path())).unwrap();
        let config = config::load(&home).unwrap();
        let directory = Directory::open(&folder.path().join("cache.db"), &KEY).unwrap();
        let sources = Sources::new(&home, &config, directory.place(), Arc::new(|| Ok(Hand::default())));
        Office {
            schedule: Schedule::start(sources).unwrap(),
            folder,
            directory,
        }
    }

    /// As programs save: beside the file, then over it.
    fn save(&self, name: &str, bytes: &[u8]) {
        let half = self.folder.path().join("half");
        fs::write(&half, bytes).unwrap();
        fs::rename(half, self.path().join(name)).unwrap();
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("shop")
    }

    fn names(&mut self, number: &str) -> Vec<String> {
        let reading = self.directory.read().unwrap();
        let hits = reading.search(number, 5).unwrap();
        hits.into_iter().map(|hit| hit.customer.name).collect()
    }

    /// Waits until a number belongs to these people.
    fn until(&mut self, number: &str, names: &[&str]) {
        let began = Instant::now();
        while self.names(number) != names {
            let views = self.schedule.views();
            assert!(began.elapsed() < Duration::from_secs(60), "{number}: {views:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn customers(rows: &[[&str; 3]]) -> Vec<u8> {
    let mut xml = row(1, &["Customer no.", "Name", "Phone"]);
    for (at, cells) in rows.iter().enumerate() {
        xml += &row(at + 2, cells);
    }
    workbook(&[("Customers", false, &xml)])
}

fn card(name: &str, number: &str) -> String {
    format!(
        "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:x:{name}\r\nFN:{name}\r\nTEL;VALUE=uri:tel:{number}\r\nEND:VCARD\r\n"
    )
}

fn files_beside(path: &Path) -> usize {
    fs::read_dir(path).unwrap().count()
}

#[test]
fn a_workbook_and_an_address_book_in_a_watched_folder_are_read_when_they_are_saved() {
    let ana = ["1001", "Ana Horvat", "+385 1 4567890"];
    let ivo = ["1002", "Ivo Klein", "+49 30 2312 5102"];
    let mut office = Office::with(&[
        ("customers.xlsx", &customers(&[ana, ivo])),
        ("people.vcf", card("Mia Moser", "+4930231251").as_bytes()),
    ]);
    office.schedule.now("shop", false).unwrap();
    office.until("+385 1 4567890", &["Ana Horvat"]);
    office.until("+49 30 231251", &["Mia Moser", "Ivo Klein"]);

    let moved = ["1001", "Ana Horvat", "+385 1 9999999"];
    office.save("customers.xlsx", &customers(&[moved, ivo]));
    office.until("+385 1 9999999", &["Ana Horvat"]);
    assert!(office.names("+385 1 4567890").is_empty(), "the old number is nobody's");

    office.save("people.vcf", card("Mia Moser", "+34915550101").as_bytes());
    office.until("+34 915 550 101", &["Mia Moser"]);

    // What is no workbook any more takes nothing away, and is said.
    office.save("customers.xlsx", b"PK\x03\x04 cut off");
    let began = Instant::now();
    while office.schedule.views()[0].state != SourceState::Failed {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{:?}",
            office.schedule.views()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    let trouble = office.schedule.views()[0].trouble.clone();
    assert_eq!(trouble[0].key, "import.workbook");
    assert!(
        matches!(&trouble[0].params["path"], ParamView::Text(path) if path.ends_with("customers.xlsx")),
        "{trouble:?}"
    );
    assert_eq!(office.names("+385 1 9999999"), ["Ana Horvat"]);
    assert_eq!(files_beside(&office.path()), 2, "nothing is written beside them");
    office.schedule.stop();
}
