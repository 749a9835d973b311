//! `ringside restore`: a backup put back, or a lost key by its recovery code.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::Utc;
use clap::Args;
use zeroize::Zeroizing;

use crate::backup::{self, BackupError, Restored, Wish};
use crate::config::Home;
use crate::journal::Counts;
use crate::vault::{KeptIn, RecoveryCode, VaultError, Ways};

/// Put a backup back, or open the stores again after their key was lost
///
/// With FILE, everything in it is checked before anything is touched, and what was there is kept beside under another
/// name. Without FILE, the recovery code opens this home's own sealed key, which is then kept in the system's keyring or,
/// when RINGSIDE_PASSPHRASE is set, sealed by that.
#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// The backup
    #[arg(required_unless_present = "code")]
    file: Option<PathBuf>,
    /// The recovery code; unlike on the command line, other users cannot see it in the variable
    #[arg(long, env = "RINGSIDE_RECOVERY_CODE", hide_env_values = true)]
    code: Option<String>,
    /// Put the backup in the place of an existing journal, which is kept beside
    #[arg(long, requires = "file")]
    replace: bool,
    /// Print what was restored as JSON
    #[arg(long)]
    json: bool,
}

/// Restores and says what is there now.
///
/// # Errors
/// See [`BackupError`].
pub fn run(args: &RestoreArgs, home: &Home, out: &mut dyn Write) -> Result<(), BackupError> {
    let ways = Ways::from_environment()?;
    let typed = args.code.clone().map(Zeroizing::new);
    let code = typed
        .map(|code| RecoveryCode::parse(&code))
        .transpose()
        .map_err(VaultError::from)?;
    let said = match (&args.file, code) {
        (Some(file), code) => {
            let wish = Wish {
                code,
                replace: args.replace,
                at: Utc::now(),
            };
            say_restored(args.json, &backup::restore(file, home, &ways, &wish)?, out)
        }
        (None, Some(code)) => {
            let (kept_in, counts) = backup::recover_home(home, &ways, &code)?;
            say_recovered(args.json, kept_in, counts, out)
        }
        (None, None) => return Err(BackupError::CodeNeeded),
    };
    said.map_err(|source| BackupError::Io {
        path: PathBuf::from("standard output"),
        source,
    })
}

fn say_restored(json: bool, restored: &Restored, out: &mut dyn Write) -> io::Result<()> {
    let Restored {
        manifest,
        kept_in,
        kept_beside,
    } = restored;
    if json {
        let told = serde_json::json!({
            "manifest": manifest, "key_kept_in": place(*kept_in), "kept_beside": kept_beside,
        });
        return writeln!(out, "{told:#}");
    }
    let Counts { calls, notes } = manifest.journal;
    writeln!(
        out,
        "restored {calls} calls and {notes} notes of {}",
        manifest.created.format("%Y-%m-%d %H:%M UTC")
    )?;
    writeln!(out, "the key is kept in {}", place(*kept_in))?;
    for path in kept_beside {
        writeln!(out, "what was there before: {}", path.display())?;
    }
    writeln!(
        out,
        "customers are not in a backup: run `ringside import` if there are none"
    )
}

fn say_recovered(json: bool, kept_in: KeptIn, counts: Counts, out: &mut dyn Write) -> io::Result<()> {
    if json {
        let told = serde_json::json!({ "journal": counts, "key_kept_in": place(kept_in) });
        return writeln!(out, "{told:#}");
    }
    writeln!(
        out,
        "the key is kept in {} again and opens {} calls and {} notes",
        place(kept_in),
        counts.calls,
        counts.notes
    )
}

pub(super) fn place(kept_in: KeptIn) -> &'static str {
    match kept_in {
        KeptIn::PassphraseFile => "keys/passphrase.age",
        KeptIn::Keyring => "the system keyring",
        KeptIn::ThisRunOnly => "memory",
    }
}
