//! `ringside prune`: drops what is older than the settings keep it.

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::Args;

use super::Failure;
use crate::start::{Old, Retained};

/// Drops what is older than [retention] in the settings keeps it; Ringside does so once a day by itself.
#[derive(Args, Debug)]
pub struct PruneArgs {
    /// Say only what would be dropped
    #[arg(long)]
    dry_run: bool,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

/// Drops what is old at `now`.
///
/// # Errors
/// When a store cannot be used.
pub fn run(args: &PruneArgs, retained: &Retained, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), Failure> {
    let old = match args.dry_run {
        true => retained.look(now)?,
        false => retained.drop_old(now, || true)?,
    };
    if args.json {
        return Ok(writeln!(out, "{:#}", serde_json::to_value(&old)?)?);
    }
    if retained.is_forever() {
        writeln!(
            out,
            "everything is kept for ever: write [retention] into config.toml (see docs/privacy.md)"
        )?;
    }
    for Old { what, days, rows } in &old {
        let done = if args.dry_run { "older" } else { "dropped" };
        writeln!(out, "{what}: {rows} {done}, kept for {days} days")?;
    }
    Ok(())
}
