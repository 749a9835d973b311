//! `ringside replay`: a recording of a phone system, read as fast as possible.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::call::{CallChange, CallId, CallTracker, Happened, Summary};
use crate::feed::ami::Dialplan;
use crate::feed::replay::AmiRecording;

/// Reads a recording and tells what every caller lived through.
#[derive(Args, Debug)]
pub struct ReplayArgs {
    /// The recording: for `ami` the bytes that a manager client received.
    file: PathBuf,
    /// What was recorded.
    #[arg(long, value_enum)]
    feed: FeedKind,
    /// Our phones: a list such as `101,102`, or a regular expression for the endpoint's whole name.
    #[arg(long, default_value = r"\d{2,6}", value_name = "LIST|REGEX")]
    agents: String,
    /// Contexts of the dialplan that are a voice mailbox.
    #[arg(long, default_value = "voicemail", value_delimiter = ',', value_name = "LIST")]
    voicemail: Vec<String>,
    /// Print the calls as one JSON document instead of one JSON line a change.
    #[arg(long)]
    summary: bool,
}

/// Recordings that can be read.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FeedKind {
    /// Asterisk Manager Interface.
    Ami,
}

/// Why a recording cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The pattern for our phones is none.
    #[error("--agents {pattern} is neither a list of extensions nor a regular expression: {source}")]
    Agents {
        /// What was given.
        pattern: String,
        /// Why.
        source: regex::Error,
    },
    /// There is no event in it.
    #[error("{path} has no Asterisk event in it; record the bytes that a manager client receives, unchanged")]
    Empty {
        /// The file.
        path: PathBuf,
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
    let FeedKind::Ami = args.feed;
    let read_error = |source| ReplayError::Read {
        path: args.file.clone(),
        source,
    };
    let dialplan =
        Dialplan::new(&pattern(&args.agents), args.voicemail.clone()).map_err(|source| ReplayError::Agents {
            pattern: args.agents.clone(),
            source,
        })?;
    let mut recording = AmiRecording::new(File::open(&args.file).map_err(read_error)?, dialplan);
    let mut tracker = CallTracker::default();
    let mut ended = BTreeMap::new();
    for event in recording.by_ref() {
        let (at, event) = event.map_err(read_error)?;
        tracker.handle("replay", &event, at);
        while let Some(change) = tracker.poll_change() {
            let Some(call) = tracker.call(&change.call) else {
                continue;
            };
            if !args.summary {
                writeln!(out, "{}", line(&change, call.into()))?;
            } else if call.ended.is_some() {
                // also again, when something is heard late
                ended.insert(call.id.clone(), (call.began, Summary::from(call)));
            }
        }
        tracker.handle_timeout(at);
    }
    if recording.events_read == 0 {
        return Err(ReplayError::Empty {
            path: args.file.clone(),
        });
    }
    if args.summary {
        let still_on = tracker.calls().filter(|call| call.ended.is_none());
        ended.extend(still_on.map(|call| (call.id.clone(), (call.began, Summary::from(call)))));
        let document = document(ended);
        writeln!(
            out,
            "{}",
            serde_json::to_string_pretty(&document).map_err(io::Error::from)?
        )?;
    }
    Ok(())
}

/// The calls in the order they began.
fn document(calls: BTreeMap<CallId, (DateTime<Utc>, Summary)>) -> Document {
    let mut calls: Vec<_> = calls.into_iter().collect();
    calls.sort_by_key(|(_, (began, _))| *began);
    let mut calls: Vec<(CallId, Summary)> = calls.into_iter().map(|(id, (_, summary))| (id, summary)).collect();
    Summary::number_consultations(&mut calls);
    Document {
        calls: calls.into_iter().map(|(_, summary)| summary).collect(),
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
