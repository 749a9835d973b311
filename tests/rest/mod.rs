//! Services described by a file: asked over real sockets, with all that can go wrong on the way.

mod auth;
mod command;
mod entries;
mod faults;
mod file;
mod journey;
mod kept;
mod odoo;
mod paging;
mod ready;
mod server;
mod tryton;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ringside::customer::Currency;
use ringside::number::Region;
use ringside::source::Settings;
use ringside::source::pull::{Batch, Extent, Mark, PullError, Source as _, Stopped};
use ringside::source::record::Record;
use ringside::source::rest::{Given, Outside, RestSource, Secrets, parse};

/// The time of all tests.
fn now() -> DateTime<Utc> {
    "2026-11-28T12:00:00Z".parse().expect("a time")
}

fn settings() -> Settings {
    Settings {
        region: Region::from_code("DE"),
        area: "30".to_owned(),
        currency: Currency::EUR,
        maps: Vec::new(),
        leave_out: Vec::new(),
        at: now(),
    }
}

/// What was waited for, in place of waiting.
type Waits = Arc<Mutex<Vec<Duration>>>;

fn outside() -> (Outside, Waits) {
    let waits = Waits::default();
    let kept = Arc::clone(&waits);
    let outside = Outside {
        now: Box::new(now),
        wait: Box::new(move |wait| kept.lock().expect("not poisoned").push(wait)),
        chance: Box::new(|| 1.0),
    };
    (outside, waits)
}

fn given(values: &[(&str, &str)]) -> Given {
    let values: BTreeMap<String, String> = values
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    Given {
        values,
        private_hosts: vec!["127.0.0.1".to_owned()],
        settings: settings(),
    }
}

fn no_secrets() -> Secrets {
    Secrets::new(PathBuf::from("/nowhere"), None)
}

/// The source of a file.
fn source(text: &str, values: &[(&str, &str)]) -> (RestSource, Waits) {
    let system = parse(Path::new("test.toml"), text).expect("a good file");
    let (outside, waits) = outside();
    let source = RestSource::new(system, given(values), no_secrets(), outside).expect("usable");
    (source, waits)
}

/// What a run gave.
#[derive(Default)]
struct Pulled {
    batches: Vec<Batch>,
}

impl Pulled {
    fn records(&self) -> Vec<&Record> {
        self.batches.iter().flat_map(|batch| &batch.records).collect()
    }

    fn customers(&self) -> Vec<String> {
        let key = |record: &&Record| match record {
            Record::Customer(row) => Some(row.key.clone()),
            _ => None,
        };
        self.records().iter().filter_map(key).collect()
    }

    fn gone(&self) -> Vec<String> {
        self.batches.iter().flat_map(|batch| batch.gone.clone()).collect()
    }

    fn refused(&self) -> Vec<(String, String)> {
        let pair = |refused: &ringside::source::pull::Refused| (refused.key.clone(), refused.reason.to_string());
        self.batches.iter().flat_map(|batch| &batch.refused).map(pair).collect()
    }

    fn mark(&self) -> Option<Mark> {
        self.batches.iter().rev().find_map(|batch| batch.mark.clone())
    }
}

/// Reads the first stream.
fn pull(source: &mut RestSource, mark: Option<&Mark>) -> (Pulled, Result<Extent, PullError>) {
    pull_named(source, 0, mark)
}

fn pull_named(source: &mut RestSource, at: usize, mark: Option<&Mark>) -> (Pulled, Result<Extent, PullError>) {
    let stream = source.streams()[at].clone();
    let mut given = Pulled::default();
    let end = source.pull(&stream, mark, &mut |batch| {
        given.batches.push(batch);
        Ok::<(), Stopped>(())
    });
    (given, end)
}

fn message(end: Result<Extent, PullError>) -> String {
    end.expect_err("it fails").to_string()
}
