//! One run over one stream: page by page from a mark on.
//!
//! What a run hands over is never newer than its mark says: a mark is the latest change that was given, and no later than
//! the server's own time when the run began, so that what changes meanwhile is asked for again.

use std::collections::HashSet;

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc};
use reqwest::Url;
use serde_json::{Value, json};

use super::ask::Asker;
use super::mark::{Left, Stopped};
use super::pages::Page;
use super::paging::Position;
use super::path::{OneOrMore, Path, Place};
use super::pick::Reader;
use super::stream::{Stream, Watermark};
use super::template::Words;
use super::value;
use crate::source::pull::{Batch, Extent, Mark, PullError, Sink};

/// How far back what changed is asked for again, in seconds.
const OVERLAP: u32 = 120;

/// One run over one stream.
pub(super) struct Run<'r> {
    pub(super) asker: &'r mut Asker,
    pub(super) stream: &'r Stream,
    pub(super) reader: &'r Reader,
    pub(super) left: Left,
    pub(super) began: Option<DateTime<Utc>>,
    pub(super) reached: Option<DateTime<Utc>>,
    pub(super) token: Option<String>,
    pub(super) last_page: Option<u64>,
    pub(super) followed: HashSet<String>,
}

impl<'r> Run<'r> {
    pub(super) fn new(asker: &'r mut Asker, stream: &'r Stream, reader: &'r Reader, left: Left) -> Self {
        Run {
            asker,
            stream,
            reader,
            left,
            began: None,
            reached: None,
            token: None,
            last_page: None,
            followed: HashSet::new(),
        }
    }

    /// Reads at most so many pages.
    pub(super) fn through(mut self, pages: usize, sink: &mut Sink<'_>) -> Result<Extent, PullError> {
        self.refuse_old_mark()?;
        let stream = self.stream;
        let resumed = self.left.stopped.take();
        let fresh = resumed.is_none() && self.left.since.is_none() && self.left.token.is_none();
        if let Some(stopped) = &resumed {
            (self.began, self.reached) = (Some(stopped.began), stopped.reached);
        }
        let words = self.since();
        let last = resumed.map(|stopped| serde_json::from_str(&stopped.last).unwrap_or(Value::from(stopped.last)));
        let mut position = Position::start(&self.paging(&stream.ask), last);
        position.url = self.left.token.as_deref().and_then(|token| Url::parse(token).ok());
        self.pages(
            &stream.ask,
            &stream.errors,
            &words,
            position,
            pages,
            &mut |run, page| {
                let batches = run.batches(page)?;
                let (last, count) = (page.last.cloned(), batches.len());
                for (at, mut batch) in batches.into_iter().enumerate() {
                    if at + 1 == count {
                        batch.mark = run.mark_after(last.as_ref());
                    }
                    sink(batch)?;
                }
                Ok(())
            },
        )?;
        if let Some(ask) = stream
            .deletes
            .as_ref()
            .and_then(|deletes| deletes.ask.as_ref())
            .filter(|_| !fresh)
        {
            self.deleted(ask, &words, sink)?;
        }
        let mark = self.final_mark();
        if mark.is_some() {
            sink(Batch {
                mark,
                ..Batch::default()
            })?;
        }
        Ok(if fresh { Extent::Whole } else { Extent::Changes })
    }

    fn refuse_old_mark(&self) -> Result<(), PullError> {
        let days = self
            .stream
            .watermark
            .as_ref()
            .and_then(|watermark| watermark.oldest_days);
        let (Some(days), Some(since)) = (days, self.left.since) else {
            return Ok(());
        };
        if (self.asker.outside.now)() - since > TimeDelta::days(days.into()) {
            return Err(self.expired());
        }
        Ok(())
    }

    pub(super) fn expired(&self) -> PullError {
        PullError::MarkExpired {
            what: self.asker.named(&self.stream.name),
        }
    }

    /// What requests are filled in with about the mark.
    pub(super) fn since(&self) -> Words {
        let mut words: Words = [
            ("since", Value::from("")),
            ("since_at", Value::Null),
            ("ids", json!([])),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        if let Some(token) = &self.left.token {
            words.insert("since".to_owned(), Value::from(token.clone()));
        }
        let Some((since, watermark)) = self.left.since.zip(self.stream.watermark.as_ref()) else {
            return words;
        };
        let at = since - TimeDelta::seconds(watermark.overlap_seconds.unwrap_or(OVERLAP).into());
        let format = watermark.format.as_deref().unwrap_or("%Y-%m-%dT%H:%M:%SZ");
        let text = match format {
            "unix" => at.timestamp().to_string(),
            "unix-ms" => at.timestamp_millis().to_string(),
            format => at.format(format).to_string(),
        };
        words.insert("since".to_owned(), Value::from(text));
        let parts = json!({
            "year": at.year(), "month": at.month(), "day": at.day(),
            "hour": at.hour(), "minute": at.minute(), "second": at.second(), "microsecond": at.timestamp_subsec_micros(),
        });
        words.insert("since_at".to_owned(), parts);
        words
    }

    pub(super) fn see_changes(&mut self, watermark: &Watermark, page: &Page<'_>) {
        if let Some(token) = &watermark.token {
            self.token = token.text_in(&page.answer.body).or(self.token.take());
        }
        let paths: Vec<&Path> = watermark.field.iter().flat_map(OneOrMore::iter).collect();
        for record in page.records {
            let found = paths.iter().flat_map(|path| path.all(Place::alone(record)));
            let times = found.filter_map(value::time);
            self.reached = self.reached.max(times.max());
        }
    }

    /// The mark after a page with more behind it: there is one where the next run could go on from here.
    fn mark_after(&self, last: Option<&Value>) -> Option<Mark> {
        self.stream.watermark.as_ref()?;
        let began = self.began?;
        let stopped = Stopped {
            last: last?.to_string(),
            began,
            reached: self.reached,
        };
        Some(
            Left {
                stopped: Some(stopped),
                ..self.left.clone()
            }
            .mark(),
        )
    }

    fn final_mark(&self) -> Option<Mark> {
        let watermark = self.stream.watermark.as_ref()?;
        if watermark.token.is_some() {
            let token = self.token.clone().or_else(|| self.left.token.clone())?;
            return Some(
                Left {
                    token: Some(token),
                    ..Left::default()
                }
                .mark(),
            );
        }
        let reached = match (self.reached, self.began) {
            (Some(reached), Some(began)) => Some(reached.min(began)),
            (reached, _) => reached,
        };
        // a mark never goes back: the overlap gave what stands before it
        let since = reached.max(self.left.since)?;
        Some(
            Left {
                since: Some(since),
                ..Left::default()
            }
            .mark(),
        )
    }
}
