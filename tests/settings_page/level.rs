//! The target and the goal of the service level, from the page and from the file.

use super::*;

const FILE: &str = "# the shop\n\n[service_level]\n# as agreed in May\ngoal_percent = 90 # and not less\n";

#[test]
fn of_a_hundred_calls_eighty_within_twenty_seconds_are_the_goal_where_nothing_is_written() {
    let (_folder, home) = home_with("");
    let level = ringside::config::load(&home).expect("right").service_level;
    assert_eq!((level.within_seconds(), level.goal_percent()), (20, 80));
}

#[test]
fn it_is_changed_in_the_page_and_the_comments_stay() {
    let (_folder, home) = home_with(FILE);
    let shown = values(&look(&home).expect("read"), "service_level", 0);
    assert_eq!(shown, [("goal_percent".to_owned(), Value::Number(90.0))]);
    let changes = [
        set("service_level.goal_percent", 85.0),
        set("service_level.within_seconds", 30.0),
    ];
    apply(&home, &changes).expect("written");
    let text = text_of(&home);
    for kept in ["# the shop", "# as agreed in May", "goal_percent = 85 # and not less"] {
        assert!(text.contains(kept), "{kept} is gone from\n{text}");
    }
    let level = ringside::config::load(&home).expect("right").service_level;
    assert_eq!((level.within_seconds(), level.goal_percent()), (30, 85));
    let gone = ["service_level.goal_percent", "service_level.within_seconds"];
    let gone = gone.map(|at| Change::Remove { at: at.to_owned() });
    apply(&home, &gone).expect("written");
    let level = ringside::config::load(&home).expect("right").service_level;
    assert_eq!((level.within_seconds(), level.goal_percent()), (20, 80));
    assert!(text_of(&home).contains("# the shop"), "{}", text_of(&home));
}

#[test]
fn what_no_goal_can_be_is_said_in_the_language_of_the_page_and_not_written() {
    let (_folder, home) = home_with(FILE);
    for (at, value, words) in [
        (
            "service_level.goal_percent",
            101.0,
            "goal_percent is a whole number from 1 to 100",
        ),
        (
            "service_level.goal_percent",
            0.0,
            "goal_percent is a whole number from 1 to 100",
        ),
        (
            "service_level.goal_percent",
            79.5,
            "goal_percent is a whole number from 1 to 100",
        ),
        (
            "service_level.within_seconds",
            3601.0,
            "within_seconds is a whole number of seconds",
        ),
        (
            "service_level.within_seconds",
            -20.0,
            "within_seconds is a whole number of seconds",
        ),
    ] {
        let (wrong, said) = at_of(apply(&home, &[set(at, value)]));
        assert_eq!(wrong, at);
        assert!(said.contains(words), "{said}");
        assert_eq!(text_of(&home), FILE);
    }
    let Err(Refused::Wrong(wrong)) = apply(&home, &[set("service_level.goal_percent", 101.0)]) else {
        panic!("written");
    };
    let hr = crate::first_steps::said(&wrong.said, Language::Hr);
    assert!(hr.contains("cijeli broj od 1 do 100"), "{hr}");
}

#[test]
fn the_command_line_takes_no_target_that_the_settings_refuse() {
    #[derive(Debug, clap::Parser)]
    struct Command {
        #[command(flatten)]
        _args: ringside::cli::report::ReportArgs,
    }
    let given = |seconds: &str| <Command as clap::Parser>::try_parse_from(["report", "--target", seconds]);
    for wrong in ["0", "3601", "-1", "soon"] {
        let refused = given(wrong).expect_err("no target");
        assert!(refused.to_string().contains(wrong), "{refused}");
    }
    for right in ["1", "20", "3600"] {
        given(right).expect("a target");
    }
}
