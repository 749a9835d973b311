//! `ringside audit`: who was shown, gave out and changed what, the newest first.

use std::io::Write;

use chrono::{Local, NaiveDate};
use clap::Args;

use super::Failure;
use super::day::read_day;
use crate::pop::view::{Act, AuditRequest, AuditRowView};
use crate::review;
use crate::start::{AuditTrail, act_word, audit_table};

/// Lists the audit trail: who was shown, gave out and changed what.
#[derive(Args, Debug)]
pub struct AuditArgs {
    /// The first day, as in 2026-11-01, by the local clock
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    from: Option<NaiveDate>,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    until: Option<NaiveDate>,
    /// Whoever did it, by name or extension
    #[arg(long, value_name = "AGENT", default_value = "", hide_default_value = true)]
    agent: String,
    /// What was done
    #[arg(long, value_name = "ACT", value_enum)]
    act: Option<Act>,
    /// Whom it was about, as source/key or the pseudonym of somebody who was erased
    #[arg(long, value_name = "REF", default_value = "", hide_default_value = true)]
    customer: String,
    /// How many entries at most; all when absent
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// Print a JSON array
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV
    #[arg(long)]
    csv: bool,
}

/// Lists entries of `trail` on `out`.
///
/// # Errors
/// When the journal cannot be read.
pub fn run(args: &AuditArgs, trail: &AuditTrail, out: &mut dyn Write) -> Result<(), Failure> {
    if let (Some(from), Some(until)) = (args.from, args.until)
        && until < from
    {
        return Err("the last day is before the first: --until is the later one".into());
    }
    let request = AuditRequest {
        agent: args.agent.clone(),
        act: args.act,
        customer: args.customer.clone(),
        from: args.from,
        until: args.until,
    };
    let rows = trail.entries(&request, args.limit)?;
    if args.json {
        return Ok(writeln!(out, "{:#}", serde_json::to_value(&rows)?)?);
    }
    if args.csv {
        return Ok(review::csv(&audit_table(&rows), out)?);
    }
    for row in &rows {
        writeln!(out, "{}", line(row))?;
    }
    Ok(())
}

fn line(row: &AuditRowView) -> String {
    let at = row.at.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S");
    let who = match (row.agent.as_str(), row.line.as_str()) {
        ("", "") => "Ringside",
        ("", line) => line,
        (agent, _) => agent,
    };
    let whom = row.customer.as_deref().or(row.erased.as_deref()).unwrap_or_default();
    let parts = [whom, &row.name, &row.detail]
        .into_iter()
        .filter(|part| !part.is_empty());
    let text = format!(
        "{at}  {who}  {}  {}",
        act_word(row.act),
        parts.collect::<Vec<_>>().join(", ")
    );
    let shown = text.trim_end().chars();
    shown.map(|c| if c.is_control() { '·' } else { c }).collect()
}
