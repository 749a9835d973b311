//! What a supervisor asks of one call: its story, and to write about it. The rows of the log are not read here: a filter may
//! look at every call there is, and no call that rings waits for that.

use chrono::{DateTime, Utc};

use super::error::DeskError;
use super::record;
use super::request::{DeskHandle, DeskRequest, Reply};
use super::state::Desk;
use super::story::story;
use crate::call::{CallId, Direction};
use crate::journal::{CallLine, CallRecord, LogEntry, Reviewer};
use crate::pop::view::{LogRowView, Mark, StoryView, VerdictKind};

/// The most characters of a comment.
const MOST_COMMENT: usize = 10_000;

/// Everything that can be asked.
#[derive(Debug)]
pub enum ReviewRequest {
    /// All that is known of a call.
    Story(CallId, Reply<StoryView>),
    /// A comment on a call; answered once it is durable.
    Comment(CallId, String, Reply<StoryView>),
    /// A call is marked, or its mark is taken away; answered once it is durable.
    Mark(CallId, Option<Mark>, Reply<StoryView>),
}

impl Desk {
    /// Does what is asked and answers. Whoever asked may be gone: then nobody waits for the answer.
    pub(super) fn review(&mut self, request: ReviewRequest, now: DateTime<Utc>) {
        match request {
            ReviewRequest::Story(call, reply) => drop(reply.send(self.story(&call, now))),
            ReviewRequest::Comment(call, text, reply) => drop(reply.send(self.comment(&call, &text, now))),
            ReviewRequest::Mark(call, mark, reply) => drop(reply.send(self.mark(&call, mark, now))),
        }
    }

    fn story(&mut self, call: &CallId, now: DateTime<Utc>) -> Result<StoryView, DeskError> {
        self.keep(now);
        let story = story(&self.journal, call).map_err(DeskError::Journal)?;
        story.ok_or(DeskError::NoSuchCall)
    }

    fn comment(&mut self, call: &CallId, text: &str, now: DateTime<Utc>) -> Result<StoryView, DeskError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DeskError::NoText);
        }
        if text.chars().count() > MOST_COMMENT {
            return Err(DeskError::TextTooLong(MOST_COMMENT));
        }
        self.keep(now);
        let added = self.journal.comment(call, &self.reviewer(), text, now);
        self.reviewed(call, added.map_err(DeskError::Journal)?, now)
    }

    fn mark(&mut self, call: &CallId, mark: Option<Mark>, now: DateTime<Utc>) -> Result<StoryView, DeskError> {
        self.keep(now);
        let marked = self.journal.mark(call, &self.reviewer(), mark, now);
        self.reviewed(call, marked.map_err(DeskError::Journal)?, now)
    }

    /// The story with what was just written, unless there is no such call.
    fn reviewed(&mut self, call: &CallId, known: bool, now: DateTime<Utc>) -> Result<StoryView, DeskError> {
        if !known {
            return Err(DeskError::NoSuchCall);
        }
        self.panel.log_changed();
        self.story(call, now)
    }

    fn reviewer(&self) -> Reviewer {
        Reviewer {
            agent: self.rules.agent.clone(),
            line: self.here(),
        }
    }
}

/// A row of the log.
#[must_use]
pub fn log_entry(entry: LogEntry) -> LogRowView {
    let call = &entry.logged.call;
    LogRowView {
        queue: call.facts.queue.clone(),
        talked: talked(&call.lines),
        trust: call.trust,
        verdict: verdict(call),
        said: entry.said,
        wait_seconds: wait(call),
        offered: entry.offered,
        accepted: entry.accepted,
        mark: entry.mark,
        comments: entry.comments,
        row: record::row(entry.logged),
    }
}

/// What the number said when the call came. A word of a later version is none.
pub(super) fn verdict(call: &CallRecord) -> Option<VerdictKind> {
    let word = call.facts.verdict.as_deref()?;
    serde_json::from_value(word.into()).ok()
}

fn wait(call: &CallRecord) -> Option<i64> {
    let until = call.answered.or(call.ended)?;
    (call.direction != Direction::Internal).then(|| (until - call.started).num_seconds().max(0))
}

fn talked(lines: &[CallLine]) -> Vec<String> {
    let mut talked: Vec<&CallLine> = lines.iter().filter(|line| line.talked_from.is_some()).collect();
    talked.sort_by_key(|line| line.talked_from);
    talked.into_iter().map(|line| line.line.0.clone()).collect()
}

impl DeskHandle {
    /// All that is known of `call`.
    pub async fn story(&self, call: CallId) -> Result<StoryView, DeskError> {
        self.of_review(|reply| ReviewRequest::Story(call, reply)).await
    }

    /// Writes a comment on `call`, and gives its story with it. When this returns, it is on the disk.
    pub async fn comment_call(&self, call: CallId, text: String) -> Result<StoryView, DeskError> {
        self.of_review(|reply| ReviewRequest::Comment(call, text, reply)).await
    }

    /// Marks `call`, or takes its mark away, and gives its story with it. When this returns, it is on the disk.
    pub async fn mark_call(&self, call: CallId, mark: Option<Mark>) -> Result<StoryView, DeskError> {
        self.of_review(|reply| ReviewRequest::Mark(call, mark, reply)).await
    }

    async fn of_review<T>(&self, request: impl FnOnce(Reply<T>) -> ReviewRequest) -> Result<T, DeskError> {
        self.ask(|reply| DeskRequest::Review(request(reply))).await
    }
}
