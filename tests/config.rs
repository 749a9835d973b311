//! Settings: what is right is read, what is wrong is shown by line, and what is changed leaves the rest alone.

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use ringside::config::{
    AsteriskFeed, Config, Cover, Feed, FeedKind, Home, Language, SecretRef, ShowAt, SimulatedFeed, currency_of_region,
    load, parse, region_of_locale, set_extensions,
};
use ringside::customer::Currency;
use ringside::number::{Key, Region};
use ringside::vault::{SecretError, read_secret};
use tempfile::TempDir;

const EVERYTHING: &str = r##"
# Our shop
home_region = "HR"
home_area = "1"
own_numbers = ["+385 91 234 5678"]
home_currency = "eur"
language = "hr"

[panel]
show_at = "answer"
cover = "unverified"
wrap_up_seconds = 0
stale_after_hours = 24

[agent]
extensions = ["101", "102"] # my desk
name = "Ana"

[[feed]]
name = "pbx"
kind = "asterisk"
host = "pbx.example"
user = "ringside"
secret = "keyring:pbx"

[[feed]]
name = "helpdesk"
kind = "webhook"
preset = "zammad"
listen = "127.0.0.1:8730"
token = "file:zammad.token"

[[feed]]
name = "demo"
kind = "simulated"
seed = 7
"##;

fn read(text: &str) -> Result<Config, String> {
    parse(Path::new("config.toml"), text).map_err(|error| error.to_string())
}

fn home_with(text: &str) -> (TempDir, Home) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    fs::write(home.config_file(), text).expect("written");
    (folder, home)
}

#[test]
fn every_setting_is_read() {
    let config = read(EVERYTHING).expect("right");
    assert_eq!(config.home_region, Region::from_code("HR"));
    assert_eq!(config.home().area, "1");
    assert_eq!(config.own_numbers, Vec::from_iter(Key::new(385_912_345_678)));
    assert_eq!(
        (config.currency(), config.language),
        (Currency::EUR, Some(Language::Hr))
    );
    assert_eq!(
        (config.panel.show_at, config.agent.name.as_str()),
        (ShowAt::Answer, "Ana")
    );
    assert_eq!(config.panel.cover, Cover::Unverified);
    assert_eq!(config.panel.wrap_up(), None);
    assert_eq!(config.panel.stale_after(), TimeDelta::hours(24));
    assert_eq!(config.agent.extensions, ["101", "102"]);
    let kinds: Vec<&str> = config.feeds.iter().map(|feed| feed.name.as_str()).collect();
    assert_eq!(kinds, ["pbx", "helpdesk", "demo"]);
}

#[test]
fn an_asterisk_needs_only_host_user_and_secret() {
    let config = read(EVERYTHING).expect("right");
    let expected = AsteriskFeed {
        host: "pbx.example".to_owned(),
        port: 5038,
        user: "ringside".to_owned(),
        secret: SecretRef::Keyring("pbx".to_owned()),
        tls: None,
        agents: r"\d{2,6}".to_owned(),
        voicemail: vec!["voicemail".to_owned()],
        region: None,
        outside_prefix: String::new(),
        dial: None,
    };
    assert_eq!(config.feeds[0].kind, FeedKind::Asterisk(expected));
}

#[test]
fn without_a_file_calls_are_made_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    let config = load(&home).expect("defaults");
    assert_eq!(config, Config::default());
    let kind = FeedKind::Simulated(SimulatedFeed::default());
    assert_eq!(config.feeds(), [Feed::new("simulated", kind)]);
}

/// What is wrong, and the start and a part of what is said about it.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        "home_regoin = \"DE\"",
        "line 1, column 1",
        "did you mean `home_region`?",
    ),
    (
        "[agent]\nextension = [\"1\"]",
        "line 2, column 1",
        "did you mean `extensions`?",
    ),
    ("[[feeds]]\nname = \"a\"", "line 1, column 3", "did you mean `feed`?"),
    (
        "home_region = \"Narnia\"",
        "line 1, column 15",
        "`Narnia` is no country",
    ),
    (
        "home_area = \"(030)\"",
        "line 1, column 13",
        "digits alone, for example \"30\"",
    ),
    (
        "own_numbers = [\"091 234 5678\"]",
        "line 1, column 15",
        "`091 234 5678`: own_numbers are numbers with their country code",
    ),
    (
        "home_currency = \"XYZ\"",
        "line 1, column 17",
        "`XYZ` is not an ISO 4217 currency code",
    ),
    ("language = \"de\"", "line 1, column 12", "`de`"),
    (
        "[panel]\nshow_at = \"rign\"",
        "line 2, column 11",
        "did you mean `ring`?",
    ),
    ("[agent]\nextensions = [\"1 2\"]", "line 2, column 14", "without spaces"),
    ("[feed]\nname = \"a\"", "line 1, column 1", "double brackets"),
    ("[[feed]]\nname = \"a\"", "line 1, column 1", "a feed needs `kind"),
    (
        "[[feed]]\nname = \"a\"\nkind = \"asterix\"",
        "line 3, column 8",
        "did you mean `asterisk`?",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"asterisk\"\nhots = \"h\"",
        "line 4, column 1",
        "did you mean `host`?",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"asterisk\"\nhost = \"h\"\nuser = \"u\"",
        "line 1, column 1",
        "`secret`",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"sip\"\nserver = \"pbx\"\nuser = \"101\"\nsecret = \"keyring:a\"",
        "line 1, column 1",
        "name the lines to watch",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"sip\"\nserver = \"sip:pbx\"\nuser = \"101\"\nsecret = \"keyring:a\"\nobserve = true",
        "line 4, column 10",
        "for example \"sip.example.com:5060\"",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"sip\"\nserver = \"pbx:70000\"\nuser = \"101\"\nsecret = \"keyring:a\"\nobserve = true",
        "line 4, column 10",
        "with a port if need be",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"sip\"\nserver = \"pbx\"\nuser = \"sip:101@pbx\"\nsecret = \"keyring:a\"\nobserve = true",
        "line 5, column 8",
        "the part before the @",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"sip\"\nserver = \"pbx\"\nuser = \"101\"\nsecret = \"keyring:a\"\ntransport = \"sctp\"\nobserve = true",
        "line 7, column 13",
        "`sctp`",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"sip\"\nserver = \"pbx\"\nuser = \"101\"\nsecret = \"keyring:a\"\nobserve = true\nca_file = \"a.pem\"",
        "line 1, column 1",
        "transport = \"tls\" only",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"sip\"\nserver = \"pbx\"\nuser = \"101\"\nsecret = \"keyring:a\"\nobserv = true",
        "line 7, column 1",
        "did you mean `observe`?",
    ),
    (
        "[[feed]]\nname = \"a b\"\nkind = \"simulated\"",
        "line 2, column 8",
        "letters, digits",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"simulated\"\n[[feed]]\nname = \"a\"\nkind = \"simulated\"",
        "line 5, column 8",
        "two feeds with the name `a`",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"simulated\"\ncalls_per_hour = 0",
        "line 4, column 18",
        "from 1 to 3600",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"simulated\"\nseed = -1",
        "line 4, column 8",
        "u64",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"webhook\"\npreset = \"twilio\"\nlisten = \"127.0.0.1:1\"\npublic_url = \"pop.example.org\"",
        "line 6, column 14",
        "https://pop.example.org",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"webhook\"\npreset = \"twilio\"\nlisten = \"127.0.0.1:1\"\nfrom_addresses = [\"192.0.2.0/33\"]",
        "line 6, column 18",
        "198.51.100.0/24",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"webhook\"\npreset = \"twilio\"\nlisten = \"127.0.0.1:1\"\ntls = true",
        "line 6, column 7",
        "self-made",
    ),
    (
        "[[feed]]\nname = \"a\"\nkind = \"webhook\"\npreset = \"twillio\"\nlisten = \"127.0.0.1:1\"",
        "line 4, column 10",
        "`twilio`",
    ),
    ("a = [", "line 1, column", ""),
    ("home_region", "line 1, column", ""),
];

#[test]
fn a_mistake_is_shown_by_line_with_what_was_probably_meant() {
    for (text, place, part) in MISTAKES {
        let said = read(text).expect_err(text);
        assert!(said.contains(place) && said.contains(part), "{text}\n gave {said}");
    }
}

#[test]
fn a_secret_in_the_clear_is_refused_without_repeating_it() {
    let feed = "[[feed]]\nname = \"a\"\nkind = \"asterisk\"\nhost = \"h\"\nuser = \"u\"\nsecret = ";
    for secret in [
        "\"hunter2\"",
        "\"pass:hunter2\"",
        "\"keyring:\"",
        "\"env:hunter2 x\"",
        "20812",
        "2.0812",
        "true",
        "[20812]",
    ] {
        let said = read(&format!("{feed}{secret}")).expect_err(secret);
        assert!(
            said.contains("line 6, column 10") && said.contains("`keyring:NAME`"),
            "{said}"
        );
        assert!(!said.contains("hunter2") && !said.contains("0812"), "{said}");
    }
}

#[test]
fn changed_extensions_leave_every_comment_and_every_other_line_alone() {
    let (_folder, home) = home_with(EVERYTHING);
    set_extensions(&home, &["103".to_owned(), "104".to_owned()]).expect("written");
    let now = fs::read_to_string(home.config_file()).expect("read");
    assert_eq!(now, EVERYTHING.replace(r#"["101", "102"]"#, r#"["103", "104"]"#));
}

#[test]
fn extensions_can_be_set_where_there_is_no_file_yet() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home::find(Some(&folder.path().join("new"))).expect("a home");
    set_extensions(&home, &["101".to_owned()]).expect("written");
    assert_eq!(load(&home).expect("right").agent.extensions, ["101"]);
}

#[test]
fn a_wrong_file_is_not_written_over() {
    let (_folder, home) = home_with("home_regoin = \"DE\"");
    assert!(set_extensions(&home, &["101".to_owned()]).is_err());
    assert_eq!(
        fs::read_to_string(home.config_file()).expect("read"),
        "home_regoin = \"DE\""
    );
}

#[test]
fn no_extension_with_a_space_is_written() {
    let (_folder, home) = home_with(EVERYTHING);
    assert!(set_extensions(&home, &["1 01".to_owned()]).is_err());
    assert_eq!(fs::read_to_string(home.config_file()).expect("read"), EVERYTHING);
}

#[test]
fn a_locale_names_a_region_and_a_region_its_currency() {
    let regions = [
        ("de-AT", "AT"),
        ("es_MX.UTF-8", "MX"),
        ("zh-Hant-TW", "TW"),
        ("en-GB@euro", "GB"),
    ];
    for (locale, region) in regions {
        assert_eq!(region_of_locale(locale), Region::from_code(region), "{locale}");
    }
    for locale in ["C", "POSIX", "de", "es-419"] {
        assert_eq!(region_of_locale(locale), None, "{locale}");
    }
    for (region, currency) in [
        ("HR", "EUR"),
        ("US", "USD"),
        ("CH", "CHF"),
        ("BA", "BAM"),
        ("JP", "JPY"),
        ("GB", "GBP"),
    ] {
        let region = Region::from_code(region).expect("a region");
        assert_eq!(currency_of_region(region), Currency::from_code(currency), "{region}");
    }
}

#[test]
#[cfg(unix)]
fn a_secret_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, reference) = (folder.path().join("token"), SecretRef::File("token".into()));
    fs::write(&path, "s3cret\n").expect("written");
    for (mode, good) in [
        (0o644, false),
        (0o640, false),
        (0o604, false),
        (0o600, true),
        (0o400, true),
    ] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("mode");
        match read_secret(&reference, folder.path(), None) {
            Ok(secret) => assert!(good && *secret == "s3cret", "{mode:o}"),
            Err(error) => assert!(
                !good && matches!(error, SecretError::OpenToOthers { .. }),
                "{mode:o} {error}"
            ),
        }
    }
}

#[test]
#[cfg(unix)]
fn a_secret_file_with_nothing_or_with_several_lines_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("token");
    for content in ["", "\n", "one\ntwo\n"] {
        fs::write(&path, content).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("mode");
        let failed = read_secret(&SecretRef::File("token".into()), folder.path(), None);
        assert!(matches!(failed, Err(SecretError::NotASecret(_))), "{content:?}");
    }
}

#[test]
fn a_secret_that_is_nowhere_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (reference, part) in [
        ("env:RINGSIDE_TEST_IS_NOT_SET", "set it before"),
        ("file:nowhere", "cannot be read"),
        ("keyring:pbx", "use env:NAME or file:PATH"),
    ] {
        let reference = SecretRef::parse(reference).expect("a reference");
        let said = read_secret(&reference, folder.path(), None)
            .expect_err("nowhere")
            .to_string();
        assert!(said.contains(part), "{said}");
    }
}
