//! `ringside source systems`, `show` and `test`: what systems there is a file for, and whether one can be read.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use chrono::Utc;
use clap::Args;

use super::Failure;
use crate::config::{self, Home};
use crate::source::Settings;
use crate::source::rest::{Given, Outside, Secrets, systems, trial};
use crate::source::sql;
use crate::source::trial::{Seen, Step, Trial};
use crate::vault::Ways;

/// What `ringside source test` takes.
#[derive(Args, Debug)]
pub struct TestArgs {
    /// A file of your own, of a service or a database, or the name of a system that `ringside source systems` has
    #[arg(value_name = "FILE|NAME")]
    file: String,
    /// Say a parameter, for example url=https://erp.example.com or key=keyring:erp; repeatable
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = name_and_value)]
    values: Vec<(String, String)>,
    /// A host that may be on a private address; repeatable
    #[arg(long = "private-host", value_name = "HOST")]
    private_hosts: Vec<String>,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
}

/// No file of a system is longer.
const MOST_BYTES: u64 = 1024 * 1024;

/// Prints the file of a system.
///
/// # Errors
/// When there is none of that name.
pub fn show(name: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let ready = systems::find(name).ok_or_else(|| unknown(name))?;
    Ok(out.write_all(ready.text.as_bytes())?)
}

/// Lists the systems and what each file was tested against.
///
/// # Errors
/// When the list cannot be written.
pub fn list(json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for ready in systems::ALL {
        rows.push((ready.name, ready.system()?));
    }
    if json {
        let row = |(name, system): &(&str, crate::source::rest::System)| serde_json::json!({"name": name, "title": system.title, "tested": system.tested, "untested": system.untested});
        let rows: Vec<_> = rows.iter().map(row).collect();
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?);
    }
    for (name, system) in &rows {
        writeln!(
            out,
            "{name:14} {:22} {}",
            system.title,
            tried(system.tested.as_deref(), system.untested.as_deref())
        )?;
    }
    Ok(())
}

/// What a file was and was not tried against, in words.
fn tried(tested: Option<&str>, untested: Option<&str>) -> String {
    let tested = tested.map(|what| format!("tested against {what}"));
    let untested = untested.map(|what| format!("untested {what}"));
    tested.into_iter().chain(untested).collect::<Vec<_>>().join("; ")
}

/// Walks a system or a database step by step.
///
/// # Errors
/// When its file cannot be read or a step fails.
pub fn test(args: &TestArgs, home: &Home, out: &mut dyn Write) -> Result<(), Failure> {
    let (path, text) = file(&args.file)?;
    let settings = config::load(home)?;
    let place = settings.home();
    let settings = Settings {
        region: place.region,
        area: place.area,
        currency: settings.currency(),
        maps: Vec::new(),
        leave_out: Vec::new(),
        at: Utc::now(),
    };
    let (folder, keyring) = (home.folder().to_owned(), Ways::from_environment()?.keyring);
    let found = if is_of_database(&text) {
        sql::trial(&path, &text, folder, keyring.as_ref(), settings)
    } else {
        let given = Given {
            values: args.values.iter().cloned().collect::<BTreeMap<_, _>>(),
            private_hosts: args.private_hosts.clone(),
            settings,
        };
        trial(&path, &text, given, Secrets::new(folder, keyring), Outside::default())
    };
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
    } else {
        print(&found, out)?;
    }
    let failed = found.steps.iter().filter(|step| !step.good).count();
    match failed {
        0 => Ok(()),
        1 => Err("one step failed".into()),
        failed => Err(format!("{failed} steps failed").into()),
    }
}

/// Does the file describe a database? A slip anywhere else in it is shown by who reads it.
fn is_of_database(text: &str) -> bool {
    let describes = |line: &str| matches!(line.trim(), "[database]" | "[[query]]");
    text.lines().any(describes)
}

/// The file of that path, or that comes with Ringside under that name.
fn file(name: &str) -> Result<(PathBuf, String), Failure> {
    let path = Path::new(name);
    if !path.exists() {
        let ready = systems::find(name).ok_or_else(|| unknown(name))?;
        return Ok((PathBuf::from(format!("{name}.toml")), ready.text.to_owned()));
    }
    let mut text = String::new();
    let unread = |error: io::Error| format!("cannot read {name}: {error}");
    std::fs::File::open(path)
        .map_err(unread)?
        .take(MOST_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(unread)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(format!("{name} is larger than one megabyte, so it is not the file of a system").into());
    }
    Ok((path.to_owned(), text))
}

fn unknown(name: &str) -> String {
    let names: Vec<&str> = systems::ALL.iter().map(|ready| ready.name).collect();
    format!(
        "there is no file {name}, and no system of that name; systems are {}",
        names.join(", ")
    )
}

fn print(trial: &Trial, out: &mut dyn Write) -> io::Result<()> {
    let tried = tried(trial.tested.as_deref(), trial.untested.as_deref());
    writeln!(
        out,
        "{}{}",
        trial.system,
        if tried.is_empty() { tried } else { format!(" ({tried})") }
    )?;
    for Step { what, good, said, seen } in &trial.steps {
        let sign = if *good { "ok  " } else { "FAIL" };
        writeln!(out, "{sign}  {what}: {}", said.replace('\n', "\n      "))?;
        if let Some(seen) = seen {
            print_seen(seen, out)?;
        }
    }
    Ok(())
}

fn print_seen(seen: &Seen, out: &mut dyn Write) -> io::Result<()> {
    if let Some(total) = seen.total {
        writeln!(out, "        {total} in all")?;
    }
    if seen.gone > 0 {
        writeln!(out, "        {} said to be gone", seen.gone)?;
    }
    for (field, value) in &seen.example {
        writeln!(out, "        {field:14} {value}")?;
    }
    for (key, reason) in &seen.refused {
        let key = if key.is_empty() { "without a key" } else { key };
        writeln!(out, "        not used: {key}: {reason}")?;
    }
    if let Some(mark) = &seen.mark {
        writeln!(out, "        the next run goes on from {mark}")?;
    }
    Ok(())
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("say NAME=VALUE, for example url=https://erp.example.com")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
