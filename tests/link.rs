//! Links from anywhere: what is read, and what is refused with what to do.

use ringside::call::CallId;
use ringside::config::Language;
use ringside::customer::CustomerRef;
use ringside::link::{LONGEST, Link, NoLink, dialable, read};

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
            Err(_) => {}
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
