use super::*;

fn region(code: &str) -> Option<Region> {
    Region::from_code(code)
}

fn key_of(raw: &str, code: &str) -> Result<u64, Unreadable> {
    read(raw, region(code)).map(|number| number.key.get())
}

#[test]
fn one_number_has_one_key_however_it_is_written() {
    for raw in [
        "+49 30 23125101",
        "+49 (0)30 23125101",
        "0049 30 23125101",
        "+0049 30 23125101",
        "030/23125101",
        "030-23125-101",
        "(030) 231 251 01",
        "tel:+49-30-23125101",
        "TEL:+49-30-23125101;isub=1",
        "sip:+493023125101@example.com;user=phone",
        "<sip:%2B493023125101@example.com>",
        "＋４９　３０　２３１２５１０１",
        "\u{202a}+49 30 23125101\u{202c}",
        "٠٣٠٢٣١٢٥١٠١",
        "'+493023125101",
        "=\"+493023125101\"",
        "4.93023125101E+11",
        "493023125101.0",
        "493023125101",
        "Tel.: 030 23125101 privat",
    ] {
        assert_eq!(key_of(raw, "DE"), Ok(493_023_125_101), "{raw:?}");
    }
}

#[test]
fn international_input_keeps_its_digits_whatever_the_region() {
    for code in ["US", "RU", "BY", "IT", "AR", "HR"] {
        assert_eq!(key_of("+49 30 23125101", code), Ok(493_023_125_101), "{code}");
    }
    assert_eq!(key_of("011 49 30 23125101", "US"), Ok(493_023_125_101));
    assert_eq!(key_of("810 49 30 23125101", "RU"), Ok(493_023_125_101));
}

#[test]
fn an_eight_is_stripped_once_where_it_is_the_trunk_prefix() {
    assert_eq!(key_of("8 800 555 35 35", "RU"), Ok(78_005_553_535));
    assert_eq!(key_of("+7 800 555 35 35", "RU"), Ok(78_005_553_535));
    assert_eq!(key_of("8 (727) 258 1234", "KZ"), Ok(77_272_581_234));
    assert_eq!(key_of("8 029 123 45 67", "BY"), Ok(375_291_234_567));
    assert_eq!(key_of("8 612 34567", "LT"), Ok(37_061_234_567));
}

#[test]
fn leading_zeros_stay_where_they_belong_to_the_number() {
    assert_eq!(key_of("02 29164382", "IT"), Ok(390_229_164_382));
    assert_eq!(key_of("+39 02 29164382", "DE"), Ok(390_229_164_382));
    assert_eq!(key_of("+39 (0)2 29164382", "DE"), Ok(390_229_164_382));
    assert_eq!(key_of("0549 886377", "SM"), Ok(3_780_549_886_377));
}

#[test]
fn national_peculiarities_are_levelled() {
    for raw in [
        "+52 1 33 4829 5336",
        "0052 1 33 4829 5336",
        "33 4829 5336",
        "044 33 4829 5336",
        "01 33 4829 5336",
    ] {
        assert_eq!(key_of(raw, "MX"), Ok(523_348_295_336), "{raw}");
    }
    assert_eq!(key_of("0351 15 594 0550", "AR"), Ok(5_493_515_940_550));
    assert_eq!(key_of("0 41 31 5534 8485", "BR"), Ok(553_155_348_485));
    assert_eq!(key_of("0xx41 3848 4050", "BR"), Ok(554_138_484_050));
}

#[test]
fn a_country_code_without_a_plus_is_seen_where_the_digits_are_too_many_for_a_national_number() {
    assert_eq!(key_of("4915104721890.0", "DE"), Ok(4_915_104_721_890));
    assert_eq!(key_of("04921 123456", "DE"), Ok(494_921_123_456));
    assert_eq!(key_of("4921 123456", "DE"), Ok(494_921_123_456));
}

#[test]
fn the_own_country_code_behind_00_is_no_carrier_of_brazil() {
    assert_eq!(key_of("00 55 51 2859-0154", "BR"), Ok(555_128_590_154));
    assert_eq!(key_of("0021 49 30 23125101", "BR"), Ok(493_023_125_101));
}

#[test]
fn a_number_that_nobody_gives_out_is_read_as_the_same_from_its_international_form() {
    for (raw, code) in [
        ("0011 49 30 123456", "BR"),
        ("000 49 30 123456", "DE"),
        ("+55 00 11 4930", "BR"),
    ] {
        let number = read(raw, region(code)).map(|number| number.key);
        let again = read(&format!("{}", number.expect(raw)), None).map(|number| number.key);
        assert_eq!(again, number, "{raw}");
    }
}

#[test]
fn a_fixed_number_with_15_in_it_is_not_taken_for_an_argentine_mobile() {
    assert_eq!(key_of("011 1598-1544", "AR"), Ok(541_115_981_544));
}

#[test]
fn a_repaired_number_is_no_better_than_national() {
    let given = |raw, code| read(raw, region(code)).map(|number| number.given);
    assert_eq!(given("+52 1 33 4829 5336", "DE"), Ok(Given::Repaired));
    assert_eq!(given("+49 (0)30 23125101", "DE"), Ok(Given::International));
    assert_eq!(given("00 49 30 23125101", "DE"), Ok(Given::International));
    assert_eq!(given("030 23125101", "DE"), Ok(Given::National));
    assert_eq!(given("493023125101", "DE"), Ok(Given::International));
    assert_eq!(given("1 212 480 8526", "US"), Ok(Given::National));
}

#[test]
fn a_number_of_an_older_plan_is_found_from_inside_and_outside() {
    for (stored, country, caller) in [
        ("(5) 555-4729", "MX", "+5255554729"),
        ("(1) 135-5555", "AR", "+5411355555"),
        ("88.60.15.31", "FR", "+3388601531"),
        ("(171) 555-7788", "GB", "+441715557788"),
        ("0171 555 7788", "GB", "+441715557788"),
        ("(071) 23 67 22 20", "BE", "+327123672220"),
        ("2967 542", "IE", "+3532967542"),
        ("07-98 92 35", "NO", "+4707989235"),
        ("(9) 331-6954", "VE", "+5893316954"),
        ("0555-09876", "DE", "+4955509876"),
    ] {
        let stored = read(stored, region(country)).map(|number| number.key);
        assert_eq!(stored, read(caller, None).map(|number| number.key), "{caller}");
        assert!(stored.is_ok(), "{caller}");
    }
}

#[test]
fn extensions_are_read_in_the_usual_spellings() {
    for tail in [
        ";ext=123",
        " ext. 123",
        " ext 123",
        " Ext:123",
        " extn 123",
        " x123",
        " #123",
        ", 123",
        " Durchwahl 123",
        " int. 123",
        " anexo 123",
        " poste 123",
    ] {
        let number = read(&format!("+493023125101{tail}"), None);
        let expected = Number {
            key: Key(NonZeroU64::new(493_023_125_101).expect("a number")),
            given: Given::International,
            ext: Some("123".to_owned()),
        };
        assert_eq!(number, Ok(expected), "{tail}");
    }
}

#[test]
fn letters_on_the_keypad_are_digits() {
    assert_eq!(key_of("1-800-FLOWERS", "US"), Ok(18_003_569_377));
}

#[test]
fn what_is_no_number_is_refused_with_its_reason() {
    for (raw, why) in [
        ("", Unreadable::Empty),
        (" \u{200e}", Unreadable::Empty),
        ("n/a", Unreadable::NotANumber),
        ("see notes", Unreadable::NotANumber),
        ("000000000", Unreadable::NotANumber),
        ("111111111", Unreadable::NotANumber),
        ("+44 4444444", Unreadable::NotANumber),
        ("1110@gmail.com", Unreadable::NotANumber),
        ("12", Unreadable::TooShort),
        ("+49", Unreadable::TooShort),
        ("+49 12", Unreadable::TooShort),
        ("+999 123456", Unreadable::UnknownCountry),
        ("1234567890123456789", Unreadable::TooLong),
        ("+49301234567890123456789", Unreadable::TooLong),
        ("4.93E+11", Unreadable::Rounded),
    ] {
        assert_eq!(key_of(raw, "DE"), Err(why), "{raw:?}");
    }
    assert_eq!(read("030 23125101", None), Err(Unreadable::NoRegion));
}

#[test]
fn a_text_without_an_end_is_refused_at_once() {
    let context = DialContext::of(Home {
        region: region("DE"),
        area: String::new(),
    });
    for bit in [
        "a", "x", ",", "#", "/", "1a", "030 ", "1,", "+49 ", " ext. 1", "sip:", "%2B", "<", "＋", "0xx",
    ] {
        let text = bit.repeat(100_000 / bit.len());
        assert!(read(&text, region("DE")).is_err(), "{bit:?}");
        assert_eq!(split(&text).len(), 1, "{bit:?}");
        assert!(beginnings(&text, &[49]).is_empty(), "{bit:?}");
        assert!(further(&text, &context).is_empty(), "{bit:?}");
        match caller(&text, &context) {
            // Signs alone are nothing at all.
            CallerId::Withheld => assert!(!text.contains(char::is_alphanumeric), "{bit:?}"),
            CallerId::Unreadable(shown, _) => {
                assert!(shown.len() <= 512 && text.trim().starts_with(&shown), "{bit:?}");
            }
            read => panic!("{bit:?} was read: {read:?}"),
        }
    }
}

#[test]
fn a_key_is_shown_as_people_write_it() {
    for (key, shown, country) in [
        (493_023_125_101, "+49 30 23125101", Some("DE")),
        (12_125_550_123, "+1 212-555-0123", Some("US")),
        (16_045_554_729, "+1 604-555-4729", Some("CA")),
        (441_715_557_788, "+44 1715 557788", None),
        (385_915_001_234, "+385 91 500 1234", Some("HR")),
        (390_229_164_382, "+39 02 2916 4382", Some("IT")),
        (80_012_345_678, "+800 1234 5678", None),
    ] {
        let key = Key::new(key).expect("a key");
        assert_eq!(display(key), shown);
        assert_eq!(
            super::country(key).map(|r| r.to_string()).as_deref(),
            country,
            "{shown}"
        );
    }
}

mod hostile {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(raw in "\\PC{0,60}", home in 0..245usize) {
            let home = Region::all().get(home).copied();
            let _ = read(&raw, home);
            let area = Home { region: home, area: "30".to_owned() };
            let context = DialContext::of(area.clone());
            let _ = caller(&raw, &context);
            for reading in further(&raw, &context) {
                let _ = (display(reading.number.key), super::country(reading.number.key));
            }
            for number in stored(&raw, None, &area, &[]).unwrap_or_default() {
                let _ = (display(number.key), super::country(number.key), is_valid(number.key));
            }
            for piece in split(&raw) {
                let _ = read(&piece.text, home);
            }
        }

        #[test]
        fn no_digits_make_reading_panic_and_what_is_shown_reads_back(raw in "[+0-9 ()./x#,;:E%-]{0,30}", home in 0..245usize) {
            if let Ok(number) = read(&raw, Region::all().get(home).copied()) {
                let again = read(&display(number.key), None).map(|n| n.key);
                if is_valid(number.key) {
                    prop_assert_eq!(again, Ok(number.key));
                }
            }
        }
    }
}
