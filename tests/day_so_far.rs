//! Today so far beside the same weekday a week before, from a real journal: until the same time of the clock, and nothing where the
//! journal does not tell of that day.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{Europe, Tz};
use ringside::call::{Outcome, Side};
use ringside::config::parse;
use ringside::desk::day_so_far;
use ringside::journal::{CallRecord, Journal};
use ringside::pop::view::{FigureView, PeriodView, ReportRequest, ReportView};
use ringside::review::{Only, Target};
use ringside::start::CallReport;

use crate::home::TestHome;
use crate::journal::answered;

const ZONE: Tz = Europe::Zagreb;

/// A time of the clock in Zagreb.
fn clock(text: &str) -> DateTime<Utc> {
    let local = text.parse().expect("a time");
    ZONE.from_local_datetime(&local).earliest().expect("once").to_utc()
}

/// A call that came then, was answered after `wait` seconds and over after `lasted`.
fn call(began: DateTime<Utc>, wait: i64, lasted: i64) -> CallRecord {
    let mut call = answered(&began.to_rfc3339(), 0);
    let after = |seconds| Some(began + TimeDelta::seconds(seconds));
    (call.started, call.answered, call.ended) = (began, after(wait), after(lasted));
    call
}

fn abandoned(began: DateTime<Utc>, lasted: i64) -> CallRecord {
    let mut call = call(began, 0, lasted);
    call.answered = None;
    (call.outcome, call.ended_by) = (Some(Outcome::Missed), Some(Side::Caller));
    call
}

fn write(journal: &mut Journal, calls: &[CallRecord]) {
    for call in calls {
        journal.put_call(call).expect("written");
    }
}

fn so_far(journal: &Journal, queue: &str, now: DateTime<Utc>) -> ReportView {
    let only = Only {
        queue: queue.to_owned(),
        ..Only::default()
    };
    day_so_far(journal, &ZONE, Target::default(), &only, now).expect("a report")
}

fn figure(report: &ReportView, code: &str) -> (Option<f64>, Option<f64>) {
    let all = report.figures.iter();
    let FigureView { now, before, .. } = all.clone().find(|figure| figure.code == code).expect("the figure");
    (*now, *before)
}

/// A journal that has calls since some day before.
fn home() -> (TestHome, Journal) {
    let home = TestHome::new();
    let mut journal = home.journal();
    write(&mut journal, &[call(clock("2026-10-01T09:00:00"), 5, 60)]);
    (home, journal)
}

#[test]
fn a_day_stands_beside_the_same_weekday_until_the_same_time_of_the_clock() {
    let (_home, mut journal) = home();
    // summer time ends in between: a week before, ten on the clock was an hour earlier
    write(
        &mut journal,
        &[
            call(clock("2026-10-20T00:00:00"), 5, 60),
            call(clock("2026-10-20T09:58:00"), 30, 60),
            abandoned(clock("2026-10-20T09:00:00"), 25),
            // it began before ten and was not over by then, so at ten nobody could have counted it
            call(clock("2026-10-20T09:59:30"), 5, 60),
            call(clock("2026-10-20T10:00:00"), 5, 6),
            call(clock("2026-10-20T10:30:00"), 5, 60),
            call(clock("2026-10-19T23:59:59"), 5, 60),
            call(clock("2026-10-26T09:00:00"), 5, 60),
            call(clock("2026-10-27T00:00:00"), 5, 60),
            call(clock("2026-10-27T08:00:00"), 5, 60),
            call(clock("2026-10-27T09:00:00"), 11, 60),
        ],
    );
    let report = so_far(&journal, "", clock("2026-10-27T10:00:00"));
    assert_eq!(report.from.to_string(), "2026-10-27");
    assert_eq!(figure(&report, "offered"), (Some(3.0), Some(3.0)));
    assert_eq!(figure(&report, "answered"), (Some(3.0), Some(2.0)));
    assert_eq!(figure(&report, "abandoned"), (Some(0.0), Some(1.0)));
    assert_eq!(figure(&report, "service_level"), (Some(1.0), Some(1.0 / 3.0)));
    assert_eq!(figure(&report, "wait_mean"), (Some(7.0), Some(17.5)));
    let later = so_far(&journal, "", clock("2026-10-27T10:31:01"));
    assert_eq!(figure(&later, "answered"), (Some(3.0), Some(5.0)));
}

#[test]
fn nothing_is_said_of_a_day_that_the_journal_does_not_tell_of() {
    let (_home, mut journal) = home();
    write(&mut journal, &[call(clock("2026-10-27T09:00:00"), 5, 60)]);
    let now = clock("2026-10-27T10:00:00");
    let report = so_far(&journal, "", now);
    assert_eq!(figure(&report, "answered"), (Some(1.0), None));
    assert!(report.figures.iter().all(|figure| figure.before.is_none()));
    // the shop was open that day, but nobody had called by ten, and nobody at all in this queue
    write(&mut journal, &[call(clock("2026-10-20T15:00:00"), 5, 60)]);
    let report = so_far(&journal, "", now);
    assert_eq!(figure(&report, "answered"), (Some(1.0), Some(0.0)));
    assert_eq!(figure(&report, "service_level"), (Some(1.0), None));
    assert_eq!(
        figure(&so_far(&journal, "returns", now), "answered"),
        (Some(0.0), Some(0.0))
    );
}

#[test]
fn nothing_is_said_of_the_day_in_which_the_journal_begins() {
    let home = TestHome::new();
    let mut journal = home.journal();
    let began = [
        call(clock("2026-10-20T15:00:00"), 5, 60),
        call(clock("2026-10-27T15:30:00"), 5, 60),
    ];
    write(&mut journal, &began);
    let report = so_far(&journal, "", clock("2026-10-27T16:00:00"));
    assert_eq!(figure(&report, "answered"), (Some(1.0), None));
}

#[test]
fn one_queue_stands_beside_itself_and_the_others_can_still_be_chosen() {
    let (_home, mut journal) = home();
    let in_queue = |began: &str, queue: &str| {
        let mut call = call(clock(began), 5, 60);
        call.facts.queue = Some(queue.to_owned());
        call
    };
    write(
        &mut journal,
        &[
            in_queue("2026-10-20T08:00:00", "sales"),
            in_queue("2026-10-20T08:10:00", "orders"),
            in_queue("2026-10-26T08:10:00", "press"),
            in_queue("2026-10-27T08:00:00", "sales"),
            in_queue("2026-10-27T08:05:00", "sales"),
        ],
    );
    let report = so_far(&journal, "sales", clock("2026-10-27T10:00:00"));
    assert_eq!(figure(&report, "answered"), (Some(2.0), Some(1.0)));
    assert_eq!(
        report.all_queues,
        ["press", "sales"],
        "those of yesterday too, early in the day"
    );
}

#[test]
fn it_is_measured_by_the_target_of_the_settings_as_reports_without_one_are() {
    let (home, mut journal) = home();
    let now = Utc::now();
    write(&mut journal, &[call(now - TimeDelta::milliseconds(60_001), 30, 60)]);
    let settings = parse(
        std::path::Path::new("config.toml"),
        "[service_level]\nwithin_seconds = 45\n",
    )
    .expect("right");
    let level = |reports: &CallReport| {
        let today = reports.today(String::new(), now).expect("today");
        let request = ReportRequest {
            period: PeriodView::Days { days: 2 },
            queue: String::new(),
            agent: String::new(),
            target_seconds: None,
        };
        let report = reports.make(&request, now).expect("a report");
        assert_eq!(report.target_seconds, today.target_seconds);
        (report.target_seconds, figure(&report, "service_level").0)
    };
    let usual = CallReport::new(&home.unlocked);
    assert_eq!(level(&usual), (20, Some(0.0)));
    assert_eq!(level(&usual.of_settings(&settings)), (45, Some(1.0)));
}
