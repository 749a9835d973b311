//! One run over one stream: page by page from a mark on.
//!
//! What a run hands over is never newer than its mark says: a mark is the latest change that was given, and no later than
//! the server's own time when the run began, so that what changes meanwhile is asked for again.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc};
use reqwest::Url;
use serde_json::{Value, json};

use super::answer::{Answer, server_time};
use super::ask::{Asker, Exchange, Want};
use super::mark::{Left, Stopped};
use super::paging::Position;
use super::path::{OneOrMore, Path, Place};
use super::pick::Reader;
use super::stream::{Deletes, Follow, Stream, Watermark};
use super::system::{Ask, ErrorRule, Paging};
use super::template::Words;
use super::value;
use crate::source::Field;
use crate::source::pull::{Batch, Extent, Mark, PullError, Refused, Sink};

/// How far back what changed is asked for again, in seconds.
const OVERLAP: u32 = 120;

/// How often a list that shrinks while it is read is read from its start.
const RESTARTS: u32 = 3;

/// One run over one stream.
pub(super) struct Run<'r> {
    asker: &'r mut Asker,
    stream: &'r Stream,
    reader: &'r Reader,
    left: Left,
    began: Option<DateTime<Utc>>,
    reached: Option<DateTime<Utc>>,
    token: Option<String>,
    last_page: Option<u64>,
    followed: HashSet<String>,
}

/// What `each_page` is told of a page.
struct Page<'p> {
    answer: &'p Answer,
    records: &'p [Value],
    last: Option<&'p Value>,
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

    fn expired(&self) -> PullError {
        PullError::MarkExpired {
            what: self.asker.named(&self.stream.name),
        }
    }

    /// What requests are filled in with about the mark.
    fn since(&self) -> Words {
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

    fn paging(&self, ask: &Ask) -> Paging {
        let paging = ask.paging.as_ref().or(self.asker.system.defaults.paging.as_ref());
        paging.cloned().unwrap_or(Paging::None)
    }

    /// Asks for page after page and tells `each_page` of them.
    fn pages(
        &mut self,
        ask: &Ask,
        errors: &[ErrorRule],
        words: &Words,
        mut position: Position,
        most: usize,
        each_page: &mut dyn FnMut(&mut Self, &Page<'_>) -> Result<(), PullError>,
    ) -> Result<(), PullError> {
        let paging = self.paging(ask);
        let name = self.stream.name.clone();
        let (mut total, mut restarts) = (None, 0);
        self.last_page = None;
        for _ in 0..most {
            let want = Want {
                ask,
                paging: &paging,
                position: &position,
                words,
                errors,
                stream: &name,
            };
            let (answer, asked) = match self.asker.ask(&want)? {
                Exchange::Answer(answer, asked) => (answer, asked),
                Exchange::Nothing => return Ok(()),
                Exchange::Expired => return Err(self.expired()),
            };
            let clock = || server_time(&answer.headers).unwrap_or_else(|| (self.asker.outside.now)());
            self.began = Some(self.began.unwrap_or_else(clock));
            if matches!(paging, Paging::Page { .. } | Paging::Offset { .. }) {
                // what was deleted meanwhile moved the rest one place up: a record stands on a page that was read before
                let now = self.total(ask, &answer);
                if total > now && now.is_some() && restarts < RESTARTS {
                    (total, restarts, self.last_page) = (None, restarts + 1, None);
                    position = Position::start(&paging, None);
                    continue;
                }
                total = now;
            }
            let records = self.records(ask, &answer)?;
            self.refuse_repetition(&records)?;
            let next = position
                .next(&paging, &answer, &records, &asked)
                .map_err(|what| self.asker.refused(&name, &what))?;
            let last = next.as_ref().and_then(|next| next.last.as_ref());
            each_page(
                self,
                &Page {
                    answer: &answer,
                    records: &records,
                    last,
                },
            )?;
            match next {
                Some(next) => position = next,
                None => return Ok(()),
            }
        }
        Ok(())
    }

    fn records(&self, ask: &Ask, answer: &Answer) -> Result<Vec<Value>, PullError> {
        let path = ask.records.as_ref().or(self.asker.system.defaults.records.as_ref());
        let Some(path) = path else {
            return match &answer.body {
                Value::Array(records) => Ok(records.clone()),
                Value::Null => Ok(Vec::new()),
                _ => Err(self.asker.refused(
                    &self.stream.name,
                    "the answer is no list: say where its records are, as in records = \"$.items[*]\"",
                )),
            };
        };
        let found: Vec<Value> = path.all(Place::alone(&answer.body)).into_iter().cloned().collect();
        if found.is_empty() && !self.leads_there(path, &answer.body) {
            let known = match &answer.body {
                Value::Object(fields) => fields.keys().take(12).cloned().collect::<Vec<_>>().join(", "),
                Value::Array(_) => "a list".to_owned(),
                other => other.to_string().chars().take(40).collect(),
            };
            return Err(self.asker.refused(
                &self.stream.name,
                &format!("there is no {path} in the answer; it has {known}"),
            ));
        }
        Ok(found)
    }

    /// Is what `path` lists there at all, though empty? An answer of another form must not look like "nothing there".
    fn leads_there(&self, path: &Path, body: &Value) -> bool {
        let text = path.to_string();
        let Some(list) = text.strip_suffix("[*]") else {
            return true;
        };
        Path::parse(list).is_ok_and(|list| !list.all(Place::alone(body)).is_empty())
    }

    /// A server that overlooks what says which page would be read for ever.
    fn refuse_repetition(&mut self, records: &[Value]) -> Result<(), PullError> {
        if records.is_empty() {
            return Ok(());
        }
        let mut hasher = DefaultHasher::new();
        records.iter().for_each(|record| record.to_string().hash(&mut hasher));
        let hash = hasher.finish();
        if self.last_page.replace(hash) == Some(hash) {
            let why = "the same page came twice, so the server overlooks what asks for the next one: check paging in the file. What came is kept";
            return Err(self.asker.refused(&self.stream.name, why));
        }
        Ok(())
    }

    /// What a page gives: one batch, or several where it is asked further.
    fn batches(&mut self, page: &Page<'_>) -> Result<Vec<Batch>, PullError> {
        let stream = self.stream;
        if let Some(watermark) = &stream.watermark {
            self.see_changes(watermark, page);
        }
        let mut batch = Batch {
            total: self.total(&stream.ask, page.answer),
            ..Batch::default()
        };
        let mut kept = Vec::new();
        for record in page.records {
            let place = Place::alone(record);
            if stream.deletes.as_ref().is_some_and(|deletes| is_gone(deletes, place)) {
                batch.gone.extend(self.gone_key(place));
            } else if all_hold(stream.only.as_ref(), place) {
                kept.push(record);
            }
        }
        match &stream.follow {
            None => kept
                .into_iter()
                .for_each(|record| self.add(Place::alone(record), &mut batch)),
            Some(follow) => {
                let mut batches = vec![batch];
                for chunk in kept.chunks(follow.size.unwrap_or(100).max(1) as usize) {
                    batches.push(self.follow(follow, chunk)?);
                }
                return Ok(batches);
            }
        }
        Ok(vec![batch])
    }

    /// Adds what a record gives, or the items of the list that it holds.
    fn add(&self, place: Place<'_>, batch: &mut Batch) {
        let Some(each) = &self.stream.each else {
            return self.add_one(place, batch);
        };
        let items = each.all(place);
        if items.is_empty() {
            // an order without lines is none
            batch.gone.extend(self.gone_key(Place {
                record: &Value::Null,
                parent: Some(place.record),
            }));
        }
        for record in items {
            self.add_one(
                Place {
                    record,
                    parent: Some(place.record),
                },
                batch,
            );
        }
    }

    fn add_one(&self, place: Place<'_>, batch: &mut Batch) {
        match self.reader.records(place) {
            Ok(records) => batch.records.extend(records),
            Err(unread) => batch.refused.push(Refused {
                key: unread.key,
                reason: unread.reason,
            }),
        }
    }

    /// Asks about the records of `chunk`, and gives what comes of it as one batch.
    fn follow(&mut self, follow: &Follow, chunk: &[&Value]) -> Result<Batch, PullError> {
        let key = |record: &Value| follow.key.first(Place::alone(record)).cloned();
        let mut parents: BTreeMap<String, &Value> = BTreeMap::new();
        let mut ids = Vec::new();
        for &record in chunk {
            let Some(id) = key(record) else { continue };
            // what belongs to nobody in particular need be asked for once only
            if follow.of.is_none() && !self.followed.insert(id.to_string()) {
                continue;
            }
            if parents.insert(id.to_string(), record).is_none() {
                ids.push(id);
            }
        }
        let mut batch = Batch::default();
        if ids.is_empty() {
            return Ok(batch);
        }
        let mut words = self.since();
        words.insert("ids".to_owned(), Value::from(ids));
        let position = Position::start(&self.paging(&follow.ask), None);
        let mut found = Vec::new();
        let mut with_any = HashSet::new();
        let errors = &self.stream.errors;
        let before = self.last_page;
        self.pages(&follow.ask, errors, &words, position, usize::MAX, &mut |_, page| {
            found.extend(page.records.iter().cloned());
            Ok(())
        })?;
        self.last_page = before;
        for record in &found {
            let of = follow
                .of
                .as_ref()
                .and_then(|of| of.first(Place::alone(record)))
                .map(Value::to_string);
            let parent = of.as_ref().and_then(|of| parents.get(of).copied());
            with_any.extend(of);
            if all_hold(None, Place { record, parent }) {
                self.add(Place { record, parent }, &mut batch);
            }
        }
        if follow.of.is_some() {
            let without = parents.iter().filter(|(id, _)| !with_any.contains(*id));
            let gone = without.filter_map(|(_, record)| {
                self.gone_key(Place {
                    record: &Value::Null,
                    parent: Some(record),
                })
            });
            batch.gone.extend(gone.collect::<Vec<_>>());
        }
        Ok(batch)
    }

    fn gone_key(&self, place: Place<'_>) -> Option<String> {
        let said = self.stream.deletes.as_ref().and_then(|deletes| deletes.key.as_ref());
        let key = match said.and_then(|key| key.first(place)) {
            Some(found) => value::text(found, value::As::Plain, Field::Customer, 2).unwrap_or_default(),
            None => self.reader.key(place),
        };
        Some(key).filter(|key| !key.is_empty())
    }

    /// What a list of deleted records says.
    fn deleted(&mut self, ask: &Ask, words: &Words, sink: &mut Sink<'_>) -> Result<(), PullError> {
        let position = Position::start(&self.paging(ask), None);
        let errors = &self.stream.errors;
        self.pages(ask, errors, words, position, usize::MAX, &mut |run, page| {
            let gone = page
                .records
                .iter()
                .filter_map(|record| run.gone_key(Place::alone(record)))
                .collect();
            Ok(sink(Batch {
                gone,
                ..Batch::default()
            })?)
        })
    }

    fn total(&self, ask: &Ask, answer: &Answer) -> Option<u64> {
        let total = ask.total.as_ref().or(self.asker.system.defaults.total.as_ref())?;
        if total.starts_with('$') {
            return Path::parse(total).ok()?.text_in(&answer.body)?.parse().ok();
        }
        answer.headers.get(total)?.to_str().ok()?.trim().parse().ok()
    }

    fn see_changes(&mut self, watermark: &Watermark, page: &Page<'_>) {
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

fn is_gone(deletes: &Deletes, place: Place<'_>) -> bool {
    deletes
        .when
        .as_ref()
        .is_some_and(|when| when.iter().any(|condition| condition.holds(place)))
}

fn all_hold(conditions: Option<&OneOrMore<super::path::Condition>>, place: Place<'_>) -> bool {
    conditions.is_none_or(|conditions| conditions.iter().all(|condition| condition.holds(place)))
}
