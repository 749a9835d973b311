//! The page knows the keys and the choices that the reader knows, and no others.

use super::*;

#[test]
fn every_key_that_the_reader_takes_stands_on_the_page_and_no_other() {
    for name in [
        "agent",
        "colleague",
        "panel",
        "advice",
        "retention",
        "service_level",
        "disposition",
        "template",
        "tier",
    ] {
        let group = group(name);
        let header = if group.many {
            format!("[[{name}]]")
        } else {
            format!("[{name}]")
        };
        let ours = sorted(group.kinds[0].1.iter().map(|key| key.name.clone()));
        assert_eq!(ours, keys_of_reader(&format!("{header}\nzzz = 1\n")), "{name}");
    }
    for (name, own) in [
        ("feed", &["name", "ddi", "trunk"][..]),
        ("source", &["name", "every_minutes", "precedence"][..]),
    ] {
        for (kind, keys, groups) in &group(name).kinds {
            let kind = kind.expect("a kind");
            let text = format!("[[{name}]]\nname = \"n\"\nkind = \"{kind}\"\nzzz = 1\n");
            let ours = keys.iter().map(|key| key.name.clone());
            let ours = ours.chain(groups.iter().map(|group| group.name.to_owned()));
            let ours = sorted(ours.filter(|key| !own.contains(&key.as_str())));
            assert_eq!(ours, keys_of_reader(&text), "{name} {kind}");
        }
    }
    let listed = keys_of_reader("zzz = 1\n");
    let ours = known().into_iter().flat_map(|group| match group.name {
        "" => group.kinds[0].1.iter().map(|key| key.name.clone()).collect(),
        name => vec![name.to_owned()],
    });
    assert_eq!(sorted(ours), listed);
}

#[test]
fn tables_within_feeds_have_the_keys_of_the_reader_too() {
    let asterisk = "[[feed]]\nname = \"n\"\nkind = \"asterisk\"\nhost = \"h\"\nuser = \"u\"\nsecret = \"env:S\"\n";
    let (_, _, groups) = group("feed").kinds.into_iter().next().expect("Asterisk");
    for inner in groups {
        let header = match inner.many {
            true => format!("[[feed.{}]]", inner.name),
            false => format!("[feed.{}]", inner.name),
        };
        let ours = sorted(inner.kinds[0].1.iter().map(|key| key.name.clone()));
        assert_eq!(
            ours,
            keys_of_reader(&format!("{asterisk}{header}\nzzz = 1\n")),
            "{}",
            inner.name
        );
    }
}

#[test]
fn every_choice_of_the_page_is_one_that_the_reader_takes() {
    for (name, before) in [("", ""), ("panel", "[panel]\n")] {
        for key in &group(name).kinds[0].1 {
            let Input::Choice { of } = &key.input else { continue };
            for word in of {
                let text = format!("{before}{} = \"{word}\"\n", key.name);
                parse(Path::new("config.toml"), &text).unwrap_or_else(|error| panic!("{error} in {text}"));
            }
        }
    }
}
