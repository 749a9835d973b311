//! A month of calls in a real journal: every figure of the report beside the same figure counted again, by hand and by other
//! means, over the two nights in which the clock is changed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::{Europe, Tz};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::call::{CallId, Direction, Line, Outcome, QueueOutcome, Side};
use ringside::journal::{CallFacts, CallRecord, Journal};
use ringside::review::{Figures, Only, Report, Reporter, Spread, Target, WAIT_BANDS, local_days};
use tempfile::TempDir;

use crate::journal::answered;

const ZONE: Tz = Europe::Zagreb;
const DAYS: u32 = 31;
const CALLS: usize = 4_000;

/// A journal with calls from a month before `first` until some days after the month.
struct Month {
    _folder: TempDir,
    journal: Journal,
    first: NaiveDate,
    /// When calls were done with.
    wrapped: BTreeMap<CallId, i64>,
}

impl Month {
    fn of(first: &str, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut journal = crate::journal::open(folder.path());
        let first: NaiveDate = first.parse().expect("a date");
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut wrapped = BTreeMap::new();
        let begin = first.and_hms_opt(0, 0, 0).expect("a time").and_utc() - TimeDelta::days(33);
        for nth in 0..CALLS {
            let at = begin + TimeDelta::seconds(random.random_range(0..68 * 86_400));
            wrapped.extend(put(&mut journal, &mut random, nth, at));
        }
        // the nights themselves, minute by minute
        for night in [
            first - TimeDelta::days(1),
            first + TimeDelta::days(27),
            first + TimeDelta::days(24),
        ] {
            let midnight = night.and_hms_opt(22, 0, 0).expect("a time").and_utc() - TimeDelta::days(1);
            for minute in 0..240 {
                let at = midnight + TimeDelta::minutes(minute as i64);
                wrapped.extend(put(&mut journal, &mut random, CALLS + minute, at));
            }
        }
        Month {
            _folder: folder,
            journal,
            first,
            wrapped,
        }
    }

    fn report(&self) -> Report {
        let periods = local_days(&ZONE, self.first, DAYS);
        let mut reporter = Reporter::new(ZONE, periods, Target::default());
        for period in periods {
            self.journal
                .review(period, &Only::default(), |call| reporter.add(call))
                .expect("read");
        }
        reporter.report()
    }

    /// The calls whose local date is one of so many days from `first` on, as the log gives them.
    fn calls(&self, first: NaiveDate) -> Vec<CallRecord> {
        let last = first + TimeDelta::days(i64::from(DAYS) - 1);
        let all = self.journal.calls(None, u32::MAX).expect("read").into_iter();
        all.map(|logged| logged.call)
            .filter(|call| (first..=last).contains(&call.started.with_timezone(&ZONE).date_naive()))
            .collect()
    }
}

/// A believable call: half answered, some given up, some outgoing, one in fifty still on. When it was done with, if it was.
fn put(journal: &mut Journal, random: &mut ChaCha8Rng, nth: usize, at: DateTime<Utc>) -> Option<(CallId, i64)> {
    let mut call = answered(&format!("{nth}-{}", at.timestamp()), 0);
    let (rang, talked) = (random.random_range(0..90), random.random_range(5..900));
    call.started = at;
    call.direction = [
        Direction::In,
        Direction::In,
        Direction::In,
        Direction::Out,
        Direction::Internal,
    ][random.random_range(0..5)];
    let agent = ["101", "102", "103"][random.random_range(0..3)];
    call.lines.truncate(1);
    call.lines[0].line = Line(agent.to_owned());
    let kinds = [
        Some(Outcome::Answered),
        Some(Outcome::Answered),
        Some(Outcome::Missed),
        Some(Outcome::Busy),
        None,
    ];
    call.outcome = kinds[random.random_range(0..5)];
    let over = at + TimeDelta::seconds(rang);
    (call.answered, call.ended, call.talked_seconds) = (None, Some(over), None);
    if call.outcome == Some(Outcome::Answered) {
        (call.answered, call.ended) = (Some(over), Some(over + TimeDelta::seconds(talked)));
        call.answered_by = Some(agent.to_owned());
    }
    call.ended_by = [Some(Side::Caller), Some(Side::Agent), Some(Side::Pbx), None][random.random_range(0..4)];
    let queued = random.random_ratio(1, 3);
    call.facts = CallFacts {
        queue: queued.then(|| ["sales", "orders"][random.random_range(0..2)].to_owned()),
        queue_outcome: (queued && call.outcome == Some(Outcome::Missed))
            .then(|| [QueueOutcome::Abandoned, QueueOutcome::TimedOut][random.random_range(0..2)]),
        verdict: [Some("one"), Some("several"), Some("unknown"), Some("withheld"), None][random.random_range(0..5)]
            .map(str::to_owned),
        popped_micros: random.random_ratio(1, 2).then(|| random.random_range(200..3_000)),
    };
    if random.random_ratio(1, 50) {
        (call.ended, call.outcome) = (None, None);
    }
    journal.put_call(&call).expect("written");
    if random.random_ratio(1, 3) {
        let code = ["order", "complaint"][random.random_range(0..2)];
        let line = Line(agent.to_owned());
        journal
            .set_disposition(&call.id, Some(code), &line, at)
            .expect("written");
    }
    let done = call.ended? + TimeDelta::seconds(random.random_range(0..300));
    random.random_ratio(1, 2).then(|| {
        journal.wrap_up(&call.id, done).expect("written");
        (call.id, done.timestamp())
    })
}

/// Counted by hand: by seconds between timestamps and by sorting.
fn by_hand(calls: &[CallRecord], wrapped: &BTreeMap<CallId, i64>) -> Figures {
    let over: Vec<&CallRecord> = calls.iter().filter(|call| call.ended.is_some()).collect();
    let incoming: Vec<&CallRecord> = over
        .iter()
        .filter(|call| call.direction == Direction::In)
        .copied()
        .collect();
    let outgoing: Vec<&CallRecord> = over
        .iter()
        .filter(|call| call.direction == Direction::Out)
        .copied()
        .collect();
    let is_answered = |call: &&&CallRecord| call.answered.is_some();
    let gave_up = |call: &&&CallRecord| {
        call.outcome == Some(Outcome::Missed)
            && (call.ended_by == Some(Side::Caller) || call.facts.queue_outcome == Some(QueueOutcome::Abandoned))
    };
    let waited = |call: &CallRecord| {
        call.answered
            .or(call.ended)
            .map(|at| at.timestamp() - call.started.timestamp())
    };
    let in_target = |call: &&&CallRecord| waited(call).is_some_and(|waited| waited <= 20);
    let count = |calls: &[&CallRecord], has: &dyn Fn(&&&CallRecord) -> bool| number(calls.iter().filter(has).count());
    let verdict = |word: &str| count(&incoming, &|call| call.facts.verdict.as_deref() == Some(word));
    let talked = |call: &CallRecord| Some(call.ended?.timestamp() - call.answered?.timestamp());
    let after = |call: &CallRecord| {
        call.answered?;
        Some(wrapped.get(&call.id)? - call.ended?.timestamp())
    };
    let timed: Vec<&CallRecord> = incoming.iter().chain(&outgoing).copied().collect();
    Figures {
        offered: number(incoming.len()),
        answered: count(&incoming, &is_answered),
        abandoned: count(&incoming, &gave_up),
        abandoned_in_target: count(&incoming, &|call| gave_up(call) && in_target(call)),
        missed: count(&incoming, &|call| {
            call.outcome == Some(Outcome::Missed) && !gave_up(call)
        }),
        refused: count(&incoming, &|call| call.outcome == Some(Outcome::Busy)),
        unknown: count(&incoming, &|call| call.outcome.is_none()),
        answered_in_target: count(&incoming, &|call| is_answered(call) && in_target(call)),
        wait: sorted(incoming.iter().filter(is_answered).filter_map(|call| waited(call))),
        patience: sorted(incoming.iter().filter(gave_up).filter_map(|call| waited(call))),
        talk: sorted(timed.iter().filter_map(|call| talked(call))),
        wrap_up: sorted(timed.iter().filter_map(|call| after(call))),
        handle: sorted(timed.iter().filter_map(|call| Some(talked(call)? + after(call)?))),
        outgoing: number(outgoing.len()),
        outgoing_answered: count(&outgoing, &is_answered),
        internal: number(over.len() - incoming.len() - outgoing.len()),
        looked_up: verdict("one") + verdict("several") + verdict("unknown"),
        matched: verdict("one"),
        several: verdict("several"),
        corrected: 0,
        pop: sorted(
            incoming
                .iter()
                .filter_map(|call| call.facts.popped_micros.map(i64::from)),
        ),
        promised: 0,
        kept: 0,
        suggested: 0,
        accepted: 0,
    }
}

fn waited_for_an_answer(call: &CallRecord) -> Option<i64> {
    let counts = call.direction == Direction::In && call.ended.is_some();
    let answered = call.answered.filter(|_| counts)?;
    Some(answered.timestamp() - call.started.timestamp())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("few")
}

fn sorted(values: impl Iterator<Item = i64>) -> Spread {
    let mut values: Vec<u32> = values.map(|value| u32::try_from(value).expect("not before")).collect();
    values.sort_unstable();
    let Some(&most) = values.last() else {
        return Spread::default();
    };
    let rank = |tenths: usize| values[(values.len() * tenths).div_ceil(10).max(1) - 1];
    Spread {
        count: number(values.len()),
        mean: values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64,
        median: rank(5),
        p90: rank(9),
        most,
    }
}

#[test]
fn every_figure_of_a_month_is_what_it_is_when_counted_again() {
    for (first, seed) in [("2026-03-01", 1), ("2026-10-01", 2)] {
        let month = Month::of(first, seed);
        let report = month.report();
        let now = month.calls(month.first);
        let before = month.calls(month.first - TimeDelta::days(i64::from(DAYS)));
        assert!(
            now.len() > 1_500 && before.len() > 1_500,
            "{} and {}",
            now.len(),
            before.len()
        );
        assert_eq!(report.now, by_hand(&now, &month.wrapped), "the month of {first}");
        assert_eq!(
            report.before,
            by_hand(&before, &month.wrapped),
            "the month before {first}"
        );
        let sum: u32 = report.hours.iter().flatten().map(|cell| cell.offered).sum();
        assert_eq!(sum, report.now.offered);
        assert_eq!(
            report.days.values().map(|cell| cell.offered).sum::<u32>(),
            report.now.offered
        );
        assert_eq!(report.handle_bands.iter().sum::<u32>(), report.now.handle.count);
        let waits: Vec<i64> = now.iter().filter_map(waited_for_an_answer).collect();
        let below = |bound: u32| waits.iter().filter(|&&wait| wait < i64::from(bound)).count();
        for (nth, &bound) in WAIT_BANDS.iter().enumerate() {
            let told: u32 = report.wait_bands[..=nth].iter().sum();
            assert_eq!(told, number(below(bound)), "waited below {bound} s");
        }
        assert_eq!(report.wait_bands.iter().sum::<u32>(), number(waits.len()));
    }
}

#[test]
fn hours_and_days_are_those_of_the_clock_on_the_wall_also_in_the_night_in_which_it_is_changed() {
    for (first, seed) in [("2026-03-01", 3), ("2026-10-01", 4)] {
        let month = Month::of(first, seed);
        let report = month.report();
        let (mut hours, mut days) = (BTreeMap::<String, u32>::new(), BTreeMap::<String, u32>::new());
        for call in month.calls(month.first) {
            if call.direction == Direction::In && call.ended.is_some() {
                let wall = call.started.with_timezone(&ZONE);
                *hours.entry(wall.format("%u %H").to_string()).or_default() += 1;
                *days.entry(wall.format("%Y-%m-%d").to_string()).or_default() += 1;
            }
        }
        for (weekday, row) in report.hours.iter().enumerate() {
            for (hour, cell) in row.iter().enumerate() {
                let expected = hours.get(&format!("{} {hour:02}", weekday + 1)).copied().unwrap_or(0);
                assert_eq!(cell.offered, expected, "weekday {weekday}, hour {hour}");
            }
        }
        let told: BTreeMap<String, u32> = report
            .days
            .iter()
            .map(|(day, cell)| (day.to_string(), cell.offered))
            .collect();
        assert_eq!(told, days);
    }
    // there is no half past two in the night of 29 March, and it comes twice in that of 25 October
    assert!(ZONE.with_ymd_and_hms(2026, 3, 29, 2, 30, 0).single().is_none());
    assert!(
        ZONE.with_ymd_and_hms(2026, 10, 25, 2, 30, 0).latest()
            > ZONE.with_ymd_and_hms(2026, 10, 25, 2, 30, 0).earliest()
    );
}

#[test]
fn agents_queues_and_results_are_counted_each_for_itself() {
    let month = Month::of("2026-10-01", 5);
    let report = month.report();
    let over: Vec<_> = month
        .calls(month.first)
        .into_iter()
        .filter(|call| call.ended.is_some())
        .collect();
    for agent in ["101", "102", "103"] {
        let talked = |direction| {
            let calls = over
                .iter()
                .filter(|call| call.direction == direction && call.answered.is_some());
            number(calls.filter(|call| call.lines[0].line.0 == agent).count())
        };
        let figures = report.agents[agent];
        assert_eq!(
            (figures.answered, figures.dialled),
            (talked(Direction::In), talked(Direction::Out)),
            "{agent}"
        );
    }
    for queue in ["sales", "orders"] {
        let in_queue =
            |call: &&CallRecord| call.direction == Direction::In && call.facts.queue.as_deref() == Some(queue);
        assert_eq!(
            report.queues[queue].offered,
            number(over.iter().filter(in_queue).count())
        );
    }
    let results: u32 = report.dispositions.values().sum();
    let with_result = over
        .iter()
        .filter(|call| month.journal.disposition(&call.id).expect("read").is_some());
    assert_eq!(results, number(with_result.count()));
}
