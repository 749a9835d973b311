//! `ringside users`: those who share the desk, for whoever has the key of its home.

use std::io::{self, IsTerminal as _, Read as _, Write};

use chrono::{DateTime, Local, Utc};
use clap::{Args, Subcommand};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::call::Line;
use crate::config::is_extension;
use crate::journal::{Act, AuditEntry, Journal, JournalError, NewUser, User, UserError};
use crate::role::Role;
use crate::vault::{PIN_DIGITS, Pin, VaultError};

/// The name beside what is done here in the audit trail.
const HERE: &str = "ringside users";

/// Says who shares the desk, and changes it
#[derive(Args, Debug)]
pub struct UsersArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// List them with role and extensions
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Add somebody; the first has to be an admin. The PIN is asked for, or read from standard input
    Add {
        /// The name
        name: String,
        /// agent, supervisor or admin
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Role,
        /// Where they sit, as the phone system writes it; may be given several times
        #[arg(long = "extension", value_name = "EXT", value_parser = extension)]
        extensions: Vec<Line>,
    },
    /// Remove somebody; what they did stays under their name
    Remove {
        /// The name
        name: String,
    },
    /// Give somebody a new PIN who forgot theirs, and let them sign in at once
    Reset {
        /// The name
        name: String,
    },
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// Nothing that could be a PIN.
    #[error("a PIN has {} to {} digits; type it, or pipe it into this command", PIN_DIGITS.start(), PIN_DIGITS.end())]
    BadPin,
    /// Typed twice, and not the same.
    #[error("the two PINs are not the same; nothing was changed")]
    NotTheSame,
    /// The journal refused.
    #[error(transparent)]
    User(#[from] UserError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system's randomness.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Standard input or output failed.
    #[error("standard input or output failed")]
    Io(#[from] io::Error),
    /// It could not be written as JSON.
    #[error("the list could not be written")]
    Json(#[from] serde_json::Error),
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    role: Role,
    extensions: Vec<&'a str>,
    added: DateTime<Utc>,
}

/// Lists, adds, removes or resets.
///
/// # Errors
/// See [`UsersError`].
pub fn run(args: &UsersArgs, journal: &mut Journal, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), UsersError> {
    match &args.action {
        Action::List { json } => list(&journal.users()?, *json, out),
        Action::Add { name, role, extensions } => {
            let new = NewUser {
                name: name.clone(),
                role: *role,
                lines: extensions.clone(),
            };
            journal.add_user(&new, &ask()?.hash()?, now)?;
            audit(journal, Act::UserAdded, name, now)?;
            Ok(writeln!(out, "added {name}")?)
        }
        Action::Remove { name } => {
            let user = named(journal, name)?;
            journal.remove_user(user.id)?;
            audit(journal, Act::UserRemoved, name, now)?;
            Ok(writeln!(out, "removed {name}")?)
        }
        Action::Reset { name } => {
            let user = named(journal, name)?;
            journal.set_pin(user.id, &ask()?.hash()?)?;
            audit(journal, Act::UserChanged, name, now)?;
            Ok(writeln!(out, "{name} has a new PIN and can sign in now")?)
        }
    }
}

fn list(users: &[User], json: bool, out: &mut dyn Write) -> Result<(), UsersError> {
    let listed = users.iter().map(|user| Listed {
        name: &user.who.name,
        role: user.who.role,
        extensions: user.who.lines.iter().map(|line| line.0.as_str()).collect(),
        added: user.created,
    });
    if json {
        serde_json::to_writer_pretty(&mut *out, &listed.collect::<Vec<_>>())?;
        return Ok(writeln!(out)?);
    }
    if users.is_empty() {
        return Ok(writeln!(out, "nobody: the desk is one person's, and no PIN is asked")?);
    }
    for one in listed {
        let (role, extensions) = (one.role.word(), one.extensions.join(" "));
        let added = one.added.with_timezone(&Local).format("%Y-%m-%d");
        writeln!(out, "{:<24} {role:<12} {extensions:<16} since {added}", one.name)?;
    }
    Ok(())
}

fn named(journal: &Journal, name: &str) -> Result<User, UsersError> {
    let mut users = journal.users()?.into_iter();
    Ok(users.find(|user| user.who.name == name).ok_or(UserError::NoSuchUser)?)
}

fn audit(journal: &mut Journal, act: Act, name: &str, now: DateTime<Utc>) -> Result<(), JournalError> {
    journal.audit(&AuditEntry {
        at: now,
        agent: HERE.to_owned(),
        line: Line(String::new()),
        act,
        detail: name.to_owned(),
        call: None,
        customer: None,
    })
}

/// The PIN: typed twice without echo at a terminal, else one line of standard input.
fn ask() -> Result<Pin, UsersError> {
    let typed = if io::stdin().is_terminal() {
        let typed = Zeroizing::new(rpassword::prompt_password("PIN: ")?);
        if *typed != *Zeroizing::new(rpassword::prompt_password("Once more: ")?) {
            return Err(UsersError::NotTheSame);
        }
        typed
    } else {
        let mut piped = Zeroizing::new(String::new());
        io::stdin().take(64).read_to_string(&mut piped)?;
        piped
    };
    let line = typed.strip_suffix('\n').unwrap_or(&typed);
    Pin::read(line.strip_suffix('\r').unwrap_or(line)).ok_or(UsersError::BadPin)
}

fn role(word: &str) -> Result<Role, String> {
    Role::of_word(word).ok_or_else(|| "a role is agent, supervisor or admin".to_owned())
}

fn extension(text: &str) -> Result<Line, String> {
    let fits = is_extension(text);
    fits.then(|| Line(text.to_owned()))
        .ok_or_else(|| "an extension is written as the phone system has it, without spaces".to_owned())
}
