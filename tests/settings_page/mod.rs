//! Settings as a page shows and changes them: every key is known, comments stay, and what is wrong is shown at its field
//! and not written.

mod edits;
mod keys;
mod level;

use std::fs;
use std::path::Path;

use ringside::config::sheet::{Change, FilledGroup, Group, Input, Refused, Sheet, Value, change, known, look};
use ringside::config::{Home, Language, parse};
use ringside::start::Settings;
use tempfile::TempDir;

fn home_with(text: &str) -> (TempDir, Home) {
    let folder = TempDir::new().expect("a folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    fs::write(home.config_file(), text).expect("written");
    (folder, home)
}

fn text_of(home: &Home) -> String {
    fs::read_to_string(home.config_file()).expect("read")
}

fn set(at: &str, value: impl Into<Worth>) -> Change {
    Change::Set {
        at: at.to_owned(),
        value: value.into().0,
    }
}

/// A value as a test writes it.
struct Worth(Value);

impl From<&str> for Worth {
    fn from(text: &str) -> Self {
        Worth(Value::Text(text.to_owned()))
    }
}

impl From<bool> for Worth {
    fn from(flag: bool) -> Self {
        Worth(Value::Flag(flag))
    }
}

impl From<f64> for Worth {
    fn from(number: f64) -> Self {
        Worth(Value::Number(number))
    }
}

impl From<&[&str]> for Worth {
    fn from(texts: &[&str]) -> Self {
        Worth(Value::Texts(texts.iter().map(|&text| text.to_owned()).collect()))
    }
}

fn apply(home: &Home, changes: &[Change]) -> Result<(), Refused> {
    let sheet = look(home).expect("read");
    change(home, &sheet.revision, changes)
}

fn at_of(refused: Result<(), Refused>) -> (String, String) {
    match refused {
        Err(Refused::Wrong(wrong)) => (wrong.at, crate::first_steps::said(&wrong.said, Language::En)),
        other => panic!("not refused for a value: {other:?}"),
    }
}

fn values(sheet: &Sheet, group: &str, nth: usize) -> Vec<(String, Value)> {
    let group = sheet.groups.iter().find(|one| one.name == group).expect("the group");
    group.entries[nth].values.clone()
}

/// The keys that the reader names when it is given one it does not know.
fn keys_of_reader(text: &str) -> Vec<String> {
    let error = parse(Path::new("config.toml"), text)
        .expect_err("`zzz` is no key")
        .to_string();
    let listed = error.split("expected").nth(1).unwrap_or_else(|| panic!("{error}"));
    let listed = listed.split("; did").next().expect("a part");
    let mut keys: Vec<String> = listed.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    keys.sort();
    keys
}

fn sorted(keys: impl Iterator<Item = String>) -> Vec<String> {
    let mut keys: Vec<String> = keys.collect();
    keys.sort();
    keys
}

fn group(name: &str) -> Group {
    known().into_iter().find(|group| group.name == name).expect("the group")
}

const WRITTEN: &str = r#"# my shop
language = "en" # for now

# who sits here
[agent]
# the desk phone
extensions = ["101"] # by the door

[[feed]]
# the old one
name = "pbx"
kind = "asterisk"
host = "pbx.example" # in the cellar
user = "ringside"
secret = "env:PBX"

[feed.dial]
user = "dialer"
secret = "env:DIAL"

[[feed]]
name = "made-up"
kind = "simulated"
"#;

#[test]
fn a_wrong_value_is_said_at_its_field_in_the_words_of_the_reader_and_nothing_is_written() {
    for (change, at, what) in [
        (set("feed.0.port", 70_000.0), "feed.0.port", "from 1 to 65535"),
        (set("feed.0.port", "many"), "feed.0.port", "invalid type: string"),
        (
            set("feed.0.secret", "hunter2"),
            "feed.0.secret",
            "a secret is never written here",
        ),
        (set("feed.0.dial.timeout", 0.0), "feed.0.dial.timeout", ""),
        (set("home_region", "XX"), "home_region", "no country"),
        (set("panel.show_at", "later"), "panel.show_at", "unknown variant"),
        (
            set("agent.extensions", &["1 01"][..]),
            "agent.extensions",
            "an extension is",
        ),
        (set("feed.1.name", "pbx"), "feed.1.name", "two feeds"),
        (set("keys.follow_up", &["F"][..]), "keys.follow_up", "writes a letter"),
        (set("panel.no_such_key", true), "panel.no_such_key", "no setting"),
        (set("feed.9.name", "far"), "feed.9.name", "no setting"),
        (
            set("disposition.0.code", "Sent!"),
            "disposition.0",
            "the code of a disposition",
        ),
    ] {
        let (_folder, home) = home_with(WRITTEN);
        let (said_at, said) = at_of(apply(&home, std::slice::from_ref(&change)));
        assert!(said_at.starts_with(at), "{change:?} is said at {said_at}: {said}");
        assert!(said.contains(what), "{change:?}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
        assert_eq!(text_of(&home), WRITTEN);
    }
}

#[test]
fn what_is_wrong_has_words_in_every_language() {
    for (change, hr, es) in [
        (
            set("feed.0.port", 70_000.0),
            "port je broj od 1 do 65535",
            "un puerto es un número de 1 a 65535",
        ),
        (set("home_region", "XX"), "„XX” nije država", "«XX» no es un país"),
        (
            set("feed.1.name", "pbx"),
            "dvije veze imaju ime „pbx”",
            "hay dos conexiones con el nombre «pbx»",
        ),
        (
            set("feed.0.secret", "hunter2"),
            "tajna se nikad ne piše ovdje",
            "un secreto nunca se escribe aquí",
        ),
        (
            set("panel.no_such_key", true),
            "nema postavke „panel.no_such_key”",
            "no existe el ajuste",
        ),
        (set("feed.2.kind", "asterisk"), "nedostaje polje", "falta el campo"),
    ] {
        let (_folder, home) = home_with(WRITTEN);
        let Err(Refused::Wrong(wrong)) = apply(&home, std::slice::from_ref(&change)) else {
            panic!("{change:?} is taken")
        };
        for (language, part) in [(Language::Hr, hr), (Language::Es, es)] {
            let said = crate::first_steps::said(&wrong.said, language);
            assert!(said.starts_with(part), "{change:?}: {said}");
        }
    }
}

#[test]
fn all_changes_count_or_none() {
    let (_folder, home) = home_with(WRITTEN);
    let refused = apply(&home, &[set("language", "es"), set("home_area", "thirty")]);
    assert_eq!(at_of(refused).0, "home_area");
    assert_eq!(text_of(&home), WRITTEN);
}

#[test]
fn a_file_that_somebody_wrote_in_the_meantime_is_not_written_over() {
    let (_folder, home) = home_with(WRITTEN);
    let sheet = look(&home).expect("read");
    let by_hand = WRITTEN.replace("\"en\"", "\"es\"");
    fs::write(home.config_file(), &by_hand).expect("written");
    let refused = change(&home, &sheet.revision, &[set("language", "hr")]);
    assert!(matches!(refused, Err(Refused::Overtaken)), "{refused:?}");
    assert_eq!(text_of(&home), by_hand);
}

#[test]
fn a_wrong_file_is_shown_with_what_is_wrong_and_can_be_mended() {
    let (_folder, home) = home_with("language = \"xx\" # which?\nhome_area = \"30\"\n");
    let wrong = look(&home).expect("read").wrong.expect("it is wrong");
    assert_eq!((wrong.at.as_str(), wrong.line), ("language", 1));
    apply(&home, &[set("language", "es")]).expect("mended");
    assert_eq!(text_of(&home), "language = \"es\" # which?\nhome_area = \"30\"\n");
}

#[test]
fn a_text_that_is_no_toml_changes_nothing_and_is_said() {
    for hostile in [
        "[[[",
        "a = \"",
        "\u{0}",
        "feed = 3\n",
        "[feed]\nname = 1\n",
        "panel = [1, 2]\n",
        "keys = \"x\"\n",
    ] {
        let (_folder, home) = home_with(hostile);
        let sheet = look(&home).expect("read");
        assert!(sheet.wrong.is_some(), "{hostile:?}");
        let refused = apply(
            &home,
            &[
                set("panel.corner", "top-left"),
                set("feed.0.name", "n"),
                set("keys.hide", &["F2"][..]),
            ],
        );
        assert!(refused.is_err(), "{hostile:?}");
        assert_eq!(text_of(&home), hostile);
    }
}

#[test]
fn addresses_that_lead_nowhere_are_refused() {
    let (_folder, home) = home_with(WRITTEN);
    for at in [
        "",
        ".",
        "0",
        "feed",
        "feed.x",
        "feed.0",
        "feed.0.0",
        "agent",
        "agent.extensions.0",
        "feed.0.dial.9",
        "..",
        "nope.0.name",
    ] {
        let refused = apply(&home, &[set(at, "x")]);
        assert!(refused.is_err(), "{at}");
        assert_eq!(text_of(&home), WRITTEN, "{at}");
    }
    for at in ["feed.7", "nope.0", "", "0"] {
        assert!(apply(&home, &[Change::Remove { at: at.to_owned() }]).is_err(), "{at}");
    }
}

#[test]
fn the_comment_above_a_key_stays_when_the_key_goes() {
    let (_folder, home) =
        home_with("[panel]\n# where I look\ncorner = \"top-left\"\n# so I can finish\nwrap_up_seconds = 5\n");
    apply(
        &home,
        &[Change::Remove {
            at: "panel.corner".to_owned(),
        }],
    )
    .expect("written");
    assert!(text_of(&home).contains("# where I look"), "{}", text_of(&home));
    apply(
        &home,
        &[
            set("panel.corner", "top-right"),
            Change::Remove {
                at: "panel.wrap_up_seconds".to_owned(),
            },
        ],
    )
    .expect("written");
    let text = text_of(&home);
    assert!(
        text.contains("# where I look") && text.contains("# so I can finish"),
        "{text}"
    );
}

#[test]
fn what_has_no_form_of_its_own_is_written_as_toml() {
    let webhook = "[[feed]]\nname = \"hook\"\nkind = \"webhook\"\npreset = \"zammad\"\nlisten = \"127.0.0.1:8730\"\ntoken = \"env:T\"\n";
    let (_folder, home) = home_with(webhook);
    apply(
        &home,
        &[set("feed.0.tls", "{ certificate = \"c.pem\", key = \"k.pem\" }")],
    )
    .expect("written");
    assert!(text_of(&home).contains("certificate = \"c.pem\""));
    let shown = values(&look(&home).expect("read"), "feed", 0);
    let tls = shown.iter().find(|(key, _)| key == "tls").expect("shown");
    assert_eq!(
        tls.1,
        Value::Text("{ certificate = \"c.pem\", key = \"k.pem\" }".to_owned())
    );
    let (at, _) = at_of(apply(&home, &[set("feed.0.tls", "certificate = ")]));
    assert_eq!(at, "feed.0.tls");
    let pairs = Value::Pairs(vec![("Ada Example".to_owned(), "101".to_owned())]);
    apply(
        &home,
        &[Change::Set {
            at: "feed.0.agents".to_owned(),
            value: pairs,
        }],
    )
    .expect("written");
    assert!(ringside::config::load(&home).is_ok(), "{}", text_of(&home));
}

#[test]
fn a_secret_in_the_file_is_never_shown() {
    let (_folder, home) = home_with(&WRITTEN.replace("env:PBX", "hunter2"));
    let sheet = look(&home).expect("read");
    assert!(!format!("{sheet:?}").contains("hunter2"));
}

#[test]
fn a_secret_without_a_keyring_goes_into_a_file_that_only_its_owner_reads() {
    let (_folder, home) = home_with(WRITTEN);
    let settings = Settings::new(home.clone(), ringside::config::load(&home).expect("right"), None, None);
    let reference = settings.keep_secret("pbx/../secret", "hunter2").expect("kept");
    assert_eq!(reference, "file:secrets/pbx-..-secret");
    let file = home.folder().join("secrets/pbx-..-secret");
    assert_eq!(fs::read_to_string(&file).expect("read"), "hunter2");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    for none in ["", "two\nlines"] {
        assert!(settings.keep_secret("pbx", none).is_err(), "{none:?}");
    }
}

#[test]
fn whether_a_restart_is_needed_is_told_by_what_this_run_was_started_with() {
    let (_folder, home) = home_with(WRITTEN);
    let settings = Settings::new(home.clone(), ringside::config::load(&home).expect("right"), None, None);
    assert!(!settings.sheet(&[]).expect("read").restart);
    let revision = settings.sheet(&[]).expect("read").revision;
    let lines = settings
        .change(&revision, &[set("agent.extensions", &["104"][..])])
        .expect("written");
    let lines = lines.expect("my extensions are others now");
    assert!(!settings.sheet(&lines).expect("read").restart, "they count at once");
    fs::write(
        home.config_file(),
        text_of(&home).replace("language = \"en\"", "language = \"es\""),
    )
    .expect("written");
    assert!(settings.sheet(&lines).expect("read").restart);
}

#[test]
fn without_a_file_everything_is_shown_as_not_set() {
    let folder = TempDir::new().expect("a folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    let sheet = look(&home).expect("read");
    assert!(sheet.absent && sheet.wrong.is_none());
    let written = |group: &FilledGroup| group.entries.iter().any(|entry| !entry.values.is_empty());
    assert!(!sheet.groups.iter().any(written));
    apply(&home, &[set("language", "hr")]).expect("written");
    assert!(!look(&home).expect("read").absent);
}
