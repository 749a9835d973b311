//! `ringside lookup`: how a number is read, and whom it names.

use std::io::{self, Write};

use clap::Args;
use serde_json::{Value, json};

use crate::customer::Customer;
use crate::directory::{Directory, DirectoryError, Reading};
use crate::matching::{Candidate, Verdict, verdict};
use crate::number::{self, CallerId, DialContext, Given, Key, Region};
use crate::pop::view::Grade;

/// Says how numbers are read, under which key they are looked for, and who has them.
///
/// A number is given as a phone system or a person writes it: +49 30 1234567, 0049301234567, sip:+4930…@host, 030/1234567.
#[derive(Args, Debug)]
pub struct LookupArgs {
    /// The numbers
    #[arg(required = true, value_name = "NUMBER", allow_negative_numbers = true)]
    numbers: Vec<String>,
    /// Country of numbers without a country code; else that of the configuration
    #[arg(long, value_name = "CC")]
    region: Option<Region>,
    /// Print a JSON array with an object for each number
    #[arg(long)]
    json: bool,
}

/// Why a lookup failed.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The cache cannot be read.
    #[error("{0}")]
    Directory(#[from] DirectoryError),
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Write(#[from] io::Error),
}

/// A number with what came of it.
struct Answer {
    raw: String,
    caller: CallerId,
    verdict: Verdict,
    customers: Vec<Option<Customer>>,
}

/// Runs the command; the result goes to `out`. Numbers without a country code are of `home` unless `--region` says otherwise;
/// `own` are the numbers of our own lines.
///
/// # Errors
/// When the cache cannot be read. A number that nobody has is no error.
pub fn run(
    args: &LookupArgs,
    directory: &mut Directory,
    home: Option<Region>,
    own: &[Key],
    out: &mut dyn Write,
) -> Result<(), LookupError> {
    let context = DialContext {
        region: args.region.or(home),
        ..DialContext::default()
    };
    let reading = directory.read()?;
    let answers = args
        .numbers
        .iter()
        .map(|raw| answer(raw, &context, &reading, own))
        .collect::<Result<Vec<_>, DirectoryError>>()?;
    if args.json {
        let answers: Vec<Value> = answers.iter().map(as_json).collect();
        writeln!(out, "{:#}", Value::Array(answers))?;
        return Ok(());
    }
    answers.iter().try_for_each(|answer| print(answer, out))?;
    Ok(())
}

fn answer(raw: &str, context: &DialContext, reading: &Reading<'_>, own: &[Key]) -> Result<Answer, DirectoryError> {
    let caller = number::caller(raw, context);
    let holders = match &caller {
        CallerId::Number(number) => reading.holders(number.key)?,
        CallerId::Withheld | CallerId::Extension(_) | CallerId::Unreadable(..) => Vec::new(),
    };
    let verdict = verdict(&caller, &holders, own);
    let customers = candidates(&verdict)
        .iter()
        .map(|one| reading.customer(one.customer))
        .collect::<Result<_, _>>()?;
    Ok(Answer {
        raw: raw.to_owned(),
        caller,
        verdict,
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

fn print(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    match &answer.caller {
        CallerId::Withheld => writeln!(out, "{}: no number", answer.raw)?,
        CallerId::Extension(ext) => writeln!(out, "{}: extension {ext}", answer.raw)?,
        CallerId::Unreadable(text, why) => writeln!(out, "{text}: cannot be read: {why}")?,
        CallerId::Number(number) => {
            let country = number::country(number.key)
                .map(|region| format!(", {region}"))
                .unwrap_or_default();
            let given = match number.given {
                Given::International => "its country code stood in it",
                Given::National => "its country was supplied",
            };
            writeln!(
                out,
                "{}: {}{country}, key {}; {given}",
                answer.raw,
                number::display(number.key),
                number.key
            )?;
        }
    }
    writeln!(out, "  {}", verdict_words(&answer.verdict))?;
    for (one, customer) in candidates(&answer.verdict).iter().zip(&answer.customers) {
        let who = customer.as_ref().map(who).unwrap_or_default();
        let ext = one
            .ext
            .as_ref()
            .map(|ext| format!(", stored with extension {ext}"))
            .unwrap_or_default();
        writeln!(
            out,
            "  {who}: {} match, because {}{ext}",
            grade_word(one.grade),
            one.reason
        )?;
    }
    Ok(())
}

fn who(customer: &Customer) -> String {
    let names = [&customer.name, &customer.company, &customer.city]
        .into_iter()
        .filter(|name| !name.is_empty());
    let names: Vec<&str> = names.map(String::as_str).collect();
    format!("{} {}", customer.reference, names.join(", "))
}

fn as_json(answer: &Answer) -> Value {
    let (key, given, ext, shown, country, unreadable) = match &answer.caller {
        CallerId::Number(number) => (
            Some(number.key.to_string()),
            Some(match number.given {
                Given::International => "international",
                Given::National => "national",
            }),
            number.ext.clone(),
            Some(number::display(number.key)),
            number::country(number.key).map(|region| region.to_string()),
            None,
        ),
        CallerId::Extension(ext) => (None, None, Some(ext.clone()), None, None, None),
        CallerId::Unreadable(_, why) => (None, None, None, None, None, Some(why.to_string())),
        CallerId::Withheld => (None, None, None, None, None, None),
    };
    let candidates: Vec<Value> = candidates(&answer.verdict)
        .iter()
        .zip(&answer.customers)
        .map(candidate_json)
        .collect();
    json!({
        "number": answer.raw, "key": key, "given": given, "ext": ext, "display": shown, "country": country,
        "unreadable": unreadable, "verdict": verdict_code(&answer.verdict), "candidates": candidates,
    })
}

fn candidate_json((one, customer): (&Candidate, &Option<Customer>)) -> Value {
    let text = |of: fn(&Customer) -> &str| customer.as_ref().map(of);
    json!({
        "customer": text(|customer| &customer.reference.0),
        "name": text(|customer| &customer.name),
        "company": text(|customer| &customer.company),
        "country": customer.as_ref().and_then(|customer| customer.country.clone()),
        "grade": grade_word(one.grade),
        "because": one.reason.to_string(),
        "ext": one.ext,
    })
}

fn verdict_code(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Withheld => "withheld",
        Verdict::Own => "own",
        Verdict::Internal(_) => "internal",
        Verdict::Unknown => "unknown",
        Verdict::One(_) => "one",
        Verdict::Several(_) => "several",
    }
}

fn verdict_words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Withheld => "the caller withheld the number".to_owned(),
        Verdict::Own => "one of our own numbers".to_owned(),
        Verdict::Internal(_) => "a colleague".to_owned(),
        Verdict::Unknown => "nobody in the data has it".to_owned(),
        Verdict::One(_) => "one customer has it".to_owned(),
        Verdict::Several(several) => format!("{} customers share it", several.len()),
    }
}

fn grade_word(grade: Grade) -> &'static str {
    match grade {
        Grade::Exact => "exact",
        Grade::National => "national",
        Grade::Ambiguous => "ambiguous",
    }
}
