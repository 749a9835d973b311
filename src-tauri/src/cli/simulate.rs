//! `ringside simulate`: the calls of the demo shop, sent to a webhook as a phone system would send them.
//!
//! It waits the real time between the events of a call. The fields of a post are the feed's business. Posts of one
//! call are sent one after the other, those of several calls beside each other, so that a slow answer holds up one call.

mod lanes;
mod posts;
mod trouble;

use std::io::{self, Write};
use std::time::Duration;

use chrono::{Local, NaiveDateTime, Utc};
use clap::Args;
use reqwest::{Client, StatusCode, Url};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};
use zeroize::Zeroizing;

use crate::call::{CallEvent, Line};
use crate::config::{Home, HomeError, SecretRef};
use crate::feed::simulated::{Day, Faults, Faulty, Pace, Plan, Traffic, ends};
use crate::feed::webhook::{Keys, Preset, Request, Teller};
use crate::source::demo::Shop;
use crate::vault::{self, SecretError, VaultError, Ways};
use lanes::Lanes;
use posts::Posts;
use trouble::{Trouble, reason};

/// Sends believable calls to a webhook until Ctrl-C.
#[derive(Args, Debug)]
pub struct SimulateArgs {
    /// Whose webhooks to send.
    #[arg(long, value_enum, default_value_t = Preset::Zammad)]
    preset: Preset,
    /// Where to, for example http://127.0.0.1:8730/in/zammad/TOKEN
    #[arg(long, value_name = "URL", required_unless_present = "print")]
    to: Option<Url>,
    /// Send forms instead of JSON.
    #[arg(long)]
    form: bool,
    /// What the provider signs with: keyring:NAME, env:NAME, file:PATH, or the secret itself; sipgate signs with a
    /// private key, as PEM.
    #[arg(long, value_name = "SECRET", conflicts_with = "print")]
    secret: Option<String>,
    /// Scheme and host that the endpoint is told to be known by, when that is not in --to: some signatures cover it.
    #[arg(long, value_name = "URL", conflicts_with = "print")]
    public_url: Option<Url>,
    /// What goes wrong, as probabilities: duplicate (told twice), reorder (told up to 50 ms late), lost_hangup.
    #[arg(long, value_name = "duplicate=0.1,…")]
    faults: Option<Faults>,
    /// Ring by the hour of the day as in an office; the day begins now, or at a local time such as 2026-11-23T08:00.
    #[arg(long, value_name = "START", num_args = 0..=1, default_missing_value = "now", value_parser = day)]
    day: Option<Day>,
    /// Calls a minute, on average.
    #[arg(long, default_value_t = 6.0, value_parser = rate, value_name = "CALLS_PER_MINUTE")]
    rate: f64,
    /// End after so many calls; printing ends after 10 when nothing is said.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    calls: Option<u32>,
    /// The same seed makes the same customers and calls.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// My line, and those of colleagues.
    #[arg(long, default_value = "101,102", value_delimiter = ',', value_name = "LIST")]
    lines: Vec<String>,
    /// Print the events as JSON lines at once, and send nothing.
    #[arg(long, conflicts_with_all = ["to", "form"])]
    print: bool,
}

/// Why the calls were not all told.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// Only HTTP can be spoken.
    #[error("--to {0} is no web address; give one such as http://127.0.0.1:8730/in/zammad/TOKEN")]
    Scheme(Url),
    /// No line, or one without a name.
    #[error("--lines has an empty line; give extensions such as 101,102")]
    Lines,
    /// The secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There is no home, from which `file:` counts.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The environment says what cannot be.
    #[error(transparent)]
    Ways(#[from] VaultError),
    /// The system has no client for HTTP.
    #[error("no connection can be made from here: {0}")]
    Client(#[source] reqwest::Error),
    /// Some posts were refused or did not arrive.
    #[error("{failed} of {sent} posts were not taken; what to do stands beside each")]
    Failed {
        /// Posts that were not taken.
        failed: u32,
        /// All posts.
        sent: u32,
    },
    /// So many posts in a row failed that the rest was not sent.
    #[error("stopped: the last {IN_A_ROW} posts were not taken; what to do stands beside each")]
    GaveUp,
    /// The terminal or file cannot be written.
    #[error("cannot write what was sent: {0}")]
    Write(#[from] io::Error),
}

/// Failures in a row after which it stops.
const IN_A_ROW: u32 = 5;

/// How long an answer may take. Providers give up after 3 to 5 seconds.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Serialize)]
struct EventLine<'a> {
    after_ms: u128,
    event: &'a CallEvent,
}

/// Runs the command: one line a post goes to `out`, what went wrong to `err`.
///
/// # Errors
/// When the arguments cannot be used, or when a post was not taken.
pub async fn run(
    args: &SimulateArgs,
    home: impl Fn() -> Result<Home, HomeError>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), SimulateError> {
    let plan = plan(args)?;
    let faults = args.faults.unwrap_or_default();
    let Some(to) = args.to.as_ref().filter(|_| !args.print) else {
        let traffic = Traffic::new(plan, args.seed, &format!("sim-{}", args.seed));
        return print(Faulty::new(traffic, faults, args.seed, ends), out);
    };
    if !["http", "https"].contains(&to.scheme()) {
        return Err(SimulateError::Scheme(to.clone()));
    }
    let run = format!("sim-{}", Utc::now().timestamp_millis());
    let sender = Sender {
        client: client()?,
        to: to.clone(),
        known_as: known_as(to, args.public_url.as_ref()),
        preset: args.preset,
        keys: keys(args.secret.as_deref(), home)?,
        form: args.form,
        faults,
        seed: args.seed,
    };
    tokio::select! {
        done = sender.tell(Traffic::new(plan, args.seed, &run), out, err) => done,
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

/// The address as the endpoint knows it.
fn known_as(to: &Url, public: Option<&Url>) -> String {
    let Some(public) = public else {
        return to.to_string();
    };
    let base = public.as_str().trim_end_matches('/');
    let query = to.query().map_or_else(String::new, |query| format!("?{query}"));
    format!("{base}{}{query}", to.path())
}

/// What stands for a secret is fetched; anything else is the secret.
fn keys(secret: Option<&str>, home: impl Fn() -> Result<Home, HomeError>) -> Result<Keys, SimulateError> {
    let secrets = match secret.map(|text| (text, SecretRef::parse(text))) {
        None => Vec::new(),
        Some((text, None)) => vec![Zeroizing::new(text.to_owned())],
        Some((_, Some(reference))) => {
            let keyring = Ways::from_environment()?.keyring;
            vec![vault::read_secret(&reference, home()?.folder(), keyring.as_ref())?]
        }
    };
    Ok(Keys {
        secrets,
        ..Keys::default()
    })
}

fn plan(args: &SimulateArgs) -> Result<Plan, SimulateError> {
    let mut lines = args.lines.iter().map(|line| Line(line.trim().to_owned()));
    let mine = lines.next().ok_or(SimulateError::Lines)?;
    let colleagues: Vec<Line> = lines.collect();
    if colleagues.iter().chain([&mine]).any(|line| line.0.is_empty()) {
        return Err(SimulateError::Lines);
    }
    let shop = Shop::new(args.seed, "DE", Utc::now());
    let pace = Pace {
        pause: (0.5, 1.0),
        gap: 60.0 / args.rate,
        ..Pace::demo(1)
    };
    let plan = Plan::for_shop(&shop, mine, colleagues, pace);
    let calls = args.calls.or(args.print.then_some(10));
    Ok(Plan {
        opening: Vec::new(),
        // no format is told of either
        queues: Vec::new(),
        transfers: false,
        day: args.day,
        calls,
        ..plan
    })
}

fn print(traffic: impl Iterator<Item = (Duration, CallEvent)>, out: &mut dyn Write) -> Result<(), SimulateError> {
    for (after, event) in traffic {
        let line = EventLine {
            after_ms: after.as_millis(),
            event: &event,
        };
        writeln!(out, "{}", serde_json::to_string(&line).map_err(io::Error::from)?)?;
    }
    Ok(())
}

fn client() -> Result<Client, SimulateError> {
    // Another part of the process may have installed it already; either is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(PATIENCE)
        .build()
        .map_err(SimulateError::Client)
}

/// Sends posts to one address.
#[derive(Clone)]
struct Sender {
    client: Client,
    to: Url,
    known_as: String,
    preset: Preset,
    keys: Keys,
    form: bool,
    faults: Faults,
    seed: u64,
}

impl Sender {
    async fn tell(&self, traffic: Traffic, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), SimulateError> {
        let teller = Teller::new(self.preset, self.keys.clone(), &self.known_as).with_forms(self.form);
        let posts = Posts::new(traffic, teller, Utc::now());
        let mut lanes = Lanes::open(self);
        let mut count = Count::new();
        let mut due = count.start;
        for (delay, post) in Faulty::new(posts, self.faults, self.seed, posts::ends) {
            due += delay;
            // also when the traffic is behind and nothing is waited for
            while let Some(answer) = lanes.answered() {
                count.take(answer, out, err)?;
            }
            loop {
                tokio::select! {
                    // what is due goes first, so that answers never hold it up
                    biased;
                    () = sleep_until(due) => break,
                    Some(answer) = lanes.answer() => count.take(answer, out, err)?,
                }
            }
            lanes.send(post).await;
        }
        lanes.close();
        while let Some(answer) = lanes.answer().await {
            count.take(answer, out, err)?;
        }
        count.end()
    }

    async fn send(&self, told: Request) -> Result<StatusCode, Trouble> {
        let mut to = self.to.clone();
        to.set_query(told.target.split_once('?').map(|(_, query)| query));
        let request = self
            .client
            .request(told.method, to)
            .headers(told.headers)
            .body(told.body);
        let response = request
            .send()
            .await
            .map_err(|error| Trouble::Unsent(error.without_url()))?;
        let status = response.status();
        if status.is_success() {
            return Ok(status);
        }
        let said = response.text().await.unwrap_or_default();
        Err(Trouble::Refused(status, reason(&said)))
    }
}

/// A post that was sent: what it says, and what was answered.
type Answer = (String, Result<StatusCode, Trouble>);

/// How it went so far.
struct Count {
    start: Instant,
    sent: u32,
    failed: u32,
    in_a_row: u32,
}

impl Count {
    fn new() -> Self {
        Count {
            start: Instant::now(),
            sent: 0,
            failed: 0,
            in_a_row: 0,
        }
    }

    fn take(&mut self, (says, answer): Answer, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), SimulateError> {
        let told = answer
            .as_ref()
            .map_or_else(|trouble| trouble.status(), |status| status.as_u16().to_string());
        writeln!(out, "{:>7.1} s  {told:<3}  {says}", self.start.elapsed().as_secs_f64())?;
        self.sent += 1;
        match answer {
            Ok(_) => self.in_a_row = 0,
            Err(trouble) => {
                writeln!(err, "ringside: {trouble}")?;
                self.failed += 1;
                self.in_a_row += 1;
            }
        }
        if self.in_a_row == IN_A_ROW {
            return Err(SimulateError::GaveUp);
        }
        Ok(())
    }

    fn end(&self) -> Result<(), SimulateError> {
        let (failed, sent) = (self.failed, self.sent);
        if failed > 0 {
            Err(SimulateError::Failed { failed, sent })
        } else {
            Ok(())
        }
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "give a number of calls a minute".to_owned())?;
    let sensible = (0.01..=6000.0).contains(&rate);
    if sensible {
        Ok(rate)
    } else {
        Err("give between 0.01 and 6000 calls a minute".to_owned())
    }
}

fn day(text: &str) -> Result<Day, String> {
    let start = match text {
        "now" => Local::now().naive_local(),
        _ => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
            .map_err(|_| "a day begins at a local time such as 2026-11-23T08:00".to_owned())?,
    };
    Ok(Day { start })
}

#[cfg(test)]
mod tests;
