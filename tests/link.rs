//! Links from anywhere: what is read, and what is refused with what to do.

use ringside::call::CallId;
use ringside::config::Language;
use ringside::customer::CustomerRef;
use ringside::link::{LONGEST, Link, NoLink, dialable, read, to_log};
use ringside::pop::view::{Direction, LogFilter, Mark, Outcome, PeriodView};

fn dials(number: &str) -> Result<Link, NoLink> {
    let number = number.to_owned();
    Ok(Link::Dial {
        number,
        extension: None,
    })
}

#[test]
fn a_telephone_link_is_a_number_however_it_is_written() {
    let same = [
        "tel:+493023125101",
        "TEL:+493023125101",
        "tel:+49-30-231-25-101",
        "tel:+49(30)23125.101",
        "tel:%2B49%2030%2023125%20101",
        "tel:+49%2030/23125101",
        "tel://+493023125101",
        "tel:+493023125101;phone-context=example.com",
        "tel:+493023125101;isub=1234",
    ];
    for link in same {
        assert_eq!(read(link), dials("+493023125101"), "{link}");
    }
    assert_eq!(read("tel:03023125101"), dials("03023125101"));
    assert_eq!(read("tel:112"), dials("112"));
}

#[test]
fn an_extension_is_kept_apart_from_the_number() {
    let expected = Link::Dial {
        number: "+493023125".to_owned(),
        extension: Some("101".to_owned()),
    };
    assert_eq!(read("tel:+493023125;ext=1-01"), Ok(expected));
    for bad in [
        "tel:+493023125;ext=",
        "tel:+493023125;ext=1e1",
        "tel:+493023125;ext=123456789012",
    ] {
        assert_eq!(read(bad), Err(NoLink::NoNumber), "{bad}");
    }
}

#[test]
fn a_call_and_a_customer_are_named_by_their_own_names() {
    let call = |id: &str| Ok(Link::Call(CallId(id.to_owned())));
    assert_eq!(read("ringside://call/pbx:1795305759.59"), call("pbx:1795305759.59"));
    assert_eq!(read("ringside://call/pbx%3A1795305759.59"), call("pbx:1795305759.59"));
    assert_eq!(read("ringside:call/pbx:1"), call("pbx:1"));
    assert_eq!(read("RINGSIDE://CALL/pbx:1"), call("pbx:1"));
    let customer = |name: &str| Ok(Link::Customer(CustomerRef(name.to_owned())));
    assert_eq!(read("ringside://customer/files/ALFKI"), customer("files/ALFKI"));
    assert_eq!(read("ringside://customer/shop/%C5%A0ari%C4%87"), customer("shop/Šarić"));
}

#[test]
fn a_filter_of_the_log_is_read_as_it_was_written() {
    let everything = LogFilter::default();
    assert_eq!(to_log(&everything).as_deref(), Ok("ringside://log/"));
    for link in ["ringside://log", "ringside:log", "RINGSIDE://LOG/"] {
        assert_eq!(read(link), Ok(Link::Log(Box::default())), "{link}");
    }
    let day = |text: &str| text.parse().expect("a day");
    let filter = LogFilter {
        period: Some(PeriodView::Between {
            from: day("2026-11-01"),
            until: day("2026-11-07"),
        }),
        direction: Some(Direction::In),
        outcome: Some(Outcome::Missed),
        agent: "101".to_owned(),
        queue: "Sales; line=1/2".to_owned(),
        disposition: "ring_back".to_owned(),
        customer: "shop/Šarić".to_owned(),
        matched: Some(false),
        marked: Some(Mark::Coaching),
        words: "zwölf Käse".to_owned(),
    };
    let link = to_log(&filter).expect("a link");
    assert!(link.is_ascii() && !link.contains(' '), "{link}");
    assert_eq!(read(&link), Ok(Link::Log(Box::new(filter))));
    let days = LogFilter {
        period: Some(PeriodView::Days { days: 14 }),
        ..everything
    };
    assert_eq!(to_log(&days).as_deref(), Ok("ringside://log/days=14"));
}

#[test]
fn a_filter_that_no_link_can_have_gets_none() {
    let words = |words: &str| {
        to_log(&LogFilter {
            words: words.to_owned(),
            ..LogFilter::default()
        })
    };
    assert_eq!(words("100 %"), Err(NoLink::Percent));
    assert_eq!(words("two\nlines"), Err(NoLink::Unreadable));
    assert_eq!(words(" first"), Err(NoLink::Unreadable));
    assert_eq!(words(&"ü".repeat(190)), Err(NoLink::TooLong));
    let no_days = LogFilter {
        period: Some(PeriodView::Days { days: 0 }),
        ..LogFilter::default()
    };
    assert_eq!(to_log(&no_days), Err(NoLink::Filter));
}

#[test]
fn a_link_to_the_log_with_anything_odd_in_it_is_refused() {
    let long = format!("ringside://log/words={}", "a".repeat(201));
    let cases: &[(&str, NoLink)] = &[
        (&long, NoLink::Filter),
        // no key of ours, or none at all
        ("ringside://log/evil=1", NoLink::Filter),
        ("ringside://log/Outcome=missed", NoLink::Filter),
        ("ringside://log/missed", NoLink::Filter),
        ("ringside://log/=missed", NoLink::Filter),
        ("ringside://log/;", NoLink::Filter),
        ("ringside://log/outcome=missed;", NoLink::Filter),
        ("ringside://log/outc%6fme=missed", NoLink::Filter),
        // a key that stands twice, or two periods
        ("ringside://log/outcome=missed;outcome=busy", NoLink::Filter),
        ("ringside://log/days=7;days=7", NoLink::Filter),
        ("ringside://log/days=7;from=2026-11-01;until=2026-11-02", NoLink::Filter),
        ("ringside://log/from=2026-11-01", NoLink::Filter),
        ("ringside://log/until=2026-11-01", NoLink::Filter),
        ("ringside://log/from=2026-11-02;until=2026-11-01", NoLink::Filter),
        ("ringside://log/from=2026-13-02;until=2026-13-03", NoLink::Filter),
        // no value that the key may have
        ("ringside://log/outcome=", NoLink::Filter),
        ("ringside://log/outcome=stolen", NoLink::Filter),
        ("ringside://log/marked=%22coaching%22", NoLink::Filter),
        ("ringside://log/matched=yes", NoLink::Filter),
        ("ringside://log/days=0", NoLink::Filter),
        ("ringside://log/days=-7", NoLink::Filter),
        ("ringside://log/days=+7", NoLink::Filter),
        ("ringside://log/days=99999", NoLink::Filter),
        ("ringside://log/days=99999999999999999999", NoLink::Filter),
        // what could be read differently a second time, or cannot be seen
        ("ringside://log/words=%2541", NoLink::Percent),
        ("ringside://log/words=%zz", NoLink::Percent),
        ("ringside://log/words=%ff", NoLink::Percent),
        ("ringside://log/words=a%00b", NoLink::Unreadable),
        ("ringside://log/words=a%e2%80%aeb", NoLink::Unreadable),
        ("ringside://log/words=%20a", NoLink::Unreadable),
        ("ringside://log?words=a", NoLink::Unknown),
        ("ringside://log/words=a#b", NoLink::Unknown),
        ("ringside://log/words=a\\b", NoLink::Unknown),
    ];
    for (link, expected) in cases {
        assert_eq!(read(link), Err(*expected), "{link:?}");
    }
}

#[test]
fn a_hostile_link_is_refused() {
    let long = format!("tel:+{}", "1".repeat(LONGEST));
    let cases: &[(&str, NoLink)] = &[
        (&long, NoLink::TooLong),
        // another scheme, or none
        ("", NoLink::Scheme),
        ("+493023125101", NoLink::Scheme),
        ("javascript:alert(1)", NoLink::Scheme),
        ("file:///etc/passwd", NoLink::Scheme),
        ("https://example.com/tel:+49301", NoLink::Scheme),
        (" tel:+493023125101", NoLink::Scheme),
        ("t\u{200b}el:+493023125101", NoLink::Scheme),
        ("sip:+493023125101@example.com", NoLink::Scheme),
        // no number
        ("tel:", NoLink::NoNumber),
        ("tel:+", NoLink::NoNumber),
        ("tel:12", NoLink::NoNumber),
        ("tel:0049+3023125101", NoLink::NoNumber),
        ("tel:+1-900-CALL-NOW", NoLink::NoNumber),
        ("tel:+49302312510123456789012345", NoLink::NoNumber),
        ("tel:+49301234567,,1234", NoLink::NoNumber),
        ("tel:+49301234567?subject=x", NoLink::NoNumber),
        ("tel:+49301234567&Priority=2", NoLink::NoNumber),
        ("tel:$(reboot)", NoLink::NoNumber),
        ("tel:--home=/tmp/evil", NoLink::NoNumber),
        ("tel:\u{ff10}\u{ff11}\u{ff12}\u{ff13}", NoLink::NoNumber),
        ("tel:\u{661}\u{662}\u{663}", NoLink::NoNumber),
        ("tel:@local/100", NoLink::NoNumber),
        // service codes: forwards all calls, erases a telephone
        ("tel:*21*0900123456%23", NoLink::ServiceCode),
        ("tel:%2A2767%2A3855%23", NoLink::ServiceCode),
        ("tel:**04*1234#", NoLink::ServiceCode),
        // what a protocol of lines would take for a second line
        ("tel:+49301234567%0d%0aAction:%20Originate", NoLink::Unreadable),
        ("tel:+49301234567\r\nAction: Originate", NoLink::Unreadable),
        ("tel:+49301234567%00", NoLink::Unreadable),
        ("tel:\u{202e}7654321039+", NoLink::Unreadable),
        ("tel:%E2%80%AE7654321039", NoLink::Unreadable),
        ("tel:+4930\u{200d}1234567", NoLink::Unreadable),
        ("ringside://call/a%0ab", NoLink::Unreadable),
        ("ringside://customer/files/%E2%80%AEALFKI", NoLink::Unreadable),
        ("ringside://customer/%20", NoLink::Unreadable),
        // percent signs that are broken, doubled, or no UTF-8
        ("tel:%", NoLink::Percent),
        ("tel:%2", NoLink::Percent),
        ("tel:%zz49301234567", NoLink::Percent),
        ("tel:%252B493023125101", NoLink::Percent),
        ("tel:%ff%fe", NoLink::Percent),
        ("ringside://call/%c3%28", NoLink::Percent),
        // nothing of ours
        ("ringside:", NoLink::Unknown),
        ("ringside://", NoLink::Unknown),
        ("ringside://evil.example/call/pbx:1", NoLink::Unknown),
        ("ringside://dial/+493023125101", NoLink::Unknown),
        ("ringside://call/pbx:1?then=dial", NoLink::Unknown),
        ("ringside://call/pbx:1#x", NoLink::Unknown),
        ("ringside:\\\\call\\pbx", NoLink::Unknown),
        ("ringside://call", NoLink::NoName),
        ("ringside://call/", NoLink::NoName),
        ("ringside://customer/", NoLink::NoName),
    ];
    for (link, expected) in cases {
        assert_eq!(read(link), Err(*expected), "{link:?}");
    }
}

#[test]
fn a_refusal_says_what_to_do_and_does_not_repeat_the_link() {
    for link in [
        "javascript:alert(1)",
        "tel:*21*0900123456%23",
        "ringside://evil.example/x",
        "ringside://log/evil=alert",
        "tel:%zz",
    ] {
        let refused = read(link).expect_err("it is refused").saying();
        for language in Language::ALL {
            let said = refused.in_language(language);
            assert!(said.len() > 20 && !said.starts_with("refused."), "{said}");
            assert!(
                !said.contains("alert") && !said.contains("0900") && !said.contains("evil"),
                "{said}"
            );
        }
    }
}

#[test]
fn what_people_write_is_dialled_by_its_digits() {
    let good = [
        ("+49 30 0074321", "+49300074321"),
        ("(030) 0074321", "0300074321"),
        ("030/007-43.21", "0300074321"),
    ];
    for (written, dialled) in good {
        assert_eq!(dialable(written).as_deref(), Ok(dialled));
    }
    assert_eq!(dialable("Maria"), Err(NoLink::NoNumber));
    assert_eq!(dialable("*31#030"), Err(NoLink::ServiceCode));
}

proptest::proptest! {
    #[test]
    fn whatever_is_read_is_dialled_by_digits_alone(text in "(tel:|ringside://call/)?\\PC{0,40}") {
        match read(&text) {
            Ok(Link::Dial { number, extension }) => {
                let digits = number.strip_prefix('+').unwrap_or(&number);
                proptest::prop_assert!(digits.chars().all(|c| c.is_ascii_digit()), "{number}");
                proptest::prop_assert!((3..=20).contains(&digits.len()));
                proptest::prop_assert!(extension.is_none_or(|ext| ext.chars().all(|c| c.is_ascii_digit())));
            }
            Ok(Link::Call(CallId(name)) | Link::Customer(CustomerRef(name))) => {
                proptest::prop_assert!(!name.is_empty() && !name.chars().any(char::is_control));
            }
            Ok(Link::Log(filter)) => proptest::prop_assert_eq!(*filter, LogFilter::default()),
            Err(_) => {}
        }
    }

    #[test]
    fn whatever_a_filter_asks_its_link_asks_the_same_or_there_is_none(
        texts in proptest::collection::vec("\\PC{0,12}|[a-z0-9;=/%. ]{0,12}", 5), days in 0_u32..5_000
    ) {
        let [agent, queue, disposition, customer, words]: [String; 5] = texts.try_into().expect("five");
        let period = (days > 0).then_some(PeriodView::Days { days });
        let filter = LogFilter { period, agent, queue, disposition, customer, words, ..LogFilter::default() };
        if let Ok(link) = to_log(&filter) {
            proptest::prop_assert_eq!(read(&link), Ok(Link::Log(Box::new(filter))));
        }
    }
}

#[test]
fn the_packages_register_both_schemes_and_hand_the_link_over() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let entry = std::fs::read_to_string(root.join("icons/ringside.desktop")).expect("the template is there");
    let lines: Vec<&str> = entry.lines().collect();
    assert!(lines.contains(&"Exec={{exec}} %u"), "{entry}");
    assert!(
        lines.contains(&"MimeType=x-scheme-handler/tel;x-scheme-handler/ringside;"),
        "{entry}"
    );
    let settings = std::fs::read_to_string(root.join("tauri.conf.json")).expect("the settings are there");
    let settings: serde_json::Value = serde_json::from_str(&settings).expect("JSON");
    for package in ["deb", "rpm"] {
        let template = &settings["bundle"]["linux"][package]["desktopTemplate"];
        assert_eq!(template, "icons/ringside.desktop", "{package}");
    }
}
