//! `ringside erase`: takes one person out of all stores, down to the bytes.

use std::io::{BufRead, Write};

use chrono::{DateTime, Utc};
use clap::Args;

use super::{Failure, export};
use crate::start::{Erased, NoPerson, People, Person};

/// Takes one person out of the customer cache, the journal and the traces, down to the bytes.
///
/// Calls stay as figures, without who it was, and the audit trail says under a pseudonym that somebody was erased. No source
/// brings them back. Ringside must not run meanwhile.
#[derive(Args, Debug)]
pub struct EraseArgs {
    /// Whom: source/key, a telephone number, or a name that only they have
    #[arg(value_name = "PERSON", required_unless_present_any = ["finish", "let_in"])]
    person: Option<String>,
    /// Do not ask for the name; then PERSON is source/key, a number, or the whole name
    #[arg(long)]
    yes: bool,
    /// Say only who it is and what is known of them
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Finish what was begun before and interrupted
    #[arg(long, conflicts_with_all = ["person", "let_in", "dry_run"])]
    finish: bool,
    /// Take in again somebody who was erased and has come back, by a source/key or a number of theirs; the next sync does it
    #[arg(long, value_name = "PERSON", conflicts_with_all = ["person", "dry_run"])]
    let_in: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Where the name is typed, and where it is asked for.
pub type Asked<'a> = (&'a mut dyn BufRead, &'a mut dyn Write);

/// Erases a person of `people` at `now`; the name is typed into `answers`.
///
/// # Errors
/// When nobody or several may be meant, the name typed is another, Ringside runs, or a store cannot be used.
pub fn run(
    args: &EraseArgs,
    people: &People,
    now: DateTime<Utc>,
    (answers, questions): Asked<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if let Some(text) = &args.let_in {
        return let_in(text, people, now, out);
    }
    if args.finish {
        let finished = people.finish(now)?;
        return say(args.json, &finished, people, out);
    }
    let person = people.find(args.person.as_deref().unwrap_or_default())?;
    if args.dry_run {
        return look(args.json, &person, people, out);
    }
    export::shared(&person, questions)?;
    if args.yes {
        if !person.exact {
            let (name, known) = (&person.name, known_as(&person));
            return Err(format!("that finds {name} ({known}); with --yes say `ringside erase --yes {known}`").into());
        }
    } else {
        ask(&person, answers, questions)?;
    }
    let erased = people.erase(&person, now)?;
    say(args.json, &[erased], people, out)
}

fn let_in(text: &str, people: &People, now: DateTime<Utc>, out: &mut dyn Write) -> Result<(), Failure> {
    if !people.let_in(text, now)? {
        return Err(format!(
            "nobody who was erased had the record or number `{text}`; say one that they had then, as source/key or with its \
             country code"
        )
        .into());
    }
    writeln!(
        out,
        "they are taken in again; `ringside sync --whole` reads what the sources have of them"
    )?;
    Ok(())
}

fn look(json: bool, person: &Person, people: &People, out: &mut dyn Write) -> Result<(), Failure> {
    let known = people.look(person)?;
    if json {
        let document = serde_json::json!({
            "name": known.name, "records": known.records, "directory": known.directory, "journal": known.journal,
            "traces": known.traces,
        });
        return Ok(writeln!(out, "{document:#}")?);
    }
    writeln!(out, "{} ({})", person.name, known_as(person))?;
    export::shared(person, out)?;
    for (what, rows) in known.directory.iter().chain(&known.journal) {
        writeln!(out, "  {what}: {rows}")?;
    }
    if known.traces > 0 {
        writeln!(out, "  traces of calls: {}", known.traces)?;
    }
    writeln!(out, "nothing was changed")?;
    Ok(())
}

fn ask(person: &Person, answers: &mut dyn BufRead, questions: &mut dyn Write) -> Result<(), Failure> {
    write!(
        questions,
        "This cannot be taken back. To erase {} ({}), type the name: ",
        person.name,
        known_as(person)
    )?;
    questions.flush()?;
    let mut typed = String::new();
    answers.read_line(&mut typed)?;
    if person.is_called(&typed) {
        return Ok(());
    }
    Err(match typed.is_empty() {
        true => "nobody is there to type the name, so nothing was erased; say --yes where that is meant".into(),
        false => NoPerson::AnotherName.into(),
    })
}

fn known_as(person: &Person) -> String {
    let records: Vec<String> = person.subject.records.iter().map(ToString::to_string).collect();
    match records.is_empty() {
        true => person.name.clone(),
        false => records.join(", "),
    }
}

fn say(json: bool, erased: &[Erased], people: &People, out: &mut dyn Write) -> Result<(), Failure> {
    let files: Vec<String> = people
        .other_files()
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    if json {
        let document = serde_json::json!({"erased": erased, "other_files": files});
        writeln!(out, "{document:#}")?;
    } else {
        if erased.is_empty() {
            writeln!(out, "nothing was left unfinished")?;
        }
        for one in erased {
            print(one, out)?;
        }
        if !erased.is_empty() {
            stays(&files, out)?;
        }
    }
    match erased.iter().all(|one| one.finished) {
        true => Ok(()),
        false => Err(
            "what was known is gone, but another command still reads the files as they were; when it has ended, say \
             `ringside erase --finish`"
                .into(),
        ),
    }
}

fn print(erased: &Erased, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "Erased; the audit trail says {} in place of the name.",
        erased.pseudonym
    )?;
    for (what, rows) in &erased.directory {
        writeln!(out, "  customer cache, {what}: {rows}")?;
    }
    for one in erased.journal.iter().filter(|one| !one.anonymous) {
        writeln!(out, "  journal, {}: {}", one.what, one.rows)?;
    }
    if erased.traces > 0 {
        writeln!(out, "  traces of calls: {}", erased.traces)?;
    }
    for one in erased.journal.iter().filter(|one| one.anonymous) {
        writeln!(out, "  stays without who it was, {}: {}", one.what, one.rows)?;
    }
    Ok(())
}

fn stays(files: &[String], out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "What stays: calls as figures of reports, and the audit trail under the pseudonym, because who saw and did what has to \
         be answered for; hashes of records and numbers, so that no source brings them back; the products, which are the \
         shop's.\nWhat Ringside cannot erase: backups made before (erase again after a restore), files that were exported, \
         recordings, the sources themselves and what was written back into them."
    )?;
    for file in files {
        writeln!(out, "Look yourself into {file}")?;
    }
    Ok(())
}
