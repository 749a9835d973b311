//! `ringside doctor`: what works, what does not, and what to do about it.
//!
//! Makes no key and no store, and sends no password to a phone system.

mod desktop;
pub mod numbers;

use std::fs;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;
use tokio::runtime::Builder;

use super::chain;
use crate::config::{AsteriskFeed, Config, Feed, FeedKind, Home, SecretRef, SipFeed, SipTransport, WebhookFeed, load};
use crate::feed::replay::Recording;
use crate::journal::Journal;
use crate::start::asterisk_server;
use crate::store;
use crate::vault::{KeptIn, Keyring, MasterKey, Ways, existing_key, read_secret};

/// How long a keyring may take to answer.
const WAIT: Duration = Duration::from_secs(4);

/// Check the home folder, the key, the stores and the connections, and say what to do
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// What to look at instead of everything
    #[command(subcommand)]
    pub(super) what: Option<What>,
    /// Print the checks as JSON
    #[arg(long)]
    json: bool,
}

/// What can be looked at by itself.
#[derive(Subcommand, Debug)]
pub(super) enum What {
    /// List stored numbers that cannot be read, are shared by many, are our own, or changed hands
    Numbers(numbers::NumbersArgs),
}

/// Why `doctor` ends with an error.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// Some checks failed.
    #[error("{0} of the checks failed; each says what to do")]
    Failed(usize),
    /// Standard output failed.
    #[error("the checks could not be printed")]
    Output(#[source] io::Error),
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub what: String,
    /// How it is.
    pub state: State,
    /// What was found and, when it is not well, what to do.
    pub says: String,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It works.
    Ok,
    /// It works, but somebody should know.
    Warn,
    /// It does not work.
    Fail,
}

/// Prints every check and fails when one of them does.
///
/// # Errors
/// [`DoctorError::Failed`] with the number of failed checks.
pub fn run(args: &DoctorArgs, home: &Home, out: &mut dyn Write) -> Result<(), DoctorError> {
    let checks = examine(home);
    print(args.json, &checks, out).map_err(DoctorError::Output)?;
    match checks.iter().filter(|check| check.state == State::Fail).count() {
        0 => Ok(()),
        failed => Err(DoctorError::Failed(failed)),
    }
}

/// All checks of `home`, in the order in which one needs the other.
#[must_use]
pub fn examine(home: &Home) -> Vec<Check> {
    let mut checks = vec![check_home(home)];
    let ways = match Ways::from_environment() {
        Ok(ways) => Ways {
            keyring: ways.keyring.map(|_| Keyring::new(WAIT)),
            ..ways
        },
        Err(error) => {
            checks.push(check("key", State::Fail, chain(&error)));
            return checks;
        }
    };
    checks.push(check_keyring(&ways));
    let (key, said) = check_key(home, &ways);
    checks.push(said);
    checks.push(check_journal(home, key.as_ref()));
    checks.push(check_cache(home, key.as_ref()));
    match load(home) {
        Ok(config) => {
            checks.push(check_config(home, &config));
            checks.extend(desktop::examine(home, &config));
            checks.extend(
                config
                    .feeds()
                    .iter()
                    .map(|feed| check_feed(home, feed, ways.keyring.as_ref())),
            );
        }
        Err(error) => checks.push(check("config.toml", State::Fail, chain(&error))),
    }
    checks
}

fn check_home(home: &Home) -> Check {
    let folder = home.folder();
    if !folder.exists() {
        let says = format!("{} is not there yet; the first start makes it", folder.display());
        return check("home", State::Warn, says);
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => check("home", State::Ok, folder.display().to_string()),
        Err(error) => {
            let says = format!(
                "{} cannot be written ({error}); change its owner or its mode",
                folder.display()
            );
            check("home", State::Fail, says)
        }
    }
}

fn check_keyring(ways: &Ways) -> Check {
    let needed = ways.passphrase.is_none();
    match ways.keyring.as_ref().map(|keyring| keyring.get("doctor")) {
        Some(Ok(_)) => check("keyring", State::Ok, "the system keyring answers"),
        Some(Err(error)) if needed => check(
            "keyring",
            State::Warn,
            format!("{error}; unlock or start one, or set RINGSIDE_PASSPHRASE"),
        ),
        None if needed => check(
            "keyring",
            State::Warn,
            "switched off by RINGSIDE_KEYRING; set RINGSIDE_PASSPHRASE",
        ),
        Some(Err(_)) | None => check("keyring", State::Ok, "not used: RINGSIDE_PASSPHRASE is set"),
    }
}

fn check_key(home: &Home, ways: &Ways) -> (Option<MasterKey>, Check) {
    match existing_key(home, ways) {
        Ok(Some((key, kept_in))) if home.keys().join("recovery.age").exists() => {
            let place = super::restore::place(kept_in);
            (
                Some(key),
                check("key", State::Ok, format!("kept in {place}, with a recovery code")),
            )
        }
        Ok(Some((key, KeptIn::PassphraseFile | KeptIn::Keyring | KeptIn::ThisRunOnly))) => (
            Some(key),
            check(
                "key",
                State::Warn,
                "it has no recovery code; run `ringside secret code`",
            ),
        ),
        Ok(None) => (
            None,
            check("key", State::Warn, "there is none yet; the first start makes it"),
        ),
        Err(error) => (None, check("key", State::Fail, chain(&error))),
    }
}

fn check_journal(home: &Home, key: Option<&MasterKey>) -> Check {
    let path = home.journal_db();
    check_store("journal", &path, key, |key| {
        let journal = Journal::open(&path, key).map_err(|error| chain(&error))?;
        journal.check().map_err(|error| chain(&error))?;
        let counts = journal.counts().map_err(|error| chain(&error))?;
        Ok(format!("whole: {} calls, {} notes", counts.calls, counts.notes))
    })
}

fn check_cache(home: &Home, key: Option<&MasterKey>) -> Check {
    let path = home.cache_db();
    check_store("customer cache", &path, key, |key| {
        let advice = "delete it and run `ringside import` again";
        let conn = store::open_database(&path, key).map_err(|error| format!("{}; or {advice}", chain(&error)))?;
        store::check(&conn, &path).map_err(|error| format!("{}; or {advice}", chain(&error)))?;
        Ok(format!(
            "whole: {} KiB",
            fs::metadata(&path).map_or(0, |data| data.len() / 1024)
        ))
    })
}

fn check_store(
    what: &str,
    path: &Path,
    key: Option<&MasterKey>,
    look: impl FnOnce(&MasterKey) -> Result<String, String>,
) -> Check {
    match (path.exists(), key) {
        (false, _) => check(what, State::Ok, "there is none yet"),
        (true, None) => check(what, State::Fail, "it cannot be opened without its key; see above"),
        (true, Some(key)) => match look(key) {
            Ok(says) => check(what, State::Ok, says),
            Err(says) => check(what, State::Fail, says),
        },
    }
}

fn check_config(home: &Home, config: &Config) -> Check {
    let region = config.region().map_or("none".to_owned(), |region| region.to_string());
    let says = format!("home region {region}, currency {}", config.currency().code());
    if !home.config_file().exists() {
        return check(
            "config.toml",
            State::Warn,
            format!("there is none, so calls are made up; {says}"),
        );
    }
    if config.region().is_none() {
        let advice = "set home_region, for example \"DE\", or national numbers cannot be read";
        return check("config.toml", State::Warn, advice);
    }
    if config.agent.extensions.is_empty() {
        let advice = "set `extensions` under [agent], or no call is yours";
        return check("config.toml", State::Warn, format!("{says}; {advice}"));
    }
    check(
        "config.toml",
        State::Ok,
        format!("{says}, extensions {}", config.agent.extensions.join(", ")),
    )
}

fn check_feed(home: &Home, feed: &Feed, keyring: Option<&Keyring>) -> Check {
    let what = format!("feed {}", feed.name);
    let found = match &feed.kind {
        FeedKind::Asterisk(asterisk) => {
            check_secret(home, &asterisk.secret, keyring).and_then(|()| greet(home, asterisk))
        }
        FeedKind::Webhook(webhook) => [&webhook.token, &webhook.secret, &webhook.secret_before]
            .into_iter()
            .flatten()
            .try_for_each(|secret| check_secret(home, secret, keyring))
            .and_then(|()| bind(webhook)),
        FeedKind::Replay(replay) => check_recording(&home.folder().join(&replay.file)),
        FeedKind::Sip(sip) => check_secret(home, &sip.secret, keyring).and_then(|()| reach(sip)),
        FeedKind::Simulated(_) => Ok((State::Ok, "makes calls up".to_owned())),
    };
    match found {
        Ok((state, says)) => check(&what, state, says),
        Err(says) => check(&what, State::Fail, says),
    }
}

fn check_secret(home: &Home, secret: &SecretRef, keyring: Option<&Keyring>) -> Result<(), String> {
    read_secret(secret, home.folder(), keyring)
        .map(|_| ())
        .map_err(|error| chain(&error))
}

/// Connects and reads what a manager says first: `Asterisk Call Manager/`.
fn greet(home: &Home, feed: &AsteriskFeed) -> Result<(State, String), String> {
    let place = format!("{}:{}", feed.host, feed.port);
    let server = asterisk_server(feed, home)?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the system gives no thread ({error})"))?;
    let banner = runtime.block_on(server.banner()).map_err(|error| error.to_string())?;
    if banner.starts_with("Asterisk Call Manager/") {
        let how = feed.tls.as_ref().map_or("", |_| " over TLS");
        Ok((State::Ok, format!("an Asterisk Manager answers at {place}{how}")))
    } else {
        Err(format!(
            "what answers at {place} is not the manager of an Asterisk, which is at 5038 as a rule (5039 over TLS, with \
             tls = true); check `port`"
        ))
    }
}

fn check_recording(file: &Path) -> Result<(State, String), String> {
    let open = |file: &Path| Recording::open(fs::File::open(file)?);
    match open(file) {
        Ok(_) => Ok((State::Ok, format!("{} can be read", file.display()))),
        Err(error) => Err(format!("{}: {error}; check `file`", file.display())),
    }
}

/// Finds the host and, where that is possible without a message, connects.
fn reach(feed: &SipFeed) -> Result<(State, String), String> {
    let place = format!("{}:{}", feed.host, feed.port);
    let host = feed.host.trim_matches(['[', ']']);
    let mut addresses = (host, feed.port)
        .to_socket_addrs()
        .map_err(|error| format!("{place} is no known host ({error}); check `server`"))?;
    if feed.transport == SipTransport::Udp {
        return Ok((
            State::Ok,
            format!("{place} is a known host; whether it answers shows when Ringside runs"),
        ));
    }
    if addresses.any(|address| TcpStream::connect_timeout(&address, WAIT).is_ok()) {
        return Ok((State::Ok, format!("something listens at {place}")));
    }
    Err(format!("{place}: nothing answers; check `server` and `transport`"))
}

fn bind(feed: &WebhookFeed) -> Result<(State, String), String> {
    if !feed.listen.ip().is_loopback() && !feed.open_to_network && feed.tls.is_none() {
        let says = "is reachable from the network; set tls, listen on 127.0.0.1, or set open_to_network = true";
        return Err(format!("{} {says}", feed.listen));
    }
    match TcpListener::bind(feed.listen) {
        Ok(_) => Ok((State::Ok, format!("{} is free", feed.listen))),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok((
            State::Warn,
            format!(
                "{} is in use: right while Ringside runs, else change `listen`",
                feed.listen
            ),
        )),
        Err(error) => Err(format!("{} cannot be opened ({error}); change `listen`", feed.listen)),
    }
}

fn print(json: bool, checks: &[Check], out: &mut dyn Write) -> io::Result<()> {
    if json {
        let ok = checks.iter().all(|check| check.state != State::Fail);
        return writeln!(out, "{:#}", serde_json::json!({ "ok": ok, "checks": checks }));
    }
    for Check { what, state, says } in checks {
        let mark = match state {
            State::Ok => "ok  ",
            State::Warn => "warn",
            State::Fail => "FAIL",
        };
        writeln!(out, "{mark}  {what}: {says}")?;
    }
    Ok(())
}

fn check(what: &str, state: State, says: impl Into<String>) -> Check {
    Check {
        what: what.to_owned(),
        state,
        says: says.into(),
    }
}
