//! Recordings: what `ringside record` writes, `ringside replay` reads.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{DateTime, TimeDelta, Utc};
use ringside::feed::record::anonymise::Anonymiser;
use ringside::feed::record::{Header, Reading, Recorder};
use ringside::feed::replay::{Events, Recording, Replay, Speed, reader};
use ringside::feed::{Feed as _, Piece, Signal};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

pub(crate) fn home() -> TempDir {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("config.toml"), "home_region = \"DE\"\n").expect("written");
    home
}

pub(crate) fn ringside(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("--home")
        .arg(home)
        .args(arguments)
        .env("RINGSIDE_KEYRING", "off")
        .env("SECRET_OF_THE_TEST", "open sesame")
        .output()
        .expect("ringside runs")
}

#[track_caller]
pub(crate) fn worked(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn summary(home: &Path, recording: &Path) -> Value {
    let output = ringside(home, &["replay", "--summary", &recording.to_string_lossy()]);
    serde_json::from_str(&worked(&output)).expect("one JSON document")
}

#[test]
fn every_recording_attached_to_a_report_is_told_as_expected() {
    let mut seen = 0;
    for entry in fs::read_dir(tests().join("recordings")).expect("readable") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|ending| ending != "recording") {
            continue;
        }
        seen += 1;
        let expected = fs::read_to_string(path.with_extension("expected.json")).expect("the truth is beside it");
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        let told = summary(home().path(), &path);
        let (expected, told) = (expected["calls"].as_array(), told["calls"].as_array());
        let (expected, told) = (expected.expect("calls"), told.expect("calls"));
        assert_eq!(expected.len(), told.len(), "{}", path.display());
        for (expected, told) in expected.iter().zip(told) {
            // what the truth does not state is not judged, so that a summary may tell more one day
            for (field, expected) in expected.as_object().expect("a call") {
                assert_eq!(Some(expected), told.get(field), "{}: {field}", path.display());
            }
        }
    }
    assert!(seen >= 4, "only {seen} recordings found");
}

#[test]
fn a_recording_replaces_no_file_and_only_its_owner_may_read_it() {
    let home = home();
    let from = tests().join("calls/in_missed/recording.ami");
    let to = home.path().join("new.recording");
    let arguments = [
        "record",
        "--from",
        from.to_str().expect("text"),
        to.to_str().expect("text"),
    ];
    worked(&ringside(home.path(), &arguments));
    let before = fs::read(&to).expect("written");
    assert!(refused(&ringside(home.path(), &arguments)).contains("is there already"));
    assert_eq!(fs::read(&to).expect("kept"), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&to).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// A manager that takes one client, logs it in and sends `bytes`.
fn manager(bytes: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let log_in = "Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: challenge\r\nChallenge: 1\r\n\r\n\
                      Response: Success\r\nActionID: login\r\n\r\nResponse: Success\r\nActionID: channels\r\nEventList: start\r\n\r\n\
                      Event: CoreShowChannelsComplete\r\nActionID: channels\r\nListItems: 0\r\n\r\n\
                      Response: Success\r\nActionID: queues\r\nEventList: start\r\n\r\n\
                      Event: QueueStatusComplete\r\nActionID: queues\r\nListItems: 0\r\n\r\n";
        for piece in [log_in.as_bytes(), &bytes].concat().chunks(1000) {
            stream.write_all(piece).expect("sent");
        }
        // the client ends first
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    port
}

#[test]
fn a_feed_is_recorded_from_its_connection_with_health_on_standard_error_and_no_secret_in_the_file() {
    let home = home();
    let bytes = fs::read(tests().join("calls/in_answered/recording.ami")).expect("readable");
    let port = manager(bytes);
    let settings = format!(
        "home_region = \"DE\"\n[[feed]]\nname = \"pbx\"\nkind = \"asterisk\"\nhost = \"127.0.0.1\"\nport = {port}\n\
         user = \"ringside\"\nsecret = \"env:SECRET_OF_THE_TEST\"\nagents = '10\\d'\n"
    );
    fs::write(home.path().join("config.toml"), settings).expect("written");
    let to = home.path().join("live.recording");
    let arguments = ["record", "--feed", "pbx", to.to_str().expect("text"), "--seconds", "2"];
    let output = ringside(home.path(), &arguments);
    worked(&output);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("pbx up") && said.contains("pieces are in"), "{said}");
    let written = fs::read_to_string(&to).expect("text");
    let header: Value = serde_json::from_str(written.lines().next().expect("a header")).expect("JSON");
    assert_eq!(
        (&header["feed"], &header["name"], &header["agents"]),
        (&"ami".into(), &"pbx".into(), &"10\\d".into())
    );
    assert!(!written.contains("open sesame"));
    let truth = summary(home.path(), &tests().join("calls/in_answered/recording.ami"));
    assert_eq!(summary(home.path(), &to), truth);
}

#[test]
fn simulated_calls_are_recorded_and_replayed() {
    let home = home();
    let settings = "[[feed]]\nname = \"made-up\"\nkind = \"simulated\"\nseed = 3\ncalls_per_hour = 3600\n";
    fs::write(home.path().join("config.toml"), settings).expect("written");
    let to = home.path().join("made-up.recording");
    let arguments = [
        "record",
        "--feed",
        "made-up",
        to.to_str().expect("text"),
        "--seconds",
        "4",
    ];
    worked(&ringside(home.path(), &arguments));
    let told = summary(home.path(), &to);
    assert_eq!(told["calls"].as_array().map(Vec::len), Some(1));
    let unknown = refused(&ringside(home.path(), &["record", "--feed", "pbx", "x.recording"]));
    assert!(
        unknown.contains("there is no feed `pbx`") && unknown.contains("`made-up`"),
        "{unknown}"
    );
}

/// A recording of `pieces`, in memory.
pub(crate) fn recorded(pieces: &[Piece], anonymiser: Option<Anonymiser>) -> Vec<u8> {
    let header = Header::new("ami", "pbx", Reading::default(), at(0));
    let mut recorder = Recorder::new(Vec::new(), header, anonymiser).expect("in memory");
    for piece in pieces {
        recorder.take(piece).expect("in memory");
    }
    recorder.finish().expect("in memory")
}

pub(crate) fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_305_600, 0).expect("a moment") + TimeDelta::milliseconds(millis)
}

/// `bytes` as they may be received: cut anywhere.
pub(crate) fn pieces(bytes: &[u8], size: usize) -> Vec<Piece> {
    let chunks = bytes.chunks(size).zip(0..);
    chunks
        .map(|(bytes, number)| Piece {
            at: at(number),
            bytes: bytes.into(),
        })
        .collect()
}

#[test]
fn what_is_no_text_comes_back_byte_for_byte_with_its_time() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
    let pieces = pieces(&bytes, 7);
    let recording = recorded(&pieces, None);
    let mut read = Recording::open(&recording[..]).expect("a recording");
    for piece in &pieces {
        assert_eq!(read.piece().expect("whole").as_ref(), Some(piece));
    }
    assert_eq!(read.piece().expect("whole"), None);
}

#[test]
fn a_recording_cut_by_a_crash_is_read_up_to_the_last_whole_line() {
    let bytes = fs::read(tests().join("calls/in_missed/recording.ami")).expect("readable");
    let recording = recorded(&pieces(&bytes, 4000), None);
    let first = recording.iter().position(|byte| *byte == b'\n').expect("a header");
    for end in (first + 1..recording.len()).step_by(97) {
        let whole = recording[..end].iter().filter(|byte| **byte == b'\n').count() - 1;
        let read = Recording::open(&recording[..end]).expect("a header");
        let (count, cut) = count(read);
        // a line that lacks only its end is whole
        assert!(
            count == whole || (count == whole + 1 && !cut),
            "{count} of {whole} at {end}"
        );
    }
}

fn count<R: std::io::Read>(mut recording: Recording<R>) -> (usize, bool) {
    let mut count = 0;
    while recording.piece().expect("the cut is borne").is_some() {
        count += 1;
    }
    (count, recording.is_cut())
}

#[test]
fn a_damaged_recording_is_refused_with_the_line() {
    let recording = String::from_utf8(recorded(&pieces(b"Event: A\r\n\r\nEvent: B\r\n\r\n", 12), None)).expect("text");
    let header = recording.lines().next().expect("a header");
    for (damaged, said) in [
        (recording.replacen("\"at\"", "\"ta\"", 1), "line 2"),
        (recording.replacen("\"text\"", "\"base64\"", 1), "line 2"),
        (format!("{header}\n{{}}\n"), "line 2"),
        (recording.replacen(":1,", ":2,", 1), "format 2"),
        (header.replacen("\"feed\"", "\"deef\"", 1), "first line"),
    ] {
        let told = Recording::open(damaged.as_bytes()).and_then(|mut recording| {
            while recording.piece()?.is_some() {}
            Ok(())
        });
        let told = told.expect_err("damaged").to_string();
        assert!(told.contains(said), "{said}: {told}");
    }
}

#[test]
fn a_recording_of_another_feed_or_of_nothing_is_said() {
    let home = home();
    let file = home.path().join("x.recording");
    let name = file.to_str().expect("text");
    fs::write(&file, recorded(&pieces(b"nothing\r\n", 100), None)).expect("written");
    assert!(refused(&ringside(home.path(), &["replay", name])).contains("nothing of `ami`"));
    assert!(refused(&ringside(home.path(), &["replay", name, "--feed", "simulated"])).contains("leave --feed out"));
    assert!(refused(&ringside(home.path(), &["replay", name, "--agents", "("])).contains("regular expression"));
    assert!(refused(&ringside(home.path(), &["replay", name, "--speed", "fast"])).contains("or max"));
}

#[test]
fn a_replay_at_a_hundred_times_the_speed_takes_a_hundredth_of_the_time() {
    let home = home();
    let bytes = fs::read(tests().join("calls/in_missed/recording.ami")).expect("readable");
    let file = home.path().join("slow.recording");
    let mut pieces = pieces(&bytes, 2000);
    for (piece, number) in pieces.iter_mut().zip(0..) {
        piece.at = at(8000 * number);
    }
    let recording = recorded(&pieces, None);
    let events = Recording::open(&recording[..]).expect("a recording");
    let ami = reader("ami", &Reading::default()).expect("known");
    let times: Vec<_> = Events::new(events, ami)
        .map(|event| event.expect("readable").0)
        .collect();
    let lasted = *times.last().expect("events") - times[0];
    assert!(lasted > TimeDelta::seconds(10), "{lasted}");
    fs::write(&file, recording).expect("written");
    let start = std::time::Instant::now();
    let arguments = ["replay", file.to_str().expect("text"), "--speed", "100"];
    worked(&ringside(home.path(), &arguments));
    let took = start.elapsed().as_secs_f64();
    assert!(took >= lasted.as_seconds_f64() / 100.0, "{took}");
}

#[tokio::test]
async fn a_recording_is_a_feed_whose_calls_have_new_names_and_are_over_with_it() {
    let file = tests().join("recordings/in_missed.recording");
    let hear = async || {
        let feed = Replay::new("then", file.clone(), Reading::default(), Speed::Max);
        let (signals, mut heard) = tokio::sync::mpsc::channel(8);
        tokio::spawn(Box::new(feed).run(signals));
        let mut said = Vec::new();
        while let Some(signal) = heard.recv().await {
            let is_over = matches!(&signal.what, Signal::Up { caveat: Some(_) });
            said.push(signal.what);
            if is_over {
                break;
            }
        }
        said
    };
    let said = hear().await;
    assert_eq!(said[0], Signal::Up { caveat: None });
    assert_eq!(said[said.len() - 2], Signal::Resync(Vec::new()));
    let recording = Recording::open(fs::File::open(&file).expect("there")).expect("a recording");
    let events = Events::new(recording, reader("ami", &Reading::default()).expect("known"));
    assert_eq!(said.len(), events.count() + 3);
    let Signal::Event(event) = &said[1] else {
        panic!("{:?}", said[1]);
    };
    assert!(event.call().0.starts_with("replay-"), "{event:?}");
}

#[tokio::test]
async fn a_feed_of_a_recording_that_is_not_there_says_so() {
    let feed = Replay::new(
        "then",
        "/nonexistent/x.recording".into(),
        Reading::default(),
        Speed::Max,
    );
    let (signals, mut heard) = tokio::sync::mpsc::channel(8);
    tokio::spawn(Box::new(feed).run(signals));
    let said = heard.recv().await.expect("something").what;
    assert!(
        matches!(&said, Signal::Refused(why) if why.to_string().contains("x.recording")),
        "{said:?}"
    );
}
