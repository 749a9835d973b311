//! The desk over real stores, fed with recorded calls: whose panel shows what, and what stands in the log.

mod after;
mod board;
mod calls;
mod campaigns;
mod customer;
mod hands;
mod hints;
mod history;
mod killed;
mod people;
mod pretend;
mod quiet;
mod reminders;
mod roles;
mod search_all;
mod story;
mod tickets;
mod today;
mod verify;
mod waits;
mod why;

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use ringside::call::{CallEvent, CallId, Line, Outcome};
use ringside::config::{self, Ddi, Home, Language, Memory};
use ringside::customer::CustomerRef;
use ringside::desk::{Desk, DeskError, DeskRequest, FeedNumbers, Identify, Parts, RecordedPanel, Rules, ShowAt, Told};
use ringside::directory::Directory;
use ringside::feed::ami::Dialplan;
use ringside::feed::replay::AmiRecording;
use ringside::feed::{FeedSignal, Signal};
use ringside::journal::Journal;
use ringside::number::{self, DialContext, Region};
use ringside::pop::view::{CallLogRow, CardState, FeedHealth, NoteView, PanelView, VerdictKind};
use ringside::source::record::{CustomerRow, PhoneRow, Record};
use ringside::store;
use ringside::vault::MasterKey;
use ringside::words::Saying;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A desk, what its panel was told, and the folder of its stores.
struct Seated {
    desk: Desk,
    panel: RecordedPanel,
    now: DateTime<Utc>,
    folder: TempDir,
    key: MasterKey,
}

impl Seated {
    fn at(lines: &[&str]) -> Self {
        Self::with(lines, ShowAt::Ring, &[("ALFKI", "Maria Anders", "+1 202 555 0143")])
    }

    fn with(lines: &[&str], show_at: ShowAt, customers: &[(&str, &str, &str)]) -> Self {
        Self::under(Rules::default(), lines, show_at, customers)
    }

    fn under(rules: Rules, lines: &[&str], show_at: ShowAt, customers: &[(&str, &str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = MasterKey::random().expect("randomness");
        let directory = Directory::open(&folder.path().join("cache.db"), key.bytes()).expect("a cache");
        let mut import = directory.begin_import("files", Utc::now()).expect("an import");
        for (key, name, phone) in customers {
            import
                .record(&Record::Customer(customer(key, name, phone)))
                .expect("taken in");
            import.record(&Record::Balance(verify::owes(key))).expect("taken in");
        }
        import.finish().expect("finished");
        Self::over(rules, lines, show_at, folder, key, Utc::now().trunc_subsecs(3))
    }

    /// A desk over the stores in `folder`.
    fn over(
        rules: Rules,
        lines: &[&str],
        show_at: ShowAt,
        folder: TempDir,
        key: MasterKey,
        now: DateTime<Utc>,
    ) -> Self {
        let directory = Directory::open(&folder.path().join("cache.db"), key.bytes()).expect("a cache");
        let home = DialContext {
            region: Region::from_code("DE"),
            ..DialContext::default()
        };
        let panel = RecordedPanel::default();
        let in_file = Home::find(Some(folder.path())).expect("a home");
        let kept = Memory::of(&Home::find(Some(folder.path())).expect("a home"));
        let parts = Parts {
            lines: lines.iter().map(|line| Line((*line).to_owned())).collect(),
            show_at,
            rules,
            feeds: vec![Arc::from("asterisk")],
            identify: Identify::new(directory, home.clone(), numbers(home), Vec::new()),
            journal: Journal::open(&folder.path().join("journal.db"), &key).expect("a journal"),
            panel: Box::new(panel.clone()),
            keep_lines: Box::new(move |lines| {
                let extensions: Vec<String> = lines.iter().map(|line| line.0.clone()).collect();
                config::set_extensions(&in_file, &extensions).map_err(|error| error.to_string())
            }),
            quiet_until: kept.all().quiet_until,
            keep_quiet: Box::new(move |until| {
                let written = kept.change(|now| now.quiet_until = until);
                written.map_err(|error| error.to_string())
            }),
        };
        Seated {
            desk: Desk::new(parts, now),
            panel,
            now,
            folder,
            key,
        }
    }

    /// The same after Ringside was stopped and started.
    fn started_again(self) -> Self {
        let Seated {
            desk, folder, key, now, ..
        } = self;
        drop(desk);
        Self::over(Rules::default(), &["101"], ShowAt::Ring, folder, key, now)
    }

    /// The same after somebody deleted the customer data.
    fn without_cache(self) -> Self {
        let Seated {
            desk, folder, key, now, ..
        } = self;
        drop(desk);
        for entry in std::fs::read_dir(folder.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.to_string_lossy().contains("cache.db") {
                std::fs::remove_file(path).expect("deleted");
            }
        }
        Self::over(Rules::default(), &["101"], ShowAt::Ring, folder, key, now)
    }

    /// Plays a recording up to `until` seconds after its first event, as if it happened now.
    fn play(&mut self, recording: &str, until: f64) {
        for (since, event) in recorded(recording) {
            if since.as_seconds_f64() > until {
                break;
            }
            let at = self.now + since;
            self.signal(Signal::Event(event), at);
        }
        self.desk.keep(self.now + TimeDelta::seconds(5));
    }

    fn signal(&mut self, what: Signal, at: DateTime<Utc>) {
        self.desk.signal(FeedSignal {
            feed: Arc::from("asterisk"),
            at,
            what,
        });
    }

    fn ask<T>(&mut self, request: impl FnOnce(oneshot::Sender<T>) -> DeskRequest) -> T {
        let (reply, mut answer) = oneshot::channel();
        self.desk.request(request(reply), self.now + TimeDelta::seconds(5));
        answer.try_recv().expect("answered at once")
    }

    fn view(&mut self) -> PanelView {
        self.ask(DeskRequest::Panel).expect("a view")
    }

    fn log(&mut self) -> Vec<CallLogRow> {
        self.ask(|reply| DeskRequest::CallLog(None, 10, reply)).expect("a log")
    }

    fn save(&mut self, call: &str, text: &str) -> Result<NoteView, DeskError> {
        self.ask(|reply| DeskRequest::SaveNote(CallId(call.to_owned()), text.to_owned(), reply))
    }

    fn came_up(&self) -> usize {
        self.panel
            .told()
            .iter()
            .filter(|told| matches!(told, Told::Show(_)))
            .count()
    }

    fn missed(&self) -> usize {
        self.panel
            .told()
            .iter()
            .filter(|told| matches!(told, Told::Missed(_)))
            .count()
    }
}

/// What a recording tells, each with the time since its first event.
fn recorded(recording: &str) -> Vec<(TimeDelta, CallEvent)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/calls")
        .join(recording)
        .join("recording.ami");
    let dialplan = Dialplan::new("101|102|103", vec!["voicemail".to_owned()]).expect("a pattern");
    let events = AmiRecording::new(File::open(path).expect("a recording"), dialplan);
    let mut first = None;
    let since_first = |event: Result<_, _>| {
        let (at, event) = event.expect("readable");
        (at - *first.get_or_insert(at), event)
    };
    events.map(since_first).collect()
}

/// The feed's numbers: one of ours has a label, and calls over its trunk are from Germany.
fn numbers(home: DialContext) -> HashMap<String, FeedNumbers> {
    let sales = Ddi {
        number: "+493023125101".to_owned(),
        label: "Sales".to_owned(),
        region: None,
        language: Some(Language::Hr),
    };
    let numbers = FeedNumbers::new(home, vec![sales], Vec::new());
    HashMap::from([("asterisk".to_owned(), numbers)])
}

fn customer(key: &str, name: &str, phone: &str) -> CustomerRow {
    let number = number::read(phone, Region::from_code("DE")).expect("a number");
    CustomerRow {
        key: key.to_owned(),
        name: name.to_owned(),
        city: "Lüneburg".to_owned(),
        phones: vec![PhoneRow {
            raw: phone.to_owned(),
            label: String::new(),
            key: Some(number.key),
            given: number.given,
            ext: number.ext,
        }],
        ..CustomerRow::default()
    }
}

/// Later than the tracker remembers an ended call.
const FORGOTTEN: TimeDelta = TimeDelta::minutes(5);

const TO_THE_END: f64 = 1e9;
