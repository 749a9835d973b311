//! The TypeScript in `ui/generated` is what Rust would generate today.

use std::fs;
use std::path::{Path, PathBuf};

use ringside::advisor::report::Report;
use ringside::config::Home;
use ringside::config::sheet::{Change, Changed, look};
use ringside::pop::view::{
    AfterCallView, AuditRequest, AuditView, BoardView, CallLogRow, CampaignView, CampaignWorkView, ContactRequest,
    CustomerPageView, DataFileView, FeedHeardView, FilePreviewView, FoundView, GivenOutView, HeardView, HistoryView,
    HitView, ImportedView, KnownView, LastHourView, LinkView, LogChoicesView, LogFilter, LogRowView, NewCampaign,
    NumberHealthView, PanelView, Pick, PickedView, PretendStep, ReportRequest, ReportView, SavedFilterView,
    SessionView, SourceView, StartNotice, StoryView, SystemView, TicketFilter, TicketPage, TicketView, TodayView,
    TryRequest, UnwrittenView, UserRequest, UserView, WebhookTrialView, WhenView, WhyView,
};
use ringside::review::Part;
use ts_rs::{Config, TS, TypeVisitor};

/// Set to write the files instead of comparing them.
const BLESS: &str = "RINGSIDE_BLESS";

/// Collects the generated file of a type and of every type it mentions.
struct Files(Vec<(String, String)>);

impl TypeVisitor for Files {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let Some(path) = T::output_path() else { return };
        let name = path.to_string_lossy().into_owned();
        if self.0.iter().any(|(seen, _)| *seen == name) {
            return;
        }
        let text = T::export_to_string(&Config::new()).expect("every view type can be written as TypeScript");
        self.0.push((name, text));
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/generated")
}

fn expected() -> Vec<(String, String)> {
    let mut files = Files(Vec::new());
    files.visit::<PanelView>();
    files.visit::<CallLogRow>();
    files.visit::<BoardView>();
    files.visit::<FeedHeardView>();
    files.visit::<LastHourView>();
    files.visit::<SessionView>();
    files.visit::<UserView>();
    files.visit::<UserRequest>();
    files.visit::<AfterCallView>();
    files.visit::<WhenView>();
    files.visit::<HitView>();
    files.visit::<StartNotice>();
    files.visit::<WebhookTrialView>();
    files.visit::<WhyView>();
    files.visit::<NumberHealthView>();
    files.visit::<SystemView>();
    files.visit::<LinkView>();
    files.visit::<TodayView>();
    files.visit::<TicketFilter>();
    files.visit::<TicketPage>();
    files.visit::<TicketView>();
    files.visit::<SavedFilterView>();
    files.visit::<HistoryView>();
    files.visit::<FoundView>();
    files.visit::<CustomerPageView>();
    files.visit::<ContactRequest>();
    files.visit::<SourceView>();
    files.visit::<Report>();
    files.visit::<ReportView>();
    files.visit::<ReportRequest>();
    files.visit::<AuditRequest>();
    files.visit::<AuditView>();
    files.visit::<Part>();
    files.visit::<KnownView>();
    files.visit::<GivenOutView>();
    files.visit::<LogFilter>();
    files.visit::<LogRowView>();
    files.visit::<LogChoicesView>();
    files.visit::<StoryView>();
    files.visit::<UnwrittenView>();
    files.visit::<CampaignView>();
    files.visit::<CampaignWorkView>();
    files.visit::<NewCampaign>();
    files.visit::<Pick>();
    files.visit::<PickedView>();
    files.visit::<TryRequest>();
    files.visit::<HeardView>();
    files.visit::<DataFileView>();
    files.visit::<FilePreviewView>();
    files.visit::<ImportedView>();
    files.visit::<PretendStep>();
    files.visit::<Change>();
    files.visit::<Changed>();
    files.0.sort();
    files.0
}

fn present() -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder()) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("ui/generated can be listed").path())
        .map(|path| {
            let name = path
                .file_name()
                .expect("a listed file has a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("generated files are text"))
        })
        .collect();
    files.sort();
    files
}

fn write(files: &[(String, String)]) {
    fs::create_dir_all(folder()).expect("ui/generated can be made");
    for (name, _) in present() {
        fs::remove_file(folder().join(name)).expect("stale files can be removed");
    }
    for (name, text) in files {
        fs::write(folder().join(name), text).expect("ui/generated can be written");
    }
}

#[test]
fn the_generated_bindings_are_those_of_the_rust_types() {
    let expected = expected();
    if std::env::var_os(BLESS).is_some() {
        write(&expected);
    }
    let present = present();
    let stale: Vec<_> = expected
        .iter()
        .filter(|file| !present.contains(file))
        .chain(
            present
                .iter()
                .filter(|(name, _)| !expected.iter().any(|(wanted, _)| wanted == name)),
        )
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(
        stale.is_empty(),
        "stale in ui/generated: {stale:?}; refresh with `RINGSIDE_BLESS=1 cargo test bindings`"
    );
}

/// The settings of the made-up shop of the pages.
const SHOP: &str = r#"home_region = "DE"
language = "en"

[agent]
name = "Marta"
extensions = ["101"]

[panel]
corner = "top-right"
cover = "unverified"

[[feed]]
name = "pbx"
kind = "asterisk"
host = "pbx.example.com"
port = 5039
user = "ringside"
secret = "keyring:pbx-secret"
tls = true

[[feed.ddi]]
number = "+493023125100"
label = "Sales"

[[feed]]
name = "sipgate"
kind = "webhook"
preset = "sipgate"
listen = "127.0.0.1:8730"
token = "keyring:sipgate-token"

[[source]]
name = "tryton"
kind = "rest"
system = "tryton"

[source.with]
host = "erp.example.com"
"#;

#[test]
fn the_settings_of_the_demo_are_shown_as_rust_shows_them() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    fs::write(home.config_file(), SHOP).expect("written");
    let mut sheet = look(&home).expect("read");
    assert_eq!(sheet.wrong, None);
    sheet.file = "~/.local/share/ringside/config.toml".to_owned();
    let text = serde_json::to_string_pretty(&sheet).expect("JSON") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/demo/settings.json");
    if std::env::var_os(BLESS).is_some() {
        fs::write(&file, &text).expect("written");
    }
    let present = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        present == text,
        "stale: ui/demo/settings.json; refresh with `RINGSIDE_BLESS=1 cargo test bindings`"
    );
}

#[test]
fn the_panel_that_the_window_bench_shows_can_be_read() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/fixtures/full-panel.json");
    let text = fs::read_to_string(file).expect("the fixture");
    let panel: PanelView = serde_json::from_str(&text).expect("a panel of today");
    assert!(panel.cards.iter().any(|card| card.pop.suggestions.len() == 3));
}
