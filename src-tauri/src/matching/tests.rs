use super::*;
use crate::number::{Home, Region, Unreadable, caller};

fn holder(customer: i64, given: Given, ext: Option<&str>) -> Holder {
    Holder {
        customer: CustomerId(customer),
        given,
        ext: ext.map(str::to_owned),
    }
}

fn calling(raw: &str) -> CallerId {
    caller(
        raw,
        &DialContext {
            region: Region::from_code("DE"),
            ..DialContext::default()
        },
    )
}

fn grade(raw: &str, stored: Given) -> Option<Grade> {
    match verdict(&calling(raw), &[holder(1, stored, None)], &[]) {
        Verdict::One(candidate) => Some(candidate.grade),
        Verdict::Withheld | Verdict::Own | Verdict::Internal(_) | Verdict::Unknown | Verdict::Several(_) => None,
    }
}

#[test]
fn a_match_is_exact_only_where_both_sides_carry_the_country_code() {
    assert_eq!(grade("+493023125101", Given::International), Some(Grade::Exact));
    assert_eq!(grade("00493023125101", Given::International), Some(Grade::Exact));
    assert_eq!(grade("+493023125101", Given::National), Some(Grade::National));
    assert_eq!(grade("03023125101", Given::International), Some(Grade::National));
    assert_eq!(grade("03023125101", Given::National), Some(Grade::National));
}

#[test]
fn nobody_is_named_for_a_caller_without_an_outside_number() {
    let holders = [holder(1, Given::International, None)];
    assert_eq!(verdict(&CallerId::Withheld, &holders, &[]), Verdict::Withheld);
    assert_eq!(
        verdict(&calling("101"), &holders, &[]),
        Verdict::Internal("101".to_owned())
    );
    let garbage = CallerId::Unreadable("(null)".to_owned(), Unreadable::NotANumber);
    assert_eq!(verdict(&garbage, &holders, &[]), Verdict::Unknown);
    assert_eq!(verdict(&calling("+493023125101"), &[], &[]), Verdict::Unknown);
}

#[test]
fn an_own_number_is_own_even_when_a_customer_record_holds_it() {
    let own: Vec<Key> = Key::new(493_023_125_101).into_iter().collect();
    let holders = [holder(1, Given::International, None)];
    assert_eq!(verdict(&calling("+493023125101"), &holders, &own), Verdict::Own);
}

#[test]
fn a_caller_on_a_main_number_may_be_anybody_stored_with_an_extension() {
    let holders = [
        holder(3, Given::National, Some("22")),
        holder(1, Given::International, None),
        holder(2, Given::International, Some("7")),
    ];
    let Verdict::Several(found) = verdict(&calling("+493023125101"), &holders, &[]) else {
        panic!("three share the number");
    };
    let ids: Vec<_> = found
        .iter()
        .map(|c| (c.customer.0, c.grade, c.ext.as_deref()))
        .collect();
    assert_eq!(
        ids,
        [
            (1, Grade::Exact, None),
            (2, Grade::Exact, Some("7")),
            (3, Grade::National, Some("22"))
        ]
    );
}

#[test]
fn a_customer_that_holds_the_number_twice_is_one_with_the_best_grade() {
    let holders = [holder(1, Given::National, None), holder(1, Given::International, None)];
    let Verdict::One(one) = verdict(&calling("+493023125101"), &holders, &[]) else {
        panic!("one customer holds the number");
    };
    assert_eq!((one.grade, one.reason), (Grade::Exact, MatchReason::BothInternational));
}

/// A shop that holds these, by key.
fn sought(raw: &str, home: (&str, &str), held: &[(u64, i64, Given)]) -> Sought {
    let context = DialContext::of(Home {
        region: Region::from_code(home.0),
        area: home.1.to_owned(),
    });
    let holders = |key: Key| {
        let of_key = held.iter().filter(|(digits, ..)| *digits == key.get());
        Ok::<_, std::convert::Infallible>(of_key.map(|(_, id, given)| holder(*id, *given, None)).collect())
    };
    let Ok(sought) = find(raw, &context, &[], holders);
    sought
}

fn named(sought: &Sought) -> Option<(Grade, MatchReason)> {
    match &sought.verdict {
        Verdict::One(one) => Some((one.grade, one.reason)),
        Verdict::Withheld | Verdict::Own | Verdict::Internal(_) | Verdict::Unknown | Verdict::Several(_) => None,
    }
}

#[test]
fn the_first_reading_that_somebody_holds_decides() {
    use MatchReason as M;
    let cases = [
        ("83114986", ("GB", "20"), 442_083_114_986, M::CallerNoArea),
        ("9020033", ("US", "415"), 14_159_020_033, M::CallerNoArea),
        ("55573736", ("IT", "06"), 39_055_573_736, M::CallerNoZero),
        ("+3981446656", ("DE", "30"), 39_081_446_656, M::CallerNoZero),
        ("+552187654321", ("BR", "11"), 5_521_987_654_321, M::CallerNoNinth),
        ("901121509244", ("AR", "11"), 541_121_509_244, M::CallerOutside),
        ("0961095662", ("ES", "91"), 34_961_095_662, M::CallerOutside),
    ];
    let too_long = sought(
        "90351157940550",
        ("AR", "11"),
        &[(5_493_517_940_550, 1, Given::National)],
    );
    assert_eq!(
        named(&too_long),
        Some((Grade::Ambiguous, M::CallerOutside)),
        "{:?}",
        too_long.tried
    );
    for (raw, home, key, reason) in cases {
        let sought = sought(raw, home, &[(key, 1, Given::International)]);
        assert_eq!(
            named(&sought),
            Some((Grade::Ambiguous, reason)),
            "{raw} {:?}",
            sought.tried
        );
        let last = sought
            .tried
            .last()
            .map(|tried| (tried.reading.number.key.get(), tried.holders));
        assert_eq!(last, Some((key, 1)), "{raw}");
        assert!(sought.tried.len() > 1 && sought.tried.iter().rev().skip(1).all(|tried| tried.holders == 0));
    }
}

#[test]
fn an_argentine_mobile_is_found_with_its_9_and_without() {
    let reason = MatchReason::CallerRepaired;
    for (raw, key) in [
        ("+543412622934", 5_493_412_622_934),
        ("+5493412622934", 543_412_622_934),
        ("3412622934", 5_493_412_622_934),
    ] {
        let sought = sought(raw, ("AR", "11"), &[(key, 1, Given::International)]);
        assert_eq!(named(&sought), Some((Grade::National, reason)), "{raw}");
    }
}

#[test]
fn a_foreign_caller_is_found_under_the_national_digits_that_were_stored_without_a_country() {
    let stored = Key::new(919_997_221_733)
        .and_then(Key::without_country)
        .map_or(0, Key::get);
    let held = [(stored, 1, Given::NoCountry)];
    let reason = MatchReason::StoredNoCountry;
    let caller = sought("+919997221733", ("GB", "20"), &held);
    assert_eq!(named(&caller), Some((Grade::Ambiguous, reason)));
    assert_eq!(sought("+449997221733", ("GB", "20"), &held).verdict, Verdict::Unknown);
}

#[test]
fn a_number_with_a_plus_has_one_reading() {
    let held = [
        (34_961_095_662, 1, Given::International),
        (442_083_114_986, 2, Given::International),
    ];
    for (raw, home) in [
        ("+0961095662", ("ES", "91")),
        ("+83114986", ("GB", "20")),
        ("+961095662", ("ES", "91")),
    ] {
        let sought = sought(raw, home, &held);
        assert_eq!(sought.verdict, Verdict::Unknown, "{raw} {:?}", sought.tried);
    }
}

#[test]
fn an_own_number_is_own_however_it_is_read() {
    let own: Vec<Key> = Key::new(14_159_020_033).into_iter().collect();
    let context = DialContext::of(Home {
        region: Region::from_code("US"),
        area: "415".to_owned(),
    });
    let Ok(sought) = find("9020033", &context, &own, |_| {
        Ok::<_, std::convert::Infallible>(Vec::new())
    });
    assert_eq!(sought.verdict, Verdict::Own);
}
