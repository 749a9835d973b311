use chrono::NaiveDate;

use super::*;

/// A Wednesday, at a quarter past eleven.
fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 25)
        .and_then(|day| day.and_hms_opt(11, 15, 40))
        .expect("a moment")
}

#[track_caller]
fn assert_means(language: Language, cases: &[(&str, &str)]) {
    for (text, means) in cases {
        let read = when(text, now(), language, false).map(|at| at.format("%a %Y-%m-%d %H:%M").to_string());
        assert_eq!(read.as_deref(), Ok(*means), "{text:?}");
    }
}

#[test]
fn english_is_understood() {
    assert_means(
        Language::En,
        &[
            ("Fri 10:00", "Fri 2026-11-27 10:00"),
            ("friday at 10", "Fri 2026-11-27 10:00"),
            ("tomorrow", "Thu 2026-11-26 09:00"),
            ("tomorrow at 3", "Thu 2026-11-26 15:00"),
            ("tomorrow 03:00", "Thu 2026-11-26 03:00"),
            ("tomorrow morning", "Thu 2026-11-26 09:00"),
            ("tomorrow afternoon", "Thu 2026-11-26 14:00"),
            ("3 p.m.", "Wed 2026-11-25 15:00"),
            ("at 9am", "Thu 2026-11-26 09:00"),
            ("today", "Wed 2026-11-25 12:30"),
            ("today at 17:30", "Wed 2026-11-25 17:30"),
            ("Wed 10", "Wed 2026-12-02 10:00"),
            ("Wed 12", "Wed 2026-11-25 12:00"),
            ("next Friday", "Fri 2026-12-04 09:00"),
            ("next week", "Mon 2026-11-30 09:00"),
            ("in 2 hours", "Wed 2026-11-25 13:15"),
            ("in half an hour", "Wed 2026-11-25 11:45"),
            ("in 20 min", "Wed 2026-11-25 11:35"),
            ("in 3 days at 16:00", "Sat 2026-11-28 16:00"),
            ("in a week", "Wed 2026-12-02 09:00"),
            ("in two months", "Mon 2027-01-25 09:00"),
            ("Dec 3, 10:30", "Thu 2026-12-03 10:30"),
            ("3rd of December 2026 at noon", "Thu 2026-12-03 12:00"),
            ("2026-12-03 08:15", "Thu 2026-12-03 08:15"),
            ("half past 3", "Wed 2026-11-25 15:30"),
            ("Fri 1530", "Fri 2026-11-27 15:30"),
        ],
    );
}

#[test]
fn spanish_is_understood() {
    assert_means(
        Language::Es,
        &[
            ("mañana a las 9", "Thu 2026-11-26 09:00"),
            ("mañana por la mañana", "Thu 2026-11-26 09:00"),
            ("pasado mañana a las 10:30", "Fri 2026-11-27 10:30"),
            ("el viernes a las 5 de la tarde", "Fri 2026-11-27 17:00"),
            ("viernes 10h", "Fri 2026-11-27 10:00"),
            ("viernes 10h30", "Fri 2026-11-27 10:30"),
            ("el próximo viernes", "Fri 2026-11-27 09:00"),
            ("la semana que viene", "Mon 2026-11-30 09:00"),
            ("dentro de dos horas", "Wed 2026-11-25 13:15"),
            ("en media hora", "Wed 2026-11-25 11:45"),
            ("en 3 días", "Sat 2026-11-28 09:00"),
            ("3 de diciembre a las nueve y media", "Thu 2026-12-03 09:30"),
            ("3/12/2026", "Thu 2026-12-03 09:00"),
            ("Miércoles a mediodía", "Wed 2026-11-25 12:00"),
            ("hoy por la tarde", "Wed 2026-11-25 14:00"),
            ("mar 10:00", "Tue 2026-12-01 10:00"),
            ("3 mar", "Wed 2027-03-03 09:00"),
        ],
    );
}

#[test]
fn croatian_is_understood() {
    assert_means(
        Language::Hr,
        &[
            ("u petak u 10", "Fri 2026-11-27 10:00"),
            ("petak 10:30", "Fri 2026-11-27 10:30"),
            ("pet 10 h", "Fri 2026-11-27 10:00"),
            ("sutra ujutro", "Thu 2026-11-26 09:00"),
            ("sutra popodne u 3", "Thu 2026-11-26 15:00"),
            ("prekosutra u 9 sati", "Fri 2026-11-27 09:00"),
            ("za dva sata", "Wed 2026-11-25 13:15"),
            ("za pet minuta", "Wed 2026-11-25 11:20"),
            ("za pola sata", "Wed 2026-11-25 11:45"),
            ("za tjedan dana", "Wed 2026-12-02 09:00"),
            ("idući tjedan", "Mon 2026-11-30 09:00"),
            ("idući petak", "Fri 2026-12-04 09:00"),
            ("u srijedu u pola 5", "Wed 2026-11-25 16:30"),
            ("3.12. u 10", "Thu 2026-12-03 10:00"),
            ("3.12.2026. u 10.30", "Thu 2026-12-03 10:30"),
            ("3. prosinca u podne", "Thu 2026-12-03 12:00"),
            ("u četvrtak u pet", "Thu 2026-11-26 17:00"),
            ("nedjelju u 11 sati", "Sun 2026-11-29 11:00"),
        ],
    );
}

#[test]
fn the_words_of_another_language_of_the_desk_are_understood_too() {
    assert_means(Language::Hr, &[("tomorrow at 10", "Thu 2026-11-26 10:00")]);
    assert_means(
        Language::En,
        &[
            ("u petak u 10", "Fri 2026-11-27 10:00"),
            ("mañana a las 9", "Thu 2026-11-26 09:00"),
        ],
    );
}

#[test]
fn the_month_comes_first_where_people_write_it_so() {
    let read = |first| when("12/3", now(), Language::En, first).map(|at| at.date().to_string());
    assert_eq!(read(true).as_deref(), Ok("2026-12-03"));
    assert_eq!(read(false).as_deref(), Ok("2027-03-12"));
}

#[test]
fn what_is_no_time_to_come_is_refused() {
    let why = |text: &str| when(text, now(), Language::En, false).expect_err(text);
    assert_eq!(why(" "), WhenError::Empty);
    assert_eq!(why("when she is back"), WhenError::Word("when".to_owned()));
    assert_eq!(why("not on Friday"), WhenError::Word("not".to_owned()));
    assert_eq!(why("today at 10:00"), WhenError::Past);
    assert_eq!(why("2020-01-01"), WhenError::Past);
    assert_eq!(why("in 30 months"), WhenError::TooFar);
    for nonsense in [
        "Fri 25:00",
        "31.2.",
        "Fri Sat",
        "10:00 11:00",
        "2026-13-01",
        "next",
        "99999999999",
        "Friday in 2 days",
        "in 999999999 weeks",
    ] {
        let why = why(nonsense);
        assert!(
            matches!(why, WhenError::Nonsense | WhenError::TooFar),
            "{nonsense}: {why:?}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_text_does_harm(text in "[0-9a-z:./ -]{0,40}", other in ".{0,120}") {
        for language in Language::ALL {
            let _ = when(&text, now(), language, true);
            let _ = when(&other, now(), language, false);
        }
    }
}
