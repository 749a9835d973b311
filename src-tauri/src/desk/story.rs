//! The story of one call, put together from the journal: what happened on the phone, what was said of it, and what came of it.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use super::decide;
use super::review::{log_entry, verdict};
use crate::call::{CallId, Cause, Direction, Line, Outcome};
use crate::journal::{
    CallRecord, CallStep, CallWord, Comment, Journal, JournalError, Marked, Named, NoteText, Reviewer, StepWord,
};
use crate::pop::view::{
    CommentView, MarkView, NoteTextView, OtherCallView, StoryEntryView, StoryView, StoryWhat, WhatView,
};

/// All that the journal has of a call; `None` when it is not in it.
///
/// # Errors
/// [`JournalError::NotRead`].
pub fn story(journal: &Journal, id: &CallId) -> Result<Option<StoryView>, JournalError> {
    let Some(entry) = journal.log_entry(id)? else {
        return Ok(None);
    };
    let steps = journal.steps(id)?;
    let told = !steps.is_empty();
    let call = &entry.logged.call;
    let steps = if told { steps } else { put_together(call) };
    let words = journal.words_of(id)?;
    let mut entries = on_the_phone(call, &steps);
    entries.extend(matched(call, &words));
    entries.extend(words.into_iter().map(said));
    entries.extend(noted(journal, id)?);
    entries.extend(came_of_it(journal, id)?);
    // what happened comes before what was said of it at the same moment
    entries.sort_by_key(|entry| entry.at);
    let comments = journal.comments(id)?.into_iter().map(comment);
    let marks = journal.marks(id)?.into_iter().map(mark);
    Ok(Some(StoryView {
        told,
        entries,
        others: others(journal, id, &steps)?,
        comments: comments.collect(),
        marks: marks.collect(),
        call: log_entry(entry),
    }))
}

fn on_the_phone(call: &CallRecord, steps: &[CallStep]) -> Vec<StoryEntryView> {
    let mut steps: Vec<&CallStep> = steps.iter().collect();
    steps.sort_by_key(|step| step.at);
    let view = |(nth, step): (usize, &&CallStep)| {
        let until = ends(step, &steps[nth + 1..]);
        Some(StoryEntryView {
            at: step.at,
            line: None,
            what: StoryWhat::Phone {
                event: event(call, step)?,
                seconds: until.map(|until| (until - step.at).num_seconds().max(0)),
            },
        })
    };
    steps.iter().enumerate().filter_map(view).collect()
}

/// When it was over with what began in `step`, as far as it lasts.
fn ends(step: &CallStep, later: &[&CallStep]) -> Option<DateTime<Utc>> {
    let same_phone = |other: &CallStep| (&other.line, &other.other) == (&step.line, &step.other);
    let ends = |other: &CallStep| match (step.step, other.step) {
        (StepWord::Ringing | StepWord::Answered | StepWord::Held | StepWord::Queued, StepWord::Ended)
        | (StepWord::Queued, StepWord::Unqueued | StepWord::Queued)
        | (StepWord::Held, StepWord::Resumed) => true,
        (StepWord::Ringing, StepWord::Answered | StepWord::LegEnded) | (StepWord::Answered, StepWord::LegEnded) => {
            same_phone(other)
        }
        _ => false,
    };
    later.iter().find(|other| ends(other)).map(|other| other.at)
}

/// What a step says; none where its words are those of a later version.
fn event(call: &CallRecord, step: &CallStep) -> Option<WhatView> {
    let phone = || phone(step);
    Some(match step.step {
        StepWord::Began => began(call),
        StepWord::Queued => WhatView::Queued {
            queue: step.other.clone()?,
        },
        StepWord::Unqueued => WhatView::Unqueued { outcome: why(step)? },
        StepWord::Ringing => WhatView::Ringing { phone: phone()? },
        StepWord::Answered => WhatView::Answered { phone: phone()? },
        StepWord::Consulted => WhatView::Consulted {
            phone: step.other.clone()?,
            by: step.line.as_ref()?.0.clone(),
        },
        StepWord::Held => WhatView::Held,
        StepWord::Resumed => WhatView::Resumed,
        StepWord::Transferred => WhatView::Transferred {
            how: why(step)?,
            by: step.line.as_ref().map(|line| line.0.clone()),
            to: step.other.clone(),
        },
        StepWord::Diverted => WhatView::Voicemail,
        StepWord::LegEnded => WhatView::LegEnded {
            phone: phone()?,
            cause: why(step)?,
        },
        StepWord::Ended => WhatView::Ended {
            cause: why(step)?,
            by: call.ended_by,
        },
    })
}

fn began(call: &CallRecord) -> WhatView {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let dialled = call.lines.first().filter(|_| call.direction != Direction::In);
    WhatView::Began {
        direction: call.direction,
        number: said(&call.number_display),
        name: said(&call.caller_name),
        called: said(&call.called),
        origin: dialled.map(|line| line.line.0.clone()),
    }
}

fn phone(step: &CallStep) -> Option<String> {
    let line = step.line.as_ref().map(|line| line.0.clone());
    line.or_else(|| step.other.clone())
}

fn why<T: DeserializeOwned>(step: &CallStep) -> Option<T> {
    serde_json::from_value(step.why.as_deref()?.into()).ok()
}

/// The steps of a call of which only who rang and who talked was written down.
fn put_together(call: &CallRecord) -> Vec<CallStep> {
    let step = |at, step| CallStep {
        at,
        step,
        line: None,
        other: None,
        why: None,
        joined: None,
    };
    let mut steps = vec![step(call.started, StepWord::Began)];
    if let Some(queue) = &call.facts.queue {
        steps.push(CallStep {
            other: Some(queue.clone()),
            ..step(call.started, StepWord::Queued)
        });
    }
    for line in &call.lines {
        let at_line = |at: Option<DateTime<Utc>>, word| {
            Some(CallStep {
                line: Some(line.line.clone()),
                ..step(at?, word)
            })
        };
        steps.extend(at_line(line.rang, StepWord::Ringing));
        steps.extend(at_line(line.talked_from, StepWord::Answered));
        steps.extend(at_line(line.talked_until, StepWord::LegEnded).map(|left| CallStep {
            why: Some(decide::word(Cause::Normal)),
            ..left
        }));
    }
    if let Some(ended) = call.ended {
        steps.extend(call.then.map(|_| step(ended, StepWord::Diverted)));
        steps.push(CallStep {
            why: Some(decide::word(cause(call))),
            ..step(ended, StepWord::Ended)
        });
    }
    steps
}

/// The cause that an outcome comes from.
fn cause(call: &CallRecord) -> Cause {
    match call.outcome {
        _ if call.unfinished => Cause::Stale,
        Some(Outcome::Answered) => Cause::Normal,
        Some(Outcome::Missed) => Cause::NoAnswer,
        Some(Outcome::Busy) => Cause::Busy,
        Some(Outcome::Rejected) => Cause::Rejected,
        Some(Outcome::Failed) => Cause::Unreachable,
        None => Cause::Other,
    }
}

/// What the number said, before anybody said otherwise.
fn matched(call: &CallRecord, words: &[CallWord]) -> Option<StoryEntryView> {
    let stands = call.customer.as_ref().map(|customer| customer.headline().to_owned());
    let customer = match words.first() {
        Some(word) => word.before.as_ref().map(|before| before.name.clone()),
        None => stands,
    };
    Some(StoryEntryView {
        at: call.started,
        line: None,
        what: StoryWhat::Matched {
            verdict: verdict(call)?,
            customer,
        },
    })
}

fn said(word: CallWord) -> StoryEntryView {
    let name = |one: Option<Named>| one.map(|one| one.name);
    let what = StoryWhat::Said {
        word: word.word,
        customer: name(word.customer),
        before: name(word.before),
    };
    at_line(word.at, word.line, what)
}

fn noted(journal: &Journal, id: &CallId) -> Result<Vec<StoryEntryView>, JournalError> {
    let mut entries = Vec::new();
    if let Some(handed) = journal.handed_note(id)? {
        entries.push(at_line(handed.at, handed.line, StoryWhat::Handed { text: handed.text }));
    }
    let mut texts = journal.note_texts(id)?.into_iter();
    if let Some(now) = texts.next() {
        let earlier: Vec<NoteTextView> = texts.map(note_text).collect();
        if !now.text.is_empty() || !earlier.is_empty() {
            let what = StoryWhat::Note {
                text: now.text,
                earlier,
            };
            entries.push(at_line(now.at, now.line, what));
        }
    }
    Ok(entries)
}

fn came_of_it(journal: &Journal, id: &CallId) -> Result<Vec<StoryEntryView>, JournalError> {
    let disposed = journal.disposed(id)?.into_iter();
    let mut entries: Vec<StoryEntryView> = disposed
        .map(|one| at_line(one.at, one.line, StoryWhat::Disposition { code: one.code }))
        .collect();
    entries.extend(journal.offers_of_call(id)?.into_iter().map(|offer| {
        let what = StoryWhat::Offer {
            product: offer.product_name,
            answer: offer.answer,
        };
        at_line(offer.at, offer.line, what)
    }));
    entries.extend(journal.tasks_of_call(id)?.into_iter().map(|task| {
        let what = StoryWhat::Task {
            todo: task.plan.kind,
            text: task.plan.text,
            due: task.plan.due,
            done: task.done,
        };
        at_line(task.created, task.plan.line, what)
    }));
    entries.extend(journal.tickets_of_call(id)?.into_iter().map(|logged| {
        let what = StoryWhat::Ticket {
            id: logged.id.0,
            about: logged.ticket.kind,
            state: logged.state,
            subject: logged.ticket.subject,
        };
        at_line(logged.opened, logged.ticket.line, what)
    }));
    Ok(entries)
}

fn others(journal: &Journal, id: &CallId, steps: &[CallStep]) -> Result<Vec<OtherCallView>, JournalError> {
    let line = |line: Option<&Line>| line.map(|line| line.0.clone());
    let own = steps.iter().filter_map(|step| {
        Some(OtherCallView {
            call: step.joined.as_ref()?.0.clone(),
            goes_on: false,
            by: line(step.line.as_ref()),
            to: step.other.clone(),
        })
    });
    let joined = journal.joined_from(id)?.into_iter().map(|one| OtherCallView {
        call: one.call.0,
        goes_on: true,
        by: line(one.by.as_ref()),
        to: one.to,
    });
    Ok(own.chain(joined).collect())
}

fn at_line(at: DateTime<Utc>, line: Line, what: StoryWhat) -> StoryEntryView {
    let line = Some(line.0).filter(|line| !line.is_empty());
    StoryEntryView { at, line, what }
}

fn note_text(note: NoteText) -> NoteTextView {
    NoteTextView {
        text: note.text,
        at: note.at,
        line: note.line.0,
    }
}

fn comment(comment: Comment) -> CommentView {
    CommentView {
        at: comment.at,
        by: name(comment.by),
        text: comment.text,
    }
}

fn mark(marked: Marked) -> MarkView {
    MarkView {
        at: marked.at,
        by: name(marked.by),
        mark: marked.mark,
    }
}

fn name(by: Reviewer) -> String {
    if by.agent.is_empty() { by.line.0 } else { by.agent }
}
