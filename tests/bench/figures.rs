//! What all benches have in common: how large they are, their figures, and where these go.

use std::error::Error;

use serde::Serialize;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One line of the table.
#[derive(Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) value: f64,
    /// What the machine does for the bare work, in the same unit.
    pub(crate) floor: f64,
    /// How many times the floor's cost: 1 is as fast as the bare work, 2 half as fast.
    pub(crate) ratio: f64,
    pub(crate) note: String,
}

impl Figure {
    /// A figure; one whose unit is so much a second (`rows/s`) is a speed, any other a cost.
    pub(crate) fn new(
        name: impl Into<String>,
        unit: &'static str,
        value: f64,
        floor: f64,
        note: impl Into<String>,
    ) -> Self {
        let ratio = if unit.contains("/s") {
            floor / value
        } else {
            value / floor
        };
        Figure {
            name: name.into(),
            unit,
            value,
            floor,
            ratio,
            note: note.into(),
        }
    }
}

/// Whether a small measurement will do: `RINGSIDE_BENCH_QUICK` is set, or `--quick` was given.
pub(crate) fn quick() -> bool {
    std::env::var_os("RINGSIDE_BENCH_QUICK").is_some() || std::env::args().any(|arg| arg == "--quick")
}

/// Prints the figures as lines, and writes them as JSON to the file that `RINGSIDE_BENCH_OUT` names.
pub(crate) fn publish(figures: &[Figure]) -> Result<()> {
    for Figure {
        name,
        unit,
        value,
        floor,
        ratio,
        note,
    } in figures
    {
        println!("{name:<34} {value:>11.1} {unit:<8} floor {floor:>11.1}  ratio {ratio:>6.2}  {note}");
    }
    if let Some(path) = std::env::var_os("RINGSIDE_BENCH_OUT") {
        std::fs::write(path, serde_json::to_vec_pretty(figures)?)?;
    }
    Ok(())
}
