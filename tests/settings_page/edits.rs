//! What is changed, added, moved and taken away on the page, and what stays in the file.

use super::*;

#[test]
fn what_stands_in_the_file_is_shown_with_its_address() {
    let (_folder, home) = home_with(WRITTEN);
    let sheet = look(&home).expect("read");
    assert_eq!(sheet.wrong, None);
    assert_eq!(
        values(&sheet, "agent", 0),
        [("extensions".to_owned(), Value::Texts(vec!["101".to_owned()]))]
    );
    let feed = sheet.groups.iter().find(|group| group.name == "feed").expect("feeds");
    let kinds: Vec<_> = feed.entries.iter().map(|entry| entry.kind.as_deref()).collect();
    assert_eq!(kinds, [Some("asterisk"), Some("simulated")]);
    let dial = &feed.entries[0].groups[0];
    assert_eq!(
        (dial.name.as_str(), dial.entries[0].at.as_str()),
        ("dial", "feed.0.dial")
    );
    assert_eq!(dial.entries[0].values.len(), 2);
}

#[test]
fn a_change_leaves_every_comment_and_every_other_line_alone() {
    let (_folder, home) = home_with(WRITTEN);
    apply(
        &home,
        &[
            set("language", "hr"),
            set("agent.extensions", &["101", "102"][..]),
            set("feed.0.port", 5039.0),
            set("feed.0.tls", true),
            set("panel.show_at", "answer"),
        ],
    )
    .expect("written");
    let text = text_of(&home);
    for kept in [
        "# my shop",
        "# for now",
        "# who sits here",
        "# the desk phone",
        "# by the door",
        "# the old one",
        "# in the cellar",
    ] {
        assert!(text.contains(kept), "{kept} is gone from\n{text}");
    }
    let untouched = WRITTEN
        .lines()
        .filter(|line| !line.starts_with("language") && !line.starts_with("extensions"));
    for line in untouched {
        assert!(text.lines().any(|one| one == line), "{line} is gone from\n{text}");
    }
    let config = parse(Path::new("config.toml"), &text).expect("it is right");
    assert_eq!(config.agent.extensions, ["101", "102"]);
    assert_eq!(config.feeds.len(), 2);
}

#[test]
fn a_feed_is_added_changed_and_taken_away() {
    let (_folder, home) = home_with(WRITTEN);
    let added = [
        set("feed.2.kind", "sip"),
        set("feed.2.name", "door"),
        set("feed.2.server", "sip.example"),
        set("feed.2.user", "101"),
        set("feed.2.secret", "env:SIP"),
        set("feed.2.extensions", &["101"][..]),
        set("feed.2.ddi.0.number", "+493023125100"),
        set("feed.2.ddi.0.label", "Sales"),
    ];
    apply(&home, &added).expect("written");
    let config = ringside::config::load(&home).expect("right");
    assert_eq!(config.feeds[2].name, "door");
    assert_eq!(config.feeds[2].ddi[0].label, "Sales");
    assert_eq!(config.feeds[0].name, "pbx", "the order of the file stays");
    apply(
        &home,
        &[Change::Remove {
            at: "feed.0".to_owned(),
        }],
    )
    .expect("written");
    let names: Vec<String> = ringside::config::load(&home)
        .expect("right")
        .feeds
        .into_iter()
        .map(|feed| feed.name)
        .collect();
    assert_eq!(names, ["made-up", "door"]);
}

#[test]
fn entries_change_their_order_with_all_that_is_in_them() {
    let (_folder, home) = home_with(WRITTEN);
    apply(
        &home,
        &[Change::Move {
            at: "feed.0".to_owned(),
            to: 1,
        }],
    )
    .expect("written");
    let config = ringside::config::load(&home).expect("right");
    let names: Vec<&str> = config.feeds.iter().map(|feed| feed.name.as_str()).collect();
    assert_eq!(names, ["made-up", "pbx"]);
    assert!(text_of(&home).contains("# in the cellar"), "{}", text_of(&home));
}
