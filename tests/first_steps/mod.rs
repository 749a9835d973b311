//! The first start, without a window: a phone system is tried, a file looked at and read in, customers picked to be called.

mod files;
mod left_out;

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use chrono::Utc;
use ringside::config::sheet::{Change, Value};
use ringside::config::{self, Home, Language, Memory};
use ringside::customer::CustomerRef;
use ringside::desk::{DeskHandle, RecordedPanel, TicketRequest};
use ringside::journal::{Priority, TicketKind};
use ringside::pop::view::{HeardView, ParamView, Pick, SentenceView, TicketFilter};
use ringside::start::{CallLists, Listening, NoImport, NoListening, Running, Settings, Start, with_tickets};
use ringside::vault::{self, Unlocked, Ways};
use ringside::words::Words;
use tempfile::TempDir;
use zeroize::Zeroizing;

const CUSTOMERS: &str =
    "Customer,Name,Phone,Opt out\nA1,Test Ana,030-0074321,no\nA2,Test Boris,030-0074322,yes\nA3,Test Carla,,no\n";

struct Place {
    folder: TempDir,
    home: Home,
    unlocked: Unlocked,
}

impl Place {
    fn new(settings: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let home = Home::find(Some(folder.path())).expect("a home");
        home.create().expect("created");
        fs::write(home.config_file(), settings).expect("written");
        fs::write(folder.path().join("customers.csv"), CUSTOMERS).expect("written");
        let ways = Ways {
            passphrase: Some(Zeroizing::new("for tests".to_owned())),
            keyring: None,
        };
        let unlocked = vault::unlock(&home, &ways).expect("unlocked");
        Place { folder, home, unlocked }
    }

    fn settings(&self) -> Settings {
        let config = config::load(&self.home).expect("right");
        Settings::new(self.home.clone(), config, None, None)
    }

    /// Ringside as it starts here.
    fn run(&self) -> Running {
        let config = config::load(&self.home).expect("right");
        let start = Start {
            home: &self.home,
            config: &config,
            unlocked: &self.unlocked,
            keyring: None,
            memory: Memory::of(&self.home),
            demo: None,
        };
        start.run(Box::new(RecordedPanel::default())).expect("started")
    }

    fn listen(&self, changes: &[Change], name: &str) -> Result<Listening, NoListening> {
        let settings = self.settings();
        let revision = settings.sheet(&[]).expect("read").revision;
        settings.listen(&revision, changes, name)
    }

    fn maps(&self, maps: &[(&str, &str)]) -> Result<ringside::pop::view::FilePreviewView, NoImport> {
        let maps: Vec<_> = maps
            .iter()
            .map(|&(field, column)| (field.to_owned(), column.to_owned()))
            .collect();
        self.settings().preview_file("customers.csv", &maps, &[], Utc::now())
    }
}

fn set(at: &str, text: &str) -> Change {
    Change::Set {
        at: at.to_owned(),
        value: Value::Text(text.to_owned()),
    }
}

/// A webhook at `port` that is not saved.
fn webhook(port: u16) -> Vec<Change> {
    vec![
        set("feed.0.kind", "webhook"),
        set("feed.0.name", "hook"),
        set("feed.0.preset", "zammad"),
        set("feed.0.listen", &format!("127.0.0.1:{port}")),
        set("feed.0.token", "file:token"),
    ]
}

fn token(place: &Place) {
    let settings = place.settings();
    let reference = settings.keep_secret("token", "a-token").expect("kept");
    assert_eq!(reference, "file:secrets/token");
    fs::create_dir_all(place.folder.path()).expect("there");
    fs::rename(
        place.folder.path().join("secrets/token"),
        place.folder.path().join("token"),
    )
    .expect("moved");
}

/// Waits until what is heard on another thread fits.
async fn heard(listening: &Listening, fits: impl Fn(&HeardView) -> bool) -> HeardView {
    for _ in 0..400 {
        let heard = listening.heard();
        if fits(&heard) {
            return heard;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never heard, but {:?}", listening.heard());
}

#[tokio::test]
async fn a_phone_system_that_is_tried_says_that_it_is_there_and_nothing_is_written() {
    let place = Place::new("");
    token(&place);
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .expect("a port")
        .port();
    let listening = place.listen(&webhook(port), "hook").expect("tried");
    let up = heard(&listening, |heard| heard.up).await;
    assert!(up.after_ms.is_some());
    assert_eq!(fs::read_to_string(place.home.config_file()).expect("read"), "");
    drop(listening);
    for _ in 0..400 {
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the port of a trial that has ended is still taken");
}

#[tokio::test]
async fn a_phone_system_that_is_not_there_or_cannot_be_used_says_why() {
    let place = Place::new("");
    token(&place);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let listening = place.listen(&webhook(port), "hook").expect("tried");
    let refused = heard(&listening, |heard| !heard.said.is_empty()).await;
    assert!(!refused.up, "{refused:?}");
    let wrong = place.listen(&[set("feed.0.kind", "webhook"), set("feed.0.name", "hook")], "hook");
    assert!(matches!(wrong, Err(NoListening::Settings(_))));
    let other = place.listen(&webhook(port), "another");
    assert!(matches!(other, Err(NoListening::NoFeed(_))));
}

#[test]
fn what_columns_mean_is_guessed_shown_with_examples_and_put_right() {
    let place = Place::new("home_region = \"DE\"\n");
    let preview = place.maps(&[]).expect("read");
    let columns: Vec<_> = preview.tables[0]
        .columns
        .iter()
        .map(|column| (column.header.as_str(), column.field.as_deref()))
        .collect();
    assert_eq!(
        columns[..3],
        [
            ("Customer", Some("customer")),
            ("Name", Some("name")),
            ("Phone", Some("phone"))
        ]
    );
    assert_eq!(preview.tables[0].columns[2].examples, ["030-0074321", "030-0074322"]);
    assert!(preview.fields.iter().any(|name| name == "opt_out"));
    let other = place.maps(&[("company", "Name")]).expect("read");
    assert_eq!(other.tables[0].columns[1].field.as_deref(), Some("company"));
}

/// A saying as the windows have it, in a language.
pub(crate) fn said(sentences: &[SentenceView], language: Language) -> String {
    let word = |param: &ParamView| match param {
        ParamView::Text(text) => text.clone(),
        ParamView::Said(said_of) => said(said_of, language),
    };
    let sentence = |one: &SentenceView| {
        let params: Vec<(&str, String)> = one.params.iter().map(|(name, param)| (&**name, word(param))).collect();
        Words::of(language).text(&one.key, &params)
    };
    sentences.iter().map(sentence).collect::<Vec<_>>().join(". ")
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let place = Place::new("");
    let settings = place.settings();
    fs::write(place.folder.path().join("noise.csv"), [0xff, 0xfe, 0x00, 0x9f, 0x0a]).expect("written");
    fs::create_dir(place.folder.path().join("empty")).expect("made");
    for path in ["not/there.csv", "noise.csv", "empty", "", "/", "customers.csv/"] {
        let refused = settings.preview_file(path, &[], &[], Utc::now());
        assert!(refused.is_err(), "{path:?}: {refused:?}");
    }
    let field = [("nonsense".to_owned(), "Name".to_owned())];
    assert!(matches!(
        settings.preview_file("customers.csv", &field, &[], Utc::now()),
        Err(NoImport::NoField(_))
    ));
}

#[test]
fn a_source_that_came_into_the_settings_is_read_at_once_and_its_customers_can_be_picked() {
    let place = Place::new("home_region = \"DE\"\n");
    let settings = place.settings();
    let running = place.run();
    let unknown = settings.import_source("customers", &running.sources);
    assert!(matches!(unknown, Err(NoImport::NoSource(_))));
    let revision = settings.sheet(&[]).expect("read").revision;
    let source = [
        set("source.0.kind", "files"),
        set("source.0.name", "customers"),
        set("source.0.path", "customers.csv"),
    ];
    settings.change(&revision, &source).expect("written");
    let imported = settings.import_source("customers", &running.sources).expect("read");
    assert_eq!(
        (imported.records, imported.refused, imported.trouble),
        (3, 0, Vec::new())
    );
    let complaints = Pick::Tickets {
        filter: TicketFilter {
            about: Some(TicketKind::Complaint),
            ..TicketFilter::default()
        },
    };
    let customers = tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(with_complaints(&running.desk, &complaints));
    running.stop();
    let config = config::load(&place.home).expect("right");
    let lists = CallLists::new(&place.unlocked, &config);
    let picked = lists.pick(&complaints, &customers, 100, Utc::now()).expect("picked");
    let shown: Vec<_> = picked.iter().map(|one| (one.name.as_str(), one.why.as_str())).collect();
    assert_eq!(shown, [("Test Boris", "#2 Broken"), ("Test Ana", "#3 Late again")]);
    let pick = Pick::Search {
        text: "test".to_owned(),
    };
    let mut picked = lists.pick(&pick, &[], 100, Utc::now()).expect("picked");
    picked.sort_by(|a, b| a.name.cmp(&b.name));
    let shown: Vec<_> = picked
        .iter()
        .map(|one| (one.name.as_str(), one.number.as_str(), one.opted_out))
        .collect();
    assert_eq!(
        shown,
        [
            ("Test Ana", "+49 30 0074321", false),
            ("Test Boris", "+49 30 0074322", true),
            ("Test Carla", "", false)
        ]
    );
    assert_eq!(lists.pick(&pick, &[], 2, Utc::now()).expect("picked").len(), 2);
    for nobody in [
        Pick::AtRisk,
        Pick::Valuable,
        Pick::Tier {
            name: "Gold".to_owned(),
        },
    ] {
        assert_eq!(
            lists.pick(&nobody, &[], 100, Utc::now()).expect("picked"),
            [],
            "{nobody:?}"
        );
    }
}

/// Opens tickets of several kinds for several customers, one for nobody, and gives whose are complaints.
async fn with_complaints(desk: &DeskHandle, complaints: &Pick) -> Vec<(CustomerRef, String)> {
    for (customer, kind, priority, subject) in [
        (Some("A1"), TicketKind::Question, Priority::Urgent, "When?"),
        (Some("A2"), TicketKind::Complaint, Priority::High, "Broken"),
        (Some("A1"), TicketKind::Complaint, Priority::Normal, "Late again"),
        (Some("A2"), TicketKind::Complaint, Priority::Low, "And late"),
        (None, TicketKind::Complaint, Priority::Urgent, "Whose?"),
    ] {
        let customer = customer.map(|key| CustomerRef::new("customers", key));
        let ticket = TicketRequest {
            kind,
            priority,
            subject: subject.to_owned(),
        };
        desk.new_ticket(customer, ticket).await.expect("opened");
    }
    assert_eq!(with_tickets(desk, complaints, 1).await.expect("read").len(), 1);
    with_tickets(desk, complaints, 100).await.expect("read")
}
