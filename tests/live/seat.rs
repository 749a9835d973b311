//! One agent: a desk over real stores, and everything its panel showed, with the time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::{CallId, Line};
use ringside::desk::{Desk, DeskRequest, Identify, Parts, RecordedPanel, Reply, Rules, ShowAt, Told};
use ringside::directory::Directory;
use ringside::feed::FeedSignal;
use ringside::journal::Journal;
use ringside::number::{self, DialContext, Region};
use ringside::pop::view::{CallLogRow, CardState, CardView, MissedView, PanelView, VerdictKind};
use ringside::source::record::{CustomerRow, PhoneRow, Record};
use ringside::vault::MasterKey;
use serde::Serialize;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The customers, and the numbers from which the scenarios call.
const CUSTOMERS: [(&str, &str); 3] = [
    ("Alice", "+1 202 555 0143"),
    ("Bob", "+44 20 7946 0123"),
    ("Carol", "030 23125017"),
];

/// What is in view for less than this is no state: the phone system tells one step in several messages.
const GLIMPSE: TimeDelta = TimeDelta::milliseconds(200);

/// One agent's desk and what it showed.
pub(crate) struct Seat {
    /// The agent's extensions.
    name: String,
    desk: Desk,
    panel: RecordedPanel,
    looked: usize,
    in_view: bool,
    shown: Vec<(DateTime<Utc>, String)>,
    /// Calls that had a card, and what the agent wrote in it.
    written: BTreeMap<String, Option<String>>,
    notified: Vec<MissedView>,
    wrong: Vec<String>,
    _folder: TempDir,
}

impl Seat {
    /// An agent at these extensions, with an empty journal.
    pub(crate) fn at(lines: &[&str], feed: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let key = MasterKey::random().expect("randomness");
        let directory = Directory::open(&folder.path().join("cache.db"), key.bytes()).expect("a cache");
        let mut import = directory.begin_import("files", Utc::now()).expect("an import");
        for (name, phone) in CUSTOMERS {
            import
                .record(&Record::Customer(customer(name, phone)))
                .expect("taken in");
        }
        import.finish().expect("finished");
        let home = DialContext {
            region: Region::from_code("DE"),
            ..DialContext::default()
        };
        let panel = RecordedPanel::default();
        let parts = Parts {
            lines: lines.iter().map(|line| Line((*line).to_owned())).collect(),
            show_at: ShowAt::Ring,
            rules: Rules::default(),
            feeds: vec![Arc::from(feed)],
            identify: Identify::new(directory, home, HashMap::new(), Vec::new()),
            journal: Journal::open(&folder.path().join("journal.db"), &key).expect("a journal"),
            panel: Box::new(panel.clone()),
            keep_lines: Box::new(|_| Ok(())),
            quiet_until: None,
            keep_quiet: Box::new(|_| Ok(())),
        };
        Seat {
            name: lines.join(","),
            desk: Desk::new(parts, Utc::now()),
            panel,
            looked: 0,
            in_view: false,
            shown: Vec::new(),
            written: BTreeMap::new(),
            notified: Vec::new(),
            wrong: Vec::new(),
            _folder: folder,
        }
    }

    /// Takes in what the feed says, as the desk's loop does, and looks at the panel.
    pub(crate) fn signal(&mut self, signal: &FeedSignal) {
        self.desk.signal(signal.clone());
        self.look(signal.at);
        self.desk.keep(Utc::now());
        self.write(signal.at);
    }

    /// The states of the panel that a person could see, the first appearance first. Of a panel that went out of view in
    /// the end, it says why.
    pub(crate) fn states(&mut self) -> Vec<String> {
        let ends = self.shown.iter().skip(1).map(|(at, _)| *at).chain([Utc::now()]);
        let mut states: Vec<String> = Vec::new();
        for ((at, state), end) in self.shown.iter().zip(ends) {
            let is_first = states.is_empty() && state == "gone";
            if end - *at >= GLIMPSE && !is_first && states.last() != Some(state) {
                states.push(state.clone());
            }
        }
        if let (Some(last), Some(gone)) = (states.last_mut().filter(|last| *last == "gone"), self.view().gone) {
            let by = gone.by.map(|by| format!(" by {by}")).unwrap_or_default();
            *last = format!("gone ({}{by})", word(gone.reason));
        }
        states
    }

    /// Every state of the panel with the second it came, for the report of a failure.
    pub(crate) fn story(&self) -> String {
        let first = self.shown.first().map_or_else(Utc::now, |(at, _)| *at);
        let line = |(at, state): &(DateTime<Utc>, String)| format!("{:.2} {state}", (*at - first).as_seconds_f64());
        self.shown.iter().map(line).collect::<Vec<_>>().join(", ")
    }

    /// The call log as the agent sees it, the oldest call first.
    pub(crate) fn log(&mut self) -> Vec<CallLogRow> {
        let mut rows = self.ask(|reply| DeskRequest::CallLog(None, 50, reply));
        rows.reverse();
        rows
    }

    /// The agent's evening: wrap-ups close by themselves, missed calls are dismissed. What should not be is returned, with
    /// all that was wrong before.
    pub(crate) fn close(mut self) -> Vec<String> {
        self.check_notes();
        let later = Utc::now() + TimeDelta::seconds(61);
        self.desk.timeout(later);
        self.look(later);
        let view = self.view();
        for card in &view.cards {
            self.blame(format!("the card of {} does not close", card_text(card)));
        }
        for missed in view.missed {
            self.ask(|reply| DeskRequest::DismissMissed(CallId(missed.call), reply));
        }
        self.look(later);
        if self.in_view {
            self.blame("the panel stays in view with nothing in it".to_owned());
        }
        self.wrong
    }

    fn look(&mut self, at: DateTime<Utc>) {
        let told = self.panel.told();
        let news = told[self.looked..].to_vec();
        self.looked = told.len();
        for told in news {
            match told {
                Told::Show(view) => {
                    self.in_view = true;
                    self.see(&view, true, at);
                }
                Told::Update(view) => self.see(&view, false, at),
                Told::Hide => {
                    self.in_view = false;
                    self.note_state("gone".to_owned(), at);
                }
                Told::Missed(missed) => self.notify(missed),
                Told::Reminded(_) | Told::LogChanged => {}
            }
        }
    }

    fn see(&mut self, view: &PanelView, came_up: bool, at: DateTime<Utc>) {
        self.check(view, came_up);
        let state = match self.in_view {
            true => panel_text(view),
            false => "gone".to_owned(),
        };
        self.note_state(state, at);
    }

    fn note_state(&mut self, state: String, at: DateTime<Utc>) {
        if self.shown.last().is_none_or(|(_, last)| *last != state) {
            self.shown.push((at, state));
        }
    }

    /// What must hold at every moment, however short.
    fn check(&mut self, view: &PanelView, came_up: bool) {
        for (index, card) in view.cards.iter().enumerate() {
            if view.cards[..index].iter().any(|other| other.call == card.call) {
                self.blame(format!("two cards for the call of {}", card_text(card)));
            }
            if !self.written.contains_key(&card.call) {
                self.written.insert(card.call.clone(), None);
                if !came_up {
                    self.blame(format!("the panel did not come up for {}", card_text(card)));
                }
            }
            if let Some(Some(note)) = self.written.get(&card.call)
                && card.note.text != *note
            {
                self.blame(format!("the note is not in the card of {}", card_text(card)));
            }
        }
        let noted = |missed: &MissedView| self.notified.iter().any(|seen| seen.call == missed.call);
        if view.missed.iter().any(|missed| !noted(missed)) && view.missed.len() > self.notified.len() + 1 {
            self.blame("a missed call without a notification".to_owned());
        }
    }

    fn notify(&mut self, missed: MissedView) {
        if self.notified.iter().any(|seen| seen.call == missed.call) {
            self.blame(format!("two notifications for one missed call of {:?}", missed.name));
        }
        self.notified.push(missed);
    }

    /// The agent writes a note as soon as it is talked with a customer.
    fn write(&mut self, at: DateTime<Utc>) {
        let cards = self.view().cards.into_iter();
        let talks = |card: &CardView| card.state == CardState::Talking && card.pop.verdict == VerdictKind::One;
        for card in cards.filter(talks) {
            if self.written.get(&card.call).is_none_or(Option::is_none) {
                let note = format!("{} talked with {}", self.name, who(&card));
                let call = CallId(card.call.clone());
                let text = note.clone();
                self.ask(|reply| DeskRequest::SaveNote(call, text, reply));
                self.written.insert(card.call, Some(note));
            }
        }
        self.look(at);
    }

    fn check_notes(&mut self) {
        let rows = self.log();
        for (call, note) in self.written.clone() {
            let kept = rows.iter().find(|row| row.call == call).map(|row| row.note.clone());
            if let Some(note) = note
                && kept.as_ref() != Some(&note)
            {
                self.blame(format!("the log has {kept:?} where the agent wrote {note:?}"));
            }
        }
    }

    fn view(&mut self) -> PanelView {
        self.ask(DeskRequest::Panel)
    }

    fn ask<T>(&mut self, request: impl FnOnce(Reply<T>) -> DeskRequest) -> T {
        let (reply, mut answer) = oneshot::channel();
        self.desk.request(request(reply), Utc::now());
        answer.try_recv().expect("answered at once").expect("done")
    }

    fn blame(&mut self, what: String) {
        if !self.wrong.contains(&what) {
            self.wrong.push(what);
        }
    }
}

fn customer(name: &str, phone: &str) -> CustomerRow {
    let number = number::read(phone, Region::from_code("DE")).expect("a number");
    CustomerRow {
        key: name.to_owned(),
        name: name.to_owned(),
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

fn panel_text(view: &PanelView) -> String {
    let missed = |missed: &MissedView| {
        let who = missed.name.clone().or_else(|| missed.number.clone());
        format!("missed {}", who.as_deref().unwrap_or("withheld"))
    };
    let parts: Vec<String> = view
        .cards
        .iter()
        .map(card_text)
        .chain(view.missed.iter().map(missed))
        .collect();
    match parts.is_empty() {
        true => "gone".to_owned(),
        false => parts.join(" + "),
    }
}

fn card_text(card: &CardView) -> String {
    let outcome = card.outcome.map(|outcome| format!(" {}", word(outcome)));
    let by = card.handed_over.as_ref().and_then(|handed| handed.by.as_ref());
    let from = by.map(|by| format!(" from {by}")).unwrap_or_default();
    format!(
        "{} {}{}{from}",
        word(card.state),
        who(card),
        outcome.unwrap_or_default()
    )
}

/// A state or a reason as the user interface gets it.
fn word(value: impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn who(card: &CardView) -> String {
    let customer = card.pop.customer.as_ref().map(|customer| customer.name.clone());
    match card.pop.verdict {
        VerdictKind::Withheld => "withheld".to_owned(),
        _ => customer
            .or_else(|| card.pop.number.clone())
            .unwrap_or_else(|| "nobody".to_owned()),
    }
}
