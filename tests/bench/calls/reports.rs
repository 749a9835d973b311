//! Every report, beside the statements alone that read what it is of.

use std::hint::black_box;

use chrono::{TimeDelta, Utc};
use chrono_tz::Europe;
use ringside::desk::call_report;
use ringside::review::{Only, PARTS, Period, Target, csv, local_days, sheet};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::figures::{Figure, Result};
use crate::{Ground, timed};

const READ: &str = "
    SELECT c.direction, c.started, c.answered, c.answered_by, c.ended, c.outcome, c.ended_by, c.queue, c.queue_outcome, c.wrapped,
        c.verdict, c.popped, c.disposition, c.corrected, c.dialled
    FROM calls c WHERE c.started >= ? AND c.started < ?";
/// By an index of its own, and by none.
const QUEUE: [&str; 2] = [" AND c.queue = ?", " AND +c.queue = ?"];
const AGENT: [&str; 2] = [
    " AND ? IN (c.answered_by, c.dialled)",
    " AND c.id IN (SELECT call FROM call_lines WHERE extension = ?)",
];
const BESIDE: [&str; 2] = [
    "SELECT t.due, t.done, t.line, c.queue FROM tasks t LEFT JOIN calls c ON c.id = t.call
     WHERE t.kind = 'callback' AND t.due >= ? AND t.due < ?",
    "SELECT o.answered, o.product_name, o.answer, o.line, c.queue FROM offers o LEFT JOIN calls c ON c.id = o.call
     WHERE o.answered >= ? AND o.answered < ?",
];

pub(crate) fn figures(ground: &Ground) -> Result<Vec<Figure>> {
    let all = Only::default();
    let queue = Only {
        queue: "orders".to_owned(),
        ..Only::default()
    };
    let agent = Only {
        agent: "107".to_owned(),
        ..Only::default()
    };
    let asked = [
        ("a day", 1, &all),
        ("a week", 7, &all),
        ("30 days", 30, &all),
        ("a year", 365, &all),
        ("30 days of a queue", 30, &queue),
        ("a year of a queue", 365, &queue),
        ("30 days of an agent", 30, &agent),
        ("a year of an agent", 365, &agent),
    ];
    asked
        .into_iter()
        .map(|(name, days, only)| figure(ground, name, days, only))
        .collect()
}

fn figure(ground: &Ground, name: &str, days: u32, only: &Only) -> Result<Figure> {
    let journal = ground.journal()?;
    let first = (ground.shop.now - TimeDelta::days(i64::from(days) - 1)).date_naive();
    let periods = local_days(&Europe::Zagreb, first, days);
    let ours = || -> Result<u32> {
        let zone = Europe::Zagreb;
        let report = call_report(&journal, zone, periods, Target::default(), only, Utc::now())?;
        for (part, _) in PARTS {
            let mut out = Vec::new();
            csv(&sheet(&report, part), &mut out)?;
            black_box(out);
        }
        Ok(report.now.offered + report.before.offered)
    };
    // the second time: what is read is in memory, as far as it goes
    ours()?;
    let (took, offered) = timed(ours)?;
    drop(journal);
    let (least, calls) = quickest(&ground.bare()?, periods, only)?;
    let (unencrypted, _) = quickest(&ground.plain()?, periods, only)?;
    Ok(Figure::new(
        format!("report: {name}"),
        "CPU ms",
        took,
        least,
        format!("{calls} calls with the period before, {offered} from outside; not encrypted {unencrypted:.1} ms"),
    ))
}

/// What the quickest statements take that read every column of every row, and how many calls there are.
fn quickest(conn: &Connection, periods: [Period; 2], only: &Only) -> Result<(f64, u32)> {
    let (ways, value) = match (only.queue.as_str(), only.agent.as_str()) {
        ("", "") => (["", ""], None),
        (queue, "") => (QUEUE, Some(queue)),
        (_, agent) => (AGENT, Some(agent)),
    };
    let mut least: Option<(f64, u32)> = None;
    for way in ways {
        let sql = format!("{READ}{way}");
        let all = || -> Result<u32> { periods.iter().map(|period| read(conn, &sql, *period, value)).sum() };
        all()?;
        let (took, calls) = timed(all)?;
        if least.is_none_or(|(other, _)| took < other) {
            least = Some((took, calls));
        }
    }
    least.ok_or_else(|| "there is no statement".into())
}

fn read(conn: &Connection, sql: &str, period: Period, value: Option<&str>) -> Result<u32> {
    let times: [Value; 2] = [
        period.from.timestamp_millis().into(),
        period.until.timestamp_millis().into(),
    ];
    let mut values = times.to_vec();
    values.extend(value.map(|value| Value::from(value.to_owned())));
    let calls = step(conn, sql, values)?;
    for sql in BESIDE {
        step(conn, sql, times.to_vec())?;
    }
    Ok(calls)
}

fn step(conn: &Connection, sql: &str, values: Vec<Value>) -> Result<u32> {
    let mut select = conn.prepare_cached(sql)?;
    let (columns, mut count) = (select.column_count(), 0);
    let mut rows = select.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            black_box(row.get_ref(column)?);
        }
        count += 1;
    }
    Ok(count)
}
