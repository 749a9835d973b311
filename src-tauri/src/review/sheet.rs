//! A report as tables of plain values, for a terminal, a CSV file and a spreadsheet.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::figure::{FIGURES, Unit};
use super::figures::Figures;
use super::report::{Cell, HANDLE_BANDS, Report, WAIT_BANDS};

/// The tables of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ReportPart")]
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
    /// How many callers waited how long until somebody answered.
    Waiting,
    /// How many calls were handled in how long.
    Handling,
    /// By product that was suggested.
    Suggestions,
}

/// All tables with their names, as they are read.
pub const PARTS: [(Part, &str); 9] = [
    (Part::Summary, "summary"),
    (Part::Hours, "hours"),
    (Part::Days, "days"),
    (Part::Agents, "agents"),
    (Part::Queues, "queues"),
    (Part::Results, "results"),
    (Part::Waiting, "waiting"),
    (Part::Handling, "handling"),
    (Part::Suggestions, "suggestions"),
];

/// One value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, which may have come from outside.
    Text(String),
    /// How many.
    Count(u64),
    /// A duration, in seconds.
    Seconds(f64),
    /// Thousandths of a second.
    Millis(f64),
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
        Part::Waiting => bands("waited", &WAIT_BANDS, &report.wait_bands, ("s", 1)),
        Part::Handling => bands("handled in", &HANDLE_BANDS, &report.handle_bands, ("min", 60)),
        Part::Suggestions => {
            let rows = report.products.iter().map(|(product, said)| {
                let counts = [said.suggested, said.accepted, said.declined, said.not_now].map(count);
                [vec![text(product)], counts.to_vec()].concat()
            });
            of(
                &["product"],
                &["suggested", "accepted", "declined", "not now"],
                rows.collect(),
            )
        }
    }
}

fn summary(now: &Figures, before: &Figures) -> Sheet {
    let rows = FIGURES.iter().map(|figure| {
        let of = |figures| measured(figure.unit, figure.of(figures));
        vec![text(figure.name), of(now), of(before)]
    });
    of(&["figure"], &["period", "period before"], rows.collect())
}

fn measured(unit: Unit, value: Option<f64>) -> Value {
    match (unit, value) {
        (_, None) => Value::Nothing,
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a u32")]
        (Unit::Count, Some(value)) => Value::Count(value as u64),
        (Unit::Share, Some(value)) => Value::Share(value),
        (Unit::Seconds, Some(value)) => Value::Seconds(value),
        (Unit::Millis, Some(value)) => Value::Millis(value),
    }
}

/// How many lie in each band, by its name in `unit`s of so many seconds.
fn bands(name: &'static str, bounds: &[u32], counts: &[u32], (unit, seconds): (&str, u32)) -> Sheet {
    let below = bounds.iter().map(|bound| format!("below {} {unit}", bound / seconds));
    let last = bounds.last().copied().unwrap_or_default() / seconds;
    let bands = below.chain([format!("{last} {unit} and more")]).zip(counts);
    let rows = bands.map(|(band, &calls)| vec![Value::Text(band), count(calls)]);
    of(&[name], &["calls"], rows.collect())
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
