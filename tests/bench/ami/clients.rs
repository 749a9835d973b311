//! The same bytes over the same kind of socket to this feed and to the clients of other languages: events a second and
//! megabytes a second of CPU time, each from its log-in to the end of the connection.
//!
//! The others make an event of each message and hand it to a callback. This feed does more: it tells calls.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use cpu_time::ThreadTime;
use ringside::call::CallTracker;
use ringside::feed::Signal;
use ringside::feed::ami::{Login, Session};
use serde::Deserialize;

use crate::dialplan;
use crate::figures::{Figure, Result};

const NO_LIST: &str = "EventList: start\r\n\r\nEvent: CoreShowChannelsComplete\r\nActionID: channels\r\nListItems: 0\r\n\
                       \r\nEvent: QueueStatusComplete\r\nListItems: 0";

/// What one client made of the bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Run {
    events: u32,
    cpu_seconds: f64,
}

/// A client of another language.
struct Other {
    name: &'static str,
    program: PathBuf,
    script: &'static str,
    shown: [&'static str; 2],
}

/// The figures of all clients that are there; the ratio is how many times this feed's CPU time each took.
pub(crate) fn figures(bytes: &[u8]) -> Result<Vec<Figure>> {
    let Some(folder) = std::env::var_os("RINGSIDE_BENCH_CLIENTS").map(PathBuf::from) else {
        println!("left out: RINGSIDE_BENCH_CLIENTS is not set, so there are no other clients to measure beside");
        return Ok(Vec::new());
    };
    let ours = best((0..5).map(|_| feed(bytes)))?;
    let mut figures = vec![
        Figure::new(
            "AMI: Ringside, socket to calls",
            "MB/s CPU",
            ours.megabytes(bytes),
            ours.megabytes(bytes),
            ours.note(),
        ),
        Figure::new(
            "AMI: Ringside, socket to calls, events",
            "events/s",
            ours.rate(),
            ours.rate(),
            "",
        ),
    ];
    for other in others(&folder) {
        let run = best((0..2).map(|_| other.read(bytes, &folder)))?;
        let least = f64::from(ours.events) * 0.95;
        if f64::from(run.events) < least {
            return Err(format!("{} saw {} events of {}", other.name, run.events, ours.events).into());
        }
        let [megabytes, events] = other.shown;
        figures.push(Figure::new(
            megabytes,
            "MB/s CPU",
            run.megabytes(bytes),
            ours.megabytes(bytes),
            run.note(),
        ));
        figures.push(Figure::new(events, "events/s", run.rate(), ours.rate(), ""));
    }
    Ok(figures)
}

fn others(folder: &Path) -> [Other; 2] {
    [
        Other {
            name: "panoramisk",
            program: folder.join("venv/bin/python"),
            script: "panoramisk_client.py",
            shown: ["AMI: panoramisk (Python)", "AMI: panoramisk (Python), events"],
        },
        Other {
            name: "asterisk-manager",
            program: PathBuf::from("node"),
            script: "asterisk_manager_client.js",
            shown: ["AMI: asterisk-manager (Node)", "AMI: asterisk-manager (Node), events"],
        },
    ]
}

/// The run with the least CPU time.
fn best(runs: impl Iterator<Item = Result<Run>>) -> Result<Run> {
    let runs = runs.collect::<Result<Vec<Run>>>()?;
    let best = runs.into_iter().min_by(|a, b| a.cpu_seconds.total_cmp(&b.cpu_seconds));
    best.ok_or_else(|| "no run".into())
}

impl Run {
    fn megabytes(&self, bytes: &[u8]) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
        let megabytes = bytes.len() as f64 / 1e6;
        megabytes / self.cpu_seconds
    }

    fn rate(&self) -> f64 {
        f64::from(self.events) / self.cpu_seconds
    }

    fn note(&self) -> String {
        format!("{} events in {:.3} s CPU", self.events, self.cpu_seconds)
    }
}

/// This feed's own session and a tracker, from the socket to calls; the CPU time of its thread.
fn feed(bytes: &[u8]) -> Result<Run> {
    let (port, server) = serve(bytes.to_vec())?;
    let login = Login {
        user: "bench".to_owned(),
        secret: "bench".to_owned().into(),
    };
    let mut at: DateTime<Utc> = DateTime::UNIX_EPOCH;
    let mut session = Session::new(login, Session::translator(dialplan()), at);
    let mut tracker = CallTracker::default();
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let start = ThreadTime::now();
    let mut heard = 0;
    loop {
        let read = stream.read(session.room())?;
        if read == 0 {
            break;
        }
        at += TimeDelta::milliseconds(10);
        for signal in session.received(read, at)? {
            if let Signal::Event(event) = signal {
                heard += 1;
                tracker.handle("bench", &event, at);
            }
        }
        while tracker.poll_change().is_some() {}
        tracker.handle_timeout(at);
        let to_send = session.take_to_send();
        if !to_send.is_empty() {
            stream.write_all(&to_send)?;
        }
    }
    let cpu_seconds = start.elapsed().as_secs_f64();
    if heard == 0 {
        return Err("this feed told nothing".into());
    }
    drop(stream);
    server.join().map_err(|_| "the server panicked")??;
    let events = memchr::memmem::find_iter(bytes, b"\nEvent: ").count();
    Ok(Run {
        events: u32::try_from(events)?,
        cpu_seconds,
    })
}

impl Other {
    fn read(&self, bytes: &[u8], folder: &Path) -> Result<Run> {
        let (port, server) = serve(bytes.to_vec())?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/bench/ami/clients")
            .join(self.script);
        let output = Command::new(&self.program)
            .arg(script)
            .arg(port.to_string())
            .env("NODE_PATH", folder.join("node_modules"))
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("{} cannot be started: {error}", self.program.display()))?;
        if !output.status.success() {
            return Err(format!("{} ended with {}", self.name, output.status).into());
        }
        server.join().map_err(|_| "the server panicked")??;
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// An Asterisk Manager for one client on a free port: it says yes to everything until the client may have events, then
/// sends `bytes` as fast as they are taken, and closes.
fn serve(bytes: Vec<u8>) -> Result<(u16, JoinHandle<io::Result<()>>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept()?;
        stream.set_read_timeout(Some(Duration::from_millis(300)))?;
        stream.write_all(b"Asterisk Call Manager/11.0.0\r\n")?;
        let mut asked = String::new();
        let mut buffer = [0; 4096];
        // what a client asks after its log-in comes at once: then there is a silence
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            asked.push_str(&String::from_utf8_lossy(&buffer[..read]));
            while let Some((action, rest)) = asked.split_once("\r\n\r\n") {
                stream.write_all(agreement(action).as_bytes())?;
                asked = rest.to_owned();
            }
        }
        stream.write_all(&bytes)
    });
    Ok((port, serving))
}

fn agreement(action: &str) -> String {
    let header = |name: &str| {
        let of = |line: &str| {
            line.split_once(": ")
                .map(|(key, value)| (key.to_lowercase(), value.to_owned()))
        };
        let mut headers = action.lines().filter_map(of);
        headers
            .find_map(|(key, value)| (key == name).then_some(value))
            .unwrap_or_default()
    };
    let more = match header("action").as_str() {
        "Challenge" => "Challenge: 840415273",
        "CoreShowChannels" => NO_LIST,
        _ => "Message: Authentication accepted",
    };
    format!(
        "Response: Success\r\nActionID: {}\r\n{more}\r\n\r\n",
        header("actionid")
    )
}
