//! Walks a database step by step and says what each step gave: the file, the password, the connection and who connects, and the
//! first rows of each query. It keeps nothing.

use std::path::{Path, PathBuf};

use super::file::parse;
use super::pulled::SqlSource;
use crate::source::Settings;
use crate::source::pull::{PullError, Source as _, Stopped};
use crate::source::trial::{Seen, Trial};
use crate::vault::Keyring;

/// Walks the database of `text`, which is the file at `path`; `folder` is what paths in it count from.
#[must_use]
pub fn trial(path: &Path, text: &str, folder: PathBuf, keyring: Option<&Keyring>, settings: Settings) -> Trial {
    let mut trial = Trial::of(path);
    let file = match parse(path, text) {
        Ok(file) => file,
        Err(error) => {
            trial.step("file", false, error.to_string());
            return trial;
        }
    };
    trial.system = file.title.clone();
    let names: Vec<&str> = file.queries.iter().map(|query| query.name.as_str()).collect();
    trial.step("file", true, format!("{} queries: {}", names.len(), names.join(", ")));
    let mut source = match SqlSource::new(file, folder, keyring, settings) {
        Ok(source) => source,
        Err(error) => {
            trial.step("password", false, error.to_string());
            return trial;
        }
    };
    trial.step("password", true, "it is there, or none is needed");
    match source.remarks() {
        Err(error) => {
            trial.step("connection", false, error.to_string());
            return trial;
        }
        Ok(remarks) if remarks.is_empty() => trial.step("connection", true, "it answers, and this user can only read"),
        Ok(remarks) => trial.step("connection", true, remarks.join(". ")),
    }
    for stream in source.streams() {
        let mut seen = Seen {
            gives: format!("{:?}", stream.kind).to_lowercase(),
            ..Seen::default()
        };
        let read = source.pull(&stream, None, &mut |batch| {
            seen.take(batch);
            Err(Stopped)
        });
        // the first batch is enough
        let error = read.err().filter(|error| !matches!(error, PullError::Stopped(_)));
        let step = seen.step(&stream.name, error.as_ref());
        trial.steps.push(step);
    }
    trial
}
