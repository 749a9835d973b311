//! `ringside sync`: reads the sources of the settings now.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::Failure;
use crate::config::Source;
use crate::source::sync::{Progress, Report};
use crate::start::{Follower, Sources, Wish};

/// Reads customer data from the sources of the settings, and takes in what changed since the last time.
///
/// A run that is interrupted goes on where it was. A source that cannot be read leaves its last data in place. When a
/// source suddenly lacks many of its records, they are kept until you say that they may go.
#[derive(Args, Debug)]
pub struct SyncArgs {
    /// Names of sources; all when none is named
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Read everything again, not only what changed
    #[arg(long)]
    whole: bool,
    /// Take out what this source no longer has and what was kept until you say so; repeatable
    #[arg(long, value_name = "NAME")]
    allow_deletes: Vec<String>,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When a source is not in the settings, or one of them could not be read to its end.
pub fn run(args: &SyncArgs, sources: &Sources, out: &mut dyn Write) -> Result<(), Failure> {
    let chosen = chosen(args, sources)?;
    let mut reports = Vec::with_capacity(chosen.len());
    for source in chosen {
        let wish = Wish {
            whole: args.whole,
            allow_deletes: args.allow_deletes.contains(&source.name),
        };
        let mut bar = Bar::new(&source.name);
        let report = sources.run(source, wish, &mut bar)?;
        bar.0.finish_and_clear();
        if !args.json {
            print(&source.name, &report, out)?;
        }
        reports.push((source.name.clone(), report));
    }
    if args.json {
        let all: Vec<Value> = reports.iter().map(|(name, report)| document(name, report)).collect();
        writeln!(out, "{:#}", Value::Array(all))?;
    }
    let failed: Vec<&str> = reports
        .iter()
        .filter(|(_, report)| report.failed.is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("not read to the end: {}; the last data stays", failed.join(", ")).into()),
    }
}

fn chosen<'s>(args: &SyncArgs, sources: &'s Sources) -> Result<Vec<&'s Source>, Failure> {
    let all = sources.all();
    if all.is_empty() {
        return Err("the settings name no source: write a [[source]] into config.toml (see docs/sources.md)".into());
    }
    let named = || args.names.iter().chain(&args.allow_deletes);
    if let Some(unknown) = named().find(|name| !all.iter().any(|source| source.name == **name)) {
        let known: Vec<&str> = all.iter().map(|source| source.name.as_str()).collect();
        return Err(format!("there is no source `{unknown}`; sources are {}", known.join(", ")).into());
    }
    let wanted = |source: &&Source| named().next().is_none() || named().any(|name| *name == source.name);
    Ok(all.iter().filter(wanted).collect())
}

/// One bar a source; hidden where standard error is no terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new(name: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{prefix:12} {msg:14} {bar:30} {pos}/{len} {per_sec}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(name.to_owned());
        Bar(bar)
    }
}

impl Follower for Bar {
    fn progress(&mut self, progress: &Progress) {
        match &progress.waits {
            Some((until, why)) => {
                let bar = &self.0;
                bar.suspend(|| {
                    let _ = writeln!(io::stderr(), "{why} (waiting until {})", until.format("%H:%M:%S UTC"));
                });
            }
            None => {
                self.0.set_message(progress.stream.clone());
                self.0.set_length(progress.total.unwrap_or(progress.done));
                self.0.set_position(progress.done);
            }
        }
    }

    fn wait(&mut self, time: Duration) -> bool {
        std::thread::sleep(time);
        true
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

fn print(name: &str, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let tally = report.tally;
    writeln!(
        out,
        "{name}: {} added, {} changed, {} unchanged, {} removed",
        tally.added, tally.changed, tally.unchanged, tally.removed
    )?;
    if tally.left_out > 0 {
        let left_out = tally.left_out;
        writeln!(
            out,
            "  {left_out} records left out, of people who were erased (`ringside erase --let-in` takes them in again)"
        )?;
    }
    for held in &report.held {
        writeln!(
            out,
            "  {} of {} are no longer in the source. That is much at one time, so they were kept; if it is right, say \
             `ringside sync --allow-deletes {name}`",
            held.records, held.stream
        )?;
    }
    if tally.refused > 0 {
        writeln!(out, "  {} records could not be used:", tally.refused)?;
        for refused in report.refused.iter().take(10) {
            writeln!(out, "    {}", refused.reason)?;
        }
        if tally.refused > 10 {
            writeln!(out, "    and more; --json lists the first hundred")?;
        }
    }
    match &report.failed {
        Some(why) => writeln!(out, "  {why}"),
        None => Ok(()),
    }
}

fn document(name: &str, report: &Report) -> Value {
    let held: Vec<Value> = report
        .held
        .iter()
        .map(|held| json!({"stream": held.stream, "records": held.records}))
        .collect();
    let refused: Vec<Value> = report
        .refused
        .iter()
        .map(|refused| json!({"key": refused.key, "reason": refused.reason.to_string()}))
        .collect();
    json!({
        "source": name,
        "tally": report.tally,
        "held": held,
        "refused": refused,
        "error": report.failed.as_ref().map(ToString::to_string),
    })
}
