//! What an import says: the guessed mapping, and what was done, as text and as JSON.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::Value;

use super::{Done, Numbers};
use crate::directory::{Counts, Tally};
use crate::source::{Field, Sheet, SourceError};

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

/// Rows that a preview shows.
const SHOWN: usize = 5;

/// What each column means, with what stands in the first rows.
pub(super) fn preview(sheets: &[Sheet], out: &mut dyn Write) -> Result<io::Result<()>, SourceError> {
    for sheet in sheets {
        let rows = sheet.first_rows(SHOWN)?;
        if let Err(error) = preview_of(sheet, &rows, out) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

fn preview_of(sheet: &Sheet, rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{}: {} ({})",
        sheet.path().display(),
        sheet.kind(),
        sheet.written()
    )?;
    for (at, column) in sheet.mapping().columns.iter().enumerate() {
        let field = column.field.map_or("not read", Field::name);
        let cells: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.trim())
            .collect();
        writeln!(out, "  {field:13} ← {}: {}", column.header, cells.join(" | "))?;
    }
    sheet
        .remarks()
        .iter()
        .try_for_each(|remark| writeln!(out, "  {remark}"))
}

/// The same as JSON.
pub(super) fn preview_json(sheets: &[Sheet], out: &mut dyn Write) -> Result<io::Result<()>, SourceError> {
    let mut all = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        let columns = columns_json(sheet);
        all.push(serde_json::json!({
            "path": sheet.path(),
            "sheet": sheet.name(),
            "kind": sheet.kind().to_string(),
            "written": sheet.written().to_string(),
            "columns": columns,
            "remarks": remarks_json(sheet),
            "rows": sheet.first_rows(SHOWN)?,
        }));
    }
    Ok(writeln!(out, "{:#}", Value::Array(all)))
}

fn remarks_json(sheet: &Sheet) -> Vec<String> {
    sheet.remarks().iter().map(ToString::to_string).collect()
}

fn columns_json(sheet: &Sheet) -> Vec<Value> {
    let columns = sheet.mapping().columns.iter();
    columns
        .map(|column| serde_json::json!({"column": column.header, "field": column.field.map(Field::name)}))
        .collect()
}

fn tallies(counts: &Counts) -> [(&'static str, Tally); 6] {
    [
        ("products", counts.products),
        ("customers", counts.customers),
        ("balances", counts.balances),
        ("invoices", counts.invoices),
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
            left_out,
        } = tally;
        if left_out > 0 {
            writeln!(out, "{what}: {left_out} left out, of people who were erased")?;
        }
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
            left_out,
        } = tally;
        serde_json::json!({"added": added, "changed": changed, "unchanged": unchanged, "removed": removed, "unknown_customer": unknown_customer, "left_out": left_out})
    };
    let document = serde_json::json!({
        "files": files.iter().map(file_json).collect::<Vec<_>>(),
        "counts": {
            "products": tally(counts.products),
            "customers": tally(counts.customers),
            "balances": tally(counts.balances),
            "invoices": tally(counts.invoices),
            "order_lines": tally(counts.order_lines),
            "tickets": tally(counts.tickets),
        },
        "numbers": {"read": numbers.read, "unreadable": numbers.unreadable},
        "rejected": {"rows": report.map_or(0, |(count, _)| *count), "report": report.map(|(_, path)| path)},
    });
    writeln!(out, "{document:#}")
}

fn file_json(file: &Done) -> Value {
    let columns = columns_json(&file.sheet);
    serde_json::json!({
        "path": file.sheet.path(),
        "kind": file.sheet.kind().to_string(),
        "written": file.sheet.written().to_string(),
        "columns": columns,
        "remarks": remarks_json(&file.sheet),
        "used": file.used,
        "rejected": file.rejected,
    })
}
