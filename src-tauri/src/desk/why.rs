//! Why a call did or did not pop: one answer out of its trace, the call log, and how the feeds were.

use chrono::{DateTime, Utc};

use super::record;
use crate::call::{CallId, Cause, Line};
use crate::journal::{FeedState, JournalError, Kept, LoggedCall, Ran, StepRow, Traces};
use crate::pop::view::{
    AnswerView, CallLogRow, ChangeKind, DecisionKind, DecisionView, FeedHealth, LookedView, StepView, VerdictKind,
    WhyView,
};

/// What is asked, with what is known beside the traces.
#[derive(Debug)]
pub struct Asked {
    /// The call; `None` when none was heard that fits.
    pub call: Option<CallId>,
    /// The call as it stands in the log.
    pub logged: Option<LoggedCall>,
    /// My extensions.
    pub lines: Vec<Line>,
    /// When the call should have come, if none was heard.
    pub at: DateTime<Utc>,
}

/// The answer.
///
/// # Errors
/// When the traces cannot be read.
pub fn answer(traces: &Traces, asked: Asked) -> Result<WhyView, JournalError> {
    let kept = match &asked.call {
        Some(call) => traces.of_call(call)?,
        None => None,
    };
    let row = asked.logged.map(record::row);
    let (steps, feed, began, left_out) = match kept {
        Some(Kept { head, steps, left_out }) => {
            let steps = steps.into_iter().map(step).collect();
            (steps, Some(head.feed), Some(head.began), left_out)
        }
        None => (Vec::new(), None, None, 0),
    };
    let answer = match (of_steps(&steps, &asked.lines), &row) {
        (Some(answer), _) => answer,
        (None, Some(row)) => of_log(row, &asked.lines),
        (None, None) => of_feeds(traces.ran_at(asked.at)?, traces.feeds_at(asked.at)?),
    };
    let known = !steps.is_empty() || row.is_some();
    let number = row.as_ref().and_then(|row| row.number.clone());
    Ok(WhyView {
        call: asked.call.filter(|_| known).map(|call| call.0),
        feed,
        at: row.as_ref().map(|row| row.at).or(began),
        number,
        customer: row.and_then(|row| row.customer),
        answer,
        steps,
        left_out,
    })
}

/// A step that cannot be read, for example of a newer version, is shown by its time and what was heard.
fn step(row: StepRow) -> StepView {
    let mut step: StepView = serde_json::from_str(&row.body).unwrap_or_default();
    step.at = row.at;
    step.raw = row.raw;
    step
}

/// What the decisions come to: that it popped, else the last that kept it away.
fn of_steps(steps: &[StepView], lines: &[Line]) -> Option<AnswerView> {
    let popped = |kind: DecisionKind| {
        let mut steps = steps.iter().enumerate();
        steps.find_map(|(nth, step)| {
            let mut decisions = step.decisions.iter();
            let line = decisions.find(|one| one.why == kind)?.line.clone()?;
            Some((nth, step, line))
        })
    };
    if let Some((nth, step, line)) = popped(DecisionKind::Shown) {
        let looked = steps[..=nth].iter().rev().find_map(|step| step.looked.as_ref());
        return Some(popped_at(step, line, looked));
    }
    if let Some((_, _, line)) = popped(DecisionKind::Beside) {
        return Some(AnswerView::Beside { line });
    }
    if let Some((_, _, line)) = popped(DecisionKind::Waits) {
        return Some(AnswerView::Waited { line });
    }
    if let Some((_, _, line)) = popped(DecisionKind::Quiet) {
        return Some(AnswerView::Quiet { line });
    }
    let last = steps.iter().rev().find_map(|step| step.decisions.first())?;
    Some(kept_away(last, steps, lines))
}

fn popped_at(step: &StepView, line: String, looked: Option<&LookedView>) -> AnswerView {
    let timings = step.timings;
    AnswerView::Popped {
        line,
        verdict: looked.map_or(VerdictKind::Unknown, |looked| looked.verdict),
        unreadable: looked.and_then(|looked| looked.unreadable),
        took_us: timings.whole_us.map(|whole| whole + timings.waited_us.unwrap_or(0)),
    }
}

fn kept_away(last: &DecisionView, steps: &[StepView], lines: &[Line]) -> AnswerView {
    let line = last.line.clone().unwrap_or_default();
    match last.why {
        DecisionKind::NoLines => AnswerView::NoLines,
        DecisionKind::NotMine => AnswerView::NotMine {
            dialled: last
                .by
                .iter()
                .flat_map(|by| by.split(", "))
                .map(str::to_owned)
                .collect(),
            mine: names(lines),
        },
        DecisionKind::NotRinging => AnswerView::NotRung { line, cause: None },
        DecisionKind::NotRung => AnswerView::NotRung {
            line,
            cause: last.by.as_deref().and_then(cause),
        },
        // dialled, and taken by another before it rang here
        DecisionKind::AnsweredElsewhere if !rang(steps) => AnswerView::NotRung {
            line,
            cause: Some(Cause::AnsweredElsewhere),
        },
        _ => AnswerView::OverBefore { line },
    }
}

fn rang(steps: &[StepView]) -> bool {
    let mut changes = steps.iter().flat_map(|step| &step.changes);
    changes.any(|change| change.what == ChangeKind::Ringing)
}

fn cause(word: &str) -> Option<Cause> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

fn of_log(row: &CallLogRow, lines: &[Line]) -> AnswerView {
    AnswerView::NotTraced {
        rang: row.rang.clone(),
        mine: names(lines),
    }
}

fn names(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.0.clone()).collect()
}

/// No such call was heard: did Ringside run, and was it connected?
fn of_feeds(ran: Ran, feeds: Vec<FeedState>) -> AnswerView {
    match ran {
        Ran::NotSince(since) => return AnswerView::NotRunning { since },
        Ran::Unknown => return AnswerView::NothingTraced,
        Ran::Yes => {}
    }
    let down = feeds.iter().find_map(|state| {
        let health: FeedHealth = serde_json::from_value(serde_json::Value::String(state.state.clone())).ok()?;
        (health != FeedHealth::Up).then(|| AnswerView::FeedDown {
            feed: state.feed.clone(),
            health,
            since: state.at,
            detail: state.detail.clone(),
        })
    });
    down.unwrap_or_else(|| AnswerView::NotHeard {
        feeds: feeds.into_iter().map(|state| state.feed).collect(),
    })
}
