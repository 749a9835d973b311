//! The command line: one file a command. Data goes to standard output, everything else to standard error.

pub mod advise;
pub mod audit;
pub mod backup;
pub mod calls;
mod choice;
pub mod customer;
mod day;
#[cfg(feature = "shell")]
pub mod desktop;
pub mod dial;
pub mod doctor;
pub mod erase;
pub mod export;
pub mod import;
pub mod lookup;
mod opened;
pub mod outbox;
pub mod pop;
pub mod prune;
pub mod record;
pub mod replay;
pub mod report;
pub mod restore;
pub mod search;
pub mod secret;
pub mod simulate;
pub mod source;
pub mod sync;
pub mod systems;
pub mod users;
pub mod why;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::config::Home;
use opened::Opened;

/// Who is calling, before you say hello.
#[derive(Parser, Debug)]
#[command(name = "ringside", version, about, propagate_version = true)]
struct Arguments {
    /// Folder of the settings, the cache and the journal; else the system's folder for applications' data
    #[arg(long, global = true, env = "RINGSIDE_HOME", value_name = "DIR")]
    home: Option<PathBuf>,
    /// Open this link, in the Ringside that runs if one does: tel:+493023125101, ringside://call/ID, ringside://customer/REF.
    /// A number is dialled only when you say so in the window
    #[arg(value_name = "LINK", value_parser = link_argument)]
    link: Option<String>,
    /// A Ringside that ends has started this one, which waits for that
    #[arg(long, global = true, hide = true)]
    started_again: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Read customers, products, orders and balances from files
    Import(import::ImportArgs),
    /// Read the sources of the settings now, and take in what changed
    Sync(sync::SyncArgs),
    /// Say where customer data comes from and how old it is
    Source(source::SourceArgs),
    /// Show what every source says of a customer, and correct it
    Customer(customer::CustomerArgs),
    /// Say that two records of different sources are one person or company
    Link(customer::LinkArgs),
    /// Say that a record is nobody else
    Unlink(customer::UnlinkArgs),
    /// Say who has a number, and why
    Lookup(lookup::LookupArgs),
    /// Find customers by name, company, number, e-mail address or order number
    Search(search::SearchArgs),
    /// Show what the panel would show for a number
    Pop(pop::PopArgs),
    /// Say what would suit a customer next, and how well that is known
    Advise(advise::AdviseArgs),
    /// List the calls with what happened and what was noted
    Calls(calls::CallsArgs),
    /// Say what a period of calls came to, beside the period before
    Report(report::ReportArgs),
    /// List who was shown, gave out and changed what
    Audit(audit::AuditArgs),
    /// Give out all that is known of one person
    Export(export::ExportArgs),
    /// Take one person out of everything, down to the bytes
    Erase(erase::EraseArgs),
    /// Drop what is older than the settings keep it
    Prune(prune::PruneArgs),
    /// Say why a call did or did not pop, and what to do first
    Why(why::WhyArgs),
    /// Write down what a phone system sends, for a replay or a bug report
    Record(record::RecordArgs),
    /// Read a recording of a phone system and tell what every caller lived through
    Replay(replay::ReplayArgs),
    /// Call a number: my phone rings, and when I take it, the number is dialled
    Dial(dial::DialArgs),
    /// Send believable calls to a webhook, as a phone system would
    Simulate(simulate::SimulateArgs),
    /// Write the journal, the settings and the sealed key into one file
    Backup(backup::BackupArgs),
    /// Bring a backup back, or the key with the recovery code
    Restore(restore::RestoreArgs),
    /// Say who shares the desk and may what, add or remove somebody, or give a new PIN
    Users(users::UsersArgs),
    /// Keep a password for the settings in the system's keyring
    Secret(secret::SecretArgs),
    /// Examine everything and say what to do about what is wrong
    Doctor(doctor::DoctorArgs),
    /// Open Ringside on a made-up shop with simulated calls
    #[cfg(feature = "shell")]
    Demo(desktop::DemoArgs),
}

/// A link has a colon in it; anything else was meant to be a command.
fn link_argument(text: &str) -> Result<String, String> {
    if text.contains(':') {
        return Ok(text.to_owned());
    }
    let commands = Arguments::command();
    let known = commands.get_subcommands().map(clap::Command::get_name);
    let nearest =
        known.max_by(|one, other| strsim::jaro_winkler(text, one).total_cmp(&strsim::jaro_winkler(text, other)));
    let meant = nearest.filter(|known| strsim::jaro_winkler(text, known) > 0.8);
    let meant = meant
        .map(|known| format!("; did you mean `{known}`?"))
        .unwrap_or_default();
    Err(format!(
        "no command is called so, and a link begins with tel: or ringside:{meant}"
    ))
}

/// Why a command failed: what was done and why it did not work.
type Failure = Box<dyn Error + Send + Sync>;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    say_what_happens(arguments.command.is_none());
    // every process with TLS needs one provider; a second call finds it there
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if is_closed_pipe(failure.as_ref()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "ringside: {}", chain(failure.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Logs to standard error: what the desktop does, and what goes wrong in a command. `RINGSIDE_LOG` says otherwise.
fn say_what_happens(desktop: bool) {
    let default = if desktop { "ringside=info,warn" } else { "warn" };
    let filter = std::env::var("RINGSIDE_LOG").unwrap_or_else(|_| default.to_owned());
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false);
    subscriber.init();
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let Some(command) = arguments.command else {
        drop(out);
        let home = Home::find(arguments.home.as_deref())?;
        return desktop(&home, arguments.link.as_deref(), arguments.started_again);
    };
    if arguments.link.is_some() {
        return Err("a link is opened without a command: ringside LINK".into());
    }
    // the commands that need no home work without one
    let home = || Home::find(arguments.home.as_deref());
    match command {
        Command::Import(args) => Opened::lasting(&home()?)?.import(&args, &mut out)?,
        Command::Sync(args) => sync::run(&args, &Opened::lasting(&home()?)?.sources()?, &mut out)?,
        Command::Source(args) => {
            let sources = |home: &Home| Opened::at(home)?.sources();
            let journal = |home: &Home| Ok(Opened::lasting(home)?.journal()?);
            source::run(&args, &home()?, sources, journal, chrono::Utc::now(), &mut out)?;
        }
        Command::Customer(args) => {
            customer::show(
                &args,
                Opened::lasting(&home()?)?.stores()?,
                chrono::Utc::now(),
                &mut out,
            )?;
        }
        Command::Link(args) => {
            customer::link(
                &args,
                Opened::lasting(&home()?)?.stores()?,
                chrono::Utc::now(),
                &mut out,
            )?;
        }
        Command::Unlink(args) => {
            customer::unlink(
                &args,
                Opened::lasting(&home()?)?.stores()?,
                chrono::Utc::now(),
                &mut out,
            )?;
        }
        Command::Lookup(args) if args.is_set() => lookup::run_set(&args, &mut out)?,
        Command::Lookup(args) => Opened::at(&home()?)?.lookup(&args, &mut out)?,
        Command::Search(args) => Opened::at(&home()?)?.search(&args, &mut out)?,
        Command::Pop(args) => Opened::at(&home()?)?.pop(&args, &mut out)?,
        Command::Advise(args) if args.is_evaluation() => advise::answer_files(&args, &mut out)?,
        Command::Advise(args) => Opened::at(&home()?)?.advise(&args, &mut out)?,
        Command::Calls(args) => calls::run(&args, &Opened::at(&home()?)?.journal()?, &mut out)?,
        Command::Report(args) => {
            let opened = Opened::at(&home()?)?;
            if let Some(file) = args.exports() {
                let trail = opened.trail();
                trail.note(crate::journal::Act::ReportExported, &file, None, chrono::Utc::now())?;
            }
            report::run(&args, &opened.journal()?, opened.target(), &mut out)?;
        }
        Command::Audit(args) => audit::run(&args, &Opened::lasting(&home()?)?.trail(), &mut out)?,
        Command::Export(args) => {
            export::run(
                &args,
                &Opened::lasting(&home()?)?.people(),
                chrono::Utc::now(),
                &mut out,
            )?;
        }
        Command::Erase(args) => {
            let (opened, now) = (Opened::lasting(&home()?)?, chrono::Utc::now());
            let asked: erase::Asked<'_> = (&mut io::stdin().lock(), &mut io::stderr());
            erase::run(&args, &opened.people(), now, asked, &mut out)?;
        }
        Command::Prune(args) => {
            prune::run(
                &args,
                &Opened::lasting(&home()?)?.retained(),
                chrono::Utc::now(),
                &mut out,
            )?;
        }
        Command::Why(args) => Opened::at(&home()?)?.why(&args, &home()?, &mut out)?,
        Command::Record(args) => record::run(&args, home, &mut io::stderr())?,
        Command::Replay(args) => replay::run(&args, &mut out)?,
        Command::Dial(args) => dial::run(&args, &home()?, &mut out)?,
        Command::Simulate(args) => {
            let runtime = tokio::runtime::Runtime::new()?;
            runtime.block_on(simulate::run(&args, home, &mut out, &mut io::stderr()))?;
        }
        Command::Backup(args) => backup::run(&args, &home()?, &mut out)?,
        Command::Restore(args) => restore::run(&args, &home()?, &mut out)?,
        Command::Users(args) => {
            let mut journal = Opened::lasting(&home()?)?.journal()?;
            users::run(&args, &mut journal, chrono::Utc::now(), &mut out)?;
        }
        Command::Secret(args) => secret::run(&args, &home()?, &mut out)?,
        Command::Doctor(args) => match &args.what {
            Some(doctor::What::Numbers(numbers)) => Opened::at(&home()?)?.numbers(numbers, &home()?, &mut out)?,
            None => doctor::run(&args, &home()?, &mut out)?,
        },
        #[cfg(feature = "shell")]
        Command::Demo(args) => {
            drop(out);
            let home = arguments
                .home
                .as_deref()
                .map(|home| Home::find(Some(home)))
                .transpose()?;
            desktop::demo(&args, home, arguments.started_again)?;
        }
    }
    Ok(())
}

#[cfg(feature = "shell")]
fn desktop(home: &Home, link: Option<&str>, again: bool) -> Result<(), Failure> {
    desktop::run(home, link, again)
}

#[cfg(not(feature = "shell"))]
fn desktop(_home: &Home, link: Option<&str>, _again: bool) -> Result<(), Failure> {
    link.map(crate::link::read).transpose()?;
    Err(
        "this is the command line of Ringside without its window; run `ringside --help` for the commands, or install \
         the desktop package"
            .into(),
    )
}

/// The message of an error with those of its sources, each once.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        source = error.source();
    }
    text
}

/// `ringside calls | head` ends when the reader has enough.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    let mut error = Some(error);
    while let Some(now) = error {
        if now
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        {
            return true;
        }
        error = now.source();
    }
    false
}
