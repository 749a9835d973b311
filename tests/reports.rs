//! Reports as the window asks for them: of which calls, what was promised and suggested in them, and files that other programs read.

use std::fs;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use chrono::{DateTime, Local, NaiveDate, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Europe;
use ringside::call::{CallId, Line};
use ringside::customer::CustomerRef;
use ringside::desk::{call_report, report_view};
use ringside::journal::{Journal, NewTask, Offer, OfferAnswer, TaskKind};
use ringside::pop::view::{PeriodView, ReportRequest, ReportView};
use ringside::review::{Only, PARTS, Part, Report, Target, local_days};
use ringside::start::{CallReport, NoCallReport};

use crate::home::TestHome;
use crate::journal::answered;

/// A home whose journal has some calls of the last days.
struct Shop(TestHome);

impl Shop {
    fn new() -> Self {
        Shop(TestHome::new())
    }

    fn journal(&self) -> Journal {
        self.0.journal()
    }

    fn reports(&self) -> CallReport {
        CallReport::new(&self.0.unlocked).writing_to(self.0.path().to_owned())
    }

    /// A call `days` ago that `agent` answered and that waited in `queue`.
    fn call(&self, name: &str, days: i64, agent: &str, queue: &str) -> CallId {
        let began = now() - TimeDelta::days(days);
        let mut call = answered(name, 0);
        let (wait, talk) = (TimeDelta::seconds(7), TimeDelta::seconds(67));
        (call.started, call.answered, call.ended) = (began, Some(began + wait), Some(began + talk));
        call.answered_by = Some(agent.to_owned());
        call.facts.queue = Some(queue.to_owned());
        self.journal().put_call(&call).expect("written");
        call.id
    }
}

/// Noon of a day on the local clock, so that days before it are whole days.
fn now() -> DateTime<Utc> {
    let noon = Local.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).single().expect("a time");
    noon.to_utc()
}

fn request(period: PeriodView) -> ReportRequest {
    ReportRequest {
        period,
        queue: String::new(),
        agent: String::new(),
        target_seconds: Some(20),
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn figure(report: &ReportView, code: &str) -> (Option<f64>, Option<f64>) {
    let found = report
        .figures
        .iter()
        .find(|figure| figure.code == code)
        .expect("the figure");
    (found.now, found.before)
}

#[test]
fn a_period_is_set_beside_as_many_days_before_it_and_has_every_day() {
    let shop = Shop::new();
    for (name, days) in [("a", 0), ("b", 6), ("c", 7), ("d", 13), ("e", 14)] {
        shop.call(name, days, "101", "sales");
    }
    let report = shop
        .reports()
        .make(&request(PeriodView::Days { days: 7 }), now())
        .expect("a report");
    assert_eq!(figure(&report, "offered"), (Some(2.0), Some(2.0)));
    assert_eq!(figure(&report, "service_level"), (Some(1.0), Some(1.0)));
    assert_eq!(figure(&report, "patience_median"), (None, None));
    assert_eq!(
        (report.from, report.days_long, report.days.len()),
        (date("2026-11-18"), 7, 7)
    );
    let by_day: Vec<u32> = report.days.iter().map(|day| day.calls.offered).collect();
    assert_eq!(by_day, [1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(report.waits.counts.iter().sum::<u32>(), 2);
    let between = PeriodView::Between {
        from: date("2026-11-10"),
        until: date("2026-11-11"),
    };
    let report = shop.reports().make(&request(between), now()).expect("a report");
    assert_eq!(figure(&report, "offered"), (Some(2.0), Some(0.0)));
}

#[test]
fn one_queue_or_one_agent_is_reported_on_and_the_others_can_still_be_chosen() {
    let shop = Shop::new();
    shop.call("a", 0, "101", "sales");
    shop.call("b", 0, "102", "sales");
    shop.call("c", 1, "101", "orders");
    let mut wanted = request(PeriodView::Days { days: 7 });
    wanted.queue = "sales".to_owned();
    let report = shop.reports().make(&wanted, now()).expect("a report");
    assert_eq!(figure(&report, "offered"), (Some(2.0), Some(0.0)));
    wanted.agent = "101".to_owned();
    let report = shop.reports().make(&wanted, now()).expect("a report");
    assert_eq!(figure(&report, "offered"), (Some(1.0), Some(0.0)));
    assert_eq!((report.queues.len(), report.agents.len()), (1, 1));
    assert_eq!(report.all_queues, ["orders", "sales"]);
    assert_eq!(report.all_agents, ["101", "102"]);
}

#[test]
fn what_was_promised_and_suggested_is_what_it_is_when_counted_again() {
    let shop = Shop::new();
    let call = shop.call("a", 1, "101", "sales");
    let mut journal = shop.journal();
    let line = |nth: i64| Line(["101", "102"][(nth % 2) as usize].to_owned());
    let (mut due, mut kept) = (0, 0);
    for nth in 0..60_i64 {
        // a callback in every six hours of the last fortnight, done some minutes before or after, or not at all
        let at = now() - TimeDelta::hours(6 * nth);
        let late = [-30, 0, 15, 16, 240][(nth % 5) as usize];
        let done = nth % 7 != 3;
        let plan = NewTask {
            kind: if nth % 4 == 3 {
                TaskKind::FollowUp
            } else {
                TaskKind::Callback
            },
            call: Some(call.clone()).filter(|_| nth % 3 == 0),
            customer: None,
            customer_name: String::new(),
            number_display: String::new(),
            text: String::new(),
            line: line(nth),
            due: at,
        };
        let counts = plan.kind == TaskKind::Callback && at.with_timezone(&Local).date_naive() >= date("2026-11-18");
        let task = journal.plan_task(plan, at - TimeDelta::days(1)).expect("written");
        if done {
            let done = at + TimeDelta::minutes(late);
            journal.finish_task(task.id, Some(done)).expect("written");
        }
        // one that is due just now can still be kept
        let judged = done || nth > 0;
        due += i32::from(counts && judged);
        kept += i32::from(counts && done && late <= 15);
    }
    let answers = [
        OfferAnswer::Accepted,
        OfferAnswer::Declined,
        OfferAnswer::NotNow,
        OfferAnswer::Offered,
        OfferAnswer::Accepted,
    ];
    for (nth, answer) in (0..).zip(answers) {
        let offer = Offer {
            call: call.clone(),
            product: format!("p{nth}"),
            product_name: ["Sea salt", "Olives"][(nth % 2) as usize].to_owned(),
            customer: Some(CustomerRef::new("files", "ALFKI")),
            answer,
            line: line(nth),
            at: now() - TimeDelta::days(nth),
        };
        journal.answer_offer(&offer).expect("written");
    }
    let report = shop
        .reports()
        .make(&request(PeriodView::Days { days: 7 }), now())
        .expect("a report");
    let share = f64::from(kept) / f64::from(due);
    assert!(due > 10 && kept > 3, "{kept} of {due}");
    assert_eq!(figure(&report, "promised").0, Some(f64::from(due)));
    assert_eq!(figure(&report, "kept_rate").0, Some(share));
    assert_eq!(figure(&report, "suggested").0, Some(5.0));
    assert_eq!(figure(&report, "accepted_rate").0, Some(0.4));
    let salt = &report.products[0];
    assert_eq!(salt.product, "Sea salt");
    assert_eq!(
        (salt.suggested, salt.accepted, salt.declined, salt.not_now),
        (3, 2, 0, 1)
    );
    let mut wanted = request(PeriodView::Days { days: 7 });
    wanted.agent = "102".to_owned();
    let report = shop.reports().make(&wanted, now()).expect("a report");
    assert_eq!(figure(&report, "suggested").0, Some(2.0));
}

#[test]
fn days_that_are_none_are_refused_and_it_is_said_what_to_do() {
    let shop = Shop::new();
    let reports = shop.reports();
    let refused = |period| reports.make(&request(period), now()).expect_err("refused");
    let turned = PeriodView::Between {
        from: date("2026-11-11"),
        until: date("2026-11-10"),
    };
    assert!(matches!(refused(turned), NoCallReport::BackToFront));
    for days in [0, 3_661, u32::MAX] {
        assert!(
            matches!(refused(PeriodView::Days { days }), NoCallReport::NotSoMany),
            "{days}"
        );
    }
    let ages = PeriodView::Between {
        from: NaiveDate::MIN,
        until: NaiveDate::MAX,
    };
    let why = refused(ages);
    assert!(matches!(why, NoCallReport::NotSoMany));
    assert_eq!(why.to_string(), "choose from one day to 3660 days");
}

/// A queue's name as somebody wrote it who wants a spreadsheet to run it.
const HOSTILE: &str = "=HYPERLINK(\"http://x\",\"sales\")";

#[test]
fn each_list_is_written_as_csv_in_which_nothing_runs() {
    let shop = Shop::new();
    shop.call("a", 0, "101", HOSTILE);
    for (part, name) in PARTS {
        let path = shop
            .reports()
            .write(&request(PeriodView::Days { days: 7 }), Some(part), now())
            .expect("written");
        let text = fs::read_to_string(&path).expect("readable");
        assert!(path.file_name().is_some_and(|file| {
            file.to_string_lossy()
                .starts_with(&format!("ringside-{name}-2026-11-18-7d-"))
        }));
        assert!(text.starts_with('\u{feff}'), "{name}");
        if part == Part::Queues {
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            assert_eq!(
                reader.headers().expect("a head"),
                vec!["queue", "offered", "answered", "in vain", "service level"]
            );
            let row = reader.records().next().expect("a row").expect("read");
            assert_eq!(
                row.iter().collect::<Vec<_>>(),
                [&format!("'{HOSTILE}"), "1", "1", "0", "1.0000"]
            );
        }
    }
}

#[test]
fn a_workbook_has_a_sheet_for_each_list_and_no_formula() {
    let shop = Shop::new();
    shop.call("a", 0, "101", HOSTILE);
    let path = shop
        .reports()
        .write(&request(PeriodView::Days { days: 7 }), None, now())
        .expect("written");
    let mut book: Xlsx<_> = open_workbook(&path).expect("a workbook");
    assert_eq!(book.sheet_names(), PARTS.map(|(_, name)| name.to_owned()));
    let queues = book.worksheet_range("queues").expect("the sheet");
    assert_eq!(queues.get_value((1, 0)), Some(&Data::String(HOSTILE.to_owned())));
    assert_eq!(queues.get_value((1, 1)), Some(&Data::Float(1.0)));
    let formulas = book.worksheet_formula("queues").expect("the sheet");
    assert!(formulas.used_cells().next().is_none());
    let summary = book.worksheet_range("summary").expect("the sheet");
    let names: Vec<String> = summary.rows().skip(1).map(|row| row[0].to_string()).collect();
    assert!(names.contains(&"service level".to_owned()) && names.contains(&"callbacks kept in time".to_owned()));
}

#[test]
fn a_file_that_cannot_be_written_is_said_with_its_name() {
    let shop = Shop::new();
    let reports = shop.reports().writing_to(shop.0.path().join("not/there"));
    for part in [None, Some(Part::Summary)] {
        let why = reports
            .write(&request(PeriodView::Days { days: 1 }), part, now())
            .expect_err("no such folder");
        assert!(why.to_string().contains("not/there"), "{why}");
    }
}

#[test]
fn the_days_of_a_report_are_those_of_its_zone_also_where_the_clock_is_changed() {
    let shop = Shop::new();
    let journal = shop.journal();
    let first = date("2026-10-24");
    let report: Report = call_report(
        &journal,
        Europe::Zagreb,
        local_days(&Europe::Zagreb, first, 3),
        Target::default(),
        &Only::default(),
        now(),
    )
    .expect("a report");
    let view = report_view(report, first, 3, Target::default(), now());
    let days: Vec<String> = view.days.iter().map(|day| day.day.to_string()).collect();
    assert_eq!(days, ["2026-10-24", "2026-10-25", "2026-10-26"]);
}
