//! An answer as text and as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Answer, candidates, words};
use crate::customer::Customer;
use crate::matching::{Candidate, Tried};
use crate::number::{self, CallerId, Number};

/// One answer in lines of text: the number, the readings when there were several, the verdict, the candidates.
pub(super) fn text(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    match &answer.sought.caller {
        CallerId::Withheld => writeln!(out, "{}: no number", answer.raw)?,
        CallerId::Extension(ext) => writeln!(out, "{}: extension {ext}", answer.raw)?,
        CallerId::Unreadable(text, why) => writeln!(out, "{text}: cannot be read: {why}")?,
        CallerId::Number(number) => writeln!(out, "{}: {}", answer.raw, read(number))?,
    }
    if answer.sought.tried.len() > 1 {
        answer.sought.tried.iter().try_for_each(|tried| reading(tried, out))?;
    }
    writeln!(out, "  {}", words::verdict(&answer.sought.verdict))?;
    for (one, customer) in candidates(&answer.sought.verdict).iter().zip(&answer.customers) {
        let who = customer.as_ref().map(who).unwrap_or_default();
        let ext = one.ext.as_ref().map(|ext| format!(", stored with extension {ext}"));
        let (grade, why) = (words::grade(one.grade), words::reason(one.reason));
        writeln!(out, "  {who}: {grade} match, because {why}{}", ext.unwrap_or_default())?;
    }
    Ok(())
}

/// All answers as one array.
pub(super) fn json(answers: &[Answer], out: &mut dyn Write) -> io::Result<()> {
    let answers: Vec<Value> = answers.iter().map(object).collect();
    writeln!(out, "{:#}", Value::Array(answers))
}

fn read(number: &Number) -> String {
    let country = number::country(number.key).map(|region| format!(", {region}"));
    let (shown, country) = (number::display(number.key), country.unwrap_or_default());
    format!("{shown}{country}, key {}; {}", number.key, words::given(number.given))
}

fn reading(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    let found = match tried.holders {
        0 => "nobody".to_owned(),
        1 => "1 stored number".to_owned(),
        n => format!("{n} stored numbers"),
    };
    writeln!(out, "  read as {}: {found}", read(&tried.reading.number))
}

fn who(customer: &Customer) -> String {
    let names = [&customer.name, &customer.company, &customer.city]
        .into_iter()
        .filter(|name| !name.is_empty());
    let names: Vec<&str> = names.map(String::as_str).collect();
    format!("{} {}", customer.reference, names.join(", "))
}

fn object(answer: &Answer) -> Value {
    let caller = &answer.sought.caller;
    let number = match caller {
        CallerId::Number(number) => Some(number),
        CallerId::Withheld | CallerId::Extension(_) | CallerId::Unreadable(..) => None,
    };
    let ext = match caller {
        CallerId::Extension(ext) => Some(ext.clone()),
        CallerId::Withheld | CallerId::Number(_) | CallerId::Unreadable(..) => number.and_then(|n| n.ext.clone()),
    };
    let unreadable = match caller {
        CallerId::Unreadable(_, why) => Some(why.to_string()),
        CallerId::Withheld | CallerId::Extension(_) | CallerId::Number(_) => None,
    };
    let candidates: Vec<Value> = candidates(&answer.sought.verdict)
        .iter()
        .zip(&answer.customers)
        .map(candidate)
        .collect();
    json!({
        "number": answer.raw,
        "key": number.map(|number| number.key.to_string()),
        "given": number.map(|number| words::given_code(number.given)),
        "ext": ext,
        "display": number.map(|number| number::display(number.key)),
        "country": number.and_then(|number| number::country(number.key)).map(|region| region.to_string()),
        "unreadable": unreadable,
        "readings": answer.sought.tried.iter().map(tried).collect::<Vec<_>>(),
        "verdict": words::verdict_code(&answer.sought.verdict),
        "candidates": candidates,
    })
}

fn tried(tried: &Tried) -> Value {
    let number = &tried.reading.number;
    json!({
        "text": tried.reading.text,
        "key": number.key.to_string(),
        "given": words::given_code(number.given),
        "holders": tried.holders,
    })
}

fn candidate((one, customer): (&Candidate, &Option<Customer>)) -> Value {
    let text = |of: fn(&Customer) -> &str| customer.as_ref().map(of);
    json!({
        "customer": text(|customer| &customer.reference.0),
        "name": text(|customer| &customer.name),
        "company": text(|customer| &customer.company),
        "country": customer.as_ref().and_then(|customer| customer.country.clone()),
        "grade": words::grade(one.grade),
        "reason": one.reason,
        "because": words::reason(one.reason),
        "ext": one.ext,
    })
}
