//! The log of all calls as the window and the command line ask for it: filtered by days of the local clock, page by page, and the
//! story of one call.

use chrono::{DateTime, Local, TimeDelta, TimeZone as _, Utc};
use clap::Parser;
use ringside::call::{CallId, Endpoint, Line, Outcome, Step, Stepped};
use ringside::cli::calls::{self, CallsArgs, CallsError};
use ringside::journal::{CallRecord, Journal, Mark, Reviewer};
use ringside::pop::view::{LogFilter, PeriodView};
use ringside::start::CallReport;

use crate::home::TestHome;
use crate::journal::answered;

struct Office(TestHome);

impl Office {
    fn new() -> Self {
        Office(TestHome::new())
    }

    fn journal(&self) -> Journal {
        self.0.journal()
    }

    /// Writes a call that began so many minutes before noon.
    fn call(&self, name: &str, minutes: i64, change: impl FnOnce(&mut CallRecord)) -> CallId {
        let mut call = answered(name, 0);
        call.started = noon() - TimeDelta::minutes(minutes);
        change(&mut call);
        self.journal().put_call(&call).expect("written");
        call.id
    }

    fn log(&self, filter: &LogFilter, before: Option<&CallId>, limit: u32) -> Vec<String> {
        let rows = CallReport::new(&self.0.unlocked).log(filter, before, limit, noon());
        let rows = rows.expect("read").into_iter();
        rows.map(|row| row.row.call.trim_start_matches("pbx:").to_owned())
            .collect()
    }
}

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: CallsArgs,
}

fn run(words: &[&str], journal: &Journal) -> Result<String, CallsError> {
    let command = Command::parse_from([&["calls"], words].concat());
    let mut out = Vec::new();
    calls::run(&command.args, journal, &mut out)?;
    Ok(String::from_utf8(out).expect("UTF-8"))
}

/// Noon of a day on the local clock.
fn noon() -> DateTime<Utc> {
    let noon = Local.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).single().expect("a time");
    noon.to_utc()
}

fn lucia() -> Reviewer {
    Reviewer {
        agent: "Lucía Ferrer".to_owned(),
        line: Line("109".to_owned()),
    }
}

#[test]
fn a_period_is_of_days_of_the_local_clock_and_other_filters_add_up() {
    let office = Office::new();
    office.call("today", 12 * 60, |_| {});
    office.call("yesterday", 12 * 60 + 1, |_| {});
    office.call("missed", 5, |call| call.outcome = Some(Outcome::Missed));
    office.call("week", 60 * 24 * 6, |call| call.facts.queue = Some("orders".to_owned()));
    let asked = |change: fn(&mut LogFilter)| {
        let mut filter = LogFilter::default();
        change(&mut filter);
        office.log(&filter, None, 10)
    };
    let days = |days| Some(PeriodView::Days { days });
    assert_eq!(asked(|_| {}), ["missed", "today", "yesterday", "week"]);
    assert_eq!(
        asked(|filter| filter.period = Some(PeriodView::Days { days: 1 })),
        ["missed", "today"]
    );
    let mut filter = LogFilter {
        period: days(7),
        queue: "orders".to_owned(),
        ..LogFilter::default()
    };
    assert_eq!(office.log(&filter, None, 10), ["week"]);
    filter.outcome = Some(Outcome::Missed);
    assert_eq!(office.log(&filter, None, 10), Vec::<String>::new());
    let between = |from: &str, until: &str| LogFilter {
        period: Some(PeriodView::Between {
            from: from.parse().expect("a day"),
            until: until.parse().expect("a day"),
        }),
        ..LogFilter::default()
    };
    assert_eq!(
        office.log(&between("2026-11-23", "2026-11-23"), None, 10),
        ["yesterday"]
    );
    let reports = CallReport::new(&office.0.unlocked);
    let refused = reports.log(&between("2026-11-23", "2026-11-22"), None, 10, noon());
    assert_eq!(refused.expect_err("refused").code(), "back_to_front");
}

#[test]
fn pages_follow_each_other_without_a_gap_and_none_is_longer_than_it_may_be() {
    let office = Office::new();
    let mut journal = office.journal();
    for nth in 0..450_i64 {
        let mut call = answered(&format!("{nth:03}"), 0);
        call.started = noon() - TimeDelta::minutes(nth / 4);
        journal.put_call(&call).expect("written");
    }
    let filter = LogFilter::default();
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = office.log(&filter, before.as_ref(), 10_000);
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 200);
        before = Some(CallId(format!("pbx:{last}")));
        all.extend(page);
    }
    let mut once = all.clone();
    once.sort();
    once.dedup();
    assert_eq!((all.len(), once.len()), (450, 450));
    let gone = CallId("pbx:gone".to_owned());
    assert_eq!(office.log(&filter, Some(&gone), 10), Vec::<String>::new());
}

#[test]
fn the_command_line_lists_what_is_marked() {
    let office = Office::new();
    let [plain, coaching, reviewed] = ["plain", "coaching", "reviewed"].map(|name| office.call(name, 5, |_| {}));
    let mut journal = office.journal();
    for (call, mark) in [(&coaching, Mark::Coaching), (&reviewed, Mark::Reviewed)] {
        journal.mark(call, &lucia(), Some(mark), noon()).expect("marked");
    }
    let listed = |words: &[&str]| run(words, &journal).expect("listed");
    assert!(listed(&[]).contains(&plain.0));
    for words in [&["--marked"][..], &["--marked", "coaching"]] {
        let told = listed(words);
        assert!(told.contains(&coaching.0) && told.lines().count() == 1, "{told}");
    }
    assert!(listed(&["--marked", "reviewed"]).contains(&reviewed.0));
}

#[test]
fn an_option_that_is_one_of_some_words_says_which_they_are() {
    for (option, wrong, words) in [
        ("--matched", "perhaps", "[possible values: yes, no]"),
        ("--marked", "lost", "[possible values: coaching, reviewed]"),
        ("--direction", "sideways", "[possible values: in, out, internal]"),
        (
            "--outcome",
            "well",
            "[possible values: answered, missed, busy, rejected, failed]",
        ),
    ] {
        let refused = Command::try_parse_from(["calls", option, wrong]).map(drop);
        let refused = refused.expect_err("no such word");
        assert!(refused.to_string().contains(words), "{refused}");
        let listed = words.trim_start_matches("[possible values: ").trim_end_matches(']');
        for word in listed.split(", ") {
            Command::try_parse_from(["calls", option, word]).expect("one of them");
        }
    }
    let office = Office::new();
    let call = office.call("1", 5, |_| {});
    let journal = office.journal();
    let lists = |word: &str| {
        let listed = run(&["--matched", word], &journal).expect("listed");
        listed.contains(&call.0)
    };
    let yes = ["yes", "YES", "y", "true", "on", "1"].map(lists);
    let no = ["no", "No", "n", "false", "off", "0"].map(lists);
    assert_eq!((yes, no), ([true; 6], [false; 6]));
}

#[test]
fn the_command_line_tells_the_story_of_a_call() {
    let office = Office::new();
    let call = answered("1", 0);
    let step = |seconds, what| Step {
        at: call.started + TimeDelta::seconds(seconds),
        what,
    };
    let phone = Endpoint::Line(Line("101".to_owned()));
    let steps = [
        step(0, Stepped::Began),
        step(2, Stepped::Ringing(phone.clone())),
        step(7, Stepped::Answered(phone)),
        step(67, Stepped::Ended(ringside::call::Cause::Normal)),
    ];
    let mut journal = office.journal();
    journal.put_story(&call, &steps, &[]).expect("written");
    journal
        .save_note(&call.id, "Two cases\u{1b}[2J", call.started)
        .expect("saved");
    journal
        .comment(&call.id, &lucia(), "Well done", noon())
        .expect("written");
    journal
        .mark(&call.id, &lucia(), Some(Mark::Coaching), noon())
        .expect("marked");
    let told = run(&["show", &call.id.0], &journal).expect("told");
    for said in [
        "Maria Anders",
        "101 rings (0:05)",
        "101 answered (1:00)",
        "the number said one customer: Maria Anders",
        "note \"Two cases\u{fffd}[2J\"",
        "Lucía Ferrer: Well done",
        "marked for coaching",
    ] {
        assert!(told.contains(said), "no `{said}` in\n{told}");
    }
    let json = run(&["show", &call.id.0, "--json"], &journal).expect("told");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["comments"][0]["text"], "Well done");
    assert_eq!(json["call"]["mark"], "coaching");
    let refused = run(&["show", "pbx:nothing"], &journal).expect_err("there is none");
    assert!(refused.to_string().contains("`pbx:nothing`"));
}
