//! What a run does when a source misbehaves.

use std::collections::VecDeque;
use std::time::Duration;

use ringside::source::pull::{Batch, Extent, Keyed, Mark, PullError, Refused, Sink, Source, Stream};
use ringside::source::record::Record;
use ringside::source::sync::{self, Failed, Report};
use ringside::words::Saying;

use super::{World, plan};
use crate::directory::{Cache, customer, day};

/// What the source does at one call.
enum Step {
    Give(Vec<Record>, &'static str),
    Refuse(&'static str),
    Gone(Vec<String>),
    Fail(PullError),
    End(Extent),
}
use Step::{End, Fail, Give, Gone, Refuse};

/// A source that does what it is told, and remembers from where it was asked to read.
#[derive(Default)]
struct Scripted {
    steps: VecDeque<Step>,
    asked: Vec<Option<String>>,
}

impl Source for Scripted {
    fn streams(&self) -> Vec<Stream> {
        vec![Stream {
            name: "parties".to_owned(),
            kind: Keyed::Customer,
        }]
    }

    fn pull(&mut self, _: &Stream, mark: Option<&Mark>, sink: &mut Sink<'_>) -> Result<Extent, PullError> {
        self.asked.push(mark.map(|mark| mark.0.clone()));
        loop {
            let mut batch = Batch::default();
            match self.steps.pop_front().expect("a step") {
                Give(records, mark) => {
                    batch.records = records;
                    batch.mark = Some(Mark(mark.to_owned()));
                }
                Refuse(key) => batch.refused.push(Refused {
                    key: key.to_owned(),
                    reason: Saying::quoted("it has no name"),
                }),
                Gone(keys) => batch.gone = keys,
                Fail(error) => return Err(error),
                End(extent) => return Ok(extent),
            }
            sink(batch)?;
        }
    }
}

fn people(numbers: std::ops::Range<usize>) -> Vec<Record> {
    numbers.map(|n| customer(&format!("C{n}"), &[])).collect()
}

fn later(after: Option<u64>) -> Step {
    Fail(PullError::Later {
        said: Saying::quoted("the server is down"),
        after: after.map(Duration::from_secs),
    })
}

struct Ran {
    report: Report,
    world: World,
    asked: Vec<Option<String>>,
}

fn run(cache: &Cache, steps: Vec<Step>) -> Ran {
    run_in(cache, steps, World::at(1))
}

fn run_in(cache: &Cache, steps: Vec<Step>, mut world: World) -> Ran {
    let mut source = Scripted {
        steps: steps.into(),
        asked: Vec::new(),
    };
    let report = sync::run(&mut source, &cache.open().place(), &plan("erp"), &mut world).unwrap();
    Ran {
        report,
        world,
        asked: source.asked,
    }
}

fn customers(cache: &Cache) -> u64 {
    cache.open().place().kept("erp").unwrap().customers
}

#[test]
fn a_source_that_is_down_for_a_while_is_waited_for_and_asked_on_from_where_it_was() {
    let cache = Cache::new();
    let ran = run(
        &cache,
        vec![
            Give(people(0..3), "three"),
            later(None),
            later(None),
            Give(people(3..5), "five"),
            later(Some(40)),
            End(Extent::Whole),
        ],
    );
    assert_eq!(ran.report.failed, None);
    assert_eq!(ran.report.tally.added, 5);
    let asked: Vec<Option<&str>> = ran.asked.iter().map(Option::as_deref).collect();
    assert_eq!(asked, [None, Some("three"), Some("three"), Some("five")]);
    let waited: Vec<u64> = ran.world.waited.iter().map(Duration::as_secs).collect();
    assert_eq!(waited, [2, 4, 42]);
    assert!(ran.world.seen.iter().any(|progress| progress.waits.is_some()));
}

#[test]
fn a_source_that_stays_down_leaves_the_last_data_and_says_so() {
    let cache = Cache::new();
    run(&cache, vec![Give(people(0..4), "four"), End(Extent::Whole)]);
    let ran = run(&cache, (0..7).map(|_| later(None)).collect());
    let Some(Failed::Later { said, after: None }) = &ran.report.failed else {
        panic!("{:?}", ran.report.failed)
    };
    assert_eq!(said.to_string(), "the server is down");
    assert_eq!(ran.world.waited.len(), 6);
    assert_eq!(customers(&cache), 4);
    let kept = cache.open().place().kept("erp").unwrap();
    assert_eq!(kept.checked, Some(day(1)));
    assert_eq!(kept.last.unwrap().error.as_deref(), Some("the server is down"));
    let ran = run(&cache, vec![later(Some(7_200))]);
    let Some(Failed::Later { after, .. }) = ran.report.failed else {
        panic!("it is left alone for two hours")
    };
    assert_eq!(after, Some(day(1) + chrono::TimeDelta::hours(2)));
}

#[test]
fn a_mark_that_is_no_longer_good_means_that_everything_is_read_again_once() {
    let cache = Cache::new();
    run(&cache, vec![Give(people(0..300), "old"), End(Extent::Whole)]);
    let expired = || {
        Fail(PullError::MarkExpired {
            what: "parties".to_owned(),
        })
    };
    let ran = run(&cache, vec![expired(), Give(people(0..299), "new"), End(Extent::Whole)]);
    assert_eq!(ran.asked, [Some("old".to_owned()), None]);
    assert_eq!((ran.report.tally.unchanged, ran.report.tally.removed), (299, 1));
    let ran = run(&cache, vec![expired(), expired()]);
    assert!(matches!(ran.report.failed, Some(Failed::Refused(_))));
    assert_eq!(customers(&cache), 299);
}

#[test]
fn half_the_customers_gone_overnight_stay_until_somebody_says_that_they_may_go() {
    let cache = Cache::new();
    run(&cache, vec![Give(people(0..200), "a"), End(Extent::Whole)]);
    let ran = run(&cache, vec![Give(people(0..100), "b"), End(Extent::Whole)]);
    assert_eq!(ran.report.held[0].records, 100);
    assert_eq!(customers(&cache), 200);
    let gone = (0..60).map(|n| format!("C{n}")).collect();
    let ran = run(&cache, vec![Gone(gone), End(Extent::Changes)]);
    assert_eq!((ran.report.tally.removed, ran.report.tally.held), (10, 150));
    let mut source = Scripted {
        steps: vec![End(Extent::Changes)].into(),
        asked: Vec::new(),
    };
    let allowed = sync::Plan {
        allow_deletes: true,
        ..plan("erp")
    };
    let report = sync::run(&mut source, &cache.open().place(), &allowed, &mut World::at(4)).unwrap();
    assert_eq!((report.tally.removed, report.held.len()), (150, 0));
    assert_eq!(customers(&cache), 40);
}

#[test]
fn what_could_not_be_read_is_still_there() {
    let cache = Cache::new();
    run(&cache, vec![Give(people(0..100), "a"), End(Extent::Whole)]);
    let ran = run(
        &cache,
        vec![Give(people(0..98), "b"), Refuse("C98"), End(Extent::Whole)],
    );
    assert_eq!((ran.report.tally.removed, ran.report.tally.refused), (1, 1));
    assert_eq!(ran.report.refused[0].reason.to_string(), "it has no name");
    assert_eq!(customers(&cache), 99);
}

#[test]
fn a_run_that_is_stopped_keeps_what_it_has_and_goes_on_from_there() {
    let cache = Cache::new();
    let world = World {
        cancel_after: Some(1),
        ..World::at(1)
    };
    let steps = vec![
        Give(people(0..3), "three"),
        Give(people(3..6), "six"),
        Give(people(6..9), "nine"),
    ];
    let ran = run_in(&cache, steps, world);
    assert_eq!(ran.report.failed, Some(Failed::Cancelled));
    let had = customers(&cache);
    assert!((3..9).contains(&had), "{had}");
    let ran = run(&cache, vec![Give(people(0..9), "nine"), End(Extent::Whole)]);
    assert_eq!(ran.report.failed, None);
    assert_eq!(customers(&cache), 9);
}
