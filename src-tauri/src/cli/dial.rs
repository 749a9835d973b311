//! `ringside dial`: my phone rings, and when I take it, the number is dialled.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use tokio::runtime::Builder;

use crate::call::Line;
use crate::config::{self, AsteriskFeed, Config, ConfigError, Dial, FeedKind, Home};
use crate::feed::ami::Login;
use crate::feed::ami::dial::{DialError, Dialler, Plan};
use crate::start::asterisk_server;
use crate::vault::{Keyring, SecretError, VaultError, Ways, read_secret};

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
    /// There is no such feed.
    #[error("there is no feed `{0}` in config.toml")]
    NoFeed(String),
    /// No feed may order calls.
    #[error(
        "no feed may order calls: add [feed.dial] with user and secret below an asterisk feed in config.toml, and that \
         user with write=originate and read=call in manager.conf"
    )]
    NoDial,
    /// It is not known which phone.
    #[error("which phone shall ring? Give --line, or set `extensions` under [agent] in config.toml")]
    NoLine,
    /// The feed cannot be used.
    #[error("{0}")]
    Feed(String),
    /// The keyring.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
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
    let (feed, dial) = choose(&config, args.feed.as_deref())?;
    let first = || config.agent.extensions.first().cloned();
    let line = Line(args.line.clone().or_else(first).ok_or(DialCommandError::NoLine)?);
    let dialler = dialler(feed, dial, home, Ways::from_environment()?.keyring.as_ref())?;
    writeln!(io::stderr(), "Ringing {line}; take it, and {} is dialled", args.number)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(dialler.dial(&line, &args.number))?;
    writeln!(out, "{line} was taken; {} is being dialled", args.number)?;
    Ok(())
}

fn choose<'a>(config: &'a Config, name: Option<&str>) -> Result<(&'a AsteriskFeed, &'a Dial), DialCommandError> {
    if let Some(name) = name.filter(|name| config.feeds.iter().all(|feed| feed.name != *name)) {
        return Err(DialCommandError::NoFeed(name.to_owned()));
    }
    let mut named = config
        .feeds
        .iter()
        .filter(|feed| name.is_none_or(|name| name == feed.name));
    let found = named.find_map(|feed| {
        let FeedKind::Asterisk(asterisk) = &feed.kind else {
            return None;
        };
        asterisk.dial.as_ref().map(|dial| (asterisk, dial))
    });
    found.ok_or(DialCommandError::NoDial)
}

fn dialler(
    feed: &AsteriskFeed,
    dial: &Dial,
    home: &Home,
    keyring: Option<&Keyring>,
) -> Result<Dialler, DialCommandError> {
    let login = Login {
        user: dial.user.clone(),
        secret: read_secret(&dial.secret, home.folder(), keyring)?,
    };
    let plan = Plan {
        context: dial.context.clone(),
        channel: dial.channel.clone(),
        timeout: Duration::from_secs(dial.timeout.into()),
    };
    let server = asterisk_server(feed, home).map_err(DialCommandError::Feed)?;
    Ok(Dialler::new(server, login, plan))
}
