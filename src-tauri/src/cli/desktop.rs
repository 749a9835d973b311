//! `ringside` and `ringside demo`: the windows.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use clap::Args;
use tempfile::TempDir;

use super::{Failure, chain};
use crate::config::{self, Config, Home, Memory, SimulatedFeed};
use crate::link;
use crate::login::AtLogin;
use crate::pop::view::{CardView, Grade, StartNotice, Trust, VerdictKind};
use crate::shell::{self, Ended, HandedOver, Next, OnPopped, ShellOptions};
use crate::start::{
    AdviceReport, AuditTrail, CallLists, CallReport, Feeds, NumberReport, People, Running, Settings, Start, StartError,
};
use crate::vault::{self, KeptIn, Unlocked, Ways};

/// Simulated calls an hour in a demo: something rings within a minute, several times.
const DEMO_RATE: u32 = 240;
/// The seed of a demo that is given none.
const DEMO_SEED: u64 = 7;
/// How long a Ringside that starts again waits for the one before to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// Says that a Ringside that ends has started this one.
const AGAIN: &str = "--started-again";
/// How long the last pop of a counted demo stays, so that it can be seen.
const LAST_LOOK: Duration = Duration::from_secs(3);

/// Opens Ringside on a made-up shop; nothing of your own data is touched.
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// End after this many pops
    #[arg(long, value_name = "N")]
    calls: Option<u32>,
    /// The same seed makes the same calls
    #[arg(long, default_value_t = DEMO_SEED, value_name = "N")]
    seed: u64,
    /// Print a line `popped N …` when a pop was painted, for whoever takes pictures into this folder
    #[arg(long, value_name = "DIR")]
    shots: Option<PathBuf>,
}

/// Opens the windows on `home` until they are closed, with what `link` asks for. Where a Ringside runs on `home`, it gets the
/// link, and this one ends; `again`: it waits until the one that started it has ended.
///
/// # Errors
/// When the link is refused, the settings are wrong, the key is not there, a store cannot be opened, or there is no display.
pub fn run(home: &Home, link: Option<&str>, again: bool) -> Result<(), Failure> {
    let handed = match again {
        // the one that ends may still answer
        true => HandedOver::Nobody,
        false => shell::hand_over(home.folder(), link),
    };
    match handed {
        HandedOver::Nobody => {}
        HandedOver::Taken => {
            let folder = home.folder().display();
            writeln!(
                io::stderr(),
                "Ringside already runs on {folder}; its window is in front"
            )?;
            return Ok(());
        }
        HandedOver::Refused(why) => return Err(why.into()),
    }
    link.map(link::read).transpose()?;
    shell::prefer_x11();
    let config = config::load(home)?;
    start_at_login(home, &config);
    open(home, &config, link, again, None, None)
}

/// Brings the start at log-in in line with the settings, where they say something of it.
fn start_at_login(home: &Home, config: &Config) {
    let Some(on) = config.start_at_login else { return };
    if let Err(error) = AtLogin::of(home).and_then(|login| login.set(on)) {
        tracing::warn!(error = chain(&error), "start_at_login in config.toml does nothing");
    }
}

/// Opens the windows on the demo shop, in `home` if that was named, else in a folder that goes at the end.
///
/// # Errors
/// As [`run`].
pub fn demo(args: &DemoArgs, home: Option<Home>, again: bool) -> Result<(), Failure> {
    shell::prefer_x11();
    let gone_at_the_end: TempDir;
    let home = match home {
        Some(home) => home,
        None => {
            gone_at_the_end = TempDir::with_prefix("ringside-demo-")?;
            Home::find(Some(gone_at_the_end.path()))?
        }
    };
    let config = config::load(&home)?;
    let simulated = SimulatedFeed {
        seed: Some(args.seed),
        calls_per_hour: DEMO_RATE,
        ..SimulatedFeed::default()
    };
    open(
        &home,
        &config,
        None,
        again,
        Some(simulated),
        Some(tell_pops(args.calls, args.shots.is_some())),
    )
}

fn open(
    home: &Home,
    config: &Config,
    link: Option<&str>,
    again: bool,
    demo: Option<SimulatedFeed>,
    on_popped: Option<OnPopped>,
) -> Result<(), Failure> {
    let memory = Memory::of(home);
    let ways = Ways::from_environment()?;
    let unlocked = vault::unlock(home, &ways)?;
    let notices = unlocked.notices();
    for notice in &notices {
        writeln!(io::stderr(), "{}", **notice)?;
    }
    let options = ShellOptions {
        home: home.folder().to_owned(),
        patience: if again { PATIENCE } else { Duration::ZERO },
        notices: start_notices(&unlocked),
        settings: Settings::new(home.clone(), config.clone(), ways.keyring.clone(), demo),
        advice: AdviceReport::new(&unlocked),
        reports: CallReport::new(&unlocked).of_settings(config),
        trail: AuditTrail::new(config, &unlocked),
        people: People::new(home.folder(), config, &unlocked),
        numbers: NumberReport::new(
            &unlocked,
            &Feeds {
                home,
                config,
                keyring: None,
                demo,
            },
        ),
        lists: CallLists::new(&unlocked, config),
        memory: memory.clone(),
        link: link.map(str::to_owned),
        on_popped,
    };
    let mut running: Option<Running> = None;
    let ended = shell::run(options, |panel| {
        let mut started = Start {
            home,
            config,
            unlocked: &unlocked,
            keyring: ways.keyring.clone(),
            memory,
            demo,
        }
        .run(panel)?;
        let (desk, sources) = (started.desk.clone(), started.sources.clone());
        let heard = started.heard.clone();
        let (outbox, erased) = (started.outbox.clone(), std::mem::take(&mut started.erased));
        running = Some(started);
        Ok::<_, StartError>((desk, sources, outbox, heard, erased))
    })?;
    drop(running);
    match ended {
        Ended::Closed => Ok(()),
        Ended::Again => start_again(link),
    }
}

/// Starts this program anew as it was started, without the link, which was opened already.
fn start_again(link: Option<&str>) -> Result<(), Failure> {
    let program = std::env::current_exe()?;
    let args = std::env::args_os().skip(1);
    let args = args.filter(|arg| arg != AGAIN && link.is_none_or(|link| arg != link));
    Command::new(program).args(args).arg(AGAIN).spawn()?;
    Ok(())
}

/// What the window has to say first: whoever starts Ringside from a menu sees no terminal.
fn start_notices(unlocked: &Unlocked) -> Vec<StartNotice> {
    let this_run_only = (unlocked.kept_in == KeptIn::ThisRunOnly).then_some(StartNotice::ThisRunOnly);
    let code = unlocked.new_code.as_ref().map(|code| StartNotice::RecoveryCode {
        code: code.text().to_string(),
    });
    this_run_only.into_iter().chain(code).collect()
}

fn tell_pops(calls: Option<u32>, for_pictures: bool) -> OnPopped {
    let mut popped = 0;
    Box::new(move |card, after| {
        popped += 1;
        let mut out = io::stdout().lock();
        // a closed output is no reason to stop popping
        let _ = writeln!(
            out,
            "{popped:>3}  {}, painted after {} ms",
            why(card),
            after.as_millis()
        );
        if for_pictures {
            let line = serde_json::to_string(card).unwrap_or_default();
            let _ = writeln!(out, "popped {popped} {line}");
        }
        let _ = out.flush();
        if calls.is_some_and(|calls| popped >= calls) {
            Next::EndAfter(LAST_LOOK)
        } else {
            Next::Continue
        }
    })
}

/// Who popped and why, for a person.
fn why(card: &CardView) -> String {
    let pop = &card.pop;
    let number = pop.number.as_deref().unwrap_or("number withheld");
    let who = match (&pop.customer, pop.verdict) {
        (Some(customer), _) => match &customer.company {
            Some(company) => format!("{}, {company} ({number})", customer.name),
            None => format!("{} ({number})", customer.name),
        },
        (None, VerdictKind::Several) => format!("{number}: {} people share it", pop.candidates.len()),
        (None, VerdictKind::Unknown) => format!("{number}: not in the data"),
        (None, VerdictKind::Withheld) => number.to_owned(),
        (None, VerdictKind::Internal) => format!("colleague {number}"),
        (None, VerdictKind::Own | VerdictKind::One) => number.to_owned(),
    };
    let mut parts = vec![format!("line {}: {who}", card.line)];
    parts.extend(pop.grade.map(|grade| grade_words(grade).to_owned()));
    parts.extend(trust_words(pop.trust).map(str::to_owned));
    if pop.balance.as_ref().is_some_and(|balance| balance.overdue.is_some()) {
        parts.push("has overdue invoices".to_owned());
    }
    parts.extend(
        pop.purchases
            .as_ref()
            .map(|purchases| format!("{} orders", purchases.orders)),
    );
    if !pop.suggestions.is_empty() {
        parts.push(format!("{} suggested", pop.suggestions.len()));
    }
    parts.join(", ")
}

fn grade_words(grade: Grade) -> &'static str {
    match grade {
        Grade::Exact => "exact match",
        Grade::National => "national match",
        Grade::Ambiguous => "ambiguous match",
    }
}

fn trust_words(trust: Trust) -> Option<&'static str> {
    match trust {
        Trust::Verified => Some("caller verified (A)"),
        Trust::NotVerifiedB => Some("caller not verified (B)"),
        Trust::NotVerifiedC => Some("caller not verified (C)"),
        Trust::Failed => Some("caller check failed"),
        Trust::Unknown => None,
    }
}
