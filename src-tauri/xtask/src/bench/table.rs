//! The figures of the benches as one table.

use serde::{Deserialize, Serialize};

/// One measured figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Figure {
    name: String,
    unit: String,
    value: f64,
    /// What the machine does for the bare work, in the same unit: the figure's floor.
    #[serde(default)]
    floor: Option<f64>,
    /// `value` to `floor`, as the bench puts it.
    #[serde(default)]
    ratio: Option<f64>,
    #[serde(default)]
    note: Option<String>,
}

/// A line a figure, in aligned columns.
pub(super) fn table(figures: &[Figure]) -> String {
    let head = ["figure", "value", "unit", "floor", "ratio", "note"].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(figures.iter().map(cells)).collect();
    let widths: [usize; 6] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    rows.iter().map(|row| row_line(row, &widths) + "\n").collect()
}

fn cells(figure: &Figure) -> [String; 6] {
    let ratio = figure.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let floor = figure.floor.map_or_else(String::new, short);
    let note = figure.note.clone().unwrap_or_default();
    [
        figure.name.clone(),
        short(figure.value),
        figure.unit.clone(),
        floor,
        ratio,
        note,
    ]
}

/// Names, units and notes to the left, numbers to the right.
fn row_line(row: &[String; 6], widths: &[usize; 6]) -> String {
    let [name, value, unit, floor, ratio, note] = row;
    let [w0, w1, w2, w3, w4, _] = *widths;
    let line = format!("{name:w0$}  {value:>w1$} {unit:w2$}  {floor:>w3$}  {ratio:>w4$}  {note}");
    line.trim_end().to_owned()
}

/// Three figures that mean something are enough.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_aligned_columns_and_what_is_unknown_stays_empty() {
        let text = r#"[
            {"name": "verdict and pop, p50", "unit": "CPU µs", "value": 72.4, "floor": 41.2, "ratio": 1.757},
            {"name": "AMI", "unit": "MB/s", "value": 1300.4, "note": "zero-copy", "floor": null}
        ]"#;
        let figures: Vec<Figure> = serde_json::from_str(text).unwrap_or_default();
        let expected = "figure                value unit    floor  ratio  note\n\
                        verdict and pop, p50   72.4 CPU µs   41.2   1.76\n\
                        AMI                    1300 MB/s                  zero-copy\n";
        assert_eq!(table(&figures), expected);
    }
}
