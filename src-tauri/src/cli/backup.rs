//! `ringside backup`: journal, sealed key and settings in one file, also while Ringside runs.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::Utc;
use clap::Args;

use crate::backup::{self, BackupError, Manifest};
use crate::config::Home;
use crate::vault::{Ways, unlock};

/// Back up calls, notes and settings into one encrypted file
///
/// The customer cache is not in it: it is imported again. Ringside may run meanwhile. The journal in the backup is
/// encrypted by the home's own key; the recovery code opens it on another computer.
#[derive(Args, Debug)]
pub struct BackupArgs {
    /// The file to write [default: ringside-DATE-TIME.ringside in this folder]
    file: Option<PathBuf>,
    /// Write over a file of that name
    #[arg(long)]
    replace: bool,
    /// Print what was backed up as JSON
    #[arg(long)]
    json: bool,
}

/// Writes the backup and says what is in it.
///
/// # Errors
/// See [`BackupError`].
pub fn run(args: &BackupArgs, home: &Home, out: &mut dyn Write) -> Result<(), BackupError> {
    if !home.journal_db().exists() {
        return Err(BackupError::NothingThere {
            home: home.folder().to_owned(),
        });
    }
    let at = Utc::now();
    let unlocked = unlock(home, &Ways::from_environment()?)?.lasting()?;
    for notice in unlocked.notices() {
        // Not being able to speak is no reason not to back up.
        let _ = writeln!(io::stderr(), "{}", *notice);
    }
    let named_by_time = || PathBuf::from(at.format("ringside-%Y-%m-%d-%H%M%S.ringside").to_string());
    let file = args.file.clone().unwrap_or_else(named_by_time);
    let manifest = backup::write(home, &unlocked.key, &file, args.replace, at)?;
    say(args.json, &file, &manifest, out).map_err(|source| BackupError::Io {
        path: PathBuf::from("standard output"),
        source,
    })
}

fn say(json: bool, file: &std::path::Path, manifest: &Manifest, out: &mut dyn Write) -> io::Result<()> {
    if json {
        let told = serde_json::json!({ "file": file, "manifest": manifest });
        return writeln!(out, "{told:#}");
    }
    let bytes: u64 = manifest.members.iter().map(|member| member.bytes).sum();
    writeln!(
        out,
        "{}: {} calls, {} notes, {} KiB",
        file.display(),
        manifest.journal.calls,
        manifest.journal.notes,
        bytes.div_ceil(1024)
    )
}
