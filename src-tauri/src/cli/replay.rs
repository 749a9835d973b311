//! `ringside replay`: a recording of a phone system, read as fast as possible or at the speed of then.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use chrono::{DateTime, Utc};
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use crate::call::{Call, CallChange, CallId, CallTracker, Happened, Summary};
use crate::feed::record::Reading;
use crate::feed::replay::{self, Events, ReaderError, Recording, RecordingError, Speed, reader};

/// Reads a recording and tells what every caller lived through.
#[derive(Args, Debug)]
pub struct ReplayArgs {
    /// The recording: a file of `ringside record`, or the bare bytes that a manager client received.
    file: PathBuf,
    /// What was recorded; `auto` believes the file, and takes bare bytes for `ami`.
    #[arg(long, default_value = AUTO, value_parser = feeds(), value_name = "FEED")]
    feed: String,
    /// Our phones: a list such as `101,102`, or a regular expression for the endpoint's whole name; else as recorded,
    /// else two to six digits.
    #[arg(long, value_name = "LIST|REGEX")]
    agents: Option<String>,
    /// Contexts of the dialplan that are a voice mailbox; else as recorded, else `voicemail`.
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    voicemail: Option<Vec<String>>,
    /// Print the calls as one JSON document instead of one JSON line a change.
    #[arg(long)]
    summary: bool,
    /// How fast: 1 as it was, 10 ten times as fast, max without waiting.
    #[arg(long, default_value = "max", value_name = "TIMES|max")]
    speed: Speed,
}

const AUTO: &str = "auto";

/// Why a recording cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: RecordingError,
    },
    /// The file says that it is of another feed.
    #[error("{path} is a recording of `{recorded}`, not of `{asked}`; leave --feed out")]
    Other {
        /// The file.
        path: PathBuf,
        /// What the file says.
        recorded: String,
        /// What was said.
        asked: String,
    },
    /// The feed is not known, or `--agents` is malformed.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// There is nothing of this feed in it.
    #[error("{path} has nothing of `{feed}` in it; record the bytes that are received, unchanged, and see --feed")]
    Empty {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        feed: String,
    },
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Write(#[from] io::Error),
}

#[derive(Serialize)]
struct Document {
    calls: Vec<Summary>,
}

#[derive(Serialize)]
struct ChangeLine<'a> {
    at: DateTime<Utc>,
    call: &'a CallId,
    change: &'static str,
    endpoint: Option<String>,
    #[serde(flatten)]
    now: Summary,
}

/// Runs the command; the result goes to `out`.
///
/// # Errors
/// When the file cannot be read, has no event, or `--agents` is malformed.
pub fn run(args: &ReplayArgs, out: &mut dyn Write) -> Result<(), ReplayError> {
    let (feed, mut events) = open(args)?;
    let mut told = Told {
        args,
        tracker: CallTracker::default(),
        ended: BTreeMap::new(),
    };
    let (start, mut first) = (Instant::now(), None);
    for event in events.by_ref() {
        let (at, event) = event.map_err(|source| unreadable(args, source))?;
        let since = (at - *first.get_or_insert(at)).to_std().unwrap_or_default();
        let due = args.speed.due(since);
        std::thread::sleep(due.saturating_sub(start.elapsed()));
        told.tracker.handle("replay", &event, at);
        told.changes(out)?;
        told.tracker.handle_timeout(at);
        told.changes(out)?;
    }
    if events.messages() == 0 {
        let path = args.file.clone();
        return Err(ReplayError::Empty { path, feed });
    }
    if events.is_cut() {
        tracing::warn!(file = %args.file.display(), "the last line of the recording is cut, and was left out");
    }
    if args.summary {
        let text = serde_json::to_string_pretty(&told.document()).map_err(io::Error::from)?;
        writeln!(out, "{text}")?;
    }
    Ok(())
}

fn open(args: &ReplayArgs) -> Result<(String, Events<File>), ReplayError> {
    let file = File::open(&args.file).map_err(|error| unreadable(args, error.into()))?;
    let recording = Recording::open(file).map_err(|source| unreadable(args, source))?;
    let recorded = recording.header().map(|header| header.feed.clone());
    let feed = match (recorded, args.feed.as_str()) {
        (Some(recorded), AUTO) => recorded,
        (Some(recorded), asked) if recorded != asked => {
            let (path, asked) = (args.file.clone(), asked.to_owned());
            return Err(ReplayError::Other { path, recorded, asked });
        }
        (None, AUTO) => "ami".to_owned(),
        (_, asked) => asked.to_owned(),
    };
    let as_recorded = recording
        .header()
        .map(|header| header.reading.clone())
        .unwrap_or_default();
    let reading = Reading {
        agents: args.agents.as_deref().map(pattern).or(as_recorded.agents.clone()),
        voicemail: args.voicemail.clone().or(as_recorded.voicemail.clone()),
        ..as_recorded
    };
    let reader = reader(&feed, &reading)?;
    Ok((feed, Events::new(recording, reader)))
}

fn unreadable(args: &ReplayArgs, source: RecordingError) -> ReplayError {
    ReplayError::Read {
        path: args.file.clone(),
        source,
    }
}

fn feeds() -> PossibleValuesParser {
    PossibleValuesParser::new(std::iter::once(AUTO).chain(replay::kinds()))
}

/// What was told so far.
struct Told<'a> {
    args: &'a ReplayArgs,
    tracker: CallTracker,
    ended: BTreeMap<CallId, (DateTime<Utc>, Summary)>,
}

impl Told<'_> {
    fn changes(&mut self, out: &mut dyn Write) -> Result<(), ReplayError> {
        while let Some(change) = self.tracker.poll_change() {
            let Some(call) = self.tracker.call(&change.call) else {
                continue;
            };
            if !self.args.summary {
                writeln!(out, "{}", line(&change, call.into()))?;
            } else if call.ended.is_some() {
                // also again, when something is heard late
                self.ended.insert(call.id.clone(), (call.began, call.into()));
            }
        }
        Ok(())
    }

    /// All calls in the order they began, those that are still on among them.
    fn document(self) -> Document {
        let mut calls = self.ended;
        let on = self.tracker.calls().filter(|call: &&Call| call.ended.is_none());
        calls.extend(on.map(|call| (call.id.clone(), (call.began, call.into()))));
        let mut calls: Vec<_> = calls.into_iter().collect();
        calls.sort_by_key(|(_, (began, _))| *began);
        let mut calls: Vec<(CallId, Summary)> = calls.into_iter().map(|(id, (_, summary))| (id, summary)).collect();
        Summary::number_consultations(&mut calls);
        let calls = calls.into_iter().map(|(_, summary)| summary).collect();
        Document { calls }
    }
}

fn line(change: &CallChange, now: Summary) -> String {
    let (name, endpoint) = match &change.happened {
        Happened::Began => ("began", None),
        Happened::Offered(to) => ("offered", Some(to)),
        Happened::Consulted(to) => ("consulted", Some(to)),
        Happened::Ringing(to) => ("ringing", Some(to)),
        Happened::Answered(to) => ("answered", Some(to)),
        Happened::Held => ("held", None),
        Happened::Resumed => ("resumed", None),
        Happened::PartyChanged => ("party_changed", None),
        Happened::Queue => ("queue", None),
        Happened::Transferred => ("transferred", None),
        Happened::Diverted => ("diverted", None),
        Happened::LegEnded(to, _) => ("leg_ended", Some(to)),
        Happened::Ended => ("ended", None),
    };
    let endpoint = endpoint.map(ToString::to_string);
    let line = ChangeLine {
        at: change.at,
        call: &change.call,
        change: name,
        endpoint,
        now,
    };
    serde_json::to_string(&line).unwrap_or_default()
}

/// `101,102` becomes `101|102`; anything else is a pattern already.
fn pattern(agents: &str) -> String {
    let is_list = agents
        .split(',')
        .all(|part| !part.is_empty() && part.chars().all(char::is_alphanumeric));
    if is_list {
        agents.replace(',', "|")
    } else {
        agents.to_owned()
    }
}
