//! How fast the Asterisk feed reads, beside a bare search for the ends of messages and beside the clients of other
//! languages; and what the tracker costs with few and with many calls on.
//!
//! `cargo bench --bench ami`. The bytes are the recordings of `tests/calls`, over and over, each time as other calls.
//! Figures go to standard output, and as JSON to the file that `RINGSIDE_BENCH_OUT` names. The other clients are those
//! in the folder that `RINGSIDE_BENCH_CLIENTS` names, as `cargo xtask bench` installs them; without it they are left out.

mod clients;
#[path = "../figures.rs"]
mod figures;
mod tracker;

use std::hint::black_box;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use cpu_time::ThreadTime;
use memchr::memmem;
use ringside::call::CallTracker;
use ringside::feed::ami::wire::Wire;
use ringside::feed::ami::{Dialplan, Translator};

use figures::{Figure, Result};

/// One way to read all the bytes.
type Pass = fn(&[u8]) -> Found;

/// How much is received at once.
const PIECE: usize = 64 * 1024;

/// What one pass found, so that no pass is optimised away and all passes read the same.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    messages: usize,
    headers: usize,
    events: usize,
}

fn main() -> Result<()> {
    let megabytes = if figures::quick() { 8 } else { 128 };
    let bytes = recordings(megabytes * 1_000_000)?;
    let floor = rate(&bytes, |bytes| memmem::find_iter(bytes, b"\r\n\r\n").count());
    let passes: [(&str, Pass); 3] = [
        ("AMI: messages cut", cut),
        ("AMI: messages and headers parsed", parse),
        ("AMI: bytes to calls", track),
    ];
    let found: Vec<Found> = passes.iter().map(|(_, pass)| pass(&bytes)).collect();
    let mut figures = Vec::new();
    for ((name, pass), found) in passes.into_iter().zip(found) {
        let value = rate(&bytes, |bytes| pass(bytes).messages);
        let note = format!(
            "{} messages, {} headers, {} call events",
            found.messages, found.headers, found.events
        );
        figures.push(Figure::new(name, "MB/s CPU", value, floor, note));
    }
    figures.extend(clients::figures(&recordings(
        if figures::quick() { 4 } else { 16 } * 1_000_000,
    )?)?);
    figures.extend(tracker::figures());
    figures::publish(&figures)
}

/// All recordings, one after the other, until there are `least` bytes; the channels of each round have names of their own.
fn recordings(least: usize) -> Result<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls");
    let mut one = Vec::new();
    for entry in std::fs::read_dir(root)? {
        let path = entry?.path().join("recording.ami");
        if path.exists() {
            one.extend(std::fs::read(path)?);
        }
    }
    if one.is_empty() {
        return Err("tests/calls has no recording".into());
    }
    let system = memmem::Finder::new(b"-forky-");
    let mut all = Vec::with_capacity(least + one.len());
    for round in 0..least.div_ceil(one.len()) {
        let start = all.len();
        all.extend_from_slice(&one);
        let name = format!("-{:05}-", round % 100_000);
        let found: Vec<usize> = system.find_iter(&one).collect();
        for at in found {
            all[start + at..start + at + name.len()].copy_from_slice(name.as_bytes());
        }
    }
    Ok(all)
}

/// Megabytes a second of this thread's CPU time, the best of three.
fn rate(bytes: &[u8], pass: impl Fn(&[u8]) -> usize) -> f64 {
    let seconds = (0..3).map(|_| {
        let start = ThreadTime::now();
        black_box(pass(black_box(bytes)));
        start.elapsed().as_secs_f64()
    });
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    let megabytes = bytes.len() as f64 / 1e6;
    megabytes / seconds.fold(f64::INFINITY, f64::min)
}

fn cut(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    let mut wire = Wire::default();
    for piece in bytes.chunks(PIECE) {
        wire.push(piece);
        while let Some(message) = wire.message() {
            black_box(message);
            found.messages += 1;
        }
    }
    found
}

fn parse(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    let mut wire = Wire::default();
    for piece in bytes.chunks(PIECE) {
        wire.push(piece);
        while let Some(message) = wire.message() {
            found.messages += 1;
            found.headers += message.headers().map(black_box).count();
        }
    }
    found
}

fn track(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    let mut wire = Wire::default();
    let mut translator = Translator::new(dialplan());
    let mut tracker = CallTracker::default();
    let mut at: DateTime<Utc> = DateTime::UNIX_EPOCH;
    for piece in bytes.chunks(PIECE) {
        wire.push(piece);
        while let Some(message) = wire.message() {
            found.messages += 1;
            at += TimeDelta::milliseconds(10);
            for event in translator.handle(&message) {
                found.events += 1;
                tracker.handle("bench", &event, at);
            }
        }
        while tracker.poll_change().is_some() {}
        tracker.handle_timeout(at);
    }
    found
}

fn dialplan() -> Dialplan {
    Dialplan::new("101|102|103", vec!["voicemail".to_owned()]).unwrap_or_else(|_| unreachable!())
}
