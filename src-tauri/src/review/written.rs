//! A report as other programs read it. What came from outside cannot run as a formula there.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::report::Report;
use super::sheet::{PARTS, Sheet, Value, sheet};

/// Plain numbers, shares from 0 to 1 and times in seconds.
///
/// # Errors
/// When it cannot be written.
pub fn csv(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(&sheet.head)?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|value| match value {
            Value::Text(text) => inert(text),
            Value::Count(count) => count.to_string(),
            Value::Seconds(seconds) => format!("{seconds:.1}"),
            Value::Millis(millis) => format!("{millis:.2}"),
            Value::Share(share) => format!("{share:.4}"),
            Value::Nothing => String::new(),
        }))?;
    }
    writer.flush()
}

/// A cell may hold a formula: behind an apostrophe a spreadsheet shows it and does not run it.
fn inert(text: &str) -> String {
    let runs = ['=', '+', '-', '@', '\t', '\r', '\n', '|', '%'];
    match text.trim_start().starts_with(runs) || text.starts_with(char::is_whitespace) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// A sheet for each list. Texts are written as texts, which no spreadsheet runs.
///
/// # Errors
/// When a sheet has more rows than a workbook takes.
pub fn workbook(report: &Report) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let shown = |format| Format::new().set_num_format(format);
    let (share, seconds, millis_shown) = (shown("0.0%"), shown("[m]:ss"), shown("0.00 \"ms\""));
    for (part, title) in PARTS {
        let table = sheet(report, part);
        let page = book.add_worksheet().set_name(title)?;
        for (column, name) in (0..).zip(&table.head) {
            page.write_string_with_format(0, column, *name, &bold)?;
        }
        for (row, values) in (1..).zip(&table.rows) {
            for (column, value) in (0..).zip(values) {
                match value {
                    Value::Text(text) => page.write_string(row, column, text)?,
                    Value::Count(count) => page.write_number(row, column, *count as f64)?,
                    Value::Seconds(value) => page.write_number_with_format(row, column, value / 86_400.0, &seconds)?,
                    Value::Millis(millis) => page.write_number_with_format(row, column, *millis, &millis_shown)?,
                    Value::Share(value) => page.write_number_with_format(row, column, *value, &share)?,
                    Value::Nothing => page,
                };
            }
        }
        page.autofit();
    }
    Ok(book)
}
