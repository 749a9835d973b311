//! Orders put together from lines that may stand anywhere in their files.
//!
//! Most files have the lines of an order in a row: those are handed on as they come. Of the others the lines wait until
//! the last one was seen, and only they take up memory.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use super::super::record::{OrderLineRow, Record};
use super::super::{Read, Sheet, SourceError};

/// Orders that are being put together.
pub(super) struct Orders {
    hasher: RandomState,
    /// Orders with lines in more than one place.
    scattered: HashSet<u64>,
    waiting: HashMap<String, Vec<Record>>,
    now: Vec<Record>,
    number: String,
}

impl Orders {
    /// Reads all lines once, to see which orders have theirs in a row.
    pub(super) fn look(sheets: &[Sheet]) -> Result<Self, SourceError> {
        let hasher = RandomState::new();
        let (mut seen, mut scattered, mut last) = (HashSet::new(), HashSet::new(), None);
        for sheet in sheets {
            let mut rows = sheet.rows()?;
            while let Some(row) = rows.read()? {
                let Ok(Read {
                    record: Record::OrderLine(line),
                    ..
                }) = row
                else {
                    continue;
                };
                let order = hasher.hash_one(&line.order);
                if last != Some(order) && !seen.insert(order) {
                    scattered.insert(order);
                }
                last = Some(order);
            }
        }
        Ok(Orders {
            hasher,
            scattered,
            waiting: HashMap::new(),
            now: Vec::new(),
            number: String::new(),
        })
    }

    /// Takes a line; an order that is whole by that is given back.
    pub(super) fn line(&mut self, line: OrderLineRow) -> Option<Vec<Record>> {
        if self.scattered.contains(&self.hasher.hash_one(&line.order)) {
            let lines = self.waiting.entry(line.order.clone()).or_default();
            lines.push(Record::OrderLine(line));
            return None;
        }
        let whole = (self.number != line.order).then(|| std::mem::take(&mut self.now));
        self.number.clone_from(&line.order);
        self.now.push(Record::OrderLine(line));
        whole.filter(|lines| !lines.is_empty())
    }

    /// What is left when all lines were taken, always in the same order.
    pub(super) fn rest(self) -> impl Iterator<Item = Vec<Record>> {
        let mut waiting: Vec<(String, Vec<Record>)> = self.waiting.into_iter().collect();
        waiting.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let now = Some(self.now).filter(|lines| !lines.is_empty());
        now.into_iter().chain(waiting.into_iter().map(|(_, lines)| lines))
    }
}
