//! How a shop works after a call, as its settings say: dispositions, templates, and keys that are not the usual ones.

use std::path::Path;

use ringside::config::{Config, Disposition, Home, parse};
use ringside::start::Settings;

fn read(text: &str) -> Result<Config, String> {
    parse(Path::new("config.toml"), text).map_err(|error| error.to_string())
}

#[track_caller]
fn assert_refused(text: &str, line: usize, part: &str) {
    let said = read(text).expect_err(text);
    assert!(
        said.starts_with(&format!("config.toml, line {line}, ")) && said.contains(part),
        "`{part}` in line {line} is not in: {said}"
    );
}

fn codes(config: &Config) -> Vec<String> {
    config.dispositions().into_iter().map(|one| one.code).collect()
}

#[test]
fn a_shop_that_names_no_dispositions_has_six() {
    let config = read("").expect("read");
    assert_eq!(
        codes(&config),
        [
            "order",
            "question",
            "complaint",
            "ring_back",
            "wrong_number",
            "no_result"
        ]
    );
    assert!(config.dispositions().iter().all(|one| one.name.is_none()));
}

#[test]
fn a_shop_has_its_own_dispositions_templates_and_keys() {
    let config = read(
        r#"
[[disposition]]
code = "sample"
name = "Uzorak poslan"
[[disposition]]
code = "no_result"
[[template]]
name = "Opening hours"
text = """
Monday to Friday,
8 to 16.
"""
[keys]
follow_up = "ctrl + f"
hide = ["F2", "Escape"]
answer = "Ctrl+1-4"
"#,
    )
    .expect("read");
    assert_eq!(
        config.dispositions()[0],
        Disposition {
            code: "sample".to_owned(),
            name: Some("Uzorak poslan".to_owned())
        }
    );
    let home = Home::find(Some(Path::new("/nowhere"))).expect("a home");
    let view = Settings::new(home, config, None, None).after_call();
    assert_eq!(view.dispositions.len(), 2);
    assert_eq!(view.templates[0].text, "Monday to Friday,\n8 to 16.");
    let keys: Vec<(&str, Vec<&str>)> = view
        .keys
        .iter()
        .map(|(action, chords)| (action.as_str(), chords.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        keys,
        [
            ("answer", vec!["Ctrl+1-4"]),
            ("follow_up", vec!["Ctrl+F"]),
            ("hide", vec!["F2", "Esc"])
        ]
    );
}

#[test]
fn a_disposition_that_cannot_be_used_is_said() {
    let one = "[[disposition]]\ncode = \"order\"\n";
    assert_refused(one, 1, "two to nine dispositions");
    assert_refused(&one.repeat(10), 1, "two dispositions with the code `order`");
    let many: String = (0..10)
        .map(|i| format!("[[disposition]]\ncode = \"d{i}\"\nname = \"D\"\n"))
        .collect();
    assert_refused(&many, 1, "two to nine");
    let other = format!("{one}[[disposition]]\ncode = \"sale\"\n");
    assert_refused(&other, 3, "`sale` needs a `name`");
    assert_refused(
        &format!("{one}[[disposition]]\ncode = \"Big Sale\"\n"),
        3,
        "small letters",
    );
    assert_refused(
        &format!("{one}[[disposition]]\ncode = \"sale\"\nname = \" \"\n"),
        3,
        "one line of 1 to 40",
    );
    assert_refused(
        &format!("{one}[[disposition]]\ncode = \"sale\"\nnames = \"x\"\n"),
        5,
        "did you mean `name`?",
    );
}

#[test]
fn a_template_that_cannot_be_used_is_said() {
    let one = "[[template]]\nname = \"Hours\"\ntext = \"8 to 16\"\n";
    assert_refused(&one.repeat(2), 1, "two templates with the name `Hours`");
    assert_refused(
        "[[template]]\nname = \"Hours\"\ntext = \"\"\n",
        1,
        "1 to 2000 characters",
    );
    assert_refused("[[template]]\nname = \"Hours\"\n", 1, "missing field `text`");
    let many: String = (0..21)
        .map(|i| format!("[[template]]\nname = \"t{i}\"\ntext = \"x\"\n"))
        .collect();
    assert_refused(&many, 1, "at most 20 templates");
}

#[test]
fn a_key_that_does_two_things_is_said_with_both() {
    assert_refused("[keys]\nticket = \"Alt+F\"\n", 2, "`Alt+F` does `follow_up` already");
    assert_refused(
        "[keys]\nfollow_up = \"Ctrl+F\"\nticket = \"Ctrl+F\"\n",
        2,
        "`Ctrl+F` does `ticket` already",
    );
    assert_refused("[keys]\nfollow_up = \"Alt+3\"\n", 2, "does `answer` already");
    // moved away, its key is free
    let config = read("[keys]\nfollow_up = \"Ctrl+F\"\nticket = \"Alt+F\"\n").expect("read");
    assert_eq!(config.keys["ticket"][0].to_string(), "Alt+F");
    // the one counts while a call is on, the other in the wrap-up
    read("[keys]\nanswer = \"Alt+1-9\"\ndisposition = \"Alt+1-9\"\n").expect("read");
}

#[test]
fn a_key_that_cannot_be_used_is_said() {
    for (keys, part) in [
        ("folow_up = \"Ctrl+F\"", "did you mean `follow_up`?"),
        ("sing = \"Ctrl+F\"", "there are answer, "),
        ("pick_move = \"Ctrl+F\"", "cannot be changed"),
        ("ticket = \"Alt+Strg\"", "is no key"),
        ("ticket = \"Hyper+K\"", "is no key"),
        ("ticket = \"Alt+Alt+K\"", "is no key"),
        ("ticket = \"K\"", "writes a letter; use it with Alt or Ctrl: \"Alt+K\""),
        ("ticket = \"Ctrl+Alt+K\"", "where Ctrl and Alt are AltGr"),
        ("ticket = \"Ctrl+C\"", "edits the text"),
        ("ticket = \"Enter\"", "belongs to fields and lists"),
        ("ticket = \"Ctrl+1-9\"", "takes one key"),
        ("disposition = \"Ctrl+D\"", "takes a row of digits"),
        ("ticket = 7", "a key is written as a text"),
        ("ticket = []", "a key is written as a text"),
    ] {
        assert_refused(&format!("[keys]\n{keys}\n"), 2, part);
    }
    assert_refused("keys = \"Alt+F\"\n", 1, "below `[keys]`");
}

#[test]
fn colleagues_have_names_each_extension_once() {
    let one = "[[colleague]]\nextension = \"102\"\nname = \"Tea Marić\"\n";
    let config = parse(Path::new("config.toml"), one).expect("read");
    let named: Vec<(&str, &str)> = config
        .colleagues
        .iter()
        .map(|one| (one.extension.as_str(), one.name.as_str()))
        .collect();
    assert_eq!(named, [("102", "Tea Marić")]);
    assert_refused(&one.repeat(2), 1, "two colleagues with the extension `102`");
    assert_refused("[[colleague]]\nextension = \"102\"\n", 1, "missing field `name`");
    assert_refused(
        "[[colleague]]\nextension = \"1 2\"\nname = \"Tea\"\n",
        1,
        "an extension is the name of a phone",
    );
    assert_refused(
        "[[colleague]]\nextension = \"102\"\nname = \"\"\n",
        1,
        "one line of 1 to 40",
    );
}
