//! A report as tables of plain values, for a terminal, a CSV file and a spreadsheet.

use super::figures::Figures;
use super::report::{Cell, HANDLE_BANDS, Report};
use super::spread::Spread;

/// The tables of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Every figure, beside the period before.
    Summary,
    /// By weekday and hour.
    Hours,
    /// By day.
    Days,
    /// By extension.
    Agents,
    /// By queue.
    Queues,
    /// By the result that agents chose.
    Results,
    /// How many calls were handled in how long.
    Handling,
}

/// One value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, which may have come from outside.
    Text(String),
    /// How many.
    Count(u64),
    /// A duration, in seconds.
    Seconds(f64),
    /// A share, 0 to 1.
    Share(f64),
    /// Nothing to say.
    Nothing,
}

/// Names of the columns, and rows of as many values.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The columns.
    pub head: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const CELL: [&str; 4] = ["offered", "answered", "in vain", "service level"];

/// One table of a report.
#[must_use]
pub fn sheet(report: &Report, part: Part) -> Sheet {
    match part {
        Part::Summary => summary(&report.now, &report.before),
        Part::Hours => {
            let rows = report.hours.iter().zip(WEEKDAYS).flat_map(|(row, weekday)| {
                let hours = row.iter().enumerate().filter(|(_, cell)| cell.offered > 0);
                hours.map(move |(hour, cell)| [vec![text(weekday), Value::Count(hour as u64)], values(cell)].concat())
            });
            of(&["weekday", "hour"], &CELL, rows.collect())
        }
        Part::Days => cells("day", report.days.iter().map(|(day, cell)| (day.to_string(), cell))),
        Part::Queues => cells("queue", report.queues.iter().map(|(queue, cell)| (queue.clone(), cell))),
        Part::Agents => {
            let rows = report.agents.iter().map(|(agent, figures)| {
                let (answered, dialled) = (u64::from(figures.answered), u64::from(figures.dialled));
                let mean = match answered + dialled {
                    0 => Value::Nothing,
                    calls => Value::Seconds(figures.talked as f64 / calls as f64),
                };
                vec![
                    text(agent),
                    Value::Count(answered),
                    Value::Count(dialled),
                    Value::Seconds(figures.talked as f64),
                    mean,
                ]
            });
            of(
                &["extension"],
                &["answered", "dialled", "talked", "mean talk"],
                rows.collect(),
            )
        }
        Part::Results => {
            let rows = report.dispositions.iter();
            let rows = rows.map(|(code, &count)| vec![text(code), Value::Count(u64::from(count))]);
            of(&["result"], &["calls"], rows.collect())
        }
        Part::Handling => {
            let bounds = HANDLE_BANDS.iter().map(|bound| format!("below {} min", bound / 60));
            let above = format!("{} min and more", HANDLE_BANDS[HANDLE_BANDS.len() - 1] / 60);
            let bands = bounds.chain([above]).zip(&report.handle_bands);
            let rows = bands.map(|(band, &count)| vec![Value::Text(band), Value::Count(u64::from(count))]);
            of(&["handled in"], &["calls"], rows.collect())
        }
    }
}

fn summary(now: &Figures, before: &Figures) -> Sheet {
    type Of = fn(&Figures) -> Value;
    let rows: [(&str, Of); 25] = [
        ("offered", |one| count(one.offered)),
        ("answered", |one| count(one.answered)),
        ("abandoned", |one| count(one.abandoned)),
        ("abandoned within the target", |one| count(one.abandoned_in_target)),
        ("missed", |one| count(one.missed)),
        ("refused", |one| count(one.refused)),
        ("end not seen", |one| count(one.unknown)),
        ("service level", |one| share(one.service_level())),
        ("abandonment", |one| share(one.abandonment())),
        ("average speed of answer", |one| mean(one.wait)),
        ("wait, median", |one| median(one.wait)),
        ("wait, nine of ten", |one| p90(one.wait)),
        ("wait, longest", |one| most(one.wait)),
        ("patience, median", |one| median(one.patience)),
        ("average handle time", |one| mean(one.handle)),
        ("handle time, median", |one| median(one.handle)),
        ("handle time, nine of ten", |one| p90(one.handle)),
        ("talk, mean", |one| mean(one.talk)),
        ("wrap-up, mean", |one| mean(one.wrap_up)),
        ("outgoing", |one| count(one.outgoing)),
        ("outgoing, answered", |one| count(one.outgoing_answered)),
        ("matched rate", |one| share(one.matched_rate())),
        ("several share the number", |one| count(one.several)),
        ("corrected", |one| count(one.corrected)),
        ("panel told after, median (ms)", |one| match one.pop.count {
            0 => Value::Nothing,
            _ => Value::Text(format!("{:.2}", f64::from(one.pop.median) / 1e3)),
        }),
    ];
    let rows = rows.map(|(name, value)| vec![text(name), value(now), value(before)]);
    of(&["figure"], &["period", "period before"], rows.into())
}

fn cells<'c>(name: &'static str, cells: impl Iterator<Item = (String, &'c Cell)>) -> Sheet {
    let rows = cells.map(|(key, cell)| [vec![Value::Text(key)], values(cell)].concat());
    of(&[name], &CELL, rows.collect())
}

fn values(cell: &Cell) -> Vec<Value> {
    vec![
        count(cell.offered),
        count(cell.answered),
        count(cell.in_vain),
        share(cell.service_level()),
    ]
}

fn of(keys: &[&'static str], columns: &[&'static str], rows: Vec<Vec<Value>>) -> Sheet {
    Sheet {
        head: [keys, columns].concat(),
        rows,
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn count(count: u32) -> Value {
    Value::Count(u64::from(count))
}

fn share(share: Option<f64>) -> Value {
    share.map_or(Value::Nothing, Value::Share)
}

fn mean(spread: Spread) -> Value {
    some(spread, spread.mean)
}

fn median(spread: Spread) -> Value {
    some(spread, f64::from(spread.median))
}

fn p90(spread: Spread) -> Value {
    some(spread, f64::from(spread.p90))
}

fn most(spread: Spread) -> Value {
    some(spread, f64::from(spread.most))
}

fn some(spread: Spread, seconds: f64) -> Value {
    match spread.count {
        0 => Value::Nothing,
        _ => Value::Seconds(seconds),
    }
}
