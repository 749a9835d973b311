//! `ringside lookup`: how a number is read, whom it names, and why.
//!
//! It asks as a ringing phone does, and decides nothing: the readings are `number`'s, the verdict is `matching`'s.

mod print;
mod set;
pub(crate) mod words;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::customer::Customer;
use crate::desk::{FeedNumbers, Via};
use crate::directory::{Directory, DirectoryError, Reading};
use crate::matching::{self, Candidate, Sought, Verdict};
use crate::number::{self, DialContext, Key, Region};

pub use set::SetError;

/// Says how numbers are read, under which key they are looked for, and who has them.
///
/// A number is given as a phone system or a person writes it: +49 30 1234567, 0049301234567, sip:+4930…@host, 030/1234567.
#[derive(Args, Debug)]
pub struct LookupArgs {
    /// The numbers
    #[arg(
        required_unless_present = "set",
        value_name = "NUMBER",
        allow_negative_numbers = true
    )]
    numbers: Vec<String>,
    /// The trunk of the configuration that the calls come over: its country, prefix and way abroad count
    #[arg(long, value_name = "NAME", conflicts_with = "set")]
    trunk: Option<String>,
    /// Country of numbers without a country code; else that of the trunk or the configuration
    #[arg(long, value_name = "CC", conflicts_with = "set")]
    region: Option<Region>,
    /// Print a JSON array with an object for each number
    #[arg(long, conflicts_with = "set")]
    json: bool,
    /// Match a labelled set: tenants.csv, customers.csv and calls.csv in this folder. The own data is not touched
    #[arg(long, value_name = "DIR", requires = "out", conflicts_with = "numbers")]
    set: Option<PathBuf>,
    /// Where whom each call of the set names is written, as CSV
    #[arg(long, value_name = "FILE", requires = "set")]
    out: Option<PathBuf>,
}

impl LookupArgs {
    /// Is a labelled set asked for, and not our own data?
    pub(super) fn is_set(&self) -> bool {
        self.set.is_some()
    }
}

/// Why a lookup failed.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The settings name no such trunk.
    #[error("the settings have no trunk `{0}`: {known}", known = known(.1))]
    NoSuchTrunk(String, Vec<String>),
    /// The labelled set cannot be used.
    #[error(transparent)]
    Set(#[from] SetError),
    /// The cache cannot be read.
    #[error("{0}")]
    Directory(#[from] DirectoryError),
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Write(#[from] io::Error),
}

/// Where we are, and how our phone systems write numbers.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Where numbers without a country code are from.
    pub home: number::Home,
    /// What the settings say of each feed's numbers.
    pub feeds: Vec<FeedNumbers>,
    /// Our own numbers, beside those that the feeds name.
    pub own: Vec<Key>,
}

/// A number with what came of it.
struct Answer {
    raw: String,
    sought: Sought,
    /// Those of the candidates, in their order.
    customers: Vec<Option<Customer>>,
}

/// Runs the command; the result goes to `out`.
///
/// # Errors
/// When the cache cannot be read or no such trunk is known. A number that nobody has is no error.
pub fn run(
    args: &LookupArgs,
    directory: &mut Directory,
    place: &Place,
    out: &mut dyn Write,
) -> Result<(), LookupError> {
    let context = context(args, place)?;
    let of_feeds = place.feeds.iter().flat_map(FeedNumbers::keys);
    let own: Vec<Key> = place.own.iter().copied().chain(of_feeds).collect();
    let reading = directory.read()?;
    let answers = args
        .numbers
        .iter()
        .map(|raw| answer(raw, &context, &reading, &own))
        .collect::<Result<Vec<_>, DirectoryError>>()?;
    match args.json {
        true => print::json(&answers, out)?,
        false => answers.iter().try_for_each(|answer| print::text(answer, out))?,
    }
    Ok(())
}

/// Matches a labelled set; says on `out` what was done.
///
/// # Errors
/// When a file of the set lacks, cannot be read, or says what cannot be; nothing is written then.
pub fn run_set(args: &LookupArgs, out: &mut dyn Write) -> Result<(), LookupError> {
    let (Some(set), Some(file)) = (&args.set, &args.out) else {
        return Ok(());
    };
    let done = set::run(set, file)?;
    writeln!(
        out,
        "{} calls of {} tenants, {} of them with a candidate: {}",
        done.calls,
        done.tenants,
        done.named,
        file.display()
    )?;
    Ok(())
}

fn context(args: &LookupArgs, place: &Place) -> Result<DialContext, LookupError> {
    let mut context = match &args.trunk {
        None => DialContext::of(place.home.clone()),
        Some(name) => of_trunk(name, place)?,
    };
    context.region = args.region.or(context.region);
    Ok(context)
}

fn of_trunk(name: &str, place: &Place) -> Result<DialContext, LookupError> {
    let has = |feed: &&FeedNumbers| feed.trunks().any(|trunk| trunk == name);
    let Some(feed) = place.feeds.iter().find(has) else {
        let known = place.feeds.iter().flat_map(FeedNumbers::trunks).map(str::to_owned);
        return Err(LookupError::NoSuchTrunk(name.to_owned(), known.collect()));
    };
    Ok(feed.context(Via {
        feed: "",
        called: "",
        trunk: Some(name),
    }))
}

fn known(trunks: &[String]) -> String {
    match trunks {
        [] => "there is none: add a [[feed.trunk]] to a feed, or leave --trunk out".to_owned(),
        trunks => format!("they name {}", trunks.join(", ")),
    }
}

fn answer(raw: &str, context: &DialContext, reading: &Reading<'_>, own: &[Key]) -> Result<Answer, DirectoryError> {
    let sought = matching::find(raw, context, own, |key| reading.holders(key))?;
    let customers = candidates(&sought.verdict)
        .iter()
        .map(|one| reading.customer(one.customer))
        .collect::<Result<_, _>>()?;
    Ok(Answer {
        raw: raw.to_owned(),
        sought,
        customers,
    })
}

fn candidates(verdict: &Verdict) -> &[Candidate] {
    match verdict {
        Verdict::One(one) => std::slice::from_ref(one),
        Verdict::Several(several) => several,
        Verdict::Withheld | Verdict::Own | Verdict::Internal(_) | Verdict::Unknown => &[],
    }
}
