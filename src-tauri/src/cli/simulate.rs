//! `ringside simulate`: the calls of the demo shop, sent to a webhook as a phone system would send them.
//!
//! It waits the real time between the events of a call. The fields of a post are the feed's business.

use std::io::{self, Write};
use std::time::Duration;

use chrono::Utc;
use clap::Args;
use reqwest::{Client, StatusCode, Url};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use crate::call::{CallEvent, Line};
use crate::feed::simulated::{Pace, Plan, Traffic};
use crate::feed::webhook::{Keys, Preset, Request, Teller};
use crate::source::demo::Shop;

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
pub async fn run(args: &SimulateArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), SimulateError> {
    let plan = plan(args)?;
    let Some(to) = args.to.as_ref().filter(|_| !args.print) else {
        return print(Traffic::new(plan, args.seed, &format!("sim-{}", args.seed)), out);
    };
    if !["http", "https"].contains(&to.scheme()) {
        return Err(SimulateError::Scheme(to.clone()));
    }
    let run = format!("sim-{}", Utc::now().timestamp_millis());
    let sender = Sender {
        client: client()?,
        to: to.clone(),
        preset: args.preset,
        form: args.form,
    };
    tokio::select! {
        done = sender.tell(Traffic::new(plan, args.seed, &run), out, err) => done,
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
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
        // the format has no word for either
        queues: Vec::new(),
        transfers: false,
        calls,
        ..plan
    })
}

fn print(traffic: Traffic, out: &mut dyn Write) -> Result<(), SimulateError> {
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
struct Sender {
    client: Client,
    to: Url,
    preset: Preset,
    form: bool,
}

impl Sender {
    async fn tell(&self, mut traffic: Traffic, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), SimulateError> {
        let mut teller = Teller::new(self.preset, Keys::default(), self.to.as_str()).with_forms(self.form);
        let (mut sent, mut failed, mut in_a_row) = (0, 0, 0);
        let start = Instant::now();
        let mut due = start;
        while let Some((delay, events)) = traffic.moment() {
            due += delay;
            sleep_until(due).await;
            for telling in teller.tell(&events, Utc::now()) {
                let (post, answer) = (telling.says, self.send(telling.request).await);
                let told = answer
                    .as_ref()
                    .map_or_else(|trouble| trouble.status(), |status| status.as_u16().to_string());
                writeln!(out, "{:>7.1} s  {told:<3}  {post}", start.elapsed().as_secs_f64())?;
                sent += 1;
                match answer {
                    Ok(_) => in_a_row = 0,
                    Err(trouble) => {
                        writeln!(err, "ringside: {trouble}")?;
                        failed += 1;
                        in_a_row += 1;
                    }
                }
                if in_a_row == IN_A_ROW {
                    return Err(SimulateError::GaveUp);
                }
            }
        }
        if failed > 0 {
            Err(SimulateError::Failed { failed, sent })
        } else {
            Ok(())
        }
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

/// Why a post was not taken.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(
        "nothing took the post ({}); is Ringside running with a webhook feed, and are host and port of --to right?", root(.0)
    )]
    Unsent(#[source] reqwest::Error),
    #[error("{0}: {1}; {advice}", advice = advice(*.0))]
    Refused(StatusCode, String),
}

impl Trouble {
    fn status(&self) -> String {
        match self {
            Trouble::Unsent(_) => "---".to_owned(),
            Trouble::Refused(status, _) => status.as_u16().to_string(),
        }
    }
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "check the token at the end of --to",
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "check the path of --to",
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            "check that the other side understands this preset; try it with or without --form"
        }
        status if status.is_redirection() => "give the address it moved to in --to",
        status if status.is_server_error() => "look into the log of the other side",
        _ => "check --to",
    }
}

/// The last reason in the chain: `connection refused` says more than `error sending request`.
fn root(error: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// The sentence in a JSON answer, or the beginning of any other.
fn reason(said: &str) -> String {
    let json: Option<serde_json::Value> = serde_json::from_str(said).ok();
    let sentence = json
        .as_ref()
        .and_then(|json| json.get("error"))
        .and_then(|error| error.as_str());
    let first = sentence.unwrap_or(said).lines().next().unwrap_or_default();
    let short: String = first.chars().filter(|c| !c.is_control()).take(200).collect();
    if short.is_empty() {
        "no reason was given".to_owned()
    } else {
        short
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "give a number of calls a minute".to_owned())?;
    let sensible = (0.01..=600.0).contains(&rate);
    if sensible {
        Ok(rate)
    } else {
        Err("give between 0.01 and 600 calls a minute".to_owned())
    }
}

#[cfg(test)]
mod tests;
