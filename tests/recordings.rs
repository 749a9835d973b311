//! Recordings: what `ringside record` writes, `ringside replay` reads; anonymised, nobody is found in it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use ringside::call::{CallTracker, Line, Summary};
use ringside::feed::record::anonymise::Anonymiser;
use ringside::feed::record::{Header, Reading, Recorder};
use ringside::feed::replay::{Events, Recording, Replay, Speed, reader};
use ringside::feed::simulated::{Pace, Plan, Traffic};
use ringside::feed::webhook::{Keys, Preset, Teller};
use ringside::feed::{Feed as _, Piece, Signal};
use ringside::number::Region;
use ringside::source::demo::Shop;
use serde_json::Value;
use tempfile::TempDir;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn home() -> TempDir {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("config.toml"), "home_region = \"DE\"\n").expect("written");
    home
}

fn ringside(home: &Path, arguments: &[&str]) -> Output {
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
fn worked(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn summary(home: &Path, recording: &Path) -> Value {
    let output = ringside(home, &["replay", "--summary", &recording.to_string_lossy()]);
    serde_json::from_str(&worked(&output)).expect("one JSON document")
}

/// The recordings of `tests/calls`, bare bytes of a manager client.
fn bare() -> Vec<(String, PathBuf)> {
    let folders = fs::read_dir(tests().join("calls")).expect("readable");
    let mut found: Vec<(String, PathBuf)> = folders
        .map(|entry| entry.expect("readable"))
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path().join("recording.ami"),
            )
        })
        .filter(|(_, path)| path.exists())
        .collect();
    found.sort();
    assert!(found.len() >= 15, "only {} found", found.len());
    found
}

/// `told` without what an anonymised recording tells otherwise: numbers outside, and names.
fn without_people(mut told: Value) -> Value {
    for call in told["calls"].as_array_mut().expect("calls") {
        for field in ["caller_number", "caller_name", "called", "answered_by"] {
            let text = call[field].as_str().unwrap_or_default();
            let is_line = text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
            if !is_line {
                call[field] = Value::from(text.len().min(1));
            }
        }
    }
    told
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
fn a_recording_written_again_and_anonymised_tells_the_same_calls_of_other_people() {
    let home = home();
    for (name, path) in bare() {
        let plain = home.path().join(format!("{name}.plain"));
        let other = home.path().join(format!("{name}.other"));
        let (from, plain_to, other_to) = (path.to_string_lossy(), plain.to_string_lossy(), other.to_string_lossy());
        worked(&ringside(home.path(), &["record", "--from", &from, &plain_to]));
        worked(&ringside(
            home.path(),
            &["record", "--from", &plain_to, &other_to, "--anonymise"],
        ));
        let told = summary(home.path(), &path);
        assert_eq!(told, summary(home.path(), &plain), "{name}");
        let changed = summary(home.path(), &other);
        assert_eq!(without_people(told.clone()), without_people(changed.clone()), "{name}");
        let written = fs::read_to_string(&other).expect("text");
        for (call, other) in told["calls"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(changed["calls"].as_array().into_iter().flatten())
        {
            for field in ["caller_number", "caller_name", "called"] {
                let text = call[field].as_str().unwrap_or_default();
                if text.len() > 5 {
                    assert!(!written.contains(text), "{name}: {text} is still there");
                    assert_ne!(call[field], other[field], "{name}");
                }
            }
        }
        for number in ["2025550143", "23125100", "23125101"] {
            assert!(!written.contains(number), "{name}: {number}");
        }
        for person in ["Jane", "Doe", "JD", "Asserted", "Agent One", "Agent Two"] {
            assert!(!written.contains(person), "{name}: {person}");
        }
    }
}

#[test]
fn one_key_scrambles_alike_and_no_key_otherwise_every_time() {
    let home = home();
    let from = tests().join("calls/in_missed/recording.ami");
    let write = |name: &str, key: &[&str]| {
        let path = home.path().join(name);
        let mut arguments = vec![
            "record",
            "--from",
            from.to_str().expect("text"),
            path.to_str().expect("text"),
            "--anonymise",
        ];
        arguments.extend(key);
        worked(&ringside(home.path(), &arguments));
        summary(home.path(), &path)["calls"][0]["caller_number"].clone()
    };
    let key = ["--anonymise-key", "env:SECRET_OF_THE_TEST"];
    assert_eq!(write("a", &key), write("b", &key));
    assert_ne!(write("c", &[]), write("d", &[]));
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
                      Response: Success\r\nActionID: login\r\n\r\nResponse: Success\r\nActionID: channels\r\n\r\n\
                      Event: CoreShowChannelsComplete\r\n\r\n";
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
fn recorded(pieces: &[Piece], anonymiser: Option<Anonymiser>) -> Vec<u8> {
    let header = Header::new("ami", "pbx", Reading::default(), at(0));
    let mut recorder = Recorder::new(Vec::new(), header, anonymiser).expect("in memory");
    for piece in pieces {
        recorder.take(piece).expect("in memory");
    }
    recorder.finish().expect("in memory")
}

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_305_600, 0).expect("a moment") + TimeDelta::milliseconds(millis)
}

/// `bytes` as they may be received: cut anywhere.
fn pieces(bytes: &[u8], size: usize) -> Vec<Piece> {
    let chunks = bytes.chunks(size).zip(0..);
    chunks
        .map(|(bytes, number)| Piece {
            at: at(number),
            bytes: bytes.into(),
        })
        .collect()
}

/// All bytes of a recording, one piece after the other.
fn read_back(recording: &[u8]) -> Vec<u8> {
    let mut recording = Recording::open(recording).expect("a recording");
    let mut bytes = Vec::new();
    while let Some(piece) = recording.piece().expect("whole") {
        bytes.extend_from_slice(&piece.bytes);
    }
    bytes
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

/// Header lines of AMI with one number in many spellings and one name.
fn message(number: &str, name: &str) -> String {
    let (country, rest) = number.split_at(2);
    [
        "Event: Newchannel\r\nTimestamp: 1795305759.123456\r\nUniqueid: pbx-1795305759.59\r\n".to_owned(),
        format!("Channel: PJSIP/+{number}@trunk-00000035\r\nCallerIDNum: +{number}\r\nCallerIDName: {name}\r\n"),
        format!("ConnectedLineNum: 00{number}\r\nConnectedLineName: <unknown>\r\nExten: 0{rest}\r\n"),
        format!("CallerID: \"{name}\" <+{number}>\r\nAppData: PJSIP/00{number}@pstn,30,tT\r\n"),
        format!("ChanVariable: PAI=\"{name}\" <sip:%2B{number}@10.0.0.7;user=phone>\r\n"),
        format!(
            "DialString: {country}{rest}@pstn\r\nValue: (0{}) {}\r\n",
            &rest[..3],
            &rest[3..]
        ),
        format!("Value: call from {name} 0{rest} via 203.0.114.9\r\n\r\n"),
    ]
    .concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_number_and_no_name_is_left_in_an_anonymised_recording_however_it_was_cut(
        numbers in prop::collection::vec("49[1-9][0-9]{8,9}", 1..4),
        name in "[A-Z][a-z]{5,9} [A-Z][a-z]{5,9}",
        size in 1usize..400,
        key in any::<u64>(),
    ) {
        let bytes: String = numbers.iter().map(|number| message(number, &name)).collect();
        let key = Anonymiser::key_of(&key.to_string());
        let anonymiser = Anonymiser::new("ami", key, Region::from_code("DE"));
        let written = recorded(&pieces(bytes.as_bytes(), size), Some(anonymiser));
        let other = String::from_utf8(read_back(&written)).expect("text");
        for number in &numbers {
            prop_assert!(!other.contains(&number[2..]), "{} in {}", number, other);
        }
        prop_assert!(!other.contains(&name) && !other.contains("203.0.114.9"), "{}", other);
        prop_assert!(other.contains("10.0.0.7") && other.contains("pbx-1795305759.59") && other.contains("-00000035"));
        let headers = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
        };
        prop_assert_eq!(headers(&bytes), headers(&other), "the framing stays");
        // every spelling is a spelling of one other number
        for message in other.split_terminator("\r\n\r\n") {
            let values: Vec<&str> = message.lines().filter_map(|line| line.split_once(": ").map(|(_, value)| value)).collect();
            let new = values[4].trim_start_matches('+');
            let (abroad, national) = (["00", new].concat(), ["0", &new[2..]].concat());
            prop_assert_eq!((values[6], values[8]), (abroad.as_str(), national.as_str()));
            for field in [3, 9, 10, 11, 12] {
                prop_assert!(values[field].contains(new), "{}", values[field]);
            }
            prop_assert!(values[13].ends_with(&new[5..]) && values[14].contains(&new[2..]), "{}", message);
        }
    }

    #[test]
    fn bytes_of_any_kind_are_anonymised_and_replayed_without_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        size in 1usize..100,
        feed in prop::sample::select(vec!["ami", "sip", "zammad", "simulated"]),
    ) {
        let anonymiser = Anonymiser::new(feed, Anonymiser::key_of("x"), None);
        let written = recorded(&pieces(&bytes, size), Some(anonymiser));
        let recording = Recording::open(&written[..]).expect("a recording");
        let reader = reader("ami", &Reading::default()).expect("known");
        prop_assert!(Events::new(recording, reader).all(|event| event.is_ok()));
        let bare = Recording::bare(&bytes[..]);
        let reader = ringside::feed::replay::reader("simulated", &Reading::default()).expect("known");
        prop_assert!(Events::new(bare, reader).all(|event| event.is_ok()));
    }
}

#[test]
fn a_webhook_and_a_sip_message_lose_their_people_and_keep_their_form() {
    let anonymise = |feed: &str, text: &str| {
        let mut anonymiser = Anonymiser::new(feed, Anonymiser::key_of("x"), Region::from_code("DE"));
        let pieces = anonymiser.piece(&pieces(text.as_bytes(), 10_000)[0]);
        String::from_utf8(pieces[0].bytes.to_vec()).expect("text")
    };
    let people = ["23125118", "2025550143", "Jane", "Doe", "5550143"];
    let form = "POST /in/zammad HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 99\r\n\r\n\
                event=newCall&from=%2B493023125118&to=101&callerName=Jane+Doe&callId=ab12-1795305759&user%5B%5D=Ada+Example";
    let form = anonymise("zammad", form);
    assert!(
        form.contains("user%5B%5D=Ada+Example") && form.contains("to=101") && form.contains("from=%2B493023"),
        "{form}"
    );
    let length = form.split_once("\r\n\r\n").expect("a body").1.len();
    assert!(form.contains(&format!("content-length: {length}\r\n")), "{form}");
    let json = "POST /in/x HTTP/1.1\r\ncontent-type: application/json\r\n\r\n\
                {\"from\":\"tel:+1-202-555-0143\",\"caller\":{\"display_name\":\"Jane Doe\"},\"number\":12025550143,\"at\":\"2026-11-22T04:50:00Z\"}";
    let json = anonymise("x", json);
    assert!(
        json.contains("2026-11-22T04:50:00Z") && json.contains("tel:+1-202-5"),
        "{json}"
    );
    let body: Value = serde_json::from_str(json.split_once("\r\n\r\n").expect("a body").1).expect("still JSON");
    let digits: String = body["from"]
        .as_str()
        .expect("text")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(body["number"].to_string(), digits, "the same number everywhere");
    let sip = "INVITE sip:101@192.168.1.5 SIP/2.0\r\nFrom: \"Jane Doe\" <sip:+493023125118@carrier.example>;tag=9fxced76sl\r\n\
               To: <sip:101@192.168.1.5>\r\nP-Asserted-Identity: Jane Doe <tel:+493023125118>\r\nContact: <sip:23125118@10.1.1.1:5060>\r\n\
               Call-ID: 3848276298220188511@atlanta.example.com\r\nContent-Length: 0\r\n\r\n";
    let sip = anonymise("sip", sip);
    assert!(
        sip.contains("tag=9fxced76sl") && sip.contains("sip:101@192.168.1.5"),
        "{sip}"
    );
    for text in [form, json, sip] {
        for person in people {
            assert!(!text.contains(person), "{person} in {text}");
        }
    }
}

#[test]
fn two_callers_stay_two_and_one_stays_one() {
    let numbers = ["+493023125118", "+493023125119", "+4915112345678"];
    let lines: Vec<String> = numbers
        .iter()
        .map(|number| format!("CallerIDNum: {number}\r\n"))
        .collect();
    let anonymiser = Anonymiser::new("ami", Anonymiser::new_key(), None);
    let twice = lines.concat().repeat(2);
    let written = recorded(&pieces(twice.as_bytes(), 11), Some(anonymiser));
    let other = String::from_utf8(read_back(&written)).expect("text");
    let all: Vec<&str> = other.lines().collect();
    assert_eq!(all[..3], all[3..]);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 3);
}

/// What a provider would send of twenty simulated calls, as a webhook feed hands it to a recording.
fn deliveries(preset: Preset) -> Vec<Piece> {
    let shop = Shop::new(7, "DE", at(0));
    let plan = Plan::for_shop(
        &shop,
        Line("101".to_owned()),
        vec![Line("102".to_owned())],
        Pace::demo(600),
    );
    let plan = Plan {
        calls: Some(20),
        queues: Vec::new(),
        transfers: false,
        ..plan
    };
    let url = format!("https://pop.example.test/in/{}", preset.name());
    let mut teller = Teller::new(preset, Keys::default(), &url);
    let (mut traffic, mut now, mut pieces) = (Traffic::new(plan, 5, "run"), at(0), Vec::new());
    while let Some((delay, events)) = traffic.moment() {
        now += TimeDelta::from_std(delay).expect("not long");
        let tellings = teller.tell(&events, now).into_iter();
        pieces.extend(tellings.map(|telling| Piece {
            at: now,
            bytes: telling.request.to_text(&[]).into(),
        }));
    }
    pieces
}

/// The calls in a recording of `preset`, by its own header alone.
fn calls(preset: Preset, pieces: &[Piece], anonymiser: Option<Anonymiser>) -> Value {
    let reading = Reading {
        agents: Some("101|102".to_owned()),
        ..Reading::default()
    };
    let header = Header::new(preset.name(), "hook", reading, at(0));
    let mut recorder = Recorder::new(Vec::new(), header, anonymiser).expect("in memory");
    pieces.iter().for_each(|piece| recorder.take(piece).expect("in memory"));
    let recording = recorder.finish().expect("in memory");
    let recording = Recording::open(&recording[..]).expect("a recording");
    let header = recording.header().expect("one").clone();
    let mut tracker = CallTracker::default();
    for event in Events::new(recording, reader(&header.feed, &header.reading).expect("known")) {
        let (at, event) = event.expect("readable");
        tracker.handle("f", &event, at);
    }
    let told: Vec<Summary> = tracker.calls().map(Summary::from).collect();
    serde_json::json!({ "calls": told })
}

#[test]
fn the_webhooks_of_every_preset_are_replayed_and_anonymised_tell_the_same_calls() {
    for preset in Preset::all() {
        let pieces = deliveries(*preset);
        let told = calls(*preset, &pieces, None);
        assert!(
            told["calls"].as_array().expect("calls").len() >= 10,
            "{preset:?}: {told}"
        );
        let mut anonymiser = Anonymiser::new(preset.name(), Anonymiser::key_of("x"), Region::from_code("DE"));
        let written: Vec<u8> = pieces
            .iter()
            .flat_map(|piece| anonymiser.piece(piece))
            .flat_map(|piece| piece.bytes.to_vec())
            .collect();
        let written = String::from_utf8(written).expect("text");
        for call in told["calls"].as_array().into_iter().flatten() {
            let number = call["caller_number"]
                .as_str()
                .unwrap_or_default()
                .trim_start_matches('+');
            assert!(
                number.len() <= 5 || !written.contains(number),
                "{preset:?}: {number} is still there"
            );
        }
        let anonymiser = Anonymiser::new(preset.name(), Anonymiser::key_of("x"), Region::from_code("DE"));
        let other = calls(*preset, &pieces, Some(anonymiser));
        assert_ne!(told, other, "{preset:?}");
        assert_eq!(without_people(told), without_people(other), "{preset:?}");
    }
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
        matches!(&said, Signal::Refused(why) if why.contains("x.recording")),
        "{said:?}"
    );
}
