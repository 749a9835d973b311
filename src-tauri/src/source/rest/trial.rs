//! Walks a system step by step and says what each step gave: the file, what was said, the address, the log-in, and the
//! first page of each stream.
//!
//! It keeps nothing. A step that fails says what to do, and what hangs on it is not tried.

use std::path::Path;

use super::connect::{Given, RestSource, Secrets};
use super::mark::Left;
use super::read::parse;
use super::{Outside, System};
use crate::source::pull::Source as _;
use crate::source::trial::{Seen, Trial};

/// Walks the system of `text`, which is the file at `path`.
#[must_use]
pub fn trial(path: &Path, text: &str, given: Given, secrets: Secrets, outside: Outside) -> Trial {
    let mut trial = Trial::of(path);
    let system = match parse(path, text) {
        Ok(system) => system,
        Err(error) => {
            trial.step("file", false, error.to_string());
            return trial;
        }
    };
    trial.system = system.title.clone();
    (trial.tested, trial.untested) = (system.tested.clone(), system.untested.clone());
    trial.step(
        "file",
        true,
        format!("{} streams: {}", system.streams.len(), names(&system)),
    );
    let about = system.about.trim().to_owned();
    let mut source = match RestSource::new(system, given, secrets, outside) {
        Ok(source) => source,
        Err(error) => {
            let how = if about.is_empty() {
                String::new()
            } else {
                format!("\n{about}")
            };
            trial.step("parameters", false, format!("{error}{how}"));
            return trial;
        }
    };
    trial.step("parameters", true, "all said, and every secret is there");
    trial.step("address", true, format!("{} may be asked", source.host()));
    if let Err(error) = source.asker().prove("") {
        trial.step("log-in", false, error.to_string());
        return trial;
    }
    trial.step("log-in", true, "what is needed to ask is there");
    for stream in source.streams() {
        let mut seen = Seen {
            gives: format!("{:?}", stream.kind).to_lowercase(),
            ..Seen::default()
        };
        let read = source.read(&stream.name, Left::default(), 1, &mut |batch| {
            seen.take(batch);
            Ok(())
        });
        let step = seen.step(&stream.name, read.as_ref().err());
        trial.steps.push(step);
    }
    trial
}

fn names(system: &System) -> String {
    let names: Vec<&str> = system.streams.iter().map(|stream| stream.name.as_str()).collect();
    names.join(", ")
}
