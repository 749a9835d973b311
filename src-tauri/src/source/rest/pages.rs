//! Page after page of a list, as long as there are more and they are new.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

use super::answer::{Answer, server_time};
use super::ask::{Exchange, Want};
use super::paging::Position;
use super::path::{Path, Place};
use super::run::Run;
use super::system::{Ask, ErrorRule, Paging};
use super::template::Words;
use crate::source::pull::PullError;
use crate::words::Saying;

/// How often a list that shrinks while it is read is read from its start.
const RESTARTS: u32 = 3;

/// What `each_page` is told of a page.
pub(super) struct Page<'p> {
    pub(super) answer: &'p Answer,
    pub(super) records: &'p [Value],
    pub(super) last: Option<&'p Value>,
}

impl Run<'_> {
    pub(super) fn paging(&self, ask: &Ask) -> Paging {
        let paging = ask.paging.as_ref().or(self.asker.system.defaults.paging.as_ref());
        paging.cloned().unwrap_or(Paging::None)
    }

    /// Asks for page after page and tells `each_page` of them.
    pub(super) fn pages(
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
                alone: false,
            };
            let (answer, asked) = match self.asker.ask(&want)? {
                Exchange::Answer(answer, asked) => (*answer, asked),
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
                .map_err(|what| self.asker.refused(&name, Saying::quoted(what)))?;
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
                    Saying::quoted("the answer is no list: say where its records are, as in records = \"$.items[*]\""),
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
                Saying::quoted(format!("there is no {path} in the answer; it has {known}")),
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
            return Err(self.asker.refused(&self.stream.name, Saying::quoted(why)));
        }
        Ok(())
    }

    pub(super) fn total(&self, ask: &Ask, answer: &Answer) -> Option<u64> {
        let total = ask.total.as_ref().or(self.asker.system.defaults.total.as_ref())?;
        if total.starts_with('$') {
            return Path::parse(total).ok()?.text_in(&answer.body)?.parse().ok();
        }
        answer.headers.get(total)?.to_str().ok()?.trim().parse().ok()
    }
}
