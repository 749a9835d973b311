//! What an import says: the guessed mapping, and what was done, as text and as JSON.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::Value;

use super::{Done, Numbers};
use crate::directory::{Counts, Tally};
use crate::source::{Field, Sheet};

pub(super) fn mapping(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{}: {} ({})",
        sheet.path().display(),
        sheet.kind(),
        sheet.written()
    )?;
    let columns = &sheet.mapping().columns;
    for column in columns {
        if let Some(field) = column.field {
            writeln!(out, "  {field:13} ← {}", column.header)?;
        }
    }
    let unread: Vec<&str> = columns
        .iter()
        .filter(|c| c.field.is_none())
        .map(|c| c.header.as_str())
        .collect();
    if !unread.is_empty() {
        writeln!(out, "  not read      : {}", unread.join(", "))?;
    }
    sheet
        .remarks()
        .iter()
        .try_for_each(|remark| writeln!(out, "  {remark}"))
}

fn tallies(counts: &Counts) -> [(&'static str, Tally); 5] {
    [
        ("products", counts.products),
        ("customers", counts.customers),
        ("balances", counts.balances),
        ("order lines", counts.order_lines),
        ("tickets", counts.tickets),
    ]
}

pub(super) fn summary(
    _files: &[Done],
    counts: &Counts,
    numbers: &Numbers,
    report: Option<&(u64, PathBuf)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (what, tally) in tallies(counts) {
        let Tally {
            added,
            changed,
            unchanged,
            removed,
            unknown_customer: _,
        } = tally;
        if added + changed + unchanged + removed > 0 {
            let removed = if removed > 0 {
                format!(", {removed} replaced")
            } else {
                String::new()
            };
            writeln!(
                out,
                "{what}: {added} added, {changed} changed, {unchanged} unchanged{removed}"
            )?;
        }
    }
    if numbers.unreadable > 0 {
        let Numbers { read, unreadable } = numbers;
        writeln!(
            out,
            "telephone numbers: {read} read, {unreadable} could not be read: kept and shown, never matched"
        )?;
    }
    if let Some((count, path)) = report {
        let rows = if *count == 1 { "row" } else { "rows" };
        let path = path.display();
        writeln!(out, "{count} {rows} could not be used; each with its reason: {path}")?;
    }
    Ok(())
}

pub(super) fn json(
    files: &[Done],
    counts: &Counts,
    numbers: &Numbers,
    report: Option<&(u64, PathBuf)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let tally = |tally: Tally| {
        let Tally {
            added,
            changed,
            unchanged,
            removed,
            unknown_customer,
        } = tally;
        serde_json::json!({"added": added, "changed": changed, "unchanged": unchanged, "removed": removed, "unknown_customer": unknown_customer})
    };
    let document = serde_json::json!({
        "files": files.iter().map(file_json).collect::<Vec<_>>(),
        "counts": {
            "products": tally(counts.products),
            "customers": tally(counts.customers),
            "balances": tally(counts.balances),
            "order_lines": tally(counts.order_lines),
            "tickets": tally(counts.tickets),
        },
        "numbers": {"read": numbers.read, "unreadable": numbers.unreadable},
        "rejected": {"rows": report.map_or(0, |(count, _)| *count), "report": report.map(|(_, path)| path)},
    });
    writeln!(out, "{document:#}")
}

fn file_json(file: &Done) -> Value {
    let columns = file.sheet.mapping().columns.iter();
    let columns: Vec<Value> = columns
        .map(|column| serde_json::json!({"column": column.header, "field": column.field.map(Field::name)}))
        .collect();
    serde_json::json!({
        "path": file.sheet.path(),
        "kind": file.sheet.kind().to_string(),
        "written": file.sheet.written(),
        "columns": columns,
        "remarks": file.sheet.remarks(),
        "used": file.used,
        "rejected": file.rejected,
    })
}
