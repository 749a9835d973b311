//! The settings of a feed, kind by kind, and those that every kind has: our numbers and trunks.

use std::path::Path;

use ringside::config::{AsteriskFeed, Config, Ddi, Dial, FeedKind, Language, SecretRef, Tls, Trunk, parse};
use ringside::number::Region;

fn read(text: &str) -> Result<Config, String> {
    parse(Path::new("config.toml"), text).map_err(|error| error.to_string())
}

fn asterisk(more: &str) -> AsteriskFeed {
    let text = format!(
        "[[feed]]\nname = \"pbx\"\nkind = \"asterisk\"\nhost = \"h\"\nuser = \"u\"\nsecret = \"env:S\"\n{more}"
    );
    let mut config = read(&text).expect(more);
    match config.feeds.remove(0).kind {
        FeedKind::Asterisk(asterisk) => asterisk,
        other => panic!("not an Asterisk: {other:?}"),
    }
}

#[test]
fn with_tls_the_port_is_another_and_the_trust_is_read() {
    let plain = asterisk("");
    assert_eq!((plain.tls, plain.port), (None, 5038));
    let system = asterisk("tls = true");
    assert_eq!((system.tls, system.port), (Some(Tls::System), 5039));
    let file = asterisk("tls = true\nca_file = \"pbx.pem\"\nport = 5038");
    assert_eq!((file.tls, file.port), (Some(Tls::CaFile("pbx.pem".into())), 5038));
    let bytes: [u8; 32] = std::array::from_fn(|at| if at == 0 { 0xAB } else { 0x1 });
    let colons = format!("AB{}", ":01".repeat(31));
    for written in [
        colons.clone(),
        colons.replace(':', "").to_lowercase(),
        format!("sha256 Fingerprint={colons}"),
    ] {
        let feed = asterisk(&format!("tls = true\nfingerprint = \"{written}\""));
        assert_eq!(feed.tls, Some(Tls::Fingerprint(bytes)), "{written}");
    }
}

#[test]
fn who_may_order_calls_is_read_apart() {
    let dial = asterisk("[feed.dial]\nuser = \"dialer\"\nsecret = \"env:D\"").dial;
    let expected = Dial {
        user: "dialer".to_owned(),
        secret: SecretRef::Env("D".to_owned()),
        context: "internal".to_owned(),
        channel: "PJSIP/{line}".to_owned(),
        timeout: 30,
    };
    assert_eq!(dial, Some(expected));
    let other = "context = \"from-internal\"\nchannel = \"Local/{line}@from-internal\"\ntimeout = 20";
    let dial = asterisk(&format!("[feed.dial]\nuser = \"dialer\"\nsecret = \"env:D\"\n{other}")).dial;
    let dial = dial.expect("a user");
    assert_eq!(
        (dial.context.as_str(), dial.channel.as_str(), dial.timeout),
        ("from-internal", "Local/{line}@from-internal", 20)
    );
}

#[test]
fn every_kind_of_feed_may_name_its_numbers_and_trunks() {
    let kinds = [
        "kind = \"asterisk\"\nhost = \"h\"\nuser = \"u\"\nsecret = \"env:S\"",
        "kind = \"webhook\"\npreset = \"zammad\"\nlisten = \"127.0.0.1:1\"\ntoken = \"env:T\"",
        "kind = \"simulated\"",
    ];
    for kind in kinds {
        let text = format!(
            "[[feed]]\nname = \"a\"\n{kind}\n\n[[feed.ddi]]\nnumber = \"+49 30 23125-100\"\nlabel = \"Sales\"\nregion = \
             \"DE\"\nlanguage = \"en\"\n\n[[feed.ddi]]\nnumber = \"101\"\n\n[[feed.trunk]]\nname = \"pstn\"\nregion = \
             \"AT\"\nprefix = \"0\"\nidd = \"00\"\n"
        );
        let feed = read(&text).expect(kind).feeds.remove(0);
        let sales = Ddi {
            number: "+49 30 23125-100".to_owned(),
            label: "Sales".to_owned(),
            region: Region::from_code("DE"),
            language: Some(Language::En),
        };
        assert_eq!((feed.ddi.len(), &feed.ddi[0]), (2, &sales), "{kind}");
        assert_eq!((feed.ddi[1].label.as_str(), feed.ddi[1].region), ("", None), "{kind}");
        let pstn = Trunk {
            name: "pstn".to_owned(),
            region: Region::from_code("AT"),
            prefix: Some("0".to_owned()),
            idd: "00".to_owned(),
        };
        assert_eq!(feed.trunk, [pstn], "{kind}");
    }
}

/// What is wrong below an Asterisk's six lines, and the start and a part of what is said about it.
const ASTERISK_MISTAKES: &[(&str, &str, &str)] = &[
    ("ca_file = \"x\"", "line 1", "set tls = true"),
    ("fingerprint = \"AB\"", "line 7, column 15", "64 hexadecimal digits"),
    ("port = 0", "line 7, column 8", "1 to 65535"),
    ("tsl = true", "line 7, column 1", "did you mean `tls`?"),
    ("[feed.dial]\nuser = \"d\"", "line 7", "`secret`"),
    ("[feed.dial]\nusr = \"d\"", "line 8, column 1", "did you mean `user`?"),
    (
        "[feed.dial]\nuser = \"d\"\nsecret = \"d\"",
        "line 9, column 10",
        "`keyring:NAME`",
    ),
    ("[feed.dial]\nchannel = \"PJSIP/101\"", "line 8, column 11", "{line}"),
    (
        "[feed.dial]\nchannel = \"PJSIP/{line}&SIP/9\"",
        "line 8, column 11",
        "{line}",
    ),
    (
        "[feed.dial]\ncontext = \"a\\r\\nb\"",
        "line 8, column 11",
        "a context of the dialplan",
    ),
    ("[feed.dial]\ntimeout = 4", "line 8, column 11", "from 5 to 120"),
    ("[[feed.ddi]]\nlabel = \"Sales\"", "line 7", "`number`"),
    (
        "[[feed.ddi]]\nnumber = \"Sales\"",
        "line 8, column 10",
        "one of our own numbers",
    ),
    (
        "[[feed.ddi]]\nnumber = \"100\"\nregion = \"Narnia\"",
        "line 9, column 10",
        "no country",
    ),
    (
        "[[feed.ddi]]\nnumber = \"100\"\nlabl = \"x\"",
        "line 9, column 1",
        "did you mean `label`?",
    ),
    ("[feed.ddi]\nnumber = \"100\"", "line 7", ""),
    ("[[feed.trunk]]\nname = \" \"", "line 8, column 8", "name for the trunk"),
    (
        "[[feed.trunk]]\nname = \"a\"\nprefix = \"x\"",
        "line 9, column 10",
        "outside line",
    ),
];

#[test]
fn a_mistake_in_an_asterisk_is_shown_by_line() {
    let feed = "[[feed]]\nname = \"a\"\nkind = \"asterisk\"\nhost = \"h\"\nuser = \"u\"\nsecret = \"env:S\"\n";
    for (text, place, part) in ASTERISK_MISTAKES {
        let said = read(&format!("{feed}{text}")).expect_err(text);
        assert!(said.contains(place) && said.contains(part), "{text}\n gave {said}");
    }
    let both = format!("tls = true\nca_file = \"x\"\nfingerprint = \"{}\"", "ab".repeat(32));
    let said = read(&format!("{feed}{both}")).expect_err(&both);
    assert!(said.contains("give one of them"), "{said}");
}

#[test]
fn a_sip_feed_has_the_usual_port_and_domain_of_its_server() {
    let sip = |more: &str| {
        let text = format!("[[feed]]\nname = \"a\"\nkind = \"sip\"\nuser = \"101\"\nsecret = \"keyring:a\"\n{more}");
        match read(&text).expect("right").feeds.remove(0).kind {
            FeedKind::Sip(sip) => sip,
            other => panic!("{other:?}"),
        }
    };
    let plain = sip("server = \"pbx.example\"\nextensions = [\"102\"]");
    assert_eq!(
        (plain.port, plain.domain.as_str(), plain.observe),
        (5060, "pbx.example", false)
    );
    let odd = sip("server = \"10.0.0.1:5070\"\nobserve = true\ndomain = \"example.com\"");
    assert_eq!(
        (odd.host.as_str(), odd.port, odd.domain.as_str()),
        ("10.0.0.1", 5070, "example.com")
    );
    assert_eq!(
        sip("server = \"10.0.0.1:5070\"\nobserve = true").domain,
        "10.0.0.1:5070"
    );
    let tls = sip("server = \"[2001:db8::1]\"\ntransport = \"tls\"\nca_file = \"ca.pem\"\nobserve = true");
    assert_eq!(
        (tls.host.as_str(), tls.port, tls.domain.as_str()),
        ("[2001:db8::1]", 5061, "[2001:db8::1]")
    );
}

#[test]
fn a_recording_may_be_a_feed_and_made_up_calls_may_misbehave() {
    let text = "[[feed]]\nname = \"then\"\nkind = \"replay\"\nfile = \"calls.recording\"\nspeed = 10\n\
                [[feed]]\nname = \"now\"\nkind = \"simulated\"\nday = true\nfaults = { duplicate = 0.1, lost_hangup = 0.05 }\n";
    let config = read(text).expect("right");
    let FeedKind::Replay(replay) = &config.feeds[0].kind else {
        panic!("{:?}", config.feeds[0]);
    };
    assert_eq!((replay.file.to_str(), replay.speed), (Some("calls.recording"), 10.0));
    let FeedKind::Simulated(simulated) = &config.feeds[1].kind else {
        panic!("{:?}", config.feeds[1]);
    };
    assert_eq!((simulated.day, simulated.faults.duplicate), (true, 0.1));
    for (text, said) in [
        ("kind = \"replay\"\nfile = \"x\"\nspeed = 0", "how many times as fast"),
        ("kind = \"replay\"", "missing field `file`"),
        (
            "kind = \"simulated\"\nfaults = { duplicate = 2 }",
            "probabilities from 0 to 1",
        ),
        ("kind = \"simulated\"\nfaults = { echo = 0.1 }", "unknown field `echo`"),
    ] {
        let wrong = read(&format!("[[feed]]\nname = \"x\"\n{text}\n"))
            .expect_err(text)
            .to_string();
        assert!(wrong.contains(said), "{wrong}");
    }
}
