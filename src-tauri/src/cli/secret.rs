//! `ringside secret`: passwords and tokens in the system's keyring, and a new recovery code.

use std::io::{self, IsTerminal as _, Read as _, Write};

use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use crate::config::{Home, SecretRef};
use crate::vault::{SecretError, VaultError, Ways, forget_secret, keep_secret, new_recovery_code, unlock};

/// Keep passwords and tokens in the system keyring, or make a new recovery code
#[derive(Args, Debug)]
pub struct SecretArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Keep a password or token for `keyring:NAME` in config.toml; it is asked for, or read from standard input
    Set {
        /// The name, of letters, digits, `.`, `_` and `-`
        #[arg(value_parser = name)]
        name: String,
    },
    /// Remove the secret of `keyring:NAME`
    Rm {
        /// The name
        #[arg(value_parser = name)]
        name: String,
    },
    /// Make a new recovery code for this home and show it; the old one opens nothing in this home afterwards
    Code,
}

/// Why a secret could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum SecretCommandError {
    /// Nothing was typed or piped in, or more than a secret.
    #[error("no secret was given; type it, or pipe one line of at most 16 KiB into this command")]
    NoSecret,
    /// There is nothing to remove.
    #[error("the system keyring has no secret `{0}`")]
    NoSuchSecret(String),
    /// Standard input or output failed.
    #[error("standard input or output failed")]
    Io(#[from] io::Error),
    /// The keyring.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The key.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Keeps, removes or makes what was asked for.
///
/// # Errors
/// See [`SecretCommandError`].
pub fn run(args: &SecretArgs, home: &Home, out: &mut dyn Write) -> Result<(), SecretCommandError> {
    let ways = Ways::from_environment()?;
    let keyring = ways.keyring.as_ref();
    match &args.action {
        Action::Set { name } => {
            keep_secret(keyring, name, &ask(name)?)?;
            writeln!(out, "kept; write \"keyring:{name}\" in config.toml")?;
        }
        Action::Rm { name } => {
            if !forget_secret(keyring, name)? {
                return Err(SecretCommandError::NoSuchSecret(name.clone()));
            }
            writeln!(out, "removed {name}")?;
        }
        Action::Code => {
            let unlocked = unlock(home, &ways)?.lasting()?;
            let code = match unlocked.new_code {
                Some(code) => code,
                None => new_recovery_code(home, &unlocked.key)?,
            };
            writeln!(out, "{}", *code.text())?;
            writeln!(
                io::stderr(),
                "Write it down and keep it apart from this computer. It is shown this once."
            )?;
        }
    }
    Ok(())
}

/// The secret: typed without echo at a terminal, else all of standard input but for one line end.
fn ask(name: &str) -> Result<Zeroizing<String>, SecretCommandError> {
    let secret = if io::stdin().is_terminal() {
        Zeroizing::new(rpassword::prompt_password(format!("Secret {name}: "))?)
    } else {
        let mut piped = Zeroizing::new(String::new());
        io::stdin().take(16 * 1024 + 1).read_to_string(&mut piped)?;
        let line = piped.strip_suffix('\n').unwrap_or(&piped);
        Zeroizing::new(line.strip_suffix('\r').unwrap_or(line).to_owned())
    };
    if secret.is_empty() || secret.len() > 16 * 1024 || secret.contains('\n') {
        return Err(SecretCommandError::NoSecret);
    }
    Ok(secret)
}

fn name(text: &str) -> Result<String, String> {
    match SecretRef::parse(&format!("keyring:{text}")) {
        Some(SecretRef::Keyring(name)) if name == text => Ok(name),
        _ => Err("a name consists of letters, digits, `.`, `_` and `-`".to_owned()),
    }
}
