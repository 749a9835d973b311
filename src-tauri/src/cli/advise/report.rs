//! How well advice did on the shop's own past, which way is used and why, whether what is stated came true, and how offers fall
//! over the segments.

use std::io::{self, Write};

use clap::Args;

use crate::advisor::report::{Report, TaskReport};

/// How it is printed.
#[derive(Args, Debug)]
pub(super) struct ReportArgs {
    /// Print one JSON object with all of it
    #[arg(long)]
    json: bool,
}

/// Prints a report.
///
/// # Errors
/// When the output is closed.
pub(super) fn print(report: &Report, args: &ReportArgs, out: &mut impl Write) -> io::Result<()> {
    if args.json {
        serde_json::to_writer_pretty(&mut *out, report)?;
        return writeln!(out);
    }
    tell(report, out)
}

fn tell(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for task in &report.tasks {
        of_task(task, out)?;
    }
    if !report.stated.is_empty() {
        writeln!(
            out,
            "stated shares, and how often they held in the baskets that came later:"
        )?;
        for band in &report.stated {
            let (stated, later) = (band.stated * 100.0, band.later * 100.0);
            let (upto, rules, baskets) = (band.up_to_percent, band.rules, band.baskets);
            writeln!(
                out,
                "  up to {upto:>3} %: stated {stated:>5.1} %, later {later:>5.1} % of {baskets} ({rules} rules)"
            )?;
        }
    }
    if !report.segments.is_empty() || report.in_small_groups > 0 {
        writeln!(out, "offers by segment, in groups of ten customers or more:")?;
        for group in &report.segments {
            let name = group.segment.unwrap_or("not known");
            let (customers, offered) = (group.customers, group.offered);
            let (accepted, declined) = (group.accepted, group.declined);
            writeln!(
                out,
                "  {name:<12} {customers} customers, {offered} offered, {accepted} accepted, {declined} declined"
            )?;
        }
        if report.in_small_groups > 0 {
            writeln!(out, "  in smaller groups: {} customers", report.in_small_groups)?;
        }
    }
    Ok(())
}

fn of_task(task: &TaskReport, out: &mut impl Write) -> io::Result<()> {
    let (name, champion, cases) = (task.task, task.champion, task.cases);
    match task.voice {
        "speaks" => writeln!(
            out,
            "{name}: {champion}, judged on {cases} customers who came back after the day it was learnt"
        )?,
        "popular" => writeln!(
            out,
            "{name}: silent: nothing clearly beats popularity on {cases} customers who came back"
        )?,
        _ => writeln!(
            out,
            "{name}: silent: nothing is known beyond what sells, by {cases} customers who came back"
        )?,
    }
    if cases == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "  {:<20} {:>6} {:>8} {:>15}",
        "way", "HR@5", "NDCG@5", "from champion"
    )?;
    for way in &task.ways {
        let used = if way.way == champion { "  used" } else { "" };
        let (hits, gain, from) = (way.hit_rate, way.ndcg, way.from_champion);
        writeln!(out, "  {:<20} {hits:>6.3} {gain:>8.4} {from:>+12.1} SE{used}", way.way)?;
    }
    for band in &task.calibration {
        let (said, seen, of) = (band.said * 100.0, band.seen * 100.0, band.of);
        writeln!(out, "  said {said:>5.1} %, came true {seen:>5.1} % of {of}")?;
    }
    Ok(())
}
