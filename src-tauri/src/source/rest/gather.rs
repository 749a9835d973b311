//! What the records of a page give: records of ours, keys of what is gone, and what could not be used; after asking further
//! about them where the file says so.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::pages::Page;
use super::paging::Position;
use super::path::{Condition, OneOrMore, Place};
use super::run::Run;
use super::stream::{Deletes, Follow};
use super::system::Ask;
use super::template::Words;
use super::value;
use crate::source::Field;
use crate::source::pull::{Batch, PullError, Refused, Sink};
use crate::words::Saying;

impl Run<'_> {
    /// What a page gives: one batch, or several where it is asked further.
    pub(super) fn batches(&mut self, page: &Page<'_>) -> Result<Vec<Batch>, PullError> {
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
                reason: Saying::quoted(unread.reason),
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
    pub(super) fn deleted(&mut self, ask: &Ask, words: &Words, sink: &mut Sink<'_>) -> Result<(), PullError> {
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
}

fn is_gone(deletes: &Deletes, place: Place<'_>) -> bool {
    deletes
        .when
        .as_ref()
        .is_some_and(|when| when.iter().any(|condition| condition.holds(place)))
}

fn all_hold(conditions: Option<&OneOrMore<Condition>>, place: Place<'_>) -> bool {
    conditions.is_none_or(|conditions| conditions.iter().all(|condition| condition.holds(place)))
}
