//! A column that somebody leaves out stays left out: in what the page shows, in what is kept of the columns, and at every later run.

use ringside::directory::Directory;
use ringside::number::Key;
use ringside::source::sync::Progress;
use ringside::start::{Follower, Sources, Wish, said_in};

use super::*;

const FILE: &str = "Customer,Name,City,Phone,Mobile\nA1,Test Ana,Zagreb,030-0074321,030-0074399\n";

fn preview(place: &Place, leave_out: &[&str]) -> Vec<(String, Option<String>)> {
    let leave_out: Vec<String> = leave_out.iter().map(|&name| name.to_owned()).collect();
    let shown = place
        .settings()
        .preview_file("customers.csv", &[], &leave_out, Utc::now());
    let mut tables = shown.expect("shown").tables;
    assert_eq!(tables[0].holds, "customers");
    let columns = tables.remove(0).columns.into_iter();
    columns.map(|column| (column.header, column.field)).collect()
}

fn meaning(columns: &[(String, Option<String>)], header: &str) -> Option<String> {
    columns
        .iter()
        .find(|(name, _)| name == header)
        .and_then(|(_, field)| field.clone())
}

/// Town and numbers of Ana, as the cache has them.
fn ana(place: &Place) -> (String, usize) {
    let mut directory =
        Directory::open(&place.unlocked.cache_db(), place.unlocked.key.bytes()).expect("the cache opens");
    let reading = directory.read().expect("read");
    let found = reading
        .by_reference(&CustomerRef::new("customers", "A1"))
        .expect("read");
    let found = found.expect("she is there");
    let dossier = reading.dossier(found.id, Utc::now()).expect("read").expect("hers");
    let numbers = [49_300_074_321, 49_300_074_399].map(|digits| {
        let key = Key::new(digits).expect("a number");
        reading.holders(key).expect("read").len()
    });
    (dossier.customer.city, numbers.iter().sum())
}

/// The next run by itself, of the settings as they are.
fn sync(place: &Place) {
    struct Waits;
    impl Follower for Waits {
        fn progress(&mut self, _: &Progress) {}

        fn wait(&mut self, time: Duration) -> bool {
            std::thread::sleep(time);
            true
        }

        fn is_stopped(&self) -> bool {
            false
        }
    }
    let config = config::load(&place.home).expect("right");
    let directory = Directory::open(&place.unlocked.cache_db(), place.unlocked.key.bytes()).expect("the cache opens");
    let hand = said_in(&place.unlocked.journal_db(), &place.unlocked.key);
    let sources = Sources::new(&place.home, &config, directory.place(), hand);
    let report = sources
        .run(&sources.all()[0], Wish::default(), &mut Waits)
        .expect("run");
    assert!(report.failed.is_none(), "{:?}", report.failed);
}

fn import(place: &Place, changes: &[Change]) {
    let settings = place.settings();
    let running = place.run();
    let revision = settings.sheet(&[]).expect("read").revision;
    settings.change(&revision, changes).expect("written");
    let imported = settings.import_source("customers", &running.sources).expect("read");
    running.stop();
    assert_eq!((imported.records, imported.trouble), (1, Vec::new()));
}

fn leave_out(names: &[&str]) -> Change {
    Change::Set {
        at: "source.0.leave_out".to_owned(),
        value: Value::Texts(names.iter().map(|&name| name.to_owned()).collect()),
    }
}

#[test]
fn a_column_whose_meaning_was_guessed_is_shown_as_left_out_once_somebody_said_so() {
    let place = Place::new("home_region = \"DE\"\n");
    fs::write(place.folder.path().join("customers.csv"), FILE).expect("written");
    let guessed = preview(&place, &[]);
    assert_eq!(meaning(&guessed, "City").as_deref(), Some("city"));
    let without = preview(&place, &["city", "Mobile", "no such column"]);
    assert_eq!(meaning(&without, "City"), None, "in any case and spacing");
    assert_eq!(
        meaning(&without, "Mobile"),
        None,
        "also what looks like telephone numbers"
    );
    for header in ["Customer", "Name", "Phone"] {
        assert_eq!(meaning(&without, header), meaning(&guessed, header), "{header}");
    }
    // what it cannot do without is said, and no other column takes its place
    let settings = place.settings();
    let all = ["Phone".to_owned(), "Mobile".to_owned()];
    let lacking = settings
        .preview_file("customers.csv", &[], &all, Utc::now())
        .expect("shown");
    assert!(!lacking.ready && !lacking.tables[0].lacks.is_empty());
    assert!(
        lacking.tables[0]
            .columns
            .iter()
            .all(|column| column.field.as_deref() != Some("phone"))
    );
}

#[test]
fn of_two_columns_that_are_written_alike_only_the_one_that_is_named_is_left_out() {
    let place = Place::new("home_region = \"DE\"\n");
    let text = "Customer,Name,Phone,phone.\nA1,Test Ana,030-0074321,030-0074399\n";
    fs::write(place.folder.path().join("customers.csv"), text).expect("written");
    let without = preview(&place, &["phone."]);
    assert_eq!(meaning(&without, "Phone").as_deref(), Some("phone"));
    assert_eq!(meaning(&without, "phone."), None);
}

#[test]
fn a_column_left_out_stays_so_in_what_is_kept_and_at_the_next_runs() {
    let place = Place::new("# mine\nhome_region = \"DE\"\n");
    let file = place.folder.path().join("customers.csv");
    fs::write(&file, FILE).expect("written");
    let source = [
        set("source.0.kind", "files"),
        set("source.0.name", "customers"),
        set("source.0.path", "customers.csv"),
        leave_out(&["City", "Mobile"]),
    ];
    import(&place, &source);
    let text = fs::read_to_string(place.home.config_file()).expect("read");
    assert!(
        text.starts_with("# mine\n") && text.contains("leave_out = [\"City\", \"Mobile\"]"),
        "{text}"
    );
    assert_eq!(ana(&place), (String::new(), 1));
    let memory = place.folder.path().join("sources/customers.toml");
    let kept = fs::read_to_string(&memory).expect("kept");
    assert!(
        !kept.contains("City") && !kept.contains("Mobile") && kept.contains("Phone"),
        "{kept}"
    );
    fs::write(&file, format!("{FILE}A2,Test Boris,Split,030-0074322,\n")).expect("written");
    sync(&place);
    assert_eq!(ana(&place), (String::new(), 1));
    // also where its meaning is guessed anew, and where somebody wrote it into what is kept
    fs::remove_file(&memory).expect("forgotten");
    fs::write(&file, format!("{FILE}A3,Test Carla,Split,030-0074323,\n")).expect("written");
    sync(&place);
    assert_eq!(ana(&place), (String::new(), 1));
    let kept = fs::read_to_string(&memory).expect("kept");
    fs::write(&memory, format!("{kept}City = \"city\"\n")).expect("written");
    fs::write(&file, format!("{FILE}A4,Test Dora,Split,030-0074324,\n")).expect("written");
    sync(&place);
    assert_eq!(ana(&place), (String::new(), 1));
}

#[test]
fn what_is_chosen_in_the_first_steps_later_goes_before_what_was_kept() {
    let place = Place::new("home_region = \"DE\"\n");
    fs::write(place.folder.path().join("customers.csv"), FILE).expect("written");
    let source = [
        set("source.0.kind", "files"),
        set("source.0.name", "customers"),
        set("source.0.path", "customers.csv"),
    ];
    import(&place, &source);
    assert_eq!(ana(&place), ("Zagreb".to_owned(), 2));
    import(&place, &[leave_out(&["City"])]);
    assert_eq!(ana(&place), (String::new(), 2));
    let back = Change::Remove {
        at: "source.0.leave_out".to_owned(),
    };
    import(&place, &[back]);
    assert_eq!(ana(&place), ("Zagreb".to_owned(), 2));
}
