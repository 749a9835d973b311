//! `ringside dial`: my phone rings, and when I take it, the number is dialled.

use std::io::{self, Write};

use clap::Args;
use tokio::runtime::Builder;

use crate::call::Line;
use crate::config::{self, ConfigError, Home};
use crate::feed::ami::dial::DialError;
use crate::start::{Feeds, NoCall};
use crate::vault::{VaultError, Ways};

/// Call a number: my phone rings, and when I take it, the number is dialled
#[derive(Args, Debug)]
pub struct DialArgs {
    /// The number as it is dialled from my phone; blanks, brackets and dashes do not count
    number: String,
    /// My phone; else the first of `extensions` under [agent]
    #[arg(long, value_name = "EXTENSION")]
    line: Option<String>,
    /// The feed that makes the call; else the first with [feed.dial]
    #[arg(long, value_name = "NAME")]
    feed: Option<String>,
}

/// Why nothing was dialled.
#[derive(Debug, thiserror::Error)]
pub enum DialCommandError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// It is not known which phone.
    #[error("which phone shall ring? Give --line, or set `extensions` under [agent] in config.toml")]
    NoLine,
    /// The keyring.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// No feed makes the call.
    #[error(transparent)]
    NoCall(#[from] NoCall),
    /// Nothing was dialled.
    #[error(transparent)]
    Dial(#[from] DialError),
    /// Standard output failed, or the system.
    #[error("the system gives no thread, or standard output failed")]
    Io(#[from] io::Error),
}

/// Makes the call, and says so when my phone is taken.
///
/// # Errors
/// See [`DialCommandError`].
pub fn run(args: &DialArgs, home: &Home, out: &mut dyn Write) -> Result<(), DialCommandError> {
    let config = config::load(home)?;
    let first = || config.agent.extensions.first().cloned();
    let feeds = Feeds {
        home,
        config: &config,
        keyring: Ways::from_environment()?.keyring,
        demo: None,
    };
    let dialler = feeds.dialler(args.feed.as_deref())?;
    let line = Line(args.line.clone().or_else(first).ok_or(DialCommandError::NoLine)?);
    writeln!(io::stderr(), "Ringing {line}; take it, and {} is dialled", args.number)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(dialler.dial(&line, &args.number))?;
    writeln!(out, "{line} was taken; {} is being dialled", args.number)?;
    Ok(())
}
